from odoo import models


class MedExchangeCorrectiveAction(models.AbstractModel):
    """The order that a request is about is told with it."""

    _inherit = "med.exchange.corrective_action"

    def _med_head(self, one):
        return {**super()._med_head(one), "order": one.order_id.name}
