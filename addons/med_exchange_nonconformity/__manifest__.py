{
    "name": "Medical Devices: Exchange, Nonconformity",
    "summary": "Partners report nonconformities, and hear what becomes of those that concern them",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_exchange_goods", "med_nonconformity"],
    "data": ["views/med_nonconformity_views.xml"],
    "assets": {"web.assets_tests": ["med_exchange_nonconformity/static/tests/tours/**/*"]},
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
