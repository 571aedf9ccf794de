from odoo import models
from odoo.fields import Command


class StockLot(models.Model):
    """A decision about a lot that came back ends its order; lots begin orders."""

    _inherit = "stock.lot"

    def write(self, vals):
        result = super().write(vals)
        if "med_status" in vals:
            self._med_orders_back()._med_refresh()
        return result

    def _med_orders_back(self):
        """Return the orders whose goods these lots are, and that came back."""
        lines = self.env["stock.move.line"].sudo().search([
            ("lot_id", "in", self.ids), ("state", "=", "done"), "|",
            ("move_id.med_outsourcing_order_id.state", "in", ("received", "accepted")),
            ("move_id.med_outsourcing_transfer_id.state", "in", ("received", "accepted"))])
        return (lines.move_id.med_outsourcing_order_id
                | lines.move_id.med_outsourcing_transfer_id)

    def action_med_outsource(self):
        """Open a new order of these lots to a processor."""
        order = {"kind": "process", "line_ids": [Command.create({
            "lot_id": lot.id, "quantity": lot.product_qty}) for lot in self]}
        return {
            "type": "ir.actions.act_window", "res_model": "med.outsourcing.order",
            "view_mode": "form", "name": self.env._("Send to a Processor"),
            "context": {f"default_{name}": value for name, value in order.items()}}
