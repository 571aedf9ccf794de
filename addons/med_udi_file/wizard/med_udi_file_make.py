from odoo import api, fields, models
from odoo.exceptions import UserError


class MedUdiFileMake(models.TransientModel):
    """Asks in which form chosen device identifiers are written."""

    _name = "med.udi.file.make"
    _description = "Make a Regulator's File"

    di_ids = fields.Many2many("med.udi.di", string="Device Identifiers", required=True)
    di_count = fields.Integer("Devices", compute="_compute_di_count")
    market_ids = fields.Many2many("med.jurisdiction", compute="_compute_di_count")
    format_id = fields.Many2one(
        "med.udi.file.format", "Form", ondelete="cascade",
        domain="[('state', '=', 'active'), ('jurisdiction_id', 'in', market_ids)]")
    schema_sha256 = fields.Char(related="format_id.schema_sha256")

    @api.depends("di_ids")
    def _compute_di_count(self):
        for one in self:
            one.di_count = len(one.di_ids)
            one.market_ids = one.di_ids.market_ids

    def action_make(self):
        """Draw up the file, make it when nothing is missing, and open it."""
        self.ensure_one()
        if not self.format_id:
            raise UserError(self.env._("Choose a form."))
        made = self.env["med.udi.file"]._med_draw_up(self.format_id, self.di_ids)
        made.make()
        return {"type": "ir.actions.act_window", "res_model": made._name, "res_id": made.id,
                "views": [(False, "form")]}
