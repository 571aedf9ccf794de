import json

from odoo import api, models
from odoo.addons.med_traceability.tools.tables import Column, Table
from odoo.addons.med_traceability.tools.workbook import make_workbook
from odoo.exceptions import UserError

from .med_recall_report import VERSION

ANNEX = (("partner", "text"), ("address", "text"), ("telephone", "text"), ("country", "text"),
         ("product", "text"), ("lot", "text"), ("from", "text"), ("to", "text"),
         ("shipped", "number"), ("returned", "number"), ("net", "number"))


class MedRecallReport(models.Model):
    """A report as paper, workbook and data."""

    _inherit = "med.recall.report"

    def _med_data(self):
        """Return everything the report says, as plain data."""
        self.ensure_one()
        return {
            "version": VERSION, "report": self.name, "recall": self.recall_id.name,
            "drill": self.drill, "kind": self.kind_id.code, "title": self.kind_id.name,
            "source": self.kind_id.source, "jurisdiction": self.jurisdiction_id.code,
            "number": self.number, "state": self.state,
            "generated": self.generated_at.isoformat() + "+00:00",
            "digest": self.digest, "missing": self.missing or "",
            "items": [{"key": one.key, "name": one.name, "clause": one.source or "",
                       "required": one.required, "text": one.text or ""}
                      for one in self.line_ids],
            "figures": self.figures or {}, "consignees": self.annex or []}

    def _med_json(self):
        return json.dumps(self._med_data(), ensure_ascii=False, indent=1, sort_keys=True).encode()

    def _med_annex_words(self):
        _ = self.env._
        return {"partner": _("Consignee"), "address": _("Address"), "telephone": _("Telephone"),
                "country": _("Country"), "product": _("Product"), "lot": _("Lot/Serial"),
                "from": _("First Delivery"), "to": _("Last Delivery"), "shipped": _("Shipped"),
                "returned": _("Returned"), "net": _("With Him")}

    def _med_xlsx(self):
        """Return the workbook of a report: its items, its figures, and the consignees."""
        _, words = self.env._, self._med_annex_words()
        mark = _("DRILL") if self.drill else ""
        items = Table("items", f"{mark} {_('Items')}".strip(), (
            Column("name", _("Item")), Column("clause", _("Clause")), Column("text", _("Text"))),
            tuple((one.name, one.source or "", one.text or "") for one in self.line_ids))
        figures = Table("figures", _("Figures"), (
            Column("name", _("Figure")), Column("value", _("Value"), "number")),
            tuple(sorted((self.figures or {}).items())))
        parties = Table("consignees", _("Consignees"), tuple(
            Column(key, words[key], kind) for key, kind in ANNEX),
            tuple(tuple(row[key] for key, _kind in ANNEX) for row in self.annex or ()))
        return make_workbook((items, figures, parties), {})

    def _med_pdf(self):
        """Return the report on paper, its data embedded."""
        return self.env["med.document"]._render_pdf("med_recall_report.report_document", {
            "o": self, "words": self._med_annex_words(), "annex": self.annex or [],
            "columns": ANNEX, "company": self.company_id.name},
            attachments=[(f"{self.name.replace('/', '_')}.json", self.kind_id.name,
                          self._med_json())])

    def action_pdf(self):
        return self._med_url("pdf")

    def action_xlsx(self):
        return self._med_url("xlsx")

    def action_json(self):
        return self._med_url("json")

    def _med_url(self, extension):
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/recall_report.{extension}?report_id={self.id}"}


class MedRecall(models.Model):
    _inherit = "med.recall"

    def report_data(self, kind: str):
        """Return what a report of a kind says now, without making one.

        :param kind: code of a kind of report, for example ``us_806_10``
        :return: ``{"version", "recall", "kind", "title", "source", "items": [{"key", "name",
            "clause", "required", "text"}], "missing": [keys], "figures", "consignees"}``
        :raise UserError: there is no such kind
        """
        self.ensure_one()
        self.check_access("read")
        found = self.env["med.recall.report.kind"].search([("code", "=", kind)])
        if not isinstance(kind, str) or not found:
            raise UserError(self.env._("There is no report “%s”.", kind))
        values = self._med_report_values(self.env["med.recall.report"].new({
            "recall_id": self.id, "kind_id": found.id}))
        items = [{"key": one.key, "name": one.name, "clause": one.source or "",
                  "required": one.required, "text": values.get(one.value) or ""}
                 for one in found.item_ids]
        return {"version": VERSION, "recall": self.name, "kind": kind, "title": found.name,
                "source": found.source, "items": items,
                "missing": [one["key"] for one in items if one["required"] and not one["text"]],
                "figures": self._med_figures(),
                "consignees": self._med_annex(found.jurisdiction_id) if found.consignees else []}

    # ------------------------------------------------------------------ drills

    @api.model
    def _med_drills(self, company):
        """Return the drills of a company that were located, the newest first."""
        return self.search([("drill", "=", True), ("company_id", "=", company.id),
                            ("located_at", "!=", False)], order="opened_at desc, id desc")

    def _med_drill_pdf(self):
        """Return the report of a drill on paper, beside the earlier ones."""
        self.ensure_one()
        if not self.drill:
            raise UserError(self.env._("%s is not a drill.", self.name))
        earlier = self._med_drills(self.company_id).filtered(
            lambda one: one.opened_at <= self.opened_at)
        return self.env["med.document"]._render_pdf("med_recall_report.drill_document", {
            "o": self, "drills": earlier[:12] or self, "figures": self._med_figures(),
            "company": self.company_id.name})

    def action_drill_pdf(self):
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/recall_drill.pdf?recall_id={self.id}"}
