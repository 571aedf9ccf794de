from odoo import fields, models

from .med_gate import MODES


class ResCompany(models.Model):
    _inherit = "res.company"

    med_gate_mode = fields.Selection(
        MODES, string="Gates", required=True, default="observe",
        help="What happens to goods of controlled products whose status forbids a use, where no "
             "gate says otherwise. Holds always stop.")

    med_checkout_mode = fields.Selection(
        MODES, string="Check-Out Review", required=True, default="observe",
        help="What happens to a delivery of controlled products that nobody has reviewed, where no "
             "gate says otherwise.")
    med_checkout_second = fields.Selection(
        [("always", "Always"), ("risk", "For class III and implants"), ("never", "Never")],
        string="Checker Is Not the Picker", required=True, default="risk",
        help="Devices whose class is not on file count as class III.")
    med_checkout_signed = fields.Boolean(
        "Check-Out Reviews Are Signed",
        help="The checker closes a review by an electronic signature. Otherwise his name and the "
             "time are recorded.")

    def write(self, vals):
        if "med_gate_mode" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)
