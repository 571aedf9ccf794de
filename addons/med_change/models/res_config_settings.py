from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_change_emergency_days = fields.Integer(
        related="company_id.med_change_emergency_days", readonly=False)
