{
    "name": "Medical Devices: Portal for Processors, Changes",
    "summary": "Processors without systems of their own answer notices of changes in the portal",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_outsourcing_portal", "med_exchange_change"],
    "data": [
        "data/mail_template_data.xml",
        "views/med_change_notice_views.xml",
        "views/med_change_views.xml",
        "views/portal_change_templates.xml",
        "views/portal_home_templates.xml",
    ],
    "assets": {"web.assets_tests": ["med_outsourcing_change/static/tests/tours/**/*"]},
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
