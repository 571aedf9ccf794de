{
    "name": "Medical Devices: Nonconformity",
    "summary": "Nonconforming product from the first report to the last unit; deviations in a box",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_inspection"],
    "data": [
        "security/ir.model.access.csv",
        "security/med_nonconformity_rules.xml",
        "data/med_sequence_data.xml",
        "data/med_audit_policy_data.xml",
        "views/med_deviation_views.xml",
        "views/med_nonconformity_views.xml",
        "views/med_nonconformity_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["med_nonconformity/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
