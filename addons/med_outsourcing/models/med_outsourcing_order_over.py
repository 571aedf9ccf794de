from collections import Counter, defaultdict

from odoo import models

from ..exceptions import ReportRefused
from .med_outsourcing_order_lots import SMALL


class MedOutsourcingOrder(models.Model):
    """No more is made than was ordered, and no unit twice: the report is in the wrong unit, or of
    another order."""

    _inherit = "med.outsourcing.order"

    def _med_check_quantities(self, kind, rows, before):
        if self.kind == "make" and kind == "finished":
            self._med_check_made_once(rows, before)
            self._med_check_made(rows, before)
        return super()._med_check_quantities(kind, rows, before)

    def _med_check_made(self, rows, before):
        """Refuse more than was ordered, and more scrapped than was ordered."""
        most = self._med_ordered() * (1 + self.company_id.med_over_percent / 100)
        for outcomes in (("good", "reject"), ("scrap",)):
            made = sum(quantity for (product, _name), quantity in self._med_told(
                "finished", outcomes, before).items() if product == self.product_id.id)
            for row in rows:
                if row["product"] != self.product_id or row["outcome"] not in outcomes:
                    continue
                made += row["quantity"]
                if made > most + SMALL:
                    raise ReportRefused(f"{row['pointer']}/quantity", self.env._(
                        "%(lot)s: with it, %(made)s %(unit)s are finished, and %(ordered)s are "
                        "ordered. Is the quantity in %(unit)s? What is more than ordered is "
                        "ordered first.", lot=row["name"], made=f"{made:g}",
                        unit=self.product_id.uom_id.name, ordered=f"{self._med_ordered():g}"))

    def _med_check_made_once(self, rows, before):
        """Refuse a serial number that is finished already, by this report or one that counts."""
        if self.product_id.tracking != "serial":
            return
        rows = [row for row in rows if row["product"] == self.product_id
                and row["outcome"] in ("good", "reject", "scrap")]
        names = Counter(row["name"] for row in rows)
        known = defaultdict(lambda: self.env["med.outsourcing.event.lot"])
        for one in self.env["med.outsourcing.event.lot"].sudo().search([
                ("product_id", "=", self.product_id.id), ("lot_name", "in", list(names)),
                ("company_id", "=", self.company_id.id), ("event_id.kind", "=", "finished"),
                ("event_id.superseded", "=", False), ("event_id", "not in", before.ids)]):
            known[one.lot_name] |= one
        for row in rows:
            if names[row["name"]] > 1 or known[row["name"]]:
                raise ReportRefused(f"{row['pointer']}/lot", self.env._(
                    "%(lot)s is one unit, and it is finished already: by %(report)s. Correct that "
                    "report, or give this unit its own number.", lot=row["name"],
                    report=known[row["name"]][:1].event_id.display_name or self.env._(
                        "another row of this report")))
