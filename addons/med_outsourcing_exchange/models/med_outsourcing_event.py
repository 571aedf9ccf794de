from odoo import api, models


class MedOutsourcingEvent(models.Model):
    """What we say of an order is told to its processor."""

    _inherit = "med.outsourcing.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.filtered(lambda one: one.origin == "own").order_id._med_tell_order()
        return events
