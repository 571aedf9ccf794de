from odoo import api, models
from odoo.exceptions import AccessError

# What makes another file of an attachment, or puts it elsewhere.
FIXED = {"raw", "datas", "db_datas", "store_fname", "url", "type", "res_model", "res_id",
         "res_field", "checksum", "mimetype"}
# What it is called, and who may have it, included.
PAPER = FIXED | {"name", "public", "access_token"}


class IrAttachment(models.Model):
    """What came or was made in the file fields of some models stays, one file in each."""

    _inherit = "ir.attachment"

    @api.model
    def _med_kept_files(self):
        """Return model → what is answered to who changes its files. For addons to extend."""
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made._med_check_only_file()
        return made

    def write(self, vals):
        if not FIXED & vals.keys():
            return super().write(vals)
        self._med_check_kept_file()
        done = super().write(vals)
        self._med_check_only_file()
        return done

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_kept_file()
        return super().unlink()

    def _med_check_kept_file(self):
        """Refuse to change or remove a file that is kept."""
        for _one, told in self._med_in_kept_files():
            raise AccessError(told)

    def _med_check_only_file(self):
        """Refuse a second attachment in the place of one that is kept."""
        for one, told in self._med_in_kept_files():
            if one.search_count([(name, "=", one[name]) for name in (
                    "res_model", "res_id", "res_field")], limit=2) > 1:
                raise AccessError(told)

    def _med_in_kept_files(self):
        files = self.sudo().with_context({}).filtered(lambda one: one.res_id and one.res_field)
        kept = self._med_kept_files() if files else {}
        return [(one, kept[one.res_model]) for one in files if one.res_model in kept]
