from odoo import models
from odoo.addons.med_base.models.ir_attachment import PAPER
from odoo.exceptions import AccessError

PAPERS = ("med.processor.certificate", "med.quality.agreement", "med.outsourcing.event",
          "med.processor.release", "med.processor.scan", "med.outsourcing.statement")
PROBLEM = "med.nonconformity"


class IrAttachment(models.Model):
    """Papers of certificates and agreements, and what processors sent, are kept."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if PAPER & vals.keys():
            self._med_check_outsourcing_papers()
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_outsourcing_papers()
        return super().unlink()

    def _med_check_outsourcing_papers(self):
        """Refuse to change or remove papers of processors: what they filed, sent or signed, and
        the pictures of what they report as not conforming."""
        files = self.sudo().with_context({}).filtered("res_id")
        problems = self.env[PROBLEM].sudo().with_context(active_test=False).search([
            ("id", "in", files.filtered(lambda file: file.res_model == PROBLEM).mapped("res_id")),
            ("source", "=", "processor")]).ids
        if files.filtered(lambda file: file.res_model in PAPERS or (
                file.res_model == PROBLEM and file.res_id in problems)):
            raise AccessError(self.env._(
                "The papers and pictures of a processor stay as they came: file another one "
                "beside."))
