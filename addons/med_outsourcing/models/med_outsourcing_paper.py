from odoo import models

from ..tools.sums import NAMES

SHOWN = [name for name in NAMES if name not in ("moved", "there")]


def _digits(value):
    return "" if not value else f"{value:.6f}".rstrip("0").rstrip(".")


class MedOutsourcingStatement(models.Model):
    """A statement on paper, which the processor signs and stamps."""

    _inherit = "med.outsourcing.statement"

    def action_print(self):
        """Download these statements in the reader's language."""
        return _download(self, "outsourcing_statement.pdf?statement", self.env.lang)

    def action_print_theirs(self):
        """Download these statements, each in its processor's language."""
        return _download(self, "outsourcing_statement.pdf?statement", "theirs")

    def action_enter_paper(self):
        """Enter the paper that the processor has signed and stamped."""
        return _enter(self, "agreed")

    def _med_paper_pdf(self):
        """Return the statement as the bytes of a PDF."""
        self.check_access("read")
        lines = self.env["med.outsourcing.statement.line"]
        labels = {name: lines._fields[name]._description_string(self.env) for name in SHOWN}
        used = [name for name in SHOWN if any(line[name] for line in self.line_ids)]
        return self.env["med.document"]._render_pdf("med_outsourcing.statement_document", {
            "title": self.env._("Statement of quantities"), "company": self.company_id.name,
            "statement": self, "period": self._med_period_text(),
            "columns": [(name, labels[name]) for name in used],
            "rows": [{
                "product": line.product_id.display_name, "lot": line.lot_name or "–",
                "unit": line.uom_id.name, "difference": _digits(line.difference),
                **{name: _digits(line[name]) for name in used}} for line in self.line_ids],
            "totals": self._med_totals(used),
            "differs": self.difference_count, "signatures": self._med_given(),
            "theirs": self.signature_ids.filtered(
                lambda row: row.round == self.med_signature_round),
        })

    def _med_totals(self, names):
        """Return a row of sums for each product that has several lots."""
        return [{
            "product": product.display_name, "unit": product.uom_id.name,
            "difference": _digits(sum(lines.mapped("difference"))),
            **{name: _digits(sum(lines.mapped(name))) for name in names},
        } for product, lines in self.line_ids.grouped("product_id").items() if len(lines) > 1]


class MedProcessorRelease(models.Model):
    """A processor's release on paper, which it signs and stamps."""

    _inherit = "med.processor.release"

    def action_print(self):
        """Download these releases, each in its processor's language."""
        return _download(self, "processor_release.pdf?release", "theirs")

    def action_enter_paper(self):
        """Enter the paper that the processor has signed and stamped."""
        return _enter(self, "released" if self.state == "draft" else "withdrawn")

    def _med_paper_pdf(self):
        """Return the release as the bytes of a PDF."""
        self.check_access("read")
        return self.env["med.document"]._render_pdf(
            "med_outsourcing.release_document", self._med_paper_values())

    def _med_paper_withdrawn(self):
        """Return in sentences who withdrew the release and why; nothing while it counts."""
        if self.state == "revoked":
            return [self.env._(
                "Withdrawn by %(company)s (%(person)s), %(time)s UTC: %(why)s",
                company=self.company_id.name, person=self.sudo().revoked_by_id.name,
                time=self.revoked_at, why=self.revoke_reason or "–")]
        if self.state == "withdrawn":
            return [self.env._(
                "Withdrawn by %(company)s (%(person)s), %(time)s UTC: %(why)s",
                company=self.processor_id.display_name, person=one.person, time=one.signed_at,
                why=one.note or "–")
                for one in self.signature_ids if one.meaning == "withdrawn"] or [
                    self.env._("Withdrawn")]
        return [self.env._("Cancelled")] if self.state == "cancelled" else []

    def _med_paper_values(self):
        """Return what the paper of the release says."""
        return {
            "title": self.env._("Production release by the processor"),
            "company": self.processor_id.display_name, "release": self,
            "withdrawn": self._med_paper_withdrawn(),
            "rows": [{
                "product": line.product_id.display_name, "lot": line.lot_name,
                "quantity": _digits(line.quantity), "unit": line.uom_id.name}
                for line in self.line_ids],
            "theirs": self.signature_ids,
        }


def _download(records, path, lang):
    records.check_access("read")
    return {"type": "ir.actions.act_url", "target": "download",
            "url": f"/med/{path}={','.join(map(str, records.ids))}&lang={lang or ''}"}


def _enter(record, meaning):
    record.ensure_one()
    return {
        "type": "ir.actions.act_window", "res_model": "med.processor.scan", "target": "current",
        "views": [(False, "form")], "name": record.env._("Stamped Paper"),
        "context": {"default_res_model": record._name, "default_res_id": record.id,
                    "default_processor_id": record.processor_id.id, "default_meaning": meaning,
                    "default_digest": record.paper_digest}}
