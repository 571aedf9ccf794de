from odoo import models

from ..tools.sums import NAMES

SHOWN = [name for name in NAMES if name not in ("moved", "there")]


def digits(value):
    """Return a quantity for a paper, nothing for zero."""
    return "" if not value else f"{value:.6f}".rstrip("0").rstrip(".")


class MedOutsourcingStatement(models.Model):
    """A statement on paper, which the processor signs and stamps."""

    _inherit = "med.outsourcing.statement"

    def action_print(self):
        """Download these statements in the reader's language."""
        return download(self, "outsourcing_statement.pdf?statement", self.env.lang)

    def action_print_theirs(self):
        """Download these statements, each in its processor's language."""
        return download(self, "outsourcing_statement.pdf?statement", "theirs")

    def action_enter_paper(self):
        """Enter the paper that the processor has signed and stamped."""
        return enter(self, "agreed")

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
                "unit": line.uom_id.name, "difference": digits(line.difference),
                **{name: digits(line[name]) for name in used}} for line in self.line_ids],
            "totals": self._med_totals(used),
            "differs": self.difference_count, "signatures": self._med_given(),
            "theirs": self.signature_ids.filtered(
                lambda row: row.round == self.med_signature_round),
        })

    def _med_totals(self, names):
        """Return a row of sums for each product that has several lots."""
        return [{
            "product": product.display_name, "unit": product.uom_id.name,
            "difference": digits(sum(lines.mapped("difference"))),
            **{name: digits(sum(lines.mapped(name))) for name in names},
        } for product, lines in self.line_ids.grouped("product_id").items() if len(lines) > 1]


def download(records, path, lang):
    """Return the action that downloads the papers of records."""
    records.check_access("read")
    return {"type": "ir.actions.act_url", "target": "download",
            "url": f"/med/{path}={','.join(map(str, records.ids))}&lang={lang or ''}"}


def enter(record, meaning):
    """Return the action that enters the signed and stamped paper of a record."""
    record.ensure_one()
    return {
        "type": "ir.actions.act_window", "res_model": "med.processor.scan", "target": "current",
        "views": [(False, "form")], "name": record.env._("Stamped Paper"),
        "context": {"default_res_model": record._name, "default_res_id": record.id,
                    "default_processor_id": record.processor_id.id, "default_meaning": meaning,
                    "default_digest": record.paper_digest}}
