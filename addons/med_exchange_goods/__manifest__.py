{
    "name": "Medical Devices: Exchange, Goods and Quality",
    "summary": "Products, lots, orders, process records, results, holds and shipments, in and out",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_exchange", "med_inspection"],
    "data": [
        "security/ir.model.access.csv",
        "security/med_exchange_goods_rules.xml",
        "data/med_audit_policy_data.xml",
        "views/med_stock_statement_views.xml",
        "views/med_exchange_partner_views.xml",
        "views/med_process_batch_views.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
