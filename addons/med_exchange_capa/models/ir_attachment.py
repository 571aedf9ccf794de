from odoo import api, models
from odoo.addons.med_base.models.ir_attachment import PAPER
from odoo.exceptions import AccessError

ANSWERS = "med.capa.request.answer"


class IrAttachment(models.Model):
    """What a partner sent with an answer stays as it came."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        if not self.env.su:
            made._med_check_answer_files()
        return made

    def write(self, vals):
        if PAPER & vals.keys():
            self._med_check_answer_files()
        done = super().write(vals)
        if "res_model" in vals or "res_id" in vals:
            self._med_check_answer_files()
        return done

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_answer_files()
        return super().unlink()

    def _med_check_answer_files(self):
        """Refuse to change, remove or add files of what partners answered."""
        if self.sudo().filtered(lambda one: one.res_model == ANSWERS and one.res_id):
            raise AccessError(self.env._(
                "The files of a partner's answer stay as they came: a newer answer brings newer "
                "ones."))
