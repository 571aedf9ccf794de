from odoo import models
from odoo.addons.med_traceability.tools.times import iso

# Rows of lots and consignees on paper; all of them are in the lists, and their digest is printed.
PRINTED = 500
TEXTS = (
    ("reason",),
    ("hazard_event", "hazard_conditions", "hazard_population", "hazard_seriousness",
     "hazard_likelihood", "hazard_consequences", "hazard_conclusion"),
    ("instruction",), ("effect", "conclusion"))


class MedRecall(models.Model):
    """The file of a recall on paper: everything that was said, found, decided and signed."""

    _inherit = "med.recall"

    def _med_pdf(self):
        """Return the file of this recall as the bytes of a PDF."""
        self.ensure_one()
        self.check_access("read")
        return self.env["med.document"]._render_pdf(
            "med_recall.recall_document", self._med_document())

    def _med_document(self):
        """Return what the template reads."""
        _ = self.env._
        head = [(self._fields[name]._description_string(self.env), self._med_shown(name))
                for name in ("state", "role", "origin", "origin_partner_id", "origin_reference",
                             "owner_id", "company_id", "aware_at", "opened_at", "stopped_at",
                             "located_at", "decided_at", "initiated_at", "completed_at",
                             "terminated_at", "action")]
        return {
            "title": _("Recall Drill") if self.drill else _("Recall"), "o": self,
            "mark": _("DRILL") if self.drill else "",
            "holds": self._med_printed("drill_holds") if self.drill else "",
            "head": [(label, text) for label, text in head if text],
            "reason": self._med_texts(TEXTS[0]), "hazard": self._med_texts(TEXTS[1]),
            "instruction": self._med_texts(TEXTS[2]), "end": self._med_texts(TEXTS[3]),
            "scopes": self._med_scope_rows(), "lots": self._med_lot_rows(),
            "consignees": self._med_consignee_rows(), "printed": PRINTED,
            "signatures": self.sudo().med_signature_ids.filtered(
                lambda row: row.res_model == self._name).sorted("id"),
        }

    def _med_shown(self, name):
        field, value = self._fields[name], self.sudo()[name]
        if field.type == "datetime":
            return f"{value:%Y-%m-%d %H:%M:%S} UTC" if value else ""
        if field.type == "many2one":
            return value.display_name or ""
        return self._med_printed(name) or ""

    def _med_texts(self, names):
        return [(self._fields[name]._description_string(self.env), self[name])
                for name in names if self[name]]

    def _med_scope_rows(self):
        return [{
            "name": one.name, "state": dict(
                one._fields["state"]._description_selection(self.env))[one.state],
            "drawn": iso(one.drawn_at), "frozen": iso(one.frozen_at), "lots": one.lot_count,
            "exact": one.exact_count, "consignees": one.consignee_count, "digest": one.digest}
            for one in self.sudo().scope_ids.sorted("number")]

    def _med_lot_rows(self):
        Line = self.env["med.recall.scope.line"]
        rows = Line.search([("scope_id", "=", self.scope_id.id)], limit=PRINTED)
        words = dict(Line._fields["certainty"]._description_selection(self.env))
        return [{
            "product": line.product_id.display_name, "lot": line.lot_id.name,
            "certainty": words[line.certainty], "on_hand": f"{line.on_hand:g}",
            "shipped": f"{line.shipped:g}", "returned": f"{line.returned:g}"} for line in rows]

    def _med_consignee_rows(self):
        groups = self.env["med.recall.delivery"]._read_group(
            [("scope_id", "=", self.scope_id.id)], ["partner_id", "lot_id"],
            ["shipped:sum", "returned:sum", "net:sum"], limit=PRINTED)
        return [{"partner": partner.display_name or "", "lot": lot.name,
                 "country": partner.country_id.name or "", "shipped": f"{shipped:g}",
                 "returned": f"{returned:g}", "net": f"{net:g}"}
                for partner, lot, shipped, returned, net in groups]
