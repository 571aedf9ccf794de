from odoo import api, fields, models
from odoo.exceptions import UserError


class MedNonconformity(models.Model):
    """A nonconformity shows the recalls that began with it."""

    _inherit = "med.nonconformity"

    recall_ids = fields.Many2many(
        "med.recall", "med_recall_nonconformity_rel", string="Recalls", readonly=True, copy=False)
    recall_count = fields.Integer("Number of Recalls", compute="_compute_recall_count")

    @api.depends("recall_ids")
    def _compute_recall_count(self):
        for record in self:
            record.recall_count = len(record.recall_ids)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "recall_ids": []} for vals in vals_list])

    def write(self, vals):
        if "recall_ids" in vals:
            raise UserError(self.env._("The nonconformities of a recall are named there."))
        return super().write(vals)

    def action_recalls(self):
        """Open the recalls that began with this nonconformity."""
        return {"type": "ir.actions.act_window", "res_model": "med.recall",
                "view_mode": "list,form", "name": self.env._("Recalls"),
                "domain": [("id", "in", self.recall_ids.ids)]}
