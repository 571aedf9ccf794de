from odoo import api, models
from odoo.addons.med_base.models.ir_attachment import PAPER
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """Documents that a partner was told stay as he read them."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if PAPER & vals.keys() and not take(self._name, self.ids, "change document"):
            self._med_check_change_documents()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_change_documents(self):
        self._med_check_change_documents()

    def _med_check_change_documents(self):
        """Refuse to change or remove documents of notices whose partners were told."""
        if self and (told := self.env["med.change.notice"].sudo().search([
                ("document_ids", "in", self.ids), ("state", "!=", "planned")], limit=1)):
            raise AccessError(self.env._(
                "%s: a document that the partner was told stays as it is.", told.name))
