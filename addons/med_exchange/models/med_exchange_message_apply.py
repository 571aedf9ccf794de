import logging
from itertools import groupby, islice

import psycopg2
from odoo import api, models
from odoo.addons.med_audit.models.person import speaking
from odoo.exceptions import UserError

from ..exceptions import Problem, Refused
from ..tools.coming import moment
from ..tools.envelope import MOST_PROBLEMS, unfit
from ..tools.words import _lt, plain
from .med_exchange_handler import Item
from .med_exchange_message_judge import digest_of
from .med_exchange_message_words import pointer_of, reason_of

_logger = logging.getLogger(__name__)


class MedExchangeMessage(models.Model):
    """How messages are carried out: as many as possible at once, each with all of it or nothing."""

    _inherit = "med.exchange.message"

    @api.model
    def _process(self, partner, ready):
        """Carry out messages in their order; what becomes of each is written into it."""
        done = []
        for cancel, group in groupby(ready, lambda one: one.fields["action"] == "cancel"):
            # One of another stream may have taken it back before its turn came.
            group = [one for one in group if one.state == "waiting"]
            if cancel:
                # What is taken back may have been applied just now.
                self._settle(partner, set(done))
                done = []
                for one in group:
                    self._cancel(partner, one, ready)
                    self._settle(partner, {one})
            else:
                for part in self._parts(group):
                    self._process_safely(partner, part)
                done += group

    @api.model
    def _parts(self, group):
        """Cut messages into runs of one schema in which no thing comes twice."""
        part, seen = [], set()
        for one in group:
            if part and (one.fields["schema"] != part[0].fields["schema"]
                         or one.thing["id"] in seen):
                yield part
                part, seen = [], set()
            part.append(one)
            seen.add(one.thing["id"])
        if part:
            yield part

    @api.model
    def _process_safely(self, partner, part):
        """Carry out messages so that one which nobody foresaw takes no other with it."""
        try:
            with self.env.cr.savepoint():
                self._process_part(partner, part)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # begun anew as a whole: another transaction was in the way
        except Exception as error:
            for one in part:
                one.forget()
            if len(part) == 1:
                self._blame(part[0], error)
                return
            middle = len(part) // 2
            self._process_safely(partner, part[:middle])
            self._process_safely(partner, part[middle:])

    @api.model
    def _process_part(self, partner, part):
        schema = part[0].fields["schema"]
        right = partner._med_right(schema, "in").filtered("active")
        handlers = self.env["med.exchange.handler"]._med_handlers()
        if not right or schema not in handlers:
            for one in part:
                one.refuse(Problem("/schema", plain(_lt(
                    "%(code)s may not send “%(schema)s” here."), code=partner.code,
                    schema=schema)))
            return
        handler = self.env[handlers[schema]]
        for one in part:
            self._check_payload(partner, handler, one)
        sound = [one for one in part if not one.problems]
        known, records, exports = self._both_sides(partner, handler, sound)
        self._note_seen(partner, handler, sound, records, exports)
        foreign = handler._med_foreign(partner, {one.thing["id"]: (
            one.payload, records.get(one.thing["id"]), exports.get(one.thing["id"]))
            for one in sound if not one.decided})
        wanted = []
        for one in sound:
            key = one.thing["id"]
            if self._judge(partner, right, one, known.get(key), records.get(key),
                           exports.get(key), handler, foreign.get(key)):
                one.before = exports.get(key, {})
                wanted.append((one, records.get(key) or self.env[handler._model]))
        self._carry_out(partner, handler, wanted)

    # ------------------------------------------------------------------ checked

    @api.model
    def _check_payload(self, partner, handler, one):
        """Check what a message says; leave in ``one.payload`` what is to be applied."""
        name, version = one.fields["schema"], one.fields["version"]
        schemas = self.env["med.exchange.schema"]
        payload = one.fields["payload"] if one.mended is None else one.mended
        if one.by_person and (
                faults := list(islice(unfit({"payload": payload}), MOST_PROBLEMS))):
            one.refuse(*faults)  # numbers that no message may have, sent or put in by a person
            return
        schema = schemas._med_schema(name, version)
        if not schema or schema.state != "active":
            one.refuse(Problem("/version", plain(_lt(
                "“%(schema)s” has no version %(version)s here that is in force."), schema=name,
                version=version)))
            return
        problems = schemas._med_problems(name, version, payload)
        if not problems:
            one.payload = schemas._med_normal(name, version, payload)
            if one.payload != payload:
                one.notes = schemas._med_notes(name, version, payload)
            if unread := handler._med_unread(one.payload):
                one.notes.append(Problem("", plain(_lt(
                    "Kept with the message, read into no record: %s."), ", ".join(unread))))
            problems = self._checked_in_words(partner, handler, one.payload)
        one.refuse(*(Problem(f"/payload{problem.pointer}", problem.message, problem.words)
                     for problem in problems), state="rejected" if problems else one.state)

    # ------------------------------------------------------------------ applied

    @api.model
    def _carry_out(self, partner, handler, wanted):
        """Apply messages, all at once if that goes, else by halves down to what is at fault.

        :param wanted: ``[(Coming, record)]``
        """
        if not wanted:
            return
        self.env.flush_all()
        # Those that are written by one statement have one name; each thing is once among them.
        many = handler._together and len(wanted) > 1
        said = [f"{partner.code}#{wanted[0][0].row}" if many else f"{partner.code}/{one.claimed}"
                for one, _record in wanted]
        try:
            with speaking(self.env.cr, said[0]) as say, self.env.cr.savepoint():
                if many:
                    found = self._apply_items(partner, handler, wanted)
                else:
                    found = self._apply_one_by_one(partner, handler, wanted, said, say)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # begun anew as a whole: another transaction was in the way
        except Exception as error:
            if len(wanted) == 1:
                self._blame(wanted[0][0], error, self._in_words(
                    partner, error, lambda lang: self._apply_items(
                        partner.with_context(lang=lang), handler.with_context(lang=lang),
                        [(one, record.with_context(lang=lang)) for one, record in wanted])))
            else:
                middle = len(wanted) // 2
                self._carry_out(partner, handler, wanted[:middle])
                self._carry_out(partner, handler, wanted[middle:])
            return
        exports = handler._med_export(self.env[handler._model].union(*found))
        agreed = []
        for (one, _record), record, trail in zip(wanted, found, said, strict=True):
            one.state, one.model, one.record = "applied", record._name, record.id
            one.trail = trail
            agreed.append((one.thing["id"], one.version, digest_of(exports[record.id]),
                           record._name, record.id, one.row))
        self.env["med.exchange.object"]._agree(partner, handler._schema, agreed)

    @api.model
    def _apply_one_by_one(self, partner, handler, wanted, said, say):
        """Apply messages so that each entry of the audit trail is of one of them.

        :param said: what the trail calls each
        :param say: tells the trail which is carried out from there on
        """
        found = []
        for row, name in zip(wanted, said, strict=True):
            say(name)
            found += self._apply_items(partner, handler, [row])
            self.env.flush_all()
        return found

    @api.model
    def _apply_items(self, partner, handler, wanted):
        items = [Item(one.thing["id"], one.payload, record,
                      moment(one.fields.get("event_time")), one.row) for one, record in wanted]
        found = handler._med_apply(partner, items)
        if len(found) != len(items) or not all(found):
            raise RuntimeError(f"{handler._name} returned {len(found)} of {len(items)} records")
        return found

    @api.model
    def _blame(self, one, error, words=None):
        """Write into a message why it could not be applied.

        :param words: the reason in other languages
        """
        one.before = None
        if isinstance(error, Refused | UserError):
            problem = Problem(f"/payload{pointer_of(error)}", reason_of(error), words or {})
        elif isinstance(error, psycopg2.IntegrityError | psycopg2.DataError):
            problem = Problem("/payload", plain(_lt(
                "The records here do not allow it: %s"), error.diag.message_primary or ""))
        else:
            _logger.error("Message %s could not be applied", one.row, exc_info=error)
            problem = Problem("", plain(_lt(
                "It failed on this side, not by its content. It is kept and can be applied "
                "again.")))
        one.refuse(problem)

    def _med_item(self, payload, record):
        """Return the Item by which a handler makes a record say something in this one's stead."""
        return Item(self.object_key or "", payload, record, self.event_time or None, self.id)
