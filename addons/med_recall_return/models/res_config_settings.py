from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_recall_publish = fields.Boolean(related="company_id.med_recall_publish", readonly=False)
