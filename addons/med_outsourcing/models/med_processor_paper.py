from odoo import models
from odoo.tools import format_date


class MedProcessor(models.Model):
    """The list of approved processors on paper (ISO 13485, 7.4.1)."""

    _inherit = "med.processor"

    def _med_list_pdf(self):
        """Return the approved processors of the companies chosen, as the bytes of a PDF."""
        self.check_access("read")
        files = self.search([("state", "in", ("approved", "suspended"))])
        return self.env["med.document"]._render_pdf("med_outsourcing.processor_list_document", {
            "title": self.env._("List of Approved Processors"),
            "company": ", ".join(self.env.companies.mapped("name")),
            "rows": [file._med_list_row() for file in files]})

    def _med_list_row(self):
        labels = dict(self.scope_ids._fields["process"]._description_selection(self.env))
        certificates = dict(
            self.certificate_ids._fields["kind"]._description_selection(self.env))
        return {
            "name": self.partner_id.display_name, "state": self._med_printed("state"),
            "risk": self._med_printed("risk_class") or "",
            "processes": "\n".join(
                labels[line.process] + (": " + ", ".join(
                    line.product_tmpl_ids.mapped("display_name")) if line.product_tmpl_ids else "")
                for line in self.scope_ids),
            "agreement": f"{self.agreement_id.name}\n– {format_date(self.env, self.date_agreement)}"
                         if self.agreement_id else self.env._("none in force"),
            "certificates": "\n".join(
                f"{certificates[one.kind]} {one.number} – {format_date(self.env, one.date_to)}"
                for one in self.certificate_ids.filtered("active")),
            "review": format_date(self.env, self.date_review),
            "standing": self.standing or "",
        }
