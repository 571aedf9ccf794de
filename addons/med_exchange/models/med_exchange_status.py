from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.coming import OUTCOMES
from ..tools.envelope import UNFIT
from ..tools.order import arrange

MOST = 1_000
DAYS = 30


class MedExchange(models.AbstractModel):
    """How it stands with what a partner sent."""

    _inherit = "med.exchange"

    @api.model
    def status(self, messages: list = ()):
        """Tell a partner how its streams stand, and what became of its messages.

        :param messages: ids of messages asked for, up to 1,000; none: those that a person has
            returned, decided, mended or taken back in the last 30 days
        :return: ``{"version", "partner", "streams": [{"stream", "expected", "missing",
            "waiting"}], "messages": [{"id", "outcome", "errors", "reason", "note", "at" (ISO)}]}``;
            an outcome is one of ``submit``, ``returned`` or ``undone``
        """
        partner = self._med_partner()
        if not isinstance(messages, list | tuple) or len(messages) > MOST or not all(
                isinstance(one, str) and len(one) <= 64 and not UNFIT.search(one)
                for one in messages):
            raise UserError(self.env._("messages must be a list of up to %s ids.", MOST))
        return {"version": 1, "partner": partner.code,
                "streams": self._med_stream_status(partner),
                "messages": self._med_message_status(partner, list(messages))}

    @api.model
    def _med_stream_status(self, partner):
        streams = self.env["med.exchange.stream"].sudo().search(
            [("exchange_partner_id", "=", partner.id)])
        held = streams._held({one.id: () for one in streams}) if streams else {}
        return [{"stream": one.name, "expected": one.expected,
                 "missing": list(arrange(one.expected, held[one.id], ()).missing),
                 "waiting": sum(state == "waiting" for _id, state in held[one.id].values())}
                for one in streams]

    @api.model
    def _med_message_status(self, partner, names):
        domain = [("exchange_partner_id", "=", partner.id), ("authentic", "=", True)]
        if names:
            domain += [("name", "in", names)]
        else:
            since = fields.Datetime.now() - timedelta(days=DAYS)
            domain += [("mended_at", ">=", since)]
        found = self.env["med.exchange.message"].sudo().search(domain, limit=MOST)
        return [{"id": one.name,
                 "outcome": "returned" if one.state == "returned" else OUTCOMES[
                     (one.same_id or one).state],
                 "errors": one._problems_told(), "reason": one.reason or "", "note": one.note or "",
                 "at": f"{(one.settled_at or one.create_date).isoformat(timespec='seconds')}Z"}
                for one in found]
