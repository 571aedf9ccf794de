from odoo import models

OPEN = ("confirmed", "progress", "to_close")
# What is told of an open order and may change while it is open.
TOLD = {"product_qty", "product_uom_id", "date_start", "date_finished", "bom_id", "origin",
        "move_raw_ids", "move_finished_ids", "lot_producing_ids", "med_version_id", "qty_producing"}


class MrpProduction(models.Model):
    """Orders are told to partners when they are confirmed, changed, done and cancelled."""

    _inherit = "mrp.production"

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            self._med_tell_orders(OPEN)
        return done

    def _compute_state(self):
        """Begun and to be closed is what an order becomes by its moves: nobody writes it."""
        super()._compute_state()
        self.browse(self.ids)._med_tell_orders(("progress", "to_close"))

    def action_confirm(self):
        result = super().action_confirm()
        self._med_tell_orders((*OPEN, "done"))
        return result

    def _action_confirm_mo_backorders(self):
        super()._action_confirm_mo_backorders()
        self._med_tell_orders(OPEN)

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
