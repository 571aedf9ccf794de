from odoo import api, models
from odoo.exceptions import AccessError

FIXED = {"raw", "datas", "db_datas", "store_fname", "url", "type", "res_model", "res_id",
         "res_field", "checksum", "mimetype"}
KEPT = ("med.exchange.file", "med.exchange.form")


class IrAttachment(models.Model):
    """The file that a partner sent stays as it came."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if FIXED & vals.keys():
            self._med_check_exchange_file()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exchange_file(self):
        self._med_check_exchange_file()

    def _med_check_exchange_file(self):
        """Refuse to change or remove what was taken in or printed."""
        if self.sudo().filtered(lambda one: one.res_model in KEPT and one.res_id and one.res_field):
            raise AccessError(self.env._("A file that was exchanged stays as it came."))
