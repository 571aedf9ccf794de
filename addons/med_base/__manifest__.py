{
    "name": "Medical Devices: Base",
    "summary": "Roles, jurisdictions, working-day calendars, clocks and retention rules",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["mail"],
    "external_dependencies": {"python": ["holidays"]},
    "data": [
        "security/med_base_groups.xml",
        "views/med_base_menus.xml",
    ],
}
