from odoo import models

from ..tools import life
from ..tools.report import number


class MedOutsourcingOrder(models.Model):
    """What a report of this order begins with, on the portal's pages and in our own dialog."""

    _inherit = "med.outsourcing.order"

    def _med_next(self):
        """Return the kinds of report that come next, the most likely first."""
        said = {one.kind for one in self.event_ids if not one.superseded}
        behind = [kind for kind in life.LATE if self.state == "received" and kind not in said]
        return (*behind, *life.NEXT.get(self.state, ()))

    def _med_begin_sent(self):
        """Return the lots of ours that were sent for this order, with quantities."""
        if self.line_ids:
            return [{"lot": line.lot_id.name, "product": line.product_id.display_name,
                     "quantity": line.quantity, "unit": line.product_uom_id.name,
                     "product_id": line.product_id.id} for line in self.line_ids]
        found = {}
        for line in self._med_send_pickings().move_line_ids.filtered(
                lambda one: one.state == "done" and one.lot_id):
            row = found.setdefault(line.lot_id, {
                "lot": line.lot_id.name, "product": line.product_id.display_name, "quantity": 0.0,
                "unit": line.product_id.uom_id.name, "product_id": line.product_id.id})
            row["quantity"] += line.product_uom_id._compute_quantity(
                line.quantity, line.product_id.uom_id)
        return list(found.values())

    def _med_begin_lots(self, kind):
        """Return the lots that a page begins with, and how much of each."""
        if kind == "shipped" and (made := self._med_begin_made()):
            return made
        if kind in ("finished", "shipped", "result") and self.kind == "make":
            return self._med_begin_made()
        return self._med_begin_arriving() if kind == "received" else self._med_begin_sent()

    def _med_begin_arriving(self):
        """Return ``{"lot", "product_id", "quantity"}`` that was sent and not received yet."""
        limits, _why = self._med_limits("received", self.event_ids.browse())
        return [{"lot": lot, "product_id": product, "quantity": quantity}
                for (product, lot), quantity in sorted(limits.items()) if quantity > 1e-6]

    def _med_begin_made(self):
        """Return ``{"lot", "product_id", "quantity"}`` that was reported finished and good, and
        not shipped yet."""
        left = {}
        for event in self.event_ids.filtered(lambda one: not one.superseded):
            sign = {"finished": 1, "shipped": -1}.get(event.kind, 0)
            for row in event.lot_ids.filtered(lambda one: one.outcome == "good"):
                key = row.lot_name, row.product_id.id
                left[key] = left.get(key, 0.0) + sign * row.quantity
        return [{"lot": lot, "product_id": product, "quantity": quantity}
                for (lot, product), quantity in sorted(left.items()) if quantity > 1e-6]

    def _med_begin_products(self):
        """Return the products that may be used for this order: its frozen bill of materials."""
        specs = (self.contract or {}).get("products", ())
        return self.env["product.product"].sudo().browse([
            line["product"] for spec in specs
            for line in spec.get("bom", {}).get("lines", ())]).exists()

    def _med_begin_components(self):
        """Return ``{"product", "lot"}`` of what was sent to be used."""
        allowed = self._med_begin_products().ids
        sent = [{"product": row["product_id"], "lot": row["lot"]}
                for row in self._med_begin_sent() if row["product_id"] in allowed]
        return sent or [{"product": product, "lot": ""} for product in allowed]

    def _med_begin_operations(self):
        """Return the names of the steps as ordered."""
        return [row["name"] for row in (self.contract or {}).get("routing", ())]

    def _med_begin_parameters(self, _operation=""):
        """Return the parameters as ordered: ``{"name", "unit", "low", "high", "span"}``."""
        return [{"name": row["name"], "unit": row.get("unit", ""),
                 "low": row.get("low", ""), "high": row.get("high", ""),
                 "open_low": row.get("open_low"), "open_high": row.get("open_high"),
                 "span": self._med_span(row),
                 "number": number(row.get("low", "")) is not None
                 or number(row.get("high", "")) is not None}
                for row in (self.contract or {}).get("parameters", ())]

    def _med_span(self, row):
        """Return limits as they are read: 50 – 60, ≥ 50, < 60."""
        low, high = row.get("low"), row.get("high")
        signs = (">" if row.get("open_low") else "≥", "<" if row.get("open_high") else "≤")
        parts = [f"{sign} {end}" for sign, end in zip(signs, (low, high), strict=True) if end]
        if len(parts) == 2 and signs == ("≥", "≤"):
            return f"{low} – {high}"
        return ", ".join(parts) or "–"
