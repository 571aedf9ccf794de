from odoo import models
from odoo.exceptions import AccessError


class MedExchange(models.AbstractModel):
    """What partners' programs call. Each method finds out first for which partner it works."""

    _name = "med.exchange"
    _description = "Exchange with Partners"

    def _med_partner(self):
        """Return the partner whose user calls, as the superuser sees it.

        :raise AccessError: the caller is no partner's user, or the partner is not active
        """
        # Nothing of the caller's context: it could bring back what is archived, and fill defaults.
        partner = self.env["med.exchange.partner"].sudo().with_context({}).search(
            [("user_id", "=", self.env.uid)], limit=1)
        if not partner:
            raise AccessError(self.env._(
                "%s is the user of no exchange partner.", self.env.user.login))
        if partner.state != "active":
            raise AccessError(self.env._(
                "The exchange with %s is not active. Its responsible here can activate it.",
                partner.code))
        return partner
