from odoo import models


class StockPicking(models.Model):
    """What the processor did bears the time at which it was done, not that of the receipt."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self._get_subcontract_production().sudo()._med_true_times()
        # The state of moves of several orders is known only now.
        self.sudo().move_ids.med_outsourcing_order_id._med_refresh()
        return result
