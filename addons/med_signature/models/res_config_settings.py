from odoo import api, fields, models

from ..tools.pades import SealError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_signature_tries = fields.Integer(
        string="Wrong Secrets", config_parameter="med_signature.tries", default=5)
    med_signature_lock_minutes = fields.Integer(
        string="Lock", config_parameter="med_signature.lock_minutes", default=30)
    med_signature_idle_minutes = fields.Integer(
        string="Idle Time", config_parameter="med_signature.idle_minutes", default=15)
    med_signature_password_days = fields.Integer(
        string="Password Age", config_parameter="med_signature.password_days", default=0)
    med_signature_temporary_hours = fields.Integer(
        string="Temporary Password", config_parameter="med_signature.temporary_hours", default=72)
    med_signature_pin_digits = fields.Integer(
        string="PIN Length", config_parameter="med_signature.pin_digits", default=6)
    med_signature_pin_days = fields.Integer(
        string="PIN Age", config_parameter="med_signature.pin_days", default=365)
    med_seal = fields.Selection(related="company_id.med_seal", readonly=False)
    med_seal_state = fields.Char(string="Certificate", compute="_compute_med_seal_state")

    @api.depends("med_seal", "company_id")
    def _compute_med_seal_state(self):
        Seal = self.env["med.pdf.seal"].sudo()
        for settings in self:
            settings.med_seal_state = ""
            if settings.med_seal == "certificate":
                try:
                    found = Seal._get_certificate(settings.company_id)
                    settings.med_seal_state = self.env._(
                        "%(name)s, valid until %(date)s", name=found.name,
                        date=f"{found.valid_until:%Y-%m-%d}")
                except SealError as error:
                    settings.med_seal_state = self.env._("Cannot seal: %(why)s", why=error)
