from odoo import models
from odoo.addons.med_traceability.tools.times import iso


class StockLot(models.Model):
    """What the evidence file of a lot says of the hazards its nonconformities point to."""

    _inherit = "stock.lot"

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_hazards_section()]

    def _med_hazards_section(self):
        _ = self.env._
        found = self.env["med.risk.hazard"].sudo().search([
            ("company_id", "in", self.env.companies.ids), ("state", "!=", "superseded"),
            ("nonconformity_ids.line_ids.lot_id", "in", self.ids)], order="name")
        columns = [("name", _("Number"), "text"), ("revision", _("Revision"), "number"),
                   ("hazard", _("Hazard"), "text"), ("harm", _("Harm"), "text"),
                   ("residual", _("Residual Risk"), "text"), ("controls", _("Controls"), "text"),
                   ("reviewed", _("Reviewed On (UTC)"), "date"),
                   ("needed", _("Review the Risk"), "word"),
                   ("signed", _("Signed By"), "text")]
        return self._med_section("hazards", _("Hazards"), columns, [{
            "name": one.name, "revision": one.revision, "hazard": one.hazard,
            "harm": one.harm or "", "residual": one._med_printed("residual_verdict") or "",
            "controls": "; ".join(one.control_ids.mapped("what")),
            "reviewed": iso(one.reviewed_at), "needed": one.review_needed,
            "signed": ", ".join(dict.fromkeys(one._med_given().mapped("user_id.name")))}
            for one in found])
