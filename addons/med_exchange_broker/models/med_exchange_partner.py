import json
import logging
from datetime import timezone

from odoo import api, fields, models
from odoo.addons.med_exchange.exceptions import EnvelopeError
from odoo.addons.med_exchange.tools.coming import moment
from odoo.exceptions import ValidationError
from psycopg2 import InterfaceError, OperationalError

from ..tools import amqp

_logger = logging.getLogger(__name__)
BATCH = 100  # messages between two commits
BATCHES = 20  # of one partner in a run: then the others have their turn


class MedExchangePartner(models.Model):
    """Partners that a broker stands between: queues in, a routing key out."""

    _inherit = "med.exchange.partner"

    transport = fields.Selection(selection_add=[("amqp", "Over a message broker")],
                                 ondelete={"amqp": "set default"})
    broker_id = fields.Many2one("med.exchange.broker", "Broker", index="btree_not_null",
                                ondelete="restrict", tracking=True)
    amqp_exchange = fields.Char("Broker's Exchange", tracking=True,
                                help="Empty: the broker's default one.")
    amqp_routing_key = fields.Char("Routing Key", tracking=True,
                                   help="Where our messages are published to.")
    amqp_queue = fields.Char("Queue", tracking=True,
                             help="Where the partner's messages and its answers to ours wait for "
                                  "us. Only it may write there.")
    amqp_answers = fields.Char("Queue of Answers", tracking=True,
                               help="Where our answers to its messages are put; empty: nowhere.")

    queue_problem = fields.Char("Problem of the Queue", readonly=True, copy=False)

    @api.constrains("transport", "broker_id", "amqp_routing_key", "amqp_queue", "signed")
    def _check_broker(self):
        for partner in self:
            if partner.transport == "amqp" and not (
                    partner.broker_id and partner.amqp_routing_key):
                raise ValidationError(self.env._(
                    "%s needs a broker and a routing key.", partner.name))
            if partner.amqp_queue and not partner.signed:
                raise ValidationError(self.env._(
                    "What comes over a broker must be signed: the broker does not tell who wrote "
                    "it."))

    @api.model
    def _cron_drain_queues(self):
        """Take what waits in the queues of active partners, so many batches of each.

        What fails concerns its partner and is told there; it keeps no other one waiting. Of a
        queue that is not empty then, the next run takes more.
        """
        partners = self.sudo().search([("state", "=", "active"), ("amqp_queue", "!=", False),
                                       ("broker_id.active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(partners))
        more = 0
        for partner in partners:
            try:
                more += partner._med_drain_queue()
            except (OperationalError, InterfaceError):
                raise  # the database is gone, for all partners alike
            except Exception as error:  # the other partners' messages wait behind this one's
                self.env.cr.rollback()
                if not isinstance(error, amqp.FAILURES):
                    _logger.exception("exchange: the queue of %s failed", partner.code)
                partner._med_queue_failed(error)
            self.env["ir.cron"]._commit_progress(1)
        self.env["ir.cron"]._commit_progress(remaining=more)

    def _med_drain_queue(self):
        """Take, apply and commit batches; only then is the broker told that they are ours.

        A message that comes again because that was not heard has no second effect.

        :return: whether there may be more in the queue
        """
        self.ensure_one()
        if not self._med_queue_read():
            return False
        with self.broker_id._med_address().channel() as channel:
            for _batch in range(BATCHES):
                # Somebody may have suspended the partner since the batch before.
                waiting = self._med_queue_read() and amqp.take(channel, self.amqp_queue, BATCH)
                if not waiting:
                    return False
                told = self.env["med.exchange"]._med_submit(
                    self, [data for _tag, data in waiting if not self._med_hear(data)], "broker")
                self._med_queue_answered()
                # Done counts: a job killed three times before it did anything is taken for hung.
                self.env["ir.cron"]._commit_progress(len(waiting), remaining=1)
                for answer in told if self.amqp_answers else ():
                    self._med_answer(channel, answer)
                channel.basic_ack(waiting[-1][0], multiple=True)
        return True

    def _med_hear(self, data):
        """Take what the partner answers to our messages; return whether that is what this is.

        :param data: ``{"answers": [as submit() answers], "time", "signature"}``, signed as
            messages are; ``time`` (optional): when it wrote them
        """
        if not isinstance(data, dict) or not isinstance(data.get("answers"), list):
            return False
        try:
            self._med_verify(data)
        except (EnvelopeError, AttributeError, ValueError):
            return False  # it is kept with what nobody can take
        answers = [one for one in data["answers"] if isinstance(one, dict)]
        self.env["med.exchange.delivery"].search([
            ("exchange_partner_id", "=", self.id), ("state", "=", "sent"),
            ("message_id", "in", [one.get("id") for one in answers
                                  if isinstance(one.get("id"), str)])])._med_answered(
                                      answers, self._med_written_at(data.get("time")))
        return True

    def _med_written_at(self, text):
        """Return when answers were written, seconds since 1970; 0 where they do not say so, or
        name a time that has not come."""
        found = moment(text) if isinstance(text, str) else None
        if not found or found > fields.Datetime.now():
            return 0.0
        return found.replace(tzinfo=timezone.utc).timestamp()

    def _med_queue_read(self):
        """Return whether the queue is to be read, by what is in the database now."""
        self.invalidate_recordset()
        self.broker_id.invalidate_recordset()
        return bool(self.active and self.state == "active" and self.amqp_queue
                    and self.broker_id.active)

    def _med_answer(self, channel, answer):
        text = json.dumps(answer, ensure_ascii=False)
        amqp.publish(channel, "", self.amqp_answers, text, answer["id"])

    def _med_queue_failed(self, error):
        """Say once that the queue cannot be read; the next run tries again."""
        self = self.with_context(lang=self._med_reader_lang())
        error = f"{type(error).__name__} {error}".replace("\0", "")[:500]
        problem = self.env._("The queue %(queue)s cannot be read: %(error)s",
                             queue=self.amqp_queue, error=error)
        _logger.info("%s: %s", self.code, problem)
        if problem != self.queue_problem:
            self.queue_problem = problem
            self._med_alarm(self.env._("%s: the broker", self.name), problem)

    def _med_queue_answered(self):
        if self.queue_problem:
            self.queue_problem = False
