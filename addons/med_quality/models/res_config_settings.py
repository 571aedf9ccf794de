from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_gate_mode = fields.Selection(
        related="company_id.med_gate_mode", readonly=False, required=True)
    med_checkout_mode = fields.Selection(
        related="company_id.med_checkout_mode", readonly=False, required=True)
    med_checkout_second = fields.Selection(
        related="company_id.med_checkout_second", readonly=False, required=True)
    med_checkout_signed = fields.Boolean(
        related="company_id.med_checkout_signed", readonly=False)
