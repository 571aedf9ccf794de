{
    "name": "Medical Devices: Audit Trail",
    "summary": "Who changed what, when and why: captured by the database, sealed, provable",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_base"],
    "data": [
        "security/ir.model.access.csv",
        "views/med_audit_entry_views.xml",
        "views/med_audit_menus.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
}
