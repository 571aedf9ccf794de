from . import med_exchange_broker
from . import med_exchange_delivery
from . import med_exchange_partner
from . import med_exchange_transport_amqp
