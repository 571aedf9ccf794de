from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..tools.order import MOST_STREAMS, MOST_WAITED, arrange

_lt = LazyTranslate(__name__)


class MedExchangeStream(models.Model):
    """One numbered row of messages of one partner: which number is expected next."""

    _name = "med.exchange.stream"
    _description = "Stream of an Exchange Partner"
    _inherit = ["med.exchange.inbox.row"]
    _order = "exchange_partner_id, name"
    _med_refusals = {
        "create": _lt("A stream begins with its first message."),
        "write": _lt("A stream is moved on by its messages alone."),
        "unlink": _lt("Streams are kept."),
    }

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    name = fields.Char("Stream", required=True, readonly=True)
    expected = fields.Integer("Expected Next", required=True, readonly=True, default=1,
                              aggregator=False)
    last_at = fields.Datetime("Last Message", readonly=True)
    message_ids = fields.One2many("med.exchange.message", "stream_id", "Messages", readonly=True)
    waiting = fields.Integer(compute="_compute_waiting")
    missing = fields.Char("Missing Numbers", compute="_compute_waiting")

    _name_uniq = models.Constraint("UNIQUE (exchange_partner_id, name)",
                                   "The partner has this stream.")

    def _compute_waiting(self):
        for stream in self:
            held = stream._held({stream.id: ()})[stream.id]
            stream.waiting = sum(state == "waiting" for _id, state in held.values())
            stream.missing = ", ".join(map(str, arrange(
                stream.expected, held, ()).missing[:20])) if held else ""

    @api.model
    def _too_many(self, partner, names):
        """Return those of the names that would be new streams beyond what a partner may have."""
        known = set(self.search([("exchange_partner_id", "=", partner.id)]).mapped("name"))
        room = max(0, MOST_STREAMS - len(known))
        return set(sorted(names - known)[room:])

    @api.model
    def _locked(self, partner, names):
        """Return ``{name: (id, expected)}``, made where missing, locked until the end.

        Whoever comes second waits here, and is begun anew when the first has changed a row.
        """
        names = sorted(names)
        if not names:
            return {}
        # The row is touched even when nothing is due: two senders of one stream must notice.
        rows = self.env.execute_query(SQL("""
            INSERT INTO med_exchange_stream
                   (exchange_partner_id, company_id, name, expected, last_at,
                    create_uid, write_uid, create_date, write_date)
            SELECT %(partner)s, %(company)s, name, 1, %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM unnest(%(names)s::text[]) AS name
       ON CONFLICT (exchange_partner_id, name) DO UPDATE
               SET last_at = excluded.last_at, write_uid = excluded.write_uid,
                   write_date = excluded.write_date
         RETURNING name, id, expected""", partner=partner.id, company=partner.company_id.id,
            names=names, uid=self.env.uid, now=self.env.cr.now()))
        self.env["med.exchange.stream"].invalidate_model()
        return {name: (number, expected) for name, number, expected in rows}

    @api.model
    def _held(self, wanted):
        """Return ``{stream id: {sequence: (message id, state)}}`` from the expected number on.

        :param wanted: ``{stream id: further sequence numbers to look up}``
        """
        held = {number: {} for number in wanted}
        for stream, sequence, message, state in self.env.execute_query(SQL("""
                SELECT m.stream_id, m.sequence, m.id, m.state
                  FROM med_exchange_stream s
                  JOIN med_exchange_message m ON m.stream_id = s.id AND m.counted
                 WHERE s.id = ANY(%(streams)s) AND m.sequence >= s.expected
                 UNION
                SELECT m.stream_id, m.sequence, m.id, m.state
                  FROM unnest(%(ids)s::int[], %(numbers)s::int[]) AS w(stream, sequence)
                  JOIN med_exchange_message m
                    ON m.stream_id = w.stream AND m.sequence = w.sequence AND m.counted""",
                streams=list(wanted),
                ids=[number for number, further in wanted.items() for _one in further],
                numbers=[one for further in wanted.values() for one in further])):
            held[stream][sequence] = (message, state)
        return held

    @api.model
    def _advance(self, expected):
        """Write which number is expected next: ``{stream id: number}``."""
        if expected:
            self.env.execute_query(SQL("""
                UPDATE med_exchange_stream s SET expected = v.expected
                  FROM unnest(%s::int[], %s::int[]) AS v(id, expected)
                 WHERE s.id = v.id AND s.expected <> v.expected RETURNING s.id""",
                list(expected), list(expected.values())))
            self.env["med.exchange.stream"].invalidate_model()

    def skip_missing(self, reason: str):
        """Go on without the numbers that are missing; what waits behind them is applied.

        The first hundred at once, what waits behind those by the job that this sets off.

        One of them that comes after all is applied then, as far as nothing has overtaken it.

        :return: ``{"version", "expected", "applied"}``
        """
        self.ensure_one()
        reason = self.env["med.exchange.message"]._person_may(reason, self)
        self = self.sudo()
        self.env["med.exchange.message"]._check_active(self.exchange_partner_id)
        locked = self._locked(self.exchange_partner_id, [self.name])
        held = self._held({self.id: ()})[self.id]
        waiting = sorted(number for number, (_id, state) in held.items() if state == "waiting")
        _id, expected = locked[self.name]
        # Of those that are applied as they come none waits, yet a gap ends the stream in time.
        if not waiting and held and min(held) > expected:
            waiting = [min(held)]
        if not waiting:
            raise UserError(self.env._("Nothing waits in “%s”.", self.name))
        if waiting[0] > expected:  # else the job has not come to it yet
            self.env["med.audit.entry"]._record_event("exchange_skipped", self, {
                "stream": self.name, "from": expected, "to": waiting[0] - 1, "reason": reason})
        done = self._apply_waiting(waiting[0], held)
        return {"version": 1, "expected": self.expected, "applied": done}

    def _apply_waiting(self, expected, held):
        """Apply what waits from a number on up to the next gap, so many at most; return how many
        were.

        :param held: as :meth:`_held` returns it, of this stream
        """
        order = arrange(expected, held, (), most=MOST_WAITED)
        self._advance({self.id: order.expected})
        if order.more:
            self._go_on_soon()
        return self.env["med.exchange.message"]._resume(
            self.exchange_partner_id,
            [held[number][0] for number in order.ready if held[number][1] == "waiting"])

    # ------------------------------------------------------------------ behind a closed gap

    @api.model
    def _go_on_soon(self):
        """Have the job apply what still waits although nothing before it is missing."""
        self.env.ref("med_exchange.med_exchange_cron_go_on").sudo()._trigger()

    @api.model
    def _cron_go_on(self):
        """Apply what waits although nothing before it is missing, part by part.

        One late message may close a gap before thousands of others. In one transaction they would
        keep their sender waiting, and be begun from the first whenever it fails.
        """
        streams = self._due()
        self.env["ir.cron"]._commit_progress(remaining=len(streams))
        for stream in streams:
            retrying(stream._go_on, self.env)
            self.env["ir.cron"]._commit_progress(1)
        self.env["ir.cron"]._commit_progress(remaining=len(self._due()))

    @api.model
    def _due(self):
        """Return the streams of active partners whose next number is here already."""
        self.env["med.exchange.partner"].flush_model(["active", "state"])
        return self.browse([number for [number] in self.env.execute_query(SQL("""
            SELECT s.id
              FROM med_exchange_stream s
              JOIN med_exchange_message m
                ON m.stream_id = s.id AND m.counted AND m.sequence = s.expected
              JOIN med_exchange_partner p
                ON p.id = s.exchange_partner_id AND p.active AND p.state = 'active'
          ORDER BY s.id"""))])

    def _go_on(self):
        """Apply the next part of what waits in this stream."""
        if self not in self._due():
            return  # somebody suspended the partner since, or a message of its own went on
        [[expected]] = self.env.execute_query(SQL(
            "SELECT expected FROM med_exchange_stream WHERE id = %s FOR NO KEY UPDATE", self.id))
        self._apply_waiting(expected, self._held({self.id: ()})[self.id])

    def action_skip(self):
        """Ask why, and go on without the missing messages."""
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["med.exchange.message.reason"].create(
            {"stream_id": self.id, "verb": "skip"})
        return {"type": "ir.actions.act_window", "res_model": wizard._name, "res_id": wizard.id,
                "name": self.env._("Go On Without Missing Ones"), "views": [(False, "form")],
                "target": "new"}
