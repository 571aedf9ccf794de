from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_jurisdiction_ids = fields.Many2many(
        related="company_id.med_jurisdiction_ids", readonly=False,
    )
    med_retention_min_years = fields.Integer(
        related="company_id.med_retention_min_years", readonly=False,
    )
