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
    ],
    "uninstall_hook": "uninstall_hook",
}
