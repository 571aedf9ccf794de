from odoo import api, fields, models

from .. import keys


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_audit_lag_limit = fields.Integer(
        config_parameter="med_audit.lag_limit", default=300,
        help="Seconds that an entry may wait for its seal before quality assurance is told.",
    )
    med_audit_anchor_folder = fields.Char(config_parameter="med_audit.anchor_folder")
    med_audit_anchor_emails = fields.Char(config_parameter="med_audit.anchor_emails")
    med_audit_tsa_url = fields.Char("Time-stamp authority", config_parameter="med_audit.tsa_url")
    med_audit_tsa_roots = fields.Char(
        "Its certificates", config_parameter="med_audit.tsa_roots",
        help="PEM text of the root certificates, and of intermediate ones.",
    )
    med_audit_public_keys = fields.Text(compute="_compute_med_audit_public_keys")

    @api.depends("company_id")
    def _compute_med_audit_public_keys(self):
        self.med_audit_public_keys = keys.public(self.env["med.audit.checkpoint"]._log_id())
