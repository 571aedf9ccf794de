{
    "name": "Medical Devices: Release",
    "summary": "Batch record, production and market release, certificates of conformity",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_inspection"],
    "data": [
        "security/ir.model.access.csv",
        "security/med_release_rules.xml",
        "data/med_release_data.xml",
        "report/med_release_templates.xml",
        "views/med_release_views.xml",
        "views/mrp_production_views.xml",
        "views/product_template_views.xml",
        "views/stock_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["med_release/static/src/**/*"],
        "web.assets_tests": ["med_release/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
