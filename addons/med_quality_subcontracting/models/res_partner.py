from odoo import api, fields, models
from odoo.exceptions import AccessError

AGREED = ("med_quarantine_agreement", "med_quarantine_until")


class ResPartner(models.Model):
    _inherit = "res.partner"

    med_quarantine_agreement = fields.Char(
        "Quarantine Agreement", copy=False, tracking=True,
        help="The written agreement by which this site takes goods that are not released yet, "
             "under a quarantine notice (21 CFR 801.150(e)).")
    med_quarantine_until = fields.Date("Agreement Valid Until", copy=False, tracking=True)

    def write(self, vals):
        if set(AGREED) & vals.keys():
            self._med_check_agreement()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(partner[name] for partner in partners for name in AGREED):  # a default included
            self._med_check_agreement()
        return partners

    def _med_check_agreement(self):
        if not self.env.su and not self.env.user.has_group("med_base.med_base_group_qa"):
            raise AccessError(self.env._(
                "Who may take goods that are not released is decided by quality assurance."))

    def _med_takes_quarantine(self):
        """Return whether an agreement in force lets this site take unreleased goods."""
        site = self.sudo()
        return bool(
            site.med_quarantine_agreement and site.med_quarantine_until
            and site.med_quarantine_until >= fields.Date.context_today(self))
