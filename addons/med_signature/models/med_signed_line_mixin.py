from odoo import api, models


class MedSignedLineMixin(models.AbstractModel):
    """Lines whose fields are signed with the record they belong to.

    ``_med_parent`` names the many2one to that record.
    """

    _name = "med.signed.line.mixin"
    _description = "Line That Is Signed With Its Record"

    _med_parent = None

    @api.model_create_multi
    def create(self, vals_list):
        parents = self[self._med_parent].browse(
            {vals[self._med_parent] for vals in vals_list if vals.get(self._med_parent)})
        parents._med_check_locked(None)
        lines = super().create(vals_list)
        lines[self._med_parent]._med_reopen_changed()
        return lines

    def write(self, vals):
        parents = self[self._med_parent]
        parents._med_check_locked(None)
        result = super().write(vals)
        (parents | self[self._med_parent])._med_reopen_changed()
        return result

    def unlink(self):
        parents = self[self._med_parent]
        parents._med_check_locked(None)
        result = super().unlink()
        parents.exists()._med_reopen_changed()
        return result
