from odoo import models
from odoo.exceptions import UserError

from ..tools.amqp import Publication


class MedExchangeTransportAmqp(models.AbstractModel):
    """Messages published to a broker: each is confirmed by it before the next leaves."""

    _name = "med.exchange.transport.amqp"
    _description = "Transport over a Message Broker"
    _inherit = "med.exchange.transport"

    def _med_prepare(self, partner, envelopes):
        if not partner.broker_id.active or not partner.amqp_routing_key:
            raise UserError(self.env._("%s has no broker in use.", partner.name))
        return Publication(partner.broker_id._med_address(), partner.amqp_exchange or "",
                           partner.amqp_routing_key, tuple(envelopes))
