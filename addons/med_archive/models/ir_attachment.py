from odoo import api, models
from odoo.exceptions import AccessError

FIXED = {"raw", "datas", "db_datas", "store_fname", "url", "type", "res_model", "res_id",
         "res_field", "checksum", "mimetype"}
KEPT = ("med.archive.package",)


class IrAttachment(models.Model):
    """What was packed for an archive stays, and so does its receipt."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not FIXED & vals.keys():
            return super().write(vals)
        self._med_check_archive()
        done = super().write(vals)
        self._med_check_one_archive()
        return done

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made._med_check_one_archive()
        return made

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_archive()
        return super().unlink()

    def _med_check_archive(self):
        if self._med_of_archives():
            raise AccessError(self.env._("A package for an archive stays as it was made."))

    def _med_check_one_archive(self):
        """Refuse a second attachment in the place of one that is there."""
        for one in self._med_of_archives():
            if one.search_count([(name, "=", one[name]) for name in (
                    "res_model", "res_id", "res_field")], limit=2) > 1:
                raise AccessError(self.env._("A package for an archive stays as it was made."))

    def _med_of_archives(self):
        return self.sudo().with_context({}).filtered(
            lambda one: one.res_model in KEPT and one.res_id and one.res_field)
