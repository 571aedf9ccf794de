from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_acknowledge_days = fields.Integer(
        related="company_id.med_acknowledge_days", readonly=False)
    med_over_percent = fields.Float(related="company_id.med_over_percent", readonly=False)
