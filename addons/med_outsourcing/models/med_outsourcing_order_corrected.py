from collections import defaultdict

from odoo import models

from ..tools.life import COUNTS
from ..tools.report import number_text
from .med_outsourcing_order import ENDED


class MedOutsourcingOrder(models.Model):
    """A correction of what is posted already: the record is put right, the stock by our people."""

    _inherit = "med.outsourcing.order"

    def _med_for_the_record(self, before):
        """Return whether a correction comes after the end: it counts, and moves nothing.

        :param before: the event that is corrected, or an empty one
        """
        return bool(before) and self.state in ENDED

    def _med_is_posted(self, before):
        """Return whether goods of a report are in our books, whatever a correction says of it."""
        received = {lot for _product, lot in self._med_received() if lot}
        return self._med_for_the_record(before) or any(
            row.lot_id in received for row in before.lot_ids if row.product_id == self.product_id
            or self.kind == "process")

    def _med_to_adjust(self, before, lots):
        """Return in words how what is said differs from what is posted; '' for nothing.

        :param before: the event that is corrected, or an empty one
        :param lots: rows as of :meth:`_med_report_lots`
        """
        sums = defaultdict(lambda: [0.0, 0.0])
        if not before:
            if self.state not in ENDED or not any(row["outcome"] == "used" for row in lots):
                return ""
            # Told first after the goods came: what our books took by themselves is there.
            lots = [row for row in lots if row["outcome"] == "used"]
            for line in self.sudo().production_ids.move_raw_ids.move_line_ids:
                if line.state == "done" and line.product_id in [row["product"] for row in lots]:
                    sums[line.product_id, line.lot_id.name or "–", "used"][0] += (
                        line.quantity_product_uom)
        elif not self._med_for_the_record(before) and (
                before.kind not in COUNTS or not self._med_is_posted(before)):
            return ""
        for row in before.lot_ids:
            sums[row.product_id, row.lot_name, row.outcome][0] += row.quantity
        for row in lots:
            sums[row["product"], row["name"], row["outcome"]][1] += row["quantity"]
        words = dict(self.env["med.outsourcing.event.lot"]._fields[
            "outcome"]._description_selection(self.env))
        changes = [self.env._(
            "%(product)s, lot %(lot)s, %(outcome)s: %(new)s instead of %(old)s",
            product=product.display_name, lot=lot, outcome=words[outcome], new=number_text(new),
            old=number_text(old)) for (product, lot, outcome), (old, new) in sums.items()
            if abs(old - new) > 1e-6]
        if not changes and not before:
            return ""
        if not changes:
            return self.env._(
                "Corrected after goods were posted here: compare it with report %(report)s.",
                report=before.reference)
        return self.env._(
            "Told after goods were posted here, and what is posted is not changed: adjust the "
            "stock. %(changes)s", changes="; ".join(changes[:20]))
