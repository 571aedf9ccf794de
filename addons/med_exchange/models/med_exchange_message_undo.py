import json

from odoo import api, models
from odoo.addons.med_audit.models.person import speaking
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import Problem, Refused
from ..tools.words import _lt, plain
from .med_exchange_message_judge import digest_of
from .med_exchange_message_words import reason_of


class MedExchangeMessage(models.Model):
    """How what a message has done is taken back: by the partner's word or by a person's."""

    _inherit = "med.exchange.message"

    @api.model
    def _cancel(self, partner, one, ready):
        """Carry out a message that takes another one back.

        :param ready: Comings whose turn it is; the other may be among them
        """
        target = self.search([("exchange_partner_id", "=", partner.id), ("authentic", "=", True),
                              ("name", "=", one.fields.get("cancels"))], limit=1)
        target = target.same_id or target
        if not target and one.thing["id"] == one.claimed:
            one.state = "overtaken"  # it says nothing: its number is taken, so nobody waits
            return
        if not target:
            one.refuse(Problem("/cancels", plain(_lt(
                "No message “%s” of yours is here."), one.fields.get("cancels"))))
            return
        if target.action == "cancel":
            one.refuse(Problem("/cancels", plain(_lt(
                "“%s” takes a message back itself: send the state again instead."), target.name)))
            return
        if problem := self._cancel_problem(partner, one, target):
            one.refuse(problem)
            return
        try:
            with speaking(self.env.cr, f"{partner.code}/{one.claimed}"), self.env.cr.savepoint():
                words = target._take_back_in_words(False, partner._med_langs())
        except (Refused, UserError) as error:
            one.refuse(Problem("/cancels", reason_of(error), self._in_words(
                partner, error, lambda lang: target.with_context(lang=lang)._take_back(False))))
        else:
            one.notes = [Problem("", words.get("en_US", ""), words)]
            for other in ready:
                if other.row == target.id:
                    other.state, other.notes = "undone", one.notes
            one.state = "applied"
            one.model, one.record = target.res_model or None, target.res_id or None
            return
        words = self.with_context(lang=partner._med_reader_lang())
        partner.with_env(words.env)._med_alarm(
            words.env._("%(code)s takes “%(name)s” back and that cannot be done by itself",
                        code=partner.code, name=target.name),
            words._said(one.problems[0], words.env.lang))

    @api.model
    def _cancel_problem(self, partner, one, target):
        """Return why a cancellation is refused: the same right and words as for a state."""
        name, version = one.fields["schema"], one.fields["version"]
        if name != target.schema:
            return Problem("/schema", plain(_lt(
                "“%(name)s” is of “%(schema)s”: name that."), name=target.name,
                schema=target.schema))
        if not partner._med_right(name, "in").filtered("active"):
            return Problem("/schema", plain(_lt(
                "%(code)s may not send “%(schema)s” here."), code=partner.code, schema=name))
        if self.env["med.exchange.schema"]._med_schema(name, version).state != "active":
            return Problem("/version", plain(_lt(
                "“%(schema)s” has no version %(version)s here that is in force."), schema=name,
                version=version))
        if one.thing["id"] != target.object_key:
            return Problem("/object/id", plain(_lt(
                "“%(name)s” is of “%(thing)s”: name that."), name=target.name,
                thing=target.object_key))
        return None

    @api.model
    def _is_archived_here(self, partner, handler, one, record):
        """Return whether people here took a thing out of use: not so where the partner itself
        took back what made it, and sends it again."""
        if "active" not in record._fields or record.active:
            return False
        last = self.search([
            ("exchange_partner_id", "=", partner.id), ("schema", "=", handler._schema),
            ("object_key", "=", one.thing["id"]), ("res_id", "=", record.id),
            ("state", "in", ("applied", "undone")), ("action", "=", "state")],
            order="settled_at desc, id desc", limit=1)
        return last.state != "undone" or bool(last.mended_id)

    def _take_back(self, anyway):
        """Undo what this message did; return a sentence that says what was undone.

        :param anyway: also where the record was changed here since
        :raise Refused: it cannot be undone, or not before later messages
        """
        self.ensure_one()
        note = self.env._("It had not been applied: nothing to undo.")
        if self.state == "undone":
            return self.note_shown or note
        if self.state == "applied":
            note = self._compensate(anyway)
        self._mark([("undone", note)])
        return note

    def _compensate(self, anyway):
        partner = self.exchange_partner_id
        handler = self.env["med.exchange.handler"]._med_handler(self.schema)
        later = self.search([
            ("exchange_partner_id", "=", partner.id), ("schema", "=", self.schema),
            ("object_key", "=", self.object_key), ("state", "=", "applied"),
            ("action", "=", "state"), ("object_version", ">", self.object_version)],
            order="object_version desc", limit=1)
        if later:
            raise Refused("", self.env._(
                "“%(later)s” was applied to “%(thing)s” later: take that back first.",
                later=later.name, thing=self.object_key))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise Refused("", self.env._("The record is gone: there is nothing to take back."))
        row = self.env["med.exchange.object"]._known(
            partner, self.schema, [self.object_key])[self.object_key]
        if not anyway and row["digest"] != digest_of(handler._med_export(record)[record.id]):
            raise Refused("", self.env._(
                "“%s” was changed here since: a person has to decide.", self.object_key))
        note = handler._med_compensate(partner, record, self._before(), self)
        self.env.flush_all()
        previous = self.search([
            ("exchange_partner_id", "=", partner.id), ("schema", "=", self.schema),
            ("object_key", "=", self.object_key), ("state", "=", "applied"),
            ("action", "=", "state"), ("object_version", "<", self.object_version)],
            order="object_version desc", limit=1)
        self.env["med.exchange.object"]._agree(partner, self.schema, [(
            self.object_key, self.version_before, digest_of(handler._med_export(record)[record.id]),
            record._name, record.id, previous.id or None)])
        return note

    def _mark(self, rows, words=None):
        """Write a state and a note on rows, without a new answer but for the errors' sake.

        :param words: ``{language: note}`` where the note can be said in others
        """
        words = json.dumps(words, ensure_ascii=False) if words and len(words) > 1 else None
        for message, (state, note) in zip(self, rows, strict=True):
            self.env.execute_query(SQL("""
                UPDATE med_exchange_message
                   SET state = %s, note = %s, note_words = %s, settled_at = %s, write_uid = %s,
                       write_date = %s
                 WHERE id = %s RETURNING id""", state, note, words, self.env.cr.now(), self.env.uid,
                self.env.cr.now(), message.id))
        self.invalidate_recordset()
