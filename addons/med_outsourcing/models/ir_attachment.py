from odoo import models
from odoo.exceptions import AccessError

FIXED = {"res_model", "res_id", "res_field", "raw", "datas", "db_datas", "store_fname"}
PAPERS = ("med.processor.certificate", "med.quality.agreement")


class IrAttachment(models.Model):
    """The papers of certificates and agreements are kept."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if FIXED & vals.keys():
            self._med_check_outsourcing_papers()
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_outsourcing_papers()
        return super().unlink()

    def _med_check_outsourcing_papers(self):
        """Refuse to change or remove the papers of certificates and agreements."""
        papers = self.sudo().filtered(lambda file: file.res_id and file.res_model in PAPERS)
        if papers:
            raise AccessError(self.env._(
                "The papers of a processor's certificates and agreements stay as they are: file "
                "another one beside."))
