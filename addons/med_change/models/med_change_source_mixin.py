from odoo import api, fields, models
from odoo.exceptions import UserError


class MedChangeSourceMixin(models.AbstractModel):
    """What makes changes necessary. The change names it, and signs for that: not the other way."""

    _name = "med.change.source.mixin"
    _description = "Reason of Changes"

    change_ids = fields.Many2many("med.change", string="Changes", readonly=True, copy=False)
    change_count = fields.Integer("Number of Changes", compute="_compute_change_count")

    @api.depends("change_ids")
    def _compute_change_count(self):
        for record in self:
            record.change_count = len(record.change_ids)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "change_ids": []} for vals in vals_list])

    def write(self, vals):
        if "change_ids" in vals:
            raise UserError(self.env._("What makes a change necessary is named in the change."))
        return super().write(vals)

    def action_changes(self):
        """Open the changes that name this."""
        return {"type": "ir.actions.act_window", "res_model": "med.change",
                "view_mode": "list,form", "name": self.env._("Changes"),
                "domain": [("id", "in", self.change_ids.ids)]}
