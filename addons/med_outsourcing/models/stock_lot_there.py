from collections import defaultdict

from odoo import models

from .med_outsourcing_order import OPEN

LATEST = 20  # orders among which one is looked for whose components a lot may be


class StockLot(models.Model):
    """Where processors have lots of ours."""

    _inherit = "stock.lot"

    def _med_orders_there(self):
        """Return ``{order: lots of these that its processor has, or is to have}``.

        Of open orders; of the latest one for what a processor has kept after its orders ended.
        """
        found = defaultdict(set)
        sent = [("lot_id", "in", self.ids), ("order_id.state", "in", OPEN)]
        made = [*sent, ("event_id.superseded", "=", False), ("outcome", "!=", "held")]
        for model, domain in (("med.outsourcing.lot", sent),
                              ("med.outsourcing.event.lot", made)):
            for order, lots in self.env[model].sudo()._read_group(
                    domain, ["order_id"], ["lot_id:recordset"]):
                found[order].update(lots.ids)
        roots = self.env["res.company"].sudo().search([]).subcontracting_location_id
        for place, lots in self.env["stock.quant"].sudo()._read_group(
                [("lot_id", "in", self.ids), ("quantity", ">", 0),
                 ("location_id", "child_of", roots.ids), ("location_id.usage", "=", "internal")],
                ["location_id"], ["lot_id:recordset"]):
            making = self._med_making(place, [("state", "in", OPEN)])
            rest = lots
            for order in making:
                used = lots.filtered_domain([("product_id", "in", order._med_components().ids)])
                found[order].update(used.ids)
                rest -= used
            for order, ids in rest._med_latest_orders(place, found).items():
                found[order].update(ids)
        return {order: self.browse(sorted(ids)) for order, ids in found.items() if ids}

    def _med_making(self, place, domain, limit=None):
        return self.env["med.outsourcing.order"].sudo().search([
            ("processor_id.location_id", "parent_of", place.id), ("kind", "=", "make"), *domain],
            limit=limit)

    def _med_latest_orders(self, place, found):
        """Return ``{order: ids of lots}``: the latest order by which each of these lots came to a
        processor's place; of none that an order found already has there.

        :param found: ``{order: ids of lots}``
        """
        came = defaultdict(set)
        for model in ("med.outsourcing.lot", "med.outsourcing.event.lot"):
            for order, lots in self.env[model].sudo()._read_group(
                    [("lot_id", "in", self.ids), ("order_id.state", "!=", "draft"),
                     ("order_id.processor_id.location_id", "parent_of", place.id)],
                    ["order_id"], ["lot_id:recordset"]):
                came[order].update(lots.ids)
        left, latest = set(self.ids), defaultdict(set)
        for order, ids in came.items():
            left -= ids & found.get(order, set())
        for order in sorted(came, key=lambda one: -one.id):
            latest[order] = came[order] & left
            left -= latest[order]
        for order in self._med_making(
                place, [("state", "!=", "draft")], LATEST) if left else ():
            components = order._med_components()
            latest[order] |= {lot.id for lot in self.browse(left) if lot.product_id in components}
            left -= latest[order]
        return latest
