{
    "name": "Medical Devices: Outsourcing",
    "summary": "Processors outside: agreements, revisions, lots and results in step with ours",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_change", "med_quality_subcontracting", "mrp_subcontracting_purchase"],
    "data": [
        "security/ir.model.access.csv",
        "security/med_outsourcing_rules.xml",
        "data/med_sequence_data.xml",
        "data/med_audit_policy_data.xml",
        "views/med_processor_views.xml",
        "views/med_outsourcing_order_views.xml",
        "views/med_outsourcing_menus.xml",
    ],
}
