from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

LONGEST = 3 * 366  # days that a key of a partner's program may hold


class MedExchangePartner(models.Model):
    """The account of a partner's program, and the API keys it calls with."""

    _inherit = "med.exchange.partner"

    def make_user(self):
        """Give the partner an account of its own, which may call the exchange and nothing else."""
        self.ensure_one()
        self.check_access("write")
        if self.user_id:
            raise UserError(self.env._("%s has its user already.", self.name))
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        self.user_id = users.create({
            "name": self.name, "login": f"exchange-{self.code.lower()}",
            "partner_id": self.env["res.partner"].sudo().create({
                "name": self.name, "parent_id": self.partner_id.id, "type": "other"}).id,
            "company_id": self.company_id.id, "company_ids": self.company_id.ids,
            "group_ids": self.env.ref("med_exchange.med_exchange_group_partner").ids})
        return True

    def make_api_key(self, days: int = 365):
        """Make an API key of the partner's user: ``{"version": 1, "api_key", "until"}``.

        It is told once. Earlier keys hold on until they end or :meth:`end_api_keys`.

        :param days: how long it holds, 1 to 1,098
        """
        self.ensure_one()
        self.check_access("write")
        if type(days) is not int or not 0 < days <= LONGEST:
            raise UserError(self.env._("“days” must be a whole number from 1 to %s.", LONGEST))
        if not self.user_id:
            raise UserError(self.env._("%s has no user yet: make it first.", self.name))
        until = fields.Datetime.now() + timedelta(days=days)
        keys = self.env["res.users.apikeys"].with_user(self.user_id).sudo()
        key = keys._generate("rpc", f"exchange {fields.Date.today()}", until)
        return {"version": 1, "api_key": key, "until": f"{until.isoformat()}Z"}

    def end_api_keys(self):
        """End every API key of these partners' users now."""
        self.check_access("write")
        self.env["res.users.apikeys"].sudo().search(
            [("user_id", "in", self.user_id.ids)])._remove()
        return True

    def show_new_api_key(self):
        """Make an API key for a year, and show it on screen, once."""
        return self._med_show(self.make_api_key()["api_key"])

    def _med_show(self, secret):
        """Return the client's action that shows a secret for the partner."""
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "title": self.env._("Give this to %s. It is not shown again.", self.name),
            "message": secret, "sticky": True, "type": "info",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
