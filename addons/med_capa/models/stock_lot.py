from odoo import models
from odoo.addons.med_traceability.tools.times import iso


class StockLot(models.Model):
    """What the evidence file of a lot says of the CAPAs of its nonconformities and deviations."""

    _inherit = "stock.lot"

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_capas_section()]

    def _med_capas_section(self):
        _ = self.env._
        found = self.env["med.capa"].sudo().search([
            ("company_id", "in", self.env.companies.ids),
            "|", ("nonconformity_ids.line_ids.lot_id", "in", self.ids),
            ("deviation_ids.lot_ids", "in", self.ids)], order="id")
        states = dict(found._fields["state"]._description_selection(self.env))
        columns = [("name", _("Number"), "text"), ("summary", _("In One Sentence"), "text"),
                   ("cause", _("Root Cause"), "text"), ("actions", _("Actions"), "text"),
                   ("opened", _("Opened (UTC)"), "date"), ("state", _("State"), "text"),
                   ("finding", _("What Was Found"), "text"), ("signed", _("Signed By"), "text")]
        return self._med_section("capas", _("Corrective and Preventive Actions"), columns, [{
            "name": one.name, "summary": one.summary, "cause": one.cause or "",
            "actions": "; ".join(one.action_ids.mapped("what")), "opened": iso(one.opened_at),
            "state": states[one.state], "finding": one.finding or "",
            "signed": ", ".join(dict.fromkeys(one._med_given().mapped("user_id.name")))}
            for one in found])
