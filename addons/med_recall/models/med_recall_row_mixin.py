from odoo import api, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError


class MedRecallRowMixin(models.AbstractModel):
    """A row that a recall writes of itself: nobody else makes, changes or deletes it."""

    _name = "med.recall.row.mixin"
    _description = "Row Written by a Recall"

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            raise AccessError(self.env._("%s: the recall writes it by itself.", self._description))
        return super().create(vals_list)

    def write(self, vals):
        if not take(self._name, self.ids, tuple(sorted(vals))):
            raise AccessError(self.env._("%s: it is not changed.", self._description))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("%s: it is not deleted.", self._description))
