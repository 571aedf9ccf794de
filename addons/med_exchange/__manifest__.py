{
    "name": "Medical Devices: Exchange",
    "summary": "Records in and out: signed, in order, once, checked against versioned schemas",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_audit"],
    "external_dependencies": {"python": ["cryptography", "jsonschema"]},
    "data": [
        "security/med_exchange_groups.xml",
        "security/ir.model.access.csv",
        "security/med_exchange_rules.xml",
        "data/med_audit_policy_data.xml",
        "views/med_exchange_partner_views.xml",
        "views/med_exchange_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
