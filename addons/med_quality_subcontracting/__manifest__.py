{
    "name": "Medical Devices: Quality, Subcontracting",
    "summary": "Unreleased goods go to a processor only where an agreement lets them",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_quality", "mrp_subcontracting"],
    "data": [
        "report/med_quarantine_notice_templates.xml",
        "views/res_partner_views.xml",
    ],
    "auto_install": True,
}
