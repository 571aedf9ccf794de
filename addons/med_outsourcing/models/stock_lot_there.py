from odoo import models

from .med_outsourcing_order import OPEN


class StockLot(models.Model):
    """Where processors have lots of ours."""

    _inherit = "stock.lot"

    def _med_orders_there(self):
        """Return ``{order: lots of these that its processor has, or is to have}``.

        Of open orders; of the latest one for what a processor has kept after its orders ended.
        """
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
            Order, lot = self.env["med.outsourcing.order"].sudo(), lot.with_env(self.env)
            making = Order.search([
                ("processor_id.location_id", "parent_of", place.id), ("kind", "=", "make"),
                ("state", "in", OPEN)])
            orders = making.filtered(lambda one, it=lot: it.product_id in one._med_components())
            for order in orders or lot._med_latest_order(place, found):
                found[order] = found.get(order, self.browse()) | lot
        return found

    def _med_latest_order(self, place, found):
        """Return the latest order by which this lot came to a processor's place; empty where an
        order found already has it there."""
        Order = self.env["med.outsourcing.order"].sudo()
        here = Order.search([("processor_id.location_id", "parent_of", place.id),
                             ("state", "!=", "draft"), "|", ("line_ids.lot_id", "=", self.id),
                             ("event_ids.lot_ids.lot_id", "=", self.id)])
        if any(self in found.get(order, self.browse()) for order in here):
            return Order
        return here[:1] or Order.search([
            ("processor_id.location_id", "parent_of", place.id), ("kind", "=", "make"),
            ("state", "!=", "draft")], limit=20).filtered(
                lambda one: self.product_id in one._med_components())[:1]
