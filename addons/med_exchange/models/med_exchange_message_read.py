from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest

from ..exceptions import EnvelopeError, Problem
from ..tools.coming import KEPT_BYTES, Coming, claimed_id, moment, readable
from ..tools.envelope import parse
from ..tools.nearly import nearly
from ..tools.words import _lt, plain

CLOCKS_APART = timedelta(minutes=5)


class MedExchangeMessage(models.Model):
    """What was sent, read: whether it is a message at all, and one of who sent it."""

    _inherit = "med.exchange.message"

    @api.model
    def _read(self, partner, data):
        """Return a Coming: what was sent, if it is an envelope at all."""
        one = Coming(data)
        try:
            envelope = parse(data)
        except EnvelopeError as error:
            if found := nearly(data):
                return self._read_nearly(partner, one, found)
            one.body = readable(data)
            one.size = len(one.body)
            one.digest = f"sha256:{digest(one.body.encode())}"
            if one.size > KEPT_BYTES:
                one.body = one.body[:KEPT_BYTES]
            one.refuse(*error.problems)
            one.claimed = claimed_id(data)
            if [problem.pointer for problem in error.problems] == ["/digest"] and (
                    isinstance(data.get("digest"), str)):
                one.alarm = "tampered"
            return one
        one.fields, one.digest, one.claimed = envelope.data, envelope.digest, envelope.data["id"]
        body = canonical_json(envelope.data)
        one.body, one.size = body.decode(), len(body)
        self._check_sender(partner, one)
        return one

    @api.model
    def _read_nearly(self, partner, one, found):
        """Fill in a message that is refused for its numbers alone."""
        one.fields, one.digest, one.claimed = one.data, one.data["digest"], one.data["id"]
        one.body, one.size = found.text, len(found.text.encode())
        self._check_sender(partner, one)
        if not one.problems:
            one.unsigned = found.unsigned
        one.refuse(*found.problems)
        return one

    @api.model
    def _check_sender(self, partner, one):
        """Refuse what is of another sender, or of times that have not come."""
        if early := self._ahead(one.fields):
            one.refuse(*early)
        if one.fields["sender"] != partner.code:
            one.alarm = "forged"
            one.refuse(Problem("/sender", plain(_lt(
                "You call as %(code)s and cannot speak for %(sender)s."), code=partner.code,
                sender=one.fields["sender"])))

    @api.model
    def _ahead(self, told):
        """Return Problems of times that have not come yet: the newest would win with them."""
        # A file of ours says when it was read, which may be long after the transaction began.
        now = max(self.env.cr.now(), fields.Datetime.now())
        latest = now + CLOCKS_APART
        return [Problem(f"/{name}", plain(_lt(
            "“%(name)s” is in the future: it is %(now)sZ here."), name=name,
            now=now.isoformat(timespec="seconds")))
            for name in ("time", "event_time") if (moment(told.get(name)) or latest) > latest]
