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
        """Return whether what is released is still reported as good: a correction may undo it."""
        try:
            self.sudo()._med_check_good()
        except ReportRefused:
            return False
        return True
