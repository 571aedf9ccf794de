import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import backoff
from ..tools.reply import read_reply


class MedExchangeLine(models.Model):
    """What came back of a request: taken, refused, to be tried again, given up."""

    _inherit = "med.exchange.line"

    def _med_record(self, deliveries, reply):
        """Write down what became of a request; return how many messages are off the queue.

        1 as well when the line is due again at once.
        """
        line = self._med_lock()._med_spoken()
        partner = line.exchange_partner_id
        deliveries = deliveries.filtered(lambda one: one.state == "queued" or one.hollow)
        if not deliveries:
            return 0
        if reply.contact:
            line._med_store(last_contact=fields.Datetime.now())
            partner._med_touch()
        by_id = {one._med_void_id(): one for one in deliveries.filtered("hollow")}
        # One that was set aside while the request was under way went out whole.
        by_id |= {one.message_id: one for one in deliveries}
        result = read_reply(reply, list(by_id))
        if result.failure:
            return line._med_failed(deliveries, result.failure, result)
        told = {one: by_id[one] for one in (*result.taken, *result.refused)}
        whole = {name: one for name, one in told.items()
                 if not one.hollow or name in result.outcomes and name == one.message_id}
        empty = deliveries.browse([one.id for one in told.values()]) - deliveries.browse(
            [one.id for one in whole.values()])
        taken = [whole[one].id for one in result.taken if one in whole]
        late = deliveries.browse(taken).filtered(lambda one: one.state == "aside")
        self._med_settle("sent", taken, result)
        late._med_rebase()
        refused = [whole[one].id for one in result.refused if one in whole]
        self._med_settle("refused", refused, result)
        empty._med_hollowed()  # one that says nothing is not refused for what it says
        line._med_ask_again(result.missing)
        done = deliveries.browse([*taken, *empty.ids])
        if done:
            line._med_store(delivered=max(line.delivered, *done.mapped("sequence")))
        left = deliveries - done - deliveries.browse(refused)
        if refused:
            line._med_refused(deliveries.browse(refused))
        elif left:
            line._med_failed(left, line.env._("The partner's answer leaves these out."), None)
        elif line.attempts or line.state == "backoff":
            line._med_store(state="running", attempts=0, next_try=None, last_error=None,
                            alarmed=False)
        return len(done) + len(refused)

    def _med_unrecorded(self, deliveries):
        """What the partner answered could not be written down: ask again, later."""
        deliveries.invalidate_recordset()
        if left := deliveries.filtered(lambda one: one.state == "queued" or one.hollow):
            line = self._med_spoken()
            line._med_failed(left, line.env._("The partner's answer could not be recorded."), None)

    def _med_spoken(self):
        """Return this line so that what is said of it is in the language of whoever reads it."""
        return self.with_context(lang=self.exchange_partner_id._med_reader_lang())

    def _med_settle(self, state, ids, result):
        """Write state and answer of deliveries."""
        if not ids:
            return
        deliveries = self.env["med.exchange.delivery"].browse(ids)
        texts = [result.answers.get(one.message_id, "") for one in deliveries]
        outcomes = [result.outcomes.get(one.message_id, "") for one in deliveries]
        errors = [result.errors.get(one.message_id, "") for one in deliveries]
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery d
               SET state = %s, aside_for = NULL, hollow = false,
                   attempts = d.attempts + 1, answer = nullif(t.answer, ''),
                   outcome = nullif(t.outcome, ''), error = nullif(t.error, ''),
                   sent_at = CASE WHEN %s = 'sent' THEN clock_timestamp() AT TIME ZONE 'UTC' END
              FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
                AS t (id, answer, outcome, error)
             WHERE d.id = t.id""", state, state, ids, texts, outcomes, errors))
        deliveries.invalidate_model()
        if state == "sent":
            deliveries.filtered(
                lambda one: one.outcome in (False, "accepted", "duplicate"))._med_agree(result.at)

    def _med_ask_again(self, missing):
        """Queue what the partner says it lacks; of what was set aside the number, told as empty.

        What it refused, or what was given up here, waits for a person.
        """
        if not missing:
            return
        lacking = self.env["med.exchange.delivery"].search([
            ("line_id", "=", self.id), ("sequence", "in", missing[:1000]),
            ("state", "in", ("sent", "aside")), ("rounds", "<=", self.tries)])
        lacking.filtered(lambda one: one.state == "sent")._med_queue()
        lacking.filtered(lambda one: one.state == "aside")._med_hollow_again()

    def _med_refused(self, deliveries):
        """The partner will not take these: the line stops or goes on, and a person is told."""
        self._med_store(state="stopped" if self.rule == "stop" else "running", attempts=0,
                        next_try=None, last_error=deliveries[0].error)
        self._med_dead_letters(deliveries)

    def _med_failed(self, deliveries, error, result):
        """Nothing arrived: try again later; give a message up that is answered with errors.

        :param error: a sentence; one that carries its template is said in the reader's language
        :return: 1 when the line is due again at once, else 0
        """
        line = self._med_lock()._med_spoken()
        error = self.env["med.exchange.message"]._in_lang(error, line.env.lang)
        attempts = line.attempts + 1
        blamed = bool(result and result.blames_message)
        alone = len(deliveries) == 1
        deliveries = deliveries.sorted("sequence")
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery SET error = %s, attempts = attempts + %s
             WHERE id = ANY(%s)""", error[:500], int(blamed and alone), deliveries.ids))
        deliveries.invalidate_model()
        first = deliveries[0]
        wait = backoff.wait(attempts, random.random(), result.retry_after if result else 0)
        values = {"attempts": attempts, "last_error": error[:500], "state": "backoff",
                  "next_try": fields.Datetime.now() + timedelta(seconds=wait)}
        if blamed and not alone:
            # One of them may be to blame: each goes alone now, and the first at once.
            values |= {"single_until": deliveries[-1].sequence, "attempts": 0,
                       "next_try": fields.Datetime.now()}
        line._med_store(**values)
        if result and result.gone:
            line._med_store(state="stopped", next_try=None)
            line._med_alarm_once(line.env._("The partner wants no more messages"), error)
        elif blamed and alone and (result.permanent or first.attempts >= line.tries):
            if first.hollow:  # it says nothing: nobody has to decide what is done about it
                first._med_hollowed()
                line._med_store(state="running", attempts=0, next_try=None)
                return 1
            first._med_give_up()
            line._med_store(state="stopped" if line.rule == "stop" else "running", attempts=0,
                            next_try=None)
            line._med_dead_letters(first)
            return int(line.state == "running")
        elif attempts >= line.tries:
            line._med_alarm_once(line.env._("The partner cannot be reached"), error)
        return int(blamed and not alone)

    def _med_dead_letters(self, deliveries):
        self = self._med_spoken()
        stopped = self.state == "stopped"
        self.exchange_partner_id._med_alarm(
            self.env._("%(count)s messages refused on %(line)s", count=len(deliveries),
                       line=self.display_name),
            self.env._("%(id)s: %(error)s %(next)s", id=deliveries[0].message_id,
                       error=deliveries[0].error or "",
                       next=self.env._("The line is stopped.") if stopped
                       else self.env._("The line goes on.")))
        self._med_store(alarmed=True)

    def _med_alarm_once(self, summary, note):
        if not self.alarmed:
            self.exchange_partner_id._med_alarm(f"{summary}: {self.display_name}", note)
            self._med_store(alarmed=True)

    @api.model
    def _med_watch(self):
        """Raise an alarm, once, for each line whose messages wait longer than agreed."""
        for found in self.search([("late", "=", True), ("alarmed", "=", False)]):
            line = found._med_lock()._med_spoken()
            line._med_alarm_once(
                line.env._("Messages wait for longer than agreed"),
                line.last_error or line.env._("%s messages wait.", line.queued))
