from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_processor_notice = fields.Char(
        related="company_id.med_processor_notice", readonly=False)
    med_review_grace = fields.Integer(related="company_id.med_review_grace", readonly=False)
    med_processor_escalate_id = fields.Many2one(
        related="company_id.med_processor_escalate_id", readonly=False)
