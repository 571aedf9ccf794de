{
    "name": "Medical Devices: Recall, CAPA, Change",
    "summary": "A recall names its nonconformities, and begins CAPAs and changes",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_recall", "med_change"],
    "data": [
        "views/med_recall_views.xml",
        "views/med_nonconformity_views.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
