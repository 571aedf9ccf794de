from odoo import fields, models
from odoo.addons.med_traceability.tools.times import iso

IN_SCOPE = ("drawn", "frozen")


class StockLot(models.Model):
    """What a lot says of the recalls that reach it: on its form, and in its evidence file."""

    _inherit = "stock.lot"

    med_recall_count = fields.Integer("Recalls", compute="_compute_med_recall_count")

    def _compute_med_recall_count(self):
        groups = self.env["med.recall.scope.line"].sudo()._read_group(
            self._med_in_scope(), ["lot_id"], ["recall_id:count_distinct"])
        counts = {lot.id: count for lot, count in groups}
        for lot in self:
            lot.med_recall_count = counts.get(lot.id, 0)

    def _med_in_scope(self):
        return [("lot_id", "in", self.ids), ("scope_id.state", "in", IN_SCOPE),
                ("recall_id.company_id", "in", self.env.companies.ids)]

    def _med_recalls(self):
        """Return the recalls in whose present or former scope these lots are, as superuser."""
        groups = self.env["med.recall.scope.line"].sudo()._read_group(
            self._med_in_scope(), ["recall_id"])
        return self.env["med.recall"].sudo().union(*(recall for [recall] in groups)).sorted("id")

    def action_med_recalls(self):
        """Open the recalls that reach this lot."""
        return {"type": "ir.actions.act_window", "res_model": "med.recall",
                "view_mode": "list,form", "name": self.env._("Recalls"),
                "domain": [("id", "in", self._med_recalls().ids)]}

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_recalls_section()]

    def _med_recalls_section(self):
        _ = self.env._
        found = self._med_recalls()
        columns = [("name", _("Number"), "text"), ("summary", _("In One Sentence"), "text"),
                   ("drill", _("Drill"), "text"), ("opened", _("Opened (UTC)"), "date"),
                   ("decided", _("Decided (UTC)"), "date"), ("levels", _("Levels"), "text"),
                   ("action", _("What Is Done"), "text"), ("state", _("State"), "text"),
                   ("conclusion", _("Conclusion"), "text"), ("signed", _("Signed By"), "text")]
        return self._med_section("recalls", _("Recalls"), columns, [{
            "name": one.name, "summary": one.summary, "drill": _("DRILL") if one.drill else "",
            "opened": iso(one.opened_at), "decided": iso(one.decided_at),
            "levels": ", ".join(
                f"{level.jurisdiction_id.code}: {level.class_id.name}" for level in one.level_ids),
            "action": one._med_printed("action") or "", "state": one._med_printed("state"),
            "conclusion": one.conclusion or "",
            "signed": ", ".join(dict.fromkeys(one._med_given().mapped("user_id.name")))}
            for one in found.with_env(self.env).sudo()])
