import json
from datetime import timezone

from odoo import fields, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.addons.med_exchange.tools.envelope import EnvelopeError, parse

from ..tools.identity import differences, message_id
from ..tools.vouch import vouching

BATCH = 1_000
SPEC = "med-exchange/1"


class Undone(Exception):
    """Takes a trial back: raised inside its savepoint, caught around it."""


class MedExchangeFile(models.Model):
    """Rows become messages, which go the way of all messages of the partner."""

    _inherit = "med.exchange.file"

    def _med_message_id(self, number, undo=False):
        return message_id(self.digest, self.schema, self.attempt, number, undo)

    def _med_next_number(self, trial=False):
        """Return the number that comes next in the stream, and whether earlier ones are missing.

        The stream is locked until the end. What comes behind a gap waits, by the partner's rule.

        :param bool trial: go on as if what is missing were not, to show what rows would do now
        """
        partner = self.exchange_partner_id.sudo()
        streams = partner._med_env()["med.exchange.stream"]
        stream = self.mapping_id.stream
        number, expected = streams._locked(partner, [stream])[stream]
        held = streams._held({number: ()})[number]
        if not held:
            return expected, False
        first = max(held) + 1
        if trial:
            streams._advance({number: first})
        return first, partner.order_rule == "wait"

    def _med_envelopes(self, plans, first, behind=False):
        """Return envelopes of plans, numbered from ``first`` on.

        :param bool behind: earlier numbers are missing: what version a row follows is not known
        """
        partner = self.exchange_partner_id.sudo()
        known = partner._med_env()["med.exchange.object"]._known(
            partner, self.schema, [plan["key"] for plan in plans])
        return [self._med_envelope(
            plan, number, None if behind else known.get(plan["key"], {}).get("version", 0))
            for number, plan in enumerate(plans, first)]

    def _med_envelope(self, plan, number, base):
        mapping = self.mapping_id
        data = {
            "spec": SPEC, "id": plan["message"], "sender": self.exchange_partner_id.code,
            "stream": mapping.stream, "sequence": number, "schema": self.schema,
            "version": mapping.schema_id.version, "action": "state",
            "time": _iso(fields.Datetime.now()),
            "object": {"id": plan["key"], **(
                {} if base is None else {"version": base + 1, "base": base})},
            "payload": plan["payload"]}
        if event := plan["event"] or (self.event_time and _iso(self.event_time)):
            data["event_time"] = event
        return _sealed(data)

    def _med_refuse_unfit(self, plans):
        """Refuse the rows that are no messages at all: they would hold up those behind them."""
        for plan in plans:
            try:
                parse(self._med_envelope(plan, 1, 0))
            except EnvelopeError as error:
                plan["outcome"] = "refused"
                plan["errors"] = [{"pointer": one.pointer, "message": one.message}
                                  for one in error.problems]

    def _med_submit(self, envelopes):
        """Hand envelopes in as a file; return their answers."""
        partner = self.exchange_partner_id.sudo()
        answers = []
        for start in range(0, len(envelopes), BATCH):
            part = envelopes[start:start + BATCH]
            with vouching(one["digest"] for one in part):
                answers += self.env["med.exchange"].sudo()._med_submit(partner, part, "file")
        return answers

    def _med_states(self, keys):
        """Return ``({key: what the record says now}, keys of those the partner may hear of,
        {key: (number of the record, whether it is in use)})``."""
        partner = self.exchange_partner_id.sudo()
        env = partner._med_env()
        handler = env["med.exchange.handler"]._med_handler(self.schema)
        agreed = env["med.exchange.object"]._known(partner, self.schema, keys)
        found = {}
        for key, one in agreed.items():
            if one["res_id"] and (record := env[handler._model].browse(one["res_id"]).exists()):
                found[key] = record
        left = [key for key in keys if key not in found]
        found |= handler._med_find(partner.with_env(env), left) if left else {}
        records = env[handler._model].union(*found.values()) if found else env[handler._model]
        told = handler._med_export(records) if records else {}
        heard = handler._med_may_know(partner.with_env(env), records) if records else records
        return ({key: told.get(record.id, {}) for key, record in found.items()},
                {key for key, record in found.items() if record in heard},
                {key: (record.id, "active" not in record._fields or record.active)
                 for key, record in found.items()})

    def _med_send(self, plans, keep):
        """Send plans and fill in what each did: ``outcome``, ``changes``, ``errors``, ``row``.

        :param bool keep: whether what was done stays; never when one of them is refused
        :return: whether it stayed
        """
        keys = [plan["key"] for plan in plans]
        try:
            with self.env.cr.savepoint():
                envelopes = self._med_envelopes(plans, *self._med_next_number(not keep))
                before, heard, was = self._med_states(keys)
                answers = self._med_submit(envelopes)
                after, hears, now = self._med_states(keys)
                # What was undone and comes again is made, though it says what it said before.
                before = {key: said for key, said in before.items()
                          if not _comes_again(was[key], now.get(key, was[key]))}
                # A change must not bring a record into his view to tell what it said before.
                hears = {key for key in hears if key in heard or key not in before}
                messages = self.env["med.exchange.message"].sudo().browse(
                    [answer["message"] for answer in answers])
                for plan, answer, message in zip(plans, answers, messages, strict=True):
                    # As who looks at the file reads it: its partner may read another language.
                    answer = {**answer, "errors": message._problems()}
                    self._med_take_answer(plan, answer, before, after)
                    plan["told"] = plan["changes"] if plan["key"] in hears else plan["fields"]
                if not keep or any(plan["outcome"] == "refused" for plan in plans):
                    raise Undone
        except Undone:
            for plan in plans:
                plan["row"] = 0
            return False
        return True

    def _med_take_answer(self, plan, answer, before, after):
        key = plan["key"]
        plan["row"], plan["errors"] = answer["message"], answer["errors"]
        if answer["outcome"] in ("conflict", "waiting"):
            plan["outcome"] = answer["outcome"]
        elif answer["outcome"] != "accepted":
            plan["outcome"] = "refused"
        elif key not in before:
            plan["outcome"] = "make"
        else:
            plan["outcome"] = "change"
        old, new = before.get(key) or {}, after.get(key) or {}
        changes = differences(old, new)
        plan["fields"] = ""
        if plan["outcome"] == "change" and not changes:
            plan["outcome"] = "same"
        plan["changes"] = ""
        if plan["outcome"] in ("make", "change"):
            plan["changes"] = "\n".join(
                f"{pointer}: {_shown(was)} → {_shown(now)}" if plan["outcome"] == "change"
                else f"{pointer}: {_shown(now)}" for pointer, was, now in changes)
            plan["fields"] = "\n".join(pointer for pointer, _was, _now in changes)


def _comes_again(was, now):
    """Return whether another record stands for a key now, or one that was out of use is in use."""
    return was[0] != now[0] or (now[1] and not was[1])


def _shown(value):
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _iso(moment):
    return moment.replace(tzinfo=timezone.utc, microsecond=0).isoformat().replace("+00:00", "Z")


def _sealed(data):
    return {**data, "digest": f"sha256:{digest(canonical_json(data))}"}
