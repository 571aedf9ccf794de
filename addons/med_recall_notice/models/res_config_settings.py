from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_recall_link_mails = fields.Integer(
        related="company_id.med_recall_link_mails", readonly=False)
