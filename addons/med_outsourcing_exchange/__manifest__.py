{
    "name": "Medical Devices: Outsourcing, Exchange",
    "summary": "Orders to processors go out as messages, and their reports come in",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_outsourcing", "med_exchange_goods"],
    "data": [
        "data/med_exchange_schema_data.xml",
        "views/med_outsourcing_order_views.xml",
    ],
    "auto_install": True,
}
