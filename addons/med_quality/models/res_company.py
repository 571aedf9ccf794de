from odoo import fields, models

from .med_gate import MODES


class ResCompany(models.Model):
    _inherit = "res.company"

    med_gate_mode = fields.Selection(
        MODES, string="Gates", required=True, default="observe",
        help="What happens to goods of controlled products whose status forbids a use, where no "
             "gate says otherwise. Holds always stop.")

    def write(self, vals):
        if "med_gate_mode" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)
