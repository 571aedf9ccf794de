import json

from odoo import api, fields, models
from odoo.addons.med_audit.models.person import speaking
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..exceptions import Refused
from ..flushing import flushing_as
from ..tools.conflict import differences, put

VERSION = 1


class MedExchangeMessage(models.Model):
    """What a person of quality assurance does with a message that needs one."""

    _inherit = "med.exchange.message"

    def mend(self, payload: dict, reason: str):
        """Put another content in the place of one that was refused, and apply it.

        What was sent stays as it was sent; the mended content stands beside it.

        :param payload: the whole content, as the schema wants it
        :return: ``{"version", "state", "errors": [{"pointer", "message"}]}``
        :raise AccessError: only quality assurance may
        :raise UserError: no reason, or the message is not one that can be mended
        """
        self.ensure_one()
        reason = self._person_may(reason, self)
        self._check_open(("rejected", "conflict"))
        self._check_active(self.exchange_partner_id)
        if not isinstance(payload, dict):
            raise UserError(self.env._("payload must be an object: names and values."))
        try:
            text = canonical_json(payload).decode()
        except (ValueError, TypeError, RecursionError) as error:
            raise UserError(self.env._("payload is no plain data: %s", error)) from error
        self._note_person("mend", reason, mended=text)
        return self._again(mended=json.loads(text))

    def decide(self, choices: dict, reason: str, seen: str = ""):
        """Decide a conflict field by field and apply what was decided.

        :param choices: ``{pointer: "ours" or "theirs"}`` for every field that differs (see
            :meth:`both_sides`)
        :param seen: “seen” of the answer of :meth:`both_sides` that was looked at
        :return: as :meth:`mend`
        :raise UserError: a side has changed since, or another thing is missing
        """
        self.ensure_one()
        reason = self._person_may(reason, self)
        self._check_open(("conflict",))
        self._check_active(self.exchange_partner_id)
        sides = self._sides()
        pointers = {pointer for pointer, _ours, _theirs in sides["rows"]}
        if not isinstance(choices, dict) or set(choices) != pointers or (
                set(choices.values()) - {"ours", "theirs"}):
            raise UserError(self.env._(
                "Choose “ours” or “theirs” for each field that differs now: %s.",
                ", ".join(sorted(pointers))))
        if seen != _seen(sides["rows"]):
            raise UserError(self.env._(
                "A side has changed since it was looked at, or “seen” is missing: look at both "
                "sides again, and give the “seen” that comes with them."))
        if pointers and set(choices.values()) == {"ours"}:
            if not sides["record"]:
                raise UserError(self.env._(
                    "There is no record of ours that it is about: return the message."))
            return self._decide_ours(sides, reason)
        payload = sides["theirs"]
        for pointer, ours, _theirs in sides["rows"]:
            if choices[pointer] == "ours":
                payload = put(payload, pointer, ours)
        self._note_person("decide", reason, mended=canonical_json(payload).decode())
        return self._again(mended=payload, decided=True)

    def both_sides(self):
        """Return both sides of a conflict as they are now.

        :return: ``{"version", "differences": [{"pointer", "ours" (JSON text, "" for none),
            "theirs"}], "seen" (to be given to :meth:`decide`)}``
        """
        self.ensure_one()
        self._check_seen()
        rows = self._sides()["rows"]
        return {"version": VERSION, "seen": _seen(rows), "differences": [
            {"pointer": pointer, "ours": _json(ours), "theirs": _json(theirs)}
            for pointer, ours, theirs in rows]}

    def _check_seen(self):
        """Refuse who may not read the message, or our record that it is about."""
        self.check_access("read")
        if self.res_model:
            self.env[self.res_model].browse(self.res_id).exists().check_access("read")

    def apply_again(self, reason: str):
        """Try to apply messages again that were refused, when what hindered them is put right.

        :return: ``{"version", "applied" (how many were)}``
        """
        reason = self._person_may(reason, self)
        self._check_open(("rejected", "conflict"))
        self._check_active(self.exchange_partner_id)
        for message in self:
            message._note_person("apply_again", reason)
        done = 0
        for message in self.sorted("id"):
            done += message._again()["state"] == "applied"
        return {"version": VERSION, "applied": done}

    def give_back(self, reason: str):
        """Return messages to their sender: they are not applied; he reads why in ``status``.

        :return: ``{"version", "returned"}``
        """
        reason = self._person_may(reason, self)
        found = self.filtered(lambda one: one.state in ("rejected", "conflict", "waiting"))
        if len(found) != len(self):
            raise UserError(self.env._("Only what was not applied can be returned."))
        for message in found:
            message._note_person("give_back", reason)
            message.sudo()._mark([("returned", reason)])
        return {"version": VERSION, "returned": len(found)}

    def roll_back(self, reason: str, anyway: bool = False):
        """Take back what a message did: by compensating it, where its kind can.

        :param anyway: also where the record was changed here since, which undoes that as well
        :return: ``{"version", "note" (what was undone)}``
        :raise UserError: it cannot be undone, and why
        """
        self.ensure_one()
        reason = self._person_may(reason, self)
        self._check_open(("applied",))
        if self.action != "state":
            raise UserError(self.env._("What takes a message back is not taken back itself."))
        self._note_person("roll_back", reason)
        partner = self.exchange_partner_id.sudo()
        message = self.with_env(partner._med_env())
        langs = list(dict.fromkeys([*partner._med_langs(), self.env.lang or "en_US"]))
        try:
            with flushing_as(message.env), self._saying(), self.env.cr.savepoint():
                words = message._take_back_in_words(bool(anyway), langs)
        except Refused as error:
            lang = self.env.lang or "en_US"
            words = message._in_words(
                partner, error, lambda lang: message.with_context(lang=lang)._take_back(
                    bool(anyway)), [lang])
            raise UserError(words.get(lang) or error.problem.message) from error
        self.invalidate_recordset()
        return {"version": VERSION, "note": words[self.env.lang or "en_US"]}

    # ------------------------------------------------------------------ behind them

    @api.model
    def _person_may(self, reason, records):
        """Return the reason in short; raise where the caller may not, or says no reason."""
        if not self.env.user.has_group("med_base.med_base_group_qa"):
            raise AccessError(self.env._(
                "Only quality assurance mends, decides, returns or takes back messages."))
        records.check_access("read")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why."))
        return reason.strip()[:500]

    def _check_open(self, states):
        self.check_access("read")
        for message in self:
            if message.state not in states:
                raise UserError(self.env._(
                    "“%(name)s” is “%(state)s” by now: that cannot be done with it.",
                    name=message.display_name, state=dict(
                        self._fields["state"]._description_selection(self.env))[message.state]))
            if not message.authentic:
                raise UserError(self.env._(
                    "“%s” may not be by its sender, or is no message at all: it can be returned, "
                    "not applied.", message.display_name))

    @api.model
    def _check_active(self, partners):
        """Refuse to apply what partners sent who may send nothing now."""
        for partner in partners.sudo():
            if partner.state != "active" or not partner.active:
                raise UserError(self.env._(
                    "The exchange with %s is not active: nothing of it is applied. Activate the "
                    "partner first, or return the message.", partner.code))

    def _note_person(self, what, reason, mended=None):
        """Write who did what and why on a message, and as an entry of the audit trail."""
        for message in self:
            self.env.execute_query(SQL("""
                UPDATE med_exchange_message
                   SET reason = %s, mended_id = %s, mended_at = %s, mended = coalesce(%s, mended)
                 WHERE id = %s RETURNING id""", reason, self.env.uid, fields.Datetime.now(),
                mended, message.id))
            self.env["med.audit.entry"].sudo()._record_event(f"exchange_{what}", message, {
                "partner": message.exchange_partner_id.code, "id": message.name or "",
                "reason": reason})
        self.invalidate_recordset()

    def _saying(self):
        return speaking(self.env.cr, f"{self.exchange_partner_id.code}/{self.name}")

    def _again(self, mended=None, decided=False):
        """Carry out a kept message; return what became of it."""
        self.ensure_one()
        partner = self.exchange_partner_id.sudo()
        messages = self.env["med.exchange.message"].with_env(partner._med_env())
        partner = partner.with_env(messages.env)
        [one] = messages._loaded(self.ids)
        one.by_person, one.decided = True, decided
        if mended is not None:
            one.mended = mended
        with flushing_as(messages.env):
            messages._process(partner, [one])
            messages._settle(partner, {one})
            if one.state == "applied" and one.mended is not None:
                # The sender knows what it sent, not what became of it here.
                messages.env["med.exchange.event"]._med_emit_again(
                    self.schema, messages.env[one.model].browse(one.record))
        self.invalidate_recordset()
        return {"version": VERSION, "state": one.state, "errors": self._problems()}

    @api.model
    def _resume(self, partner, numbers):
        """Carry out messages that waited; return how many were applied."""
        messages = self.env["med.exchange.message"].with_env(partner.sudo()._med_env())
        partner = partner.with_env(messages.env)
        ready = sorted(messages._loaded(numbers),
                       key=lambda one: (one.stream, one.fields["sequence"]))
        with flushing_as(messages.env):
            messages._process(partner, ready)
            messages._settle(partner, set(ready))
            messages._ask_for_a_person(partner, ready)
        return sum(one.state == "applied" for one in ready)

    # ------------------------------------------------------------------ both sides

    def _before(self):
        return json.loads(self.before or "{}")

    def _sides(self):
        """Return ``{"ours", "theirs", "rows", "record", "handler"}`` of a message, as now."""
        partner = self.exchange_partner_id.sudo()
        env = partner._med_env()
        handler = env["med.exchange.handler"]._med_handler(self.schema)
        theirs = env["med.exchange.schema"]._med_normal(
            self.schema, self.version,
            json.loads(self.mended) if self.mended else json.loads(self.body)["payload"])
        record = env[handler._model].browse(self.res_id).exists() if self.res_id else None
        ours = handler._med_export(record)[record.id] if record else {}
        return {"ours": ours, "theirs": theirs, "record": record, "handler": handler,
                "rows": differences(ours, theirs)}

    def _decide_ours(self, sides, reason):
        self._note_person("decide", reason)
        partner = self.exchange_partner_id.sudo().with_env(sides["handler"].env)
        record = sides["record"]
        one = self.with_env(sides["handler"].env)._loaded(self.ids)[0]
        one.state, one.version_before = "ours", self.version_before
        self.with_env(sides["handler"].env)._keep_ours(
            partner, one, record, sides["ours"], sides["handler"])
        sides["handler"].env["med.exchange.event"]._med_emit_again(self.schema, record)
        self.with_env(sides["handler"].env)._settle(partner, {one})
        self.invalidate_recordset()
        return {"version": VERSION, "state": "ours", "errors": []}


def _seen(rows):
    """Return the digest of what both sides say where they differ."""
    return digest(canonical_json([list(row) for row in rows]))


def _json(value):
    return "" if value is None else json.dumps(value, ensure_ascii=False)
