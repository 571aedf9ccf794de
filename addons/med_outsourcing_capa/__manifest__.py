{
    "name": "Medical Devices: Portal for Processors, Corrective Action",
    "summary": "Processors without systems of their own answer corrective action requests in the "
               "portal",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_outsourcing_portal", "med_exchange_capa"],
    "data": [
        "data/mail_template_data.xml",
        "views/med_capa_request_views.xml",
        "views/portal_capa_templates.xml",
        "views/portal_capa_form_templates.xml",
        "views/portal_home_templates.xml",
    ],
    "assets": {"web.assets_tests": ["med_outsourcing_capa/static/tests/tours/**/*"]},
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
