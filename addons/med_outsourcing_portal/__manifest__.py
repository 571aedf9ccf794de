{
    "name": "Medical Devices: Portal for Processors",
    "summary": "Processors without systems of their own report their orders on a tablet",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_outsourcing", "portal"],
    "data": [
        "security/med_outsourcing_portal_rules.xml",
        "data/mail_template_data.xml",
        "views/portal_field_templates.xml",
        "views/portal_home_templates.xml",
        "views/portal_order_templates.xml",
        "views/portal_report_templates.xml",
        "views/portal_problem_templates.xml",
        "views/portal_signing_templates.xml",
        "views/portal_list_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["med_outsourcing_portal/static/src/**/*"],
        "web.assets_tests": ["med_outsourcing_portal/static/tests/tours/**/*"],
    },
}
