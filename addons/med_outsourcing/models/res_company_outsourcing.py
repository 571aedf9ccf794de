from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_acknowledge_days = fields.Integer(
        "Days to Acknowledge", default=2, help=(
            "Within so many days after release a processor acknowledges an order; later it is "
            "late."))
