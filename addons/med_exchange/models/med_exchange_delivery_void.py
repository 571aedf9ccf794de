import json

from odoo import fields, models
from odoo.tools import SQL

VOID = ".void"  # behind the id of the message that a number was of


class MedExchangeDelivery(models.Model):
    """Messages that are not told after all: their numbers are, so that nobody waits for them.

    What may be told is judged when a message leaves, not only when it was queued: the right may
    have been narrowed since, and the record may have gone on to another partner. Under the number
    comes a message that takes back what never came: it names no record and says nothing.
    """

    _inherit = "med.exchange.delivery"

    aside_for = fields.Selection(
        [("person", "A Person Set It Aside"), ("right", "The Partner May Not Hear of It")],
        "Set Aside Because", readonly=True)
    hollow = fields.Boolean(
        "Number to Be Told as Empty", readonly=True,
        help="The message is set aside. Under its number the partner is still to be sent one that "
             "says nothing, since it may wait for the number.")

    _hollow_index = models.Index("(line_id, sequence) WHERE hollow")

    def _med_put_aside(self, why):
        """Set messages aside; their numbers are told as empty."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET state = 'aside', aside_for = %s, hollow = true
             WHERE id = ANY(%s)""", why, self.ids))
        self.invalidate_model()
        self._med_rebase()

    def _med_rebase(self):
        """Build what follows these on what its partner is told before it, now that these are set
        aside or have arrived after all. What has left stays as it is, since its id does.

        Who asks is told no empty number: what he has fetched he has, whatever became of it here.
        """
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery d SET base = t.base, envelope = NULL
              FROM (SELECT q.id, coalesce((
                           SELECT max(b.version) FROM med_exchange_delivery b
                            WHERE b.line_id = q.line_id AND b.schema = q.schema
                              AND b.object_id = q.object_id AND b.version < q.version
                              AND (b.state <> 'aside' OR b.sequence <= l.handed_out
                                   AND p.transport = 'pull')), 0) AS base
                      FROM med_exchange_delivery q
                      JOIN med_exchange_line l ON l.id = q.line_id
                      JOIN med_exchange_partner p ON p.id = l.exchange_partner_id
                     WHERE q.state = 'queued' AND q.sequence > l.handed_out AND q.id IN (
                           SELECT n.id FROM med_exchange_delivery a
                             JOIN med_exchange_delivery n
                               ON n.line_id = a.line_id AND n.schema = a.schema
                              AND n.object_id = a.object_id AND n.version > a.version
                            WHERE a.id = ANY(%s))) t
             WHERE d.id = t.id AND d.base <> t.base""", self.ids))
        self.invalidate_model()

    def _med_withdraw(self):
        """Set aside what is queued and may not be told any more; return what may be told."""
        known = self._med_known()
        if gone := (self - known).filtered(lambda one: one.state == "queued"):
            gone._med_put_aside("right")
        return known

    def _med_hollowed(self):
        """Note that the numbers of these are told."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET hollow = false WHERE id = ANY(%s) AND hollow""",
            self.ids))
        self.invalidate_model(["hollow"])

    def _med_passed(self, line, sequence):
        """Note that who asks for what is new has passed the numbers of a line up to this one."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET hollow = false
             WHERE line_id = %s AND hollow AND sequence <= %s""", line.id, sequence))
        self.invalidate_model(["hollow"])

    def _med_hollow_again(self):
        """Tell the numbers of these once more, since the partner asks for them."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET hollow = true, rounds = rounds + 1
             WHERE id = ANY(%s)""", self.ids))
        self.invalidate_model()

    def _med_void_id(self):
        """Return the id of the message that says nothing in the place of this one."""
        return f"{self.message_id}{VOID}"

    def _med_text(self):
        """Return the text of what is sent under this number now."""
        self.ensure_one()
        if not self.hollow:
            return self.envelope
        # Of what it was, and so the same each time: only the signature may be by another key.
        told = json.loads(self.envelope) if self.envelope else self._med_envelope()
        number = self._med_void_id()
        data = {name: told[name] for name in (
            "spec", "sender", "stream", "sequence", "schema", "version", "time")}
        data |= {"id": number, "action": "cancel", "cancels": self.message_id,
                 "object": {"id": number}, "payload": {}}
        return json.dumps(self.exchange_partner_id._med_sign(data), ensure_ascii=False,
                          sort_keys=True, separators=(",", ":"))
