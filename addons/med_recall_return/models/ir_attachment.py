from odoo import api, models
from odoo.addons.med_base.models.ir_attachment import PAPER
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if PAPER & vals.keys() and not take(self._name, self.ids, "paper"):
            self._med_check_papers()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_papers(self):
        self._med_check_papers()

    def _med_check_papers(self):
        """Refuse to change or remove photos and papers of what became of recalled units."""
        for model in ("med.recall.outcome", "med.recall.destruction") if self else ():
            if self.env[model].sudo().search_count([("attachment_ids", "in", self.ids)], limit=1):
                raise AccessError(self.env._(
                    "A photo or paper of what became of recalled units stays as it is."))
