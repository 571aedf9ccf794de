{
    "name": "Medical Devices: Recall, Sales",
    "summary": "A recall lists the open orders that ask for what it stops",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_recall", "sale_stock"],
    "data": ["views/med_recall_views.xml"],
    "auto_install": True,
}
