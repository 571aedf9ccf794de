from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class MedQualityAgreement(models.Model):
    """The agreement on paper, with room for both sides' signatures and seals."""

    _inherit = "med.quality.agreement"

    def action_pdf(self):
        """Download the agreement as a PDF."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/quality_agreement.pdf?agreement_id={self.id}"}

    def _med_pdf(self):
        """Return the agreement, in its own language, as the bytes of a PDF."""
        self.check_access("read")
        if len(self) != 1:
            raise UserError(self.env._("Choose one agreement."))
        return self.with_context(lang=self.lang)._med_typeset()

    def _med_typeset(self):
        file = self.processor_id
        labels = dict(file.scope_ids._fields["process"]._description_selection(self.env))
        return self.env["med.document"]._render_pdf("med_outsourcing.agreement_document", {
            "title": self.env._("Quality Agreement"), "agreement": self,
            "draft": self.state == "draft", "state": self._med_printed("state"),
            "ours": self.company_id.partner_id, "theirs": file.partner_id,
            "addresses": [self._med_address(one) for one in (
                self.company_id.partner_id, file.partner_id)],
            "scope": [{"process": labels[line.process],
                       "products": ", ".join(line.product_tmpl_ids.mapped("display_name")),
                       "site": line.site_id.display_name or file.partner_id.display_name}
                      for line in file.scope_ids],
            "date_from": format_date(self.env, self.date_from),
            "date_to": format_date(self.env, self.date_to),
            "their_date": format_date(self.env, self.their_date),
            "signatures": self._med_given()})

    def _med_address(self, partner):
        """Return number and address of one side, a line each."""
        place = ", ".join(filter(None, (
            partner.street, partner.street2, partner.zip, partner.city, partner.state_id.name,
            partner.country_id.name)))
        return [line for line in (partner.vat, place) if line]
