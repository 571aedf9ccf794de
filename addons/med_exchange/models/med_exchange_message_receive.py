import json

from odoo import api, models

from ..exceptions import EnvelopeError, Problem
from ..tools.coming import OUTCOMES, Coming
from ..tools.order import MOST_STREAMS, MOST_WAITED, WINDOW, arrange
from ..tools.words import _lt, plain


class MedExchangeMessage(models.Model):
    """How messages come in: told from those that came before, put in order, kept."""

    _inherit = "med.exchange.message"

    @api.model
    def _receive(self, partner, datas, origin):
        """Take messages; return their answers in the same order."""
        submission = self.env["med.exchange.submission"]._begin(partner, origin)
        coming = [self._read(partner, data) for data in datas]
        new = self._tell_apart(partner, coming)
        proven = [one for one in new if one.authentic]
        ready, expected = self._put_in_order(partner, proven)
        kept = [one for one in coming if one.twin is None]
        self.env["med.exchange.submission"]._write_down(
            submission, partner, origin, len(coming), len(coming) - len(kept))
        self._keep(partner, submission, origin, kept)
        self.env["med.exchange.stream"]._advance(expected)
        self._process(partner, ready)
        same = [one for one in kept if one.same]
        self._settle(partner, {*ready, *kept}.difference(same))
        self._settle_same(partner, same)
        self._repeat(coming)
        self._raise_alarms(partner, coming)
        self._ask_for_a_person(partner, {*ready, *kept})
        self._heard_of(partner)
        return [one.answer() for one in coming]

    @api.model
    def _refuse_whole(self, partner, datas, origin, problem):
        """Keep that a submission was too large to be read, and the beginning of it."""
        submission = self.env["med.exchange.submission"]._begin(partner, origin)
        one = Coming(None)
        one.body = json.dumps({"refused": problem.message, "envelopes": len(datas)})
        one.refuse(problem)
        self.env["med.exchange.submission"]._write_down(submission, partner, origin, len(datas), 0)
        self._keep(partner, submission, origin, [one])
        self._settle(partner, {one})
        return one.answer()

    # ------------------------------------------------------------------ told apart

    @api.model
    def _tell_apart(self, partner, coming):
        """Find those that came before; return those that are new, each proven or refused."""
        sent = [one for one in coming if one.fields and (not one.problems or one.unsigned)]
        known = self._known({one.claimed for one in sent}, partner)
        here, new = {}, []
        for one in sent:
            if one.claimed in known:
                one.first_digest, state, answer = known[one.claimed]
                if one.first_digest == one.digest:
                    one.twin, one.first = json.loads(answer), OUTCOMES[state]
                    continue
            elif one.claimed in here:
                if here[one.claimed].digest == one.digest:
                    one.twin = here[one.claimed]
                    continue
            else:
                self._prove(partner, one)
                if one.authentic:  # a forged copy takes no place
                    here[one.claimed] = one
                new.append(one)
                continue
            one.alarm = "clash"
            one.refuse(Problem("/id", plain(_lt(
                "A message of this id came before, with other content: that one counts."))))
        return new

    @api.model
    def _prove(self, partner, one):
        try:
            partner._med_verify(one.data, one.unsigned)
        except EnvelopeError as error:
            one.alarm = "forged"
            one.refuse(*error.problems)
        else:
            one.authentic = True
            if not one.problems:
                one.state = "waiting"

    # ------------------------------------------------------------------ in order

    @api.model
    def _put_in_order(self, partner, coming):
        """Give each its place in its stream.

        :return: ``(those to apply now in their order, {stream id: expected next})``; among them
            are messages that came before and have waited for these
        """
        streams = self.env["med.exchange.stream"]
        too_many = streams._too_many(partner, {one.fields["stream"] for one in coming})
        for one in coming:
            if one.fields["stream"] in too_many:
                one.authentic = False  # nor is its id taken: it may be sent again
                one.refuse(Problem("/stream", plain(_lt(
                    "You have %(most)s streams, and no more are begun: go on with one of them."),
                    most=MOST_STREAMS)))
        coming = [one for one in coming if one.fields["stream"] not in too_many]
        locked = streams._locked(partner, {one.fields["stream"] for one in coming})
        numbers = {number: set() for number, _expected in locked.values()}
        for one in coming:
            one.stream, _expected = locked[one.fields["stream"]]
            numbers[one.stream].add(one.fields["sequence"])
        held = streams._held(numbers) if numbers else {}
        clashes = []
        placed = {number: {} for number in numbers}
        for one in coming:
            sequence = one.fields["sequence"]
            if sequence >= locked[one.fields["stream"]][1] + WINDOW:
                one.authentic = False  # its id is free: it is sent again when the gap is closed
                one.refuse(Problem("/sequence", plain(_lt(
                    "Number %(sequence)s is too far ahead: %(expected)s is expected next in "
                    "stream %(stream)s, and %(most)s numbers may be on their way."),
                    sequence=sequence, stream=one.fields["stream"], most=WINDOW,
                    expected=locked[one.fields["stream"]][1])))
            elif sequence in held[one.stream] or sequence in placed[one.stream]:
                clashes.append(one)
            else:
                one.counted = True
                placed[one.stream][sequence] = one
        self._tell_clashes(clashes)
        ready, expected = [], {}
        for number, before in locked.values():
            wait = partner.order_rule == "wait"
            order = arrange(before, held[number], placed[number], wait,
                            len(placed[number]) + MOST_WAITED if wait else None)
            expected[number] = order.expected
            if order.more:
                streams._go_on_soon()
            waited = self._loaded([
                held[number][sequence][0] for sequence in order.ready
                if held[number].get(sequence, (0, ""))[1] == "waiting"])
            waited = {one.fields["sequence"]: one for one in waited}
            for sequence in order.ready:
                if one := placed[number].get(sequence) or waited.get(sequence):
                    ready.append(one)
            for one in placed[number].values():
                one.missing = order.missing
        return ready, expected

    @api.model
    def _loaded(self, numbers):
        """Return Comings of rows that are kept already, in the order of their ids."""
        found = []
        for message in self.browse(sorted(numbers)):
            one = Coming(json.loads(message.body))
            one.fields = one.data
            one.claimed, one.digest, one.row = message.name, message.digest, message.id
            one.authentic, one.state = True, "waiting"
            one.stream, one.counted = message.stream_id.id, message.counted
            if message.mended:
                one.mended = json.loads(message.mended)
            found.append(one)
        return found

    # ------------------------------------------------------------------ told

    @api.model
    def _repeat(self, coming):
        """Give those that came twice in one submission the answer of the first."""
        for one in coming:
            if isinstance(one.twin, Coming):
                one.first, one.twin = OUTCOMES[one.twin.state], one.twin.answer()
