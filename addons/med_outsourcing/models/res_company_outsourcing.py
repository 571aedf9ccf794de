from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_acknowledge_days = fields.Integer(
        "Days to Acknowledge", default=2, help=(
            "Within so many days after release a processor acknowledges an order; later it is "
            "late."))
    med_over_percent = fields.Float("Over-Delivery (%)", help=(
        "A processor may make so much more than was ordered; what is more is refused."))

    _med_over_percent_sign = models.Constraint(
        "CHECK (med_over_percent IS NULL OR med_over_percent >= 0 AND med_over_percent <= 100)",
        "Over-delivery is from 0 to 100 percent.")
