{
    "name": "Medical Devices: Exchange over a Message Broker",
    "summary": "Messages of partners over AMQP 0-9-1, as RabbitMQ speaks it",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_exchange"],
    "external_dependencies": {"python": ["pika"]},
    "data": [
        "security/ir.model.access.csv",
        "data/med_audit_policy_data.xml",
        "data/med_exchange_broker_data.xml",
        "views/med_exchange_broker_views.xml",
        "views/med_exchange_partner_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
