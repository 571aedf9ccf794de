from odoo import models
from odoo.exceptions import UserError


class MedExchangePartner(models.Model):
    """What messages and entries of the audit trail name a partner by stays its own."""

    _inherit = "med.exchange.partner"

    def write(self, vals):
        for partner in self.sudo():
            if ("code" in vals and vals["code"] != partner.code
                    or "company_id" in vals and vals["company_id"] != partner.company_id.id
                    ) and partner._med_was_heard():
                raise UserError(self.env._(
                    "%s has messages here: its code and company stay, since entries of the audit "
                    "trail name them. Archive it and set up another partner.", partner.code))
        return super().write(vals)

    def _med_was_heard(self):
        """Return whether any message came from this partner or is for it."""
        self.ensure_one()
        return any(self.env[model].sudo().search_count(
            [("exchange_partner_id", "=", self.id)], limit=1)
            for model in ("med.exchange.message", "med.exchange.line"))
