from odoo import models
from odoo.addons.med_traceability.tools.times import iso
from odoo.fields import Domain


class StockLot(models.Model):
    """What the evidence file of a lot says of deviations."""

    _inherit = "stock.lot"

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_deviations_section()]

    def _med_deviations_section(self):
        """Return the deviations that name the lot, or under which it was used."""
        _ = self.env._
        Deviation = self.env["med.deviation"].sudo()
        found = Deviation.search(
            Domain("company_id", "in", self.env.companies.ids) & (
                Domain("lot_ids", "in", self.ids) | Domain("use_ids.lot_id", "in", self.ids)),
            order="id")
        used = dict(self.env["med.deviation.use"].sudo()._read_group(
            [("deviation_id", "in", found.ids), ("lot_id", "=", self.id)],
            ["deviation_id"], ["quantity:sum"]))
        signed = {}
        for row in found.med_signature_ids.filtered(
                lambda row: row.res_model == found._name and row.meaning == "approved"):
            signed.setdefault(row.res_id, []).append(f"{row.name} ({iso(row.signed_at)})")
        kinds = dict(Deviation._fields["kind"]._description_selection(self.env))
        grades = dict(Deviation._fields["grade"]._description_selection(self.env))
        conditions = dict(Deviation._fields["condition"]._description_selection(self.env))
        columns = [("name", _("Number"), "text"), ("kind", _("Kind"), "text"),
                   ("grade", _("Grade"), "text"), ("requirement", _("Requirement"), "text"),
                   ("description", _("Description"), "text"),
                   ("condition", _("Condition"), "text"),
                   ("approved", _("Approved By (UTC)"), "text"),
                   ("quantity", _("Used of This Lot"), "number")]
        return self._med_section("deviations", _("Deviations and Concessions"), columns, [{
            "name": one.name, "kind": kinds[one.kind], "grade": grades.get(one.grade, ""),
            "requirement": one.requirement or "", "description": one.description or "",
            "condition": conditions[one.condition], "approved": ", ".join(signed.get(one.id, ())),
            "quantity": used.get(one, 0.0),
        } for one in found])
