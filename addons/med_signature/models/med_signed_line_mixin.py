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
        lines = super().create(vals_list)
        parents = lines[self._med_parent]  # of the values, or of a default of the caller
        parents._med_check_locked(None)
        parents._med_reopen_changed()
        return lines

    def write(self, vals):
        parents = self[self._med_parent]
        parents._med_check_locked(None)
        result = super().write(vals)
        moved = self[self._med_parent] - parents
        moved._med_check_locked(None)
        (parents | moved)._med_reopen_changed()
        return result

    def unlink(self):
        parents = self[self._med_parent]
        parents._med_check_locked(None)
        result = super().unlink()
        parents.exists()._med_reopen_changed()
        return result
