import json

from odoo import api, fields, models
from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.tools import SQL

from ..exceptions import Problem
from ..tools.coming import Same
from ..tools.words import _lt, plain

BY_HAND = ("file", "portal", "person")  # ways by which people go on while a program is down


class MedExchangeMessage(models.Model):
    """A program that comes back after people went on by file finds its numbers taken.

    What it had queued is told from what came by the file: the same content of the same thing is
    the same message, and has the same answer; any other content stays refused.
    """

    _inherit = "med.exchange.message"

    same_id = fields.Many2one(
        "med.exchange.message", "Came Before As", readonly=True, index="btree_not_null",
        ondelete="restrict", help="The message that said the same, by a file or by hand.")

    @api.model
    def _tell_clashes(self, clashes):
        """Refuse messages whose numbers are those of others, but for those that say the same as
        what people sent meanwhile.

        :param clashes: Comings; the number of each is taken by a message that came before
        """
        same = self._said_by_hand([one for one in clashes if not one.problems])
        for one in clashes:
            if found := same.get(one.claimed):
                one.same, one.state = found, "same"
                continue
            one.refuse(Problem("/sequence", plain(_lt(
                "Number %(sequence)s of stream %(stream)s is that of another message."),
                sequence=one.fields["sequence"], stream=one.fields["stream"])))

    @api.model
    def _said_by_hand(self, clashes):
        """Return ``{message id: Same}`` of those whose number people took who said the same.

        Under that very number, or as their last word about the thing under another of the same
        run of numbers: rows of a file have an order of their own. What was taken back or returned
        since says nothing any more.
        """
        clashes = [one for one in clashes if one.fields["action"] == "state"]
        if not clashes:
            return {}
        exact, last = {}, {}
        for place, sequence, *row in self.env.execute_query(SQL("""
                SELECT w.place, m.sequence, m.id, m.state, m.answer, m.body
                  FROM unnest(%(places)s::int[], %(streams)s::int[], %(numbers)s::int[],
                              %(schemas)s::text[], %(keys)s::text[])
                    AS w (place, stream, number, schema, key)
                  JOIN med_exchange_message t
                    ON t.stream_id = w.stream AND t.sequence = w.number AND t.counted
                   AND t.origin = ANY(%(by_hand)s)
                  JOIN med_exchange_message m
                    ON m.stream_id = w.stream AND m.counted
                   AND m.origin = ANY(%(by_hand)s) AND m.action = 'state'
                   AND m.schema = w.schema AND m.object_key = w.key
                   AND m.state NOT IN ('undone', 'returned')
                 WHERE NOT EXISTS (
                       SELECT FROM med_exchange_message b
                        WHERE b.stream_id = w.stream AND b.counted
                          AND b.origin <> ALL(%(by_hand)s)
                          AND b.sequence BETWEEN least(m.sequence, w.number)
                                             AND greatest(m.sequence, w.number))
              ORDER BY w.place, m.sequence""",
                places=list(range(len(clashes))), by_hand=list(BY_HAND),
                streams=[one.stream for one in clashes],
                numbers=[one.fields["sequence"] for one in clashes],
                schemas=[one.fields["schema"] for one in clashes],
                keys=[one.thing["id"] for one in clashes])):
            last[place] = row
            if sequence == clashes[place].fields["sequence"]:
                exact[place] = row
        found = {}
        for place, one in enumerate(clashes):
            said = canonical_json(one.fields["payload"])
            for rows in (exact, last):
                if place in rows and one.claimed not in found:
                    number, state, answer, body = rows[place]
                    if canonical_json(json.loads(body).get("payload")) == said:
                        found[one.claimed] = Same(number, state, json.loads(answer))
        return found

    @api.model
    def _settle_same(self, partner, done):
        """Write messages that said what had come before, with the answer that this has now."""
        if not done:
            return
        now = {number: (state, answer) for number, state, answer in self.env.execute_query(SQL(
            "SELECT id, state, answer FROM med_exchange_message WHERE id = ANY(%s)",
            [one.same.row for one in done]))}
        for one in done:
            state, answer = now[one.same.row]
            one.same = Same(one.same.row, state, json.loads(answer))
        self.env.execute_query(SQL("""
            UPDATE med_exchange_message m SET same_id = v.same
              FROM unnest(%s::int[], %s::int[]) AS v (id, same) WHERE m.id = v.id RETURNING m.id""",
            [one.row for one in done], [one.same.row for one in done]))
        self._settle(partner, set(done))
