from odoo import models


class MrpProduction(models.Model):
    """Orders are told to partners when they are confirmed, done and cancelled."""

    _inherit = "mrp.production"

    def action_confirm(self):
        result = super().action_confirm()
        self._med_tell_orders(("confirmed", "progress", "to_close", "done"))
        return result

    def _action_confirm_mo_backorders(self):
        super()._action_confirm_mo_backorders()
        self._med_tell_orders(("confirmed", "progress", "to_close"))

    def button_mark_done(self):
        result = super().button_mark_done()
        self._med_tell_orders(("done",))  # not those that wait for an answer in a dialog
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._med_tell_orders(("cancel",))
        return result

    def _med_tell_orders(self, states):
        self.env["med.exchange.order"]._med_tell(
            lambda: self.filtered(lambda order: order.state in states))
