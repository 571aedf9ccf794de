from odoo import models

from .med_outsourcing_paper import digits, download, enter


class MedProcessorRelease(models.Model):
    """A processor's release on paper, which it signs and stamps."""

    _inherit = "med.processor.release"

    def action_print(self):
        """Download these releases, each in its processor's language."""
        return download(self, "processor_release.pdf?release", "theirs")

    def action_enter_paper(self):
        """Enter the paper that the processor has signed and stamped."""
        return enter(self, "released" if self.state == "draft" else "withdrawn")

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
                "quantity": digits(line.quantity), "unit": line.uom_id.name}
                for line in self.line_ids],
            "theirs": self.signature_ids,
        }
