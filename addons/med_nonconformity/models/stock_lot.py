from collections import defaultdict

from odoo import fields, models
from odoo.addons.med_traceability.tools.times import iso


def _is_settled(lot, decided, concerned, origins, seen=()):
    """Return whether nothing in a lot is left of a rejection.

    :param decided: lot id → (whether that makes it good, when it was decided)
    :param concerned: ids of the lots that were rejected
    :param origins: lot id → ``[(lot id that it came out of, when)]``
    """
    sources = origins.get(lot, ())
    if lot in decided:
        good, since = decided[lot]
        sources = [row for row in sources if row[1] > since]
    else:
        good = lot not in concerned
    return good and all(
        source in seen or (source not in decided or date >= decided[source][1])
        and _is_settled(source, decided, concerned, origins, (*seen, lot))
        for source, date in sources)


class StockLot(models.Model):
    _inherit = "stock.lot"

    med_nonconformity_line_ids = fields.One2many(
        "med.nonconformity.line", "lot_id", "Nonconformities", readonly=True,
        groups="med_base.med_base_group_viewer")
    med_nonconformity_count = fields.Integer(
        "Number of Nonconformities", compute="_compute_med_nonconformity_count",
        groups="med_base.med_base_group_viewer")

    def _compute_med_nonconformity_count(self):
        counts = dict(self.env["med.nonconformity.line"]._read_group(
            [("lot_id", "in", self.ids)], ["lot_id"], ["__count"]))
        for lot in self:
            lot.med_nonconformity_count = counts.get(lot, 0)

    def action_med_nonconformities(self):
        return {"type": "ir.actions.act_window", "res_model": "med.nonconformity",
                "view_mode": "list,form", "name": self.env._("Nonconformities"),
                "domain": [("line_ids.lot_id", "in", self.ids)]}

    def action_med_report(self):
        """Report something that is wrong with these lots."""
        return {"type": "ir.actions.act_window", "res_model": "med.nonconformity.wizard",
                "view_mode": "form", "target": "new", "name": self.env._("Report a Problem"),
                "context": {"default_lot_ids": self.ids}}

    def _med_standing(self, *domain):
        """A rejection is made good by the nonconformity that it began, for the lots it decided."""
        standing = super()._med_standing(*domain)
        settled = self._med_settled() if standing else ()
        return [(lot, one) for lot, one in standing if (lot.id, one.id) not in settled]

    def _med_settled(self):
        """Return (lot id, inspection id) of rejections that a nonconformity has made good.

        Its lots were decided about: those used as they are have a concession; those reworked or
        repaired are, once that is done, inspected anew. A later part of such a lot follows it,
        unless it was decided about by itself; an earlier part that was not, does not.
        """
        origins = self._med_origins()
        family = {*self.ids, *origins, *(
            source for rows in origins.values() for source, _date in rows)}
        decided = defaultdict(dict)
        for line in self.env["med.nonconformity.line"].sudo().search([
                ("lot_id", "in", list(family)),
                ("nonconformity_id.state", "in", ("decided", "closed")),
                ("nonconformity_id.source_model", "=", "med.inspection")]):
            record = line.nonconformity_id
            since = max(record._med_given().filtered(
                lambda row: row.transition == "decide").mapped("signed_at"))
            decided[record.source_id][line.lot_id.id] = line._med_is_good(), since
        return {(lot, one.id)
                for one in self.env["med.inspection"].sudo().browse(decided)
                for lot in self.ids
                if _is_settled(lot, decided[one.id], set(one._lots().ids), origins)}

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_nonconformities_section()]

    def _med_nonconformities_section(self):
        _ = self.env._
        lines = self.env["med.nonconformity.line"].sudo().search([
            ("lot_id", "=", self.id), ("company_id", "in", self.env.companies.ids)], order="id")
        columns = [("name", _("Number"), "text"), ("summary", _("What Is Wrong"), "text"),
                   ("class", _("Class"), "text"), ("date", _("Seen (UTC)"), "date"),
                   ("state", _("State"), "text"), ("basis", _("Basis"), "text"),
                   ("quantity", _("Quantity"), "number"), ("decision", _("Decision"), "text"),
                   ("posted", _("Posted"), "number"), ("signed", _("Signed By"), "text")]
        words = {name: dict(field._description_selection(self.env)) for name, field in (
            ("basis", lines._fields["basis"]), ("decision", lines._fields["decision"]),
            ("class", lines.nonconformity_id._fields["defect_class"]),
            ("state", lines.nonconformity_id._fields["state"]))}
        return self._med_section("nonconformities", _("Nonconformities"), columns, [{
            "name": line.nonconformity_id.name, "summary": line.nonconformity_id.summary,
            "class": words["class"].get(line.nonconformity_id.defect_class, ""),
            "date": iso(line.nonconformity_id.event_time),
            "state": words["state"][line.nonconformity_id.state],
            "basis": words["basis"][line.basis], "quantity": line.quantity,
            "decision": words["decision"].get(line.decision, ""), "posted": line.posted,
            "signed": ", ".join(dict.fromkeys(
                line.nonconformity_id._med_given().mapped("user_id.name")))} for line in lines])
