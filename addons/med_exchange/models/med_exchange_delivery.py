import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

DEAD = ("refused", "dead")


class MedExchangeDelivery(models.Model):
    """One event on one line: its number there, the message as it is sent, and what became of it.

    The message is the same each time it is sent, so that its id tells a repetition.
    """

    _name = "med.exchange.delivery"
    _description = "Message to a Partner"
    _inherit = ["med.exchange.outbox.row"]
    _order = "id desc"
    _rec_name = "message_id"
    _log_access = False

    line_id = fields.Many2one("med.exchange.line", required=True, index=True, readonly=True,
                              ondelete="restrict")
    event_id = fields.Many2one("med.exchange.event", required=True, index=True, readonly=True,
                               ondelete="restrict")
    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    stream = fields.Char(required=True, readonly=True)
    schema = fields.Char(required=True, readonly=True)
    object_id = fields.Char("Object", required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, aggregator=False)
    base = fields.Integer("Built On", required=True, readonly=True, aggregator=False,
                          help="The version that this partner was told before; 0: none.")
    sequence = fields.Integer("Number", required=True, readonly=True, aggregator=False)
    message_id = fields.Char("Message", required=True, readonly=True)
    envelope = fields.Text("As Sent", readonly=True)
    state = fields.Selection(
        [("queued", "Queued"), ("sent", "Delivered"), ("refused", "Refused"),
         ("dead", "Given Up"), ("aside", "Set Aside")], required=True, readonly=True)
    outcome = fields.Char("Their Answer", readonly=True)
    answer = fields.Text("Answer in Full", readonly=True)
    error = fields.Char("Last Error", readonly=True)
    attempts = fields.Integer("Tries", required=True, readonly=True, aggregator=False)
    rounds = fields.Integer("Times Queued", required=True, readonly=True, aggregator=False)
    queued_at = fields.Datetime("Queued At", required=True, readonly=True, index=True)
    sent_at = fields.Datetime("Delivered At", readonly=True)
    payload_text = fields.Text("Content", compute="_compute_payload_text")

    _number_unique = models.Constraint("UNIQUE (line_id, sequence)",
                                       "The line has a message of this number.")
    _message_unique = models.Constraint("UNIQUE (line_id, message_id)",
                                        "The line has a message of this id.")
    _queued_index = models.Index("(line_id, sequence) WHERE state = 'queued'")
    _object_index = models.Index("(line_id, schema, object_id, version)")
    _dead_index = models.Index("(line_id) WHERE state IN ('refused', 'dead')")

    @api.depends("envelope", "event_id.body")
    def _compute_payload_text(self):
        for one in self:
            body = one.event_id.body
            one.payload_text = body and json.dumps(
                json.loads(body), indent=2, ensure_ascii=False, sort_keys=True)

    # ------------------------------------------------------------------ steps of a person

    def retry(self, reason: str):
        """Send dead letters once more, in their old place; their lines go on.

        :param reason: why it will go well now
        :return: ``{"version", "queued"}``
        """
        lines = self._med_dead(reason)
        self._med_queue()
        lines._med_note(self.env._("Messages %s are sent once more", self._med_numbers()), reason)
        lines._med_go_on()
        return {"version": 1, "queued": len(self)}

    def set_aside(self, reason: str):
        """Give messages up for good: the partner is told their numbers alone; their lines go on.

        :param reason: why, and how the partner knows it otherwise
        :return: ``{"version", "aside"}``
        """
        lines = self._med_dead(reason, ("queued", *DEAD))
        self._med_put_aside("person")
        lines._med_note(self.env._("Messages %s are set aside", self._med_numbers()), reason)
        lines._med_go_on()
        return {"version": 1, "aside": len(self)}

    def _med_dead(self, reason, states=DEAD):
        """Check what a person wants to do with these messages; return their lines, locked."""
        lines = self.line_id
        lines._med_check_staff()
        self.check_access("read")
        lines._med_check_reason(reason)
        lines = lines._med_lock()
        self.invalidate_recordset()
        if wrong := self.filtered(lambda one: one.state not in states):
            raise UserError(self.env._(
                "Message %(number)s of %(line)s is not a dead letter. Leave it out.",
                number=wrong[0].sequence, line=wrong[0].line_id.display_name))
        return lines

    def _med_queue(self):
        """Put messages back in the queue; they are signed anew when a key has changed."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery
               SET state = 'queued', attempts = 0, rounds = rounds + 1, error = NULL,
                   outcome = NULL, answer = NULL,
                   queued_at = date_trunc('second', now() AT TIME ZONE 'UTC')
             WHERE id = ANY(%s)""", self.ids))
        self.invalidate_model()
        self._med_make(self.filtered("envelope"))

    def _med_give_up(self):
        """After too many tries: nothing more is sent until a person says so."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET state = 'dead' WHERE id = ANY(%s)""", self.ids))
        self.invalidate_model()

    def _med_agree(self, at=0.0):
        """Write down that partners have taken our word: what they say next is built on it.

        :param at: when they said so, seconds since 1970; 0: now
        """
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_object o
               SET digest = substr(e.digest, 8), write_date = now() AT TIME ZONE 'UTC',
                   told_version = d.version,
                   told_at = CASE WHEN o.told_version = d.version AND d.outcome = 'duplicate'
                             THEN o.told_at ELSE coalesce(
                                 to_timestamp(nullif(%s, 0.0)), clock_timestamp())
                                 AT TIME ZONE 'UTC' END
              FROM med_exchange_delivery d JOIN med_exchange_event e ON e.id = d.event_id
             WHERE d.id = ANY(%s) AND o.exchange_partner_id = d.exchange_partner_id
               AND o.schema = d.schema AND o.res_model = e.model AND o.res_id = e.res_id
               AND NOT EXISTS (
                   SELECT FROM med_exchange_delivery l
                    WHERE l.line_id = d.line_id AND l.schema = d.schema
                      AND l.object_id = d.object_id AND l.version > d.version
                      AND l.state = 'sent')""", at, self.ids))
        self.env["med.exchange.object"].invalidate_model()

    def _med_known(self):
        """Return those of records that the partner may hear of as they and its rights are now."""
        known, handled = self.browse(), self.env["med.exchange.handler"]._med_handlers()
        for (partner, schema), some in self.grouped(
                lambda one: (one.exchange_partner_id, one.schema)).items():
            if schema not in handled or schema not in partner._med_told_schemas():
                continue
            events = some.event_id._med_known_to(partner)
            known |= some.filtered(lambda one, of=events: one.event_id in of)
        return known.sorted("sequence")

    def _med_numbers(self):
        return ", ".join(str(number) for number in sorted(self.mapped("sequence"))[:20])

    # ------------------------------------------------------------------ the message

    def _med_make(self, signed_before=None):
        """Make and sign the messages that have none yet, or those given anew."""
        rows = []
        for one in self.filtered(lambda one: not one.envelope) if signed_before is None \
                else signed_before:
            if one.envelope:
                data = json.loads(one.envelope)
            else:
                data = one._med_envelope()
            text = json.dumps(one.exchange_partner_id._med_sign(data), ensure_ascii=False,
                              sort_keys=True, separators=(",", ":"))
            rows.append((one.id, text))
        if rows:
            self.env.cr.execute(SQL("""
                UPDATE med_exchange_delivery d SET envelope = t.envelope
                  FROM unnest(%s::int[], %s::text[]) AS t (id, envelope)
                 WHERE d.id = t.id""", *map(list, zip(*rows, strict=True))))
            self.invalidate_model(["envelope"])

    def _med_envelope(self):
        """Return the envelope of a delivery, not yet signed; its time is that of its queuing."""
        self.ensure_one()
        event = self.event_id
        return {
            "spec": "med-exchange/1", "id": self.message_id,
            "sender": self.exchange_partner_id._med_our_code(), "stream": self.stream,
            "sequence": self.sequence, "schema": self.schema,
            "version": self.env["med.exchange.event"]._med_schema_version(self.schema),
            "action": "state",
            "object": {"id": self.object_id, "version": self.version, "base": self.base},
            "time": f"{self.queued_at.isoformat()}Z",
            "event_time": f"{event.event_time.isoformat()}Z",
            "payload": json.loads(event.body)}

    def action_retry(self):
        return self.env["med.exchange.outbox.step"]._med_open("retry", self)

    def action_set_aside(self):
        return self.env["med.exchange.outbox.step"]._med_open("set_aside", self)
