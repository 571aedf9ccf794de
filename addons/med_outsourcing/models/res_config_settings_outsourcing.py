from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_acknowledge_days = fields.Integer(
        related="company_id.med_acknowledge_days", readonly=False)
