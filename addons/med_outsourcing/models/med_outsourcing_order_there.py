from collections import defaultdict

from odoo import models

from ..exceptions import ReportRefused
from .med_outsourcing_order import BEGUN
from .med_outsourcing_order_lots import SMALL

OF_MATERIAL = ("used", "scrap", "left")
"""What may become of a component there."""


class MedOutsourcingOrder(models.Model):
    """Of a component, no more is used, scrapped and left over than its processor has."""

    _inherit = "med.outsourcing.order"

    def _med_check_there(self, kind, rows, before):
        """Refuse what is said of components that cannot be there: never sent, or gone before.

        :param rows: see :meth:`_med_report_lots`
        :param before: the event that this report corrects, or an empty one
        """
        if self.kind != "make" or kind not in ("finished", "shipped") or (
                self._med_for_the_record(before)):
            return
        said = [row for row in rows if row["outcome"] in OF_MATERIAL
                and row["product"] != self.product_id and row["product"].is_storable]
        if not said:
            return
        place = self.processor_id.location_id
        # Before anything is counted: another order of this processor may report the same lot now.
        self.env["med.turn"].sudo()._take(f"used at/{place.id}", [
            row["lot"].id or -row["product"].id for row in said])
        claims = self._med_claims(before, kind, said)
        there = {(product.id, lot.id): quantity for product, lot, quantity in self.env[
            "stock.quant"].sudo()._read_group(
                [("location_id", "child_of", place.id), ("product_id", "in", [
                    row["product"].id for row in said])],
                ["product_id", "lot_id"], ["quantity:sum"])}
        for row in said:
            key = row["product"].id, row["lot"].id
            if claims[key] > there.get(key, 0.0) + SMALL:
                raise ReportRefused(f"{row['pointer']}/quantity", self.env._(
                    "%(lot)s of %(product)s: %(claimed)s were used, scrapped or left over, with "
                    "what was reported before, and by our books %(there)s are there. Has all that "
                    "was sent been posted?",
                    lot=row["lot"].name or "–", product=row["product"].display_name,
                    claimed=f"{claims[key]:g}", there=f"{max(there.get(key, 0.0), 0.0):g}"))

    def _med_claims(self, before, kind, said):
        """Return ``{(product id, lot id): quantity}`` that orders of this processor have spoken
        for at its place, and that no posting has taken from there yet.

        :param before: what does not count any more; ``kind`` and ``said``: the report that comes
        """
        claims = defaultdict(float)
        orders = self.search([("processor_id", "=", self.processor_id.id), ("kind", "=", "make"),
                              ("state", "in", BEGUN)])
        for order in orders | self:
            told = order._med_material(before)
            for row in said if order == self else ():
                told[kind, row["outcome"]][row["product"].id, row["lot"].id] += row["quantity"]
            gone = order._med_material_posted()
            left, back = told["finished", "left"], told["shipped", "left"]
            for key in {key for sums in told.values() for key in sums}:
                scrap = told["finished", "scrap"][key] - gone["scrap"][key]
                # More scrap than was reported is what was used for goods that were scrapped.
                open_now = (told["finished", "used"][key] - gone["used"][key] + min(scrap, 0.0),
                            scrap, max(left[key], back[key]) - gone["left"][key])
                claims[key] += sum(max(quantity, 0.0) for quantity in open_now)
        return claims

    def _med_material(self, without):
        """Return ``{(kind, outcome): {(product id, lot id): quantity}}`` of the events that count,
        of components."""
        told = defaultdict(lambda: defaultdict(float))
        for event in self.event_ids - without:
            if not event.superseded:
                for row in event.lot_ids:
                    if row.outcome in OF_MATERIAL and row.product_id != self.product_id:
                        told[event.kind, row.outcome][
                            row.product_id.id, row.lot_id.id] += row.quantity
        return told

    def _med_material_posted(self):
        """Return ``{outcome: {(product id, lot id): quantity}}`` that was taken from the place."""
        order, gone = self.sudo(), defaultdict(lambda: defaultdict(float))
        for outcome, lines in (
                ("used", order.production_ids.move_raw_ids.move_line_ids),
                ("scrap", order.scrap_ids.move_ids.move_line_ids),
                ("left", order._med_way(False).move_line_ids)):
            for line in lines:
                if line.state == "done":
                    gone[outcome][line.product_id.id, line.lot_id.id] += line.quantity_product_uom
        return gone
