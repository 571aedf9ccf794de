{
    "name": "Medical Devices: Inspection",
    "summary": "Inspection plans, sampling, readings nobody overwrites, verdicts, control charts",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_quality"],
    "data": [
        "security/ir.model.access.csv",
        "security/med_inspection_rules.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
