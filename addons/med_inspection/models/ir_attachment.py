from odoo import api, models
from odoo.addons.med_base.models.ir_attachment import FIXED
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if FIXED & vals.keys():
            self._med_check_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._med_check_evidence()

    def _med_check_evidence(self):
        """Refuse to change or remove files that readings or checked documents rest on."""
        files = self.sudo().filtered(lambda file: file.res_model in (
            "med.inspection", "med.inspection.document"))
        documents = files.filtered(lambda file: file.res_model == "med.inspection.document")
        kept = files and self.env["med.reading"].sudo().search_count(
            [("attachment_id", "in", files.ids)], limit=1)
        if kept or documents:
            raise AccessError(self.env._("A file that an inspection rests on stays as it is."))
