from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request

from ..exceptions import Problem
from ..flushing import flushing_as
from ..tools.words import _lt, plain

VERSION = 1
MOST, MOST_BYTES = 1_000, 16 * 2**20


class MedExchange(models.AbstractModel):
    """What partners send."""

    _inherit = "med.exchange"

    @api.model
    def submit(self, envelopes: list):
        """Take messages: each is applied once, in the order of its stream, or told why not.

        A message that is sent again has the answer it had and no second effect: whoever is not
        sure that a call arrived sends the same again. Messages are independent of one another:
        one that is refused does not hold up those of another thing.

        :param envelopes: up to 1,000 envelopes (see ``docs/exchange/envelope.md``), 16 MB
        :return: ``{"version", "answers"}`` in the order of the envelopes; an answer is ``{"id",
            "outcome" (accepted, duplicate, waiting, rejected, conflict), "errors": [{"pointer"
            (RFC 6901, into the envelope), "message"}], "missing" (numbers of its stream that have
            not come: send them), "message" (our number of it), "object": {"id", "version" (of
            theirs that we have now)}}``; of a duplicate also ``"first"``: what the message is
            now (besides the outcomes ``undone``: applied and taken back)
        :raise AccessError: the caller is no active partner
        :raise UserError: envelopes is no list
        """
        partner = self._med_partner()
        if isinstance(envelopes, dict):
            envelopes = [envelopes]
        if not isinstance(envelopes, list | tuple) or not envelopes:
            raise UserError(self.env._("envelopes must be a list of at least one envelope."))
        return {"version": VERSION, "answers": self._med_submit(partner, envelopes, "api")}

    @api.model
    def _med_submit(self, partner, datas, origin):
        """Take messages of a partner, however they came; return the list of their answers.

        :param partner: ``med.exchange.partner``; the caller has made sure that they are his
        :param datas: envelopes as plain data
        :param str origin: ``api``, ``file``, ``portal``, ``broker`` or ``person``
        """
        messages = partner._med_env()["med.exchange.message"]
        partner = partner.with_env(messages.env)
        problem = self._med_too_much(datas, origin)
        with flushing_as(messages.env):
            if problem:
                return [messages._refuse_whole(partner, datas, origin, problem)]
            return messages._receive(partner, datas, origin)

    @api.model
    def _med_too_much(self, datas, origin):
        """Return what is wrong with a submission as a whole, before anything of it is read."""
        if len(datas) > MOST:
            return Problem("", plain(_lt(
                "%(count)s messages at once: at most %(most)s are taken."), count=len(datas),
                most=MOST))
        size = 0
        if request and origin == "api":
            # Sent in chunks, a request names no length. What was read for the call is kept there.
            size = max(request.httprequest.content_length or 0,
                       len(request.httprequest.get_data()))
        if size > MOST_BYTES:
            return Problem("", self._med_too_large(size))
        return None

    def _med_too_large(self, size):
        return plain(_lt("%(size)s bytes at once: at most %(most)s are taken."), size=size,
                     most=MOST_BYTES)

    @api.model
    def _med_unread(self, size):
        """Keep that a submission so large came and was not read; return what is wrong with it.

        It is kept in a transaction of its own, since the call itself fails.
        """
        return self._med_keep_unread(Problem("", self._med_too_large(size)))

    @api.model
    def _med_unreadable(self):
        """Keep that a submission came that cannot be read as data; return what is wrong."""
        return self._med_keep_unread(Problem("", plain(_lt(
            "What was sent cannot be read: it is nested too deeply, or a number has thousands of "
            "digits. Do not send it again as it is."))))

    def _med_keep_unread(self, problem):
        with self.env.registry.cursor() as cr:
            exchange = self.with_env(self.env(cr=cr))
            partner = exchange._med_partner()
            messages = partner._med_env()["med.exchange.message"]
            answer = messages._refuse_whole(partner.with_env(messages.env), [], "api", problem)
        return answer["errors"][0]["message"]
