from odoo import models

from ..exceptions import ReportRefused

SMALL = 1e-6


class MedProcessorRelease(models.Model):
    """A processor releases what it has reported as finished and good: no other lot, no more."""

    _inherit = "med.processor.release"

    def _med_check_good(self):
        """Refuse lots and quantities that were not reported as finished and good.

        :raise ReportRefused: with a JSON pointer to the row
        """
        order = self.order_id
        good, told = order.sudo()._med_good(), self._med_beside()
        for place, line in enumerate(self.line_ids):
            key = line.product_id.id, line.lot_name
            most = good.get(key, 0.0)
            if most <= SMALL:
                raise ReportRefused(f"/lots/{place}/lot", self.env._(
                    "%(lot)s: nothing of it is reported as finished and good in %(order)s. "
                    "Report that first: what is not finished is not released.",
                    lot=line.lot_name, order=order.name))
            total = told.get(key, 0.0) + line.quantity
            if total > most + SMALL:
                raise ReportRefused(f"/lots/{place}/quantity", self.env._(
                    "%(lot)s: %(told)s released, but %(good)s are reported as finished and good "
                    "in %(order)s.", lot=line.lot_name, told=f"{total:g}", good=f"{most:g}",
                    order=order.name))

    def _med_check_made_to(self):
        """Refuse another revision than that to which the lots are reported as finished.

        :raise ReportRefused: with a JSON pointer
        """
        told = {}
        for row in self.order_id.sudo()._med_counting().lot_ids:
            if row.event_id.kind == "finished" and row.outcome == "good" and row.event_id.revision:
                told.setdefault((row.product_id, row.lot_name), set()).add(row.event_id.revision)
        for line in self.line_ids:
            known = told.get((line.product_id, line.lot_name))
            if known and self.revision not in known:
                raise ReportRefused("/revision", self.env._(
                    "%(lot)s is reported as made to revision %(told)s, not %(named)s. Release it "
                    "to that one, or correct the report.", lot=line.lot_name,
                    told=", ".join(sorted(known)), named=self.revision or "-"))

    def _med_beside(self):
        """Return ``{(product id, lot name): quantity}`` that the processor released beside this."""
        rows = self.env["med.processor.release.line"].sudo().search([
            ("release_id.order_id", "=", self.order_id.id), ("release_id.state", "=", "released"),
            ("release_id", "not in", self.ids)])
        told = {}
        for line in rows:
            key = line.product_id.id, line.lot_name
            told[key] = told.get(key, 0.0) + line.quantity
        return told

    def _med_is_good(self):
        """Return whether what is released is still reported as good and made so: a correction may
        undo it."""
        try:
            self.sudo()._med_check_good()
            self.sudo()._med_check_made_to()
        except ReportRefused:
            return False
        return True
