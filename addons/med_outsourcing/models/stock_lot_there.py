from odoo import models

from .med_outsourcing_order import OPEN


class StockLot(models.Model):
    """Where processors have lots of ours."""

    _inherit = "stock.lot"

    def _med_orders_there(self):
        """Return ``{open order: lots of these that its processor has, or is to have}``."""
        found = {}
        for line in self.env["med.outsourcing.lot"].sudo().search(
                [("lot_id", "in", self.ids), ("order_id.state", "in", OPEN)]):
            found[line.order_id] = found.get(line.order_id, self.browse()) | line.lot_id
        made = self.env["med.outsourcing.event.lot"].sudo().search([
            ("lot_id", "in", self.ids), ("order_id.state", "in", OPEN),
            ("event_id.superseded", "=", False), ("outcome", "!=", "held")])
        for row in made:
            found[row.order_id] = found.get(row.order_id, self.browse()) | row.lot_id
        for place, lot in self.env["stock.quant"].sudo()._read_group(
                [("lot_id", "in", self.ids), ("quantity", ">", 0),
                 ("location_id.usage", "=", "internal")], ["location_id", "lot_id"]):
            if not place.is_subcontract():
                continue
            for order in self.env["med.outsourcing.order"].sudo().search([
                    ("processor_id.location_id", "parent_of", place.id), ("kind", "=", "make"),
                    ("state", "in", OPEN)]):
                if lot.product_id in order._med_components():
                    found[order] = found.get(order, self.browse()) | lot.with_env(self.env)
        return found
