from odoo import api, models
from odoo.exceptions import UserError


class MedRecallPartMixin(models.AbstractModel):
    """Lines that are signed with their recall, and not changed from the step that signs them.

    ``_med_part`` names the field of the recall that holds them.
    """

    _name = "med.recall.part.mixin"
    _description = "Signed Part of a Recall"

    _med_part = None

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._med_check_open()
        return lines

    def write(self, vals):
        self._med_check_open()
        if "recall_id" in vals and any(one.recall_id.id != vals["recall_id"] for one in self):
            raise UserError(self.env._("What belongs to a recall stays with it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._med_check_open()

    def _med_check_open(self):
        if signed := self.recall_id.filtered(lambda one: one._med_is_locked(self._med_part)):
            raise UserError(self.env._(
                "%s: this is signed. Take the step back to change it.", signed[0].name))
