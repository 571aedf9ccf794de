from odoo import api, models
from odoo.exceptions import AccessError

FIXED = {"raw", "datas", "db_datas", "store_fname", "url", "type", "res_model", "res_id",
         "res_field", "checksum", "mimetype"}
KEPT = ("med.exchange.file", "med.exchange.form")


class IrAttachment(models.Model):
    """The file that a partner sent stays as it came."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not FIXED & vals.keys():
            return super().write(vals)
        self._med_check_exchange_file()
        done = super().write(vals)
        self._med_check_only_one()
        return done

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made._med_check_only_one()
        return made

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_exchange_file()
        return super().unlink()

    def _med_check_exchange_file(self):
        """Refuse to change or remove what was taken in or printed."""
        if self._med_exchanged():
            raise AccessError(self.env._("A file that was exchanged stays as it came."))

    def _med_check_only_one(self):
        """Refuse a second attachment in the place of what was taken in or printed."""
        for one in self._med_exchanged():
            if one.search_count([(name, "=", one[name]) for name in (
                    "res_model", "res_id", "res_field")], limit=2) > 1:
                raise AccessError(self.env._("A file that was exchanged stays as it came."))

    def _med_exchanged(self):
        return self.sudo().with_context({}).filtered(
            lambda one: one.res_model in KEPT and one.res_id and one.res_field)
