from odoo import models

from ..exceptions import ReportRefused
from ..tools import life
from .med_outsourcing_order import ENDED

ARE_MADE = ("finished", "shipped", *ENDED)
SAID_OF = ("good", "reject", "scrap")


class MedOutsourcingOrder(models.Model):
    """What is said of lots beside making them: of lots that are made, or of material; and no
    finer than our books can keep."""

    _inherit = "med.outsourcing.order"

    def _med_report_lots(self, told, before):
        self._med_check_digits(told)
        rows = super()._med_report_lots(told, before)
        if self.kind == "make" and told["kind"] not in (*life.COUNTS, "received"):
            self._med_check_spoken(told, rows)
        return rows

    def _med_check_digits(self, told):
        """Refuse a quantity of which our books would keep another one, or nothing."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for part in ("lots", "used"):
            for number, row in enumerate(told[part]):
                quantity = row["quantity"]
                if abs(quantity - round(quantity, digits)) > 1e-9 * max(1.0, quantity):
                    raise ReportRefused(f"/{part}/{number}/quantity", self.env._(
                        "%(lot)s: quantities are kept with %(digits)s decimal places. Report one "
                        "that has no more.", lot=row["lot"] or "–", digits=digits))

    # ------------------------------------------------------------------ which lot

    def _med_check_spoken(self, told, rows):
        """Have steps and results be of what is made here, or of material: a number alone is no lot.

        :param rows: see :meth:`_med_report_lots`; changed where they are of material
        :raise ReportRefused: all is made, and nothing of this number
        """
        made, sent = self._med_made_names(), None
        for place, row in enumerate(told["lots"]):
            pointer, of_made = rows[place]["pointer"], rows[place]["product"] == self.product_id
            if not of_made or row["lot"] in made:
                continue
            if sent is None:
                sent = self._med_material_sent().keys()
                names = {lot.name for lot in sent}
            if not row["product"] and row["lot"] in names:
                rows[place] = self._med_received_row(sent, pointer, row, told)
            elif self.state in ARE_MADE:
                raise ReportRefused(f"{pointer}/lot", self.env._(
                    "%(lot)s: nothing of this number was made by %(order)s, nor sent for it.",
                    lot=row["lot"], order=self.name))

    def _med_made_names(self):
        """Return the numbers of lots of what is made: reported as finished or shipped, or here."""
        here = self.move_ids.filtered(lambda move: move.state == "done").move_line_ids.lot_id
        told = self._med_counting().lot_ids.filtered(
            lambda row: row.outcome in SAID_OF and row.event_id.kind in life.COUNTS)
        return {
            *told.filtered(lambda row: row.product_id == self.product_id).mapped("lot_name"),
            *here.filtered(lambda lot: lot.product_id == self.product_id).mapped("name")}

    def _med_after_report(self, event):
        result = super()._med_after_report(event)
        if self.kind == "make" and event.kind == "finished" and self.state in ARE_MADE:
            self._med_ask_never_made()
        return result

    def _med_ask_never_made(self):
        """Ask quality, where all is finished and something was said of a lot that never was."""
        made = self._med_made_names()
        if never := sorted({
                row.lot_name for row in self._med_counting().lot_ids
                if row.product_id == self.product_id and row.event_id.kind not in life.COUNTS
                and row.lot_name not in made}):
            self._med_ask_quality(self.env._(
                "Steps or results name lots that were never made: %(lots)s. Have the processor "
                "correct them.", lots=", ".join(never[:20])))
