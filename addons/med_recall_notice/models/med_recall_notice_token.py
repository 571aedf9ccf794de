from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.tools import consteq, hmac

SCOPE = "med_recall_notice.page"
LENGTH = 64


class MedRecallNotice(models.Model):
    """The link to a consignee's page: signed, bound to his notice, ending, and revocable."""

    _inherit = "med.recall.notice"

    def _med_token(self):
        """Return the token of the link: the notice, and 256 bits that only this server can make."""
        self.ensure_one()
        until = int((self.token_until or fields.Datetime.now()).replace(
            tzinfo=timezone.utc).timestamp())
        return f"{self.id}-{hmac(self.env(su=True), SCOPE, (self.id, self.token_number, until))}"

    def _med_link(self):
        return f"{self.recall_id.get_base_url()}/recall/{self._med_token()}"

    @api.model
    def _med_of_token(self, token):
        """Return the notice of a link, or an empty recordset; never says what was wrong."""
        number, _dash, _sign = (token or "").partition("-")
        if not (number.isascii() and number.isdecimal() and len(number) < 10
                and len(token) <= LENGTH + 10):
            return self.browse()
        notice = self.sudo().browse(int(number)).exists()
        # Compared in any case, so that time tells nothing of which notices there are.
        if not consteq(notice._med_token() if notice else f"{number}-{'0' * LENGTH}",
                       token.encode("ascii", "replace").decode()):
            return self.browse()
        good = notice and notice.token_until and notice.queued_at and (
            notice.token_until > datetime.now(timezone.utc).replace(tzinfo=None))
        return notice if good else self.browse()

    def revoke_link(self):
        """Make the links of these notices worthless; the next mail has a new one.

        :return: ``{"version", "revoked"}``
        """
        self._med_check_staff()
        for notice in self:
            notice._med_store({"token_number": notice.token_number + 1})
        return {"version": 1, "revoked": len(self)}

    def _med_seen(self):
        """The page was opened: that is reading, and no more than reading."""
        fresh = self.filtered(lambda one: not one.read_at)
        states = fresh.filtered(lambda one: one.state in ("simulated", "sent"))
        now = fields.Datetime.now()
        states._med_store({"read_at": now, "state": "read"})
        (fresh - states)._med_store({"read_at": now})

    def _med_acknowledge(self):
        now = fields.Datetime.now()
        for notice in self.filtered(lambda one: not one.acknowledged_at):
            notice._med_store({"acknowledged_at": now, "read_at": notice.read_at or now,
                               "to_call": False,
                               "state": notice.state if notice.state in ("answered", "closed")
                               else "acknowledged"})
