from odoo import models

COUNTED = ("released", "withdrawn", "revoked")
"""States of a release that the processor has signed once."""


class StockLot(models.Model):
    """What processors have released of a lot, and withdrawn, is in its evidence."""

    _inherit = "stock.lot"

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_processor_releases_section()]

    def _med_processor_release_lines(self):
        """Return the lines of releases that processors have signed for these lots."""
        lines = self.env["med.processor.release.line"].sudo().search([
            ("product_id", "in", self.product_id.ids), ("lot_name", "in", self.mapped("name")),
            ("release_id.state", "in", COUNTED),
            ("company_id", "in", self.env.companies.ids)], order="id")
        keys = {(lot.product_id, lot.name) for lot in self}
        return lines.filtered(lambda line: (line.product_id, line.lot_name) in keys)

    def _med_processor_releases_section(self):
        """Return each signature of a processor under a release of these lots, as a section.

        A row a signature, so that who withdrew what, and when, stands beside who released it. What
        we withdrew ourselves is a row of its own.
        """
        _, rows = self.env._, []
        columns = [("lot", _("Lot/Serial"), "text"), ("number", _("Number"), "text"),
                   ("processor", _("Processor"), "text"), ("order", _("Order"), "text"),
                   ("revision", _("Revision"), "text"), ("quantity", _("Quantity"), "number"),
                   ("uom", _("Unit"), "text"), ("meaning", _("What Was Signed"), "text"),
                   ("person", _("By"), "text"), ("method", _("How It Is Known"), "text"),
                   ("signed", _("Signed (UTC)"), "date"), ("status", _("Signature"), "text"),
                   ("note", _("Remarks"), "text"), ("digest", _("SHA-256"), "text")]
        for line in self._med_processor_release_lines():
            release = line.release_id
            about = {
                "lot": line.lot_name, "number": release.name,
                "processor": release.processor_id.display_name, "order": release.order_id.name,
                "revision": release._med_revision_text(), "quantity": line.quantity,
                "uom": line.uom_id.name}
            rows += [{**about, **signed} for signed in release._med_signed_rows()]
        return self._med_section("processor_releases", _("Production Releases by Processors"),
                                 columns, rows)
