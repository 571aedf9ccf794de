from odoo import api, models
from odoo.exceptions import AccessError

FIXED = {"raw", "datas", "db_datas", "store_fname", "url", "type", "res_model", "res_id",
         "res_field", "checksum", "mimetype"}
KEPT = ("med.udi.file", "med.udi.file.answer")


class IrAttachment(models.Model):
    """What a regulator was sent, and what he answered, stays."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not FIXED & vals.keys():
            return super().write(vals)
        self._med_check_udi_file()
        done = super().write(vals)
        self._med_check_one_udi_file()
        return done

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made._med_check_one_udi_file()
        return made

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_udi_file()
        return super().unlink()

    def _med_check_udi_file(self):
        if self._med_of_udi_files():
            raise AccessError(self.env._("A file for a regulator stays as it was made."))

    def _med_check_one_udi_file(self):
        """Refuse a second attachment in the place of one that is there."""
        for one in self._med_of_udi_files():
            if one.search_count([(name, "=", one[name]) for name in (
                    "res_model", "res_id", "res_field")], limit=2) > 1:
                raise AccessError(self.env._("A file for a regulator stays as it was made."))

    def _med_of_udi_files(self):
        return self.sudo().with_context({}).filtered(
            lambda one: one.res_model in KEPT and one.res_id and one.res_field)
