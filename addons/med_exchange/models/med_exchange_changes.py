import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.envelope import UNFIT

VERSION = 1
MOST = 1000


class MedExchange(models.AbstractModel):
    """The feed: what is new, for partners that ask; the same messages as are sent to others."""

    _inherit = "med.exchange"

    @api.model
    def streams(self):
        """Return the streams that there are for the calling partner.

        :return: ``{"version": 1, "streams": [{"stream", "last", "acknowledged", "state"}]}``;
            ``last``: number of its newest message
        """
        partner = self._med_partner()
        return {"version": VERSION, "streams": [
            {"stream": line.stream, "last": line.last_sequence,
             "acknowledged": line.acknowledged, "state": line.state}
            for line in partner.line_ids.sorted("stream")]}

    @api.model
    def changes(self, stream: str, since: int = 0, limit: int = 100):
        """Return the messages of a stream after a number, and confirm all up to that number.

        Who calls again with the last number it has handled loses none, and can go back to any.

        :param stream: name of the stream: the schema, where nothing else was agreed
        :param since: the last number that the partner has; 0: from the first
        :param limit: 1 to 1,000 messages
        :return: ``{"version": 1, "stream", "envelopes": […], "last", "more"}``; ``last``: number
            to ask with next: numbers up to it that are not among the envelopes are passed over,
            the partner may not hear of them; ``more``: whether there are more already; ``ahead``:
            the partner says
            it has messages that we did not send, which only people can put right
        """
        partner = self._med_partner()
        self._med_whole("limit", limit, 1, MOST)
        line = self._med_confirm(partner, stream, since)
        envelopes, last, more = [], since, False
        if line:
            found = line.env["med.exchange.delivery"].search(
                [("line_id", "=", line.id), ("sequence", ">", since), ("state", "!=", "aside")],
                order="sequence", limit=limit + 1)
            found, more = found[:limit], len(found) > limit
            known = found._med_withdraw()
            known._med_make()
            envelopes = [json.loads(one.envelope) for one in known]
            last = found[-1].sequence if found else since
            line._med_left(last)
        return {"version": VERSION, "stream": stream, "envelopes": envelopes, "last": last,
                "more": more, "ahead": bool(line) and since > line.last_sequence}

    @api.model
    def acknowledge(self, stream: str, sequence: int):
        """Confirm that the calling partner has all messages of a stream up to a number.

        :return: ``{"version": 1, "stream", "acknowledged", "ahead"}``, as in :meth:`changes`
        """
        line = self._med_confirm(self._med_partner(), stream, sequence)
        return {"version": VERSION, "stream": stream,
                "acknowledged": line.acknowledged if line else 0,
                "ahead": bool(line) and sequence > line.last_sequence}

    def _med_confirm(self, partner, stream, sequence):
        """Note what a partner has of a stream; return the line, an empty one before any message."""
        if not isinstance(stream, str) or not 0 < len(stream) <= 64 or UNFIT.search(stream):
            raise UserError(self.env._("stream: name one; streams() lists yours."))
        self._med_whole("sequence", sequence, 0, 2**31 - 1)
        partner._med_touch()
        line = partner.line_ids.filtered(lambda one: one.stream == stream)
        if not line:
            if stream not in partner.right_ids.filtered(
                    lambda one: one.direction == "out").mapped("schema") or sequence:
                raise UserError(self.env._("stream: there is no “%s” for you; streams() lists "
                                           "yours.", stream))
            return line
        line = line._med_lock()
        if sequence > line.last_sequence:
            told = line._med_spoken()
            told._med_alarm_once(
                told.env._("The partner has more than we sent"),
                told.env._("It says it has message %(said)s, our last one is %(last)s. Was a "
                           "backup restored here?", said=sequence, last=line.last_sequence))
            return line
        if sequence > line.acknowledged:
            taken = [row[0] for row in self.env.execute_query(SQL("""
                UPDATE med_exchange_delivery
                   SET state = 'sent', outcome = 'acknowledged',
                       sent_at = clock_timestamp() AT TIME ZONE 'UTC'
                 WHERE line_id = %s AND sequence <= %s AND state = 'queued'
             RETURNING id""", line.id, sequence))]
            line.env["med.exchange.delivery"].invalidate_model()
            line.env["med.exchange.delivery"].browse(taken)._med_agree()
            line.env["med.exchange.delivery"]._med_passed(line, sequence)
            line._med_store(acknowledged=sequence, delivered=max(line.delivered, sequence))
        return line

    def _med_whole(self, name, value, low, high):
        if type(value) is not int or not low <= value <= high:
            raise UserError(self.env._("%(name)s: a whole number from %(low)s to %(high)s.",
                                       name=name, low=low, high=high))
