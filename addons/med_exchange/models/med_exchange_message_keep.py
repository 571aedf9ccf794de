import json

from odoo import api, models
from odoo.tools import SQL

from ..tools.coming import moment
from ..tools.words import searched


class MedExchangeMessage(models.Model):
    """How rows are written: all of a submission by one statement."""

    _inherit = "med.exchange.message"

    @api.model
    def _known(self, names, partner):
        """Return ``{id: (digest, state, answer)}`` of messages that came before."""
        return {name: (digest, state, answer)
                for name, digest, state, answer in self.env.execute_query(SQL("""
                    SELECT m.name, m.digest, coalesce(s.state, m.state), m.answer
                      FROM med_exchange_message m
                 LEFT JOIN med_exchange_message s ON s.id = m.same_id
                     WHERE m.exchange_partner_id = %s AND m.authentic AND m.name = ANY(%s)""",
                    partner.id, list(names)))} if names else {}

    @api.model
    def _keep(self, partner, submission, origin, kept):
        """Write rows for Comings and give them their ids.

        The unique index over the ids of a partner decides who is first when two calls bring the
        same message at once: the second waits for the first to end. Then PostgreSQL begins it
        anew (its snapshot is older than the row), and it finds the row of the winner.
        """
        if not kept:
            return
        numbers = [number for [number] in self.env.execute_query(SQL(
            "SELECT nextval('med_exchange_message_id_seq') FROM generate_series(1, %s)",
            len(kept)))]
        rows = []
        for number, one in zip(numbers, kept, strict=True):
            one.row = number
            told, thing, claimed = one.fields, one.thing, one.claims
            rows.append({
                "id": number, "name": one.claimed or None, "authentic": one.authentic,
                "stream_id": one.stream if one.counted else None, "counted": one.counted,
                "sequence": told.get("sequence"), "schema": told.get("schema"),
                "version": told.get("version"), "action": told.get("action"),
                "cancels": told.get("cancels"), "object_key": claimed["object"] or None,
                "object_version": thing.get("version"), "object_base": thing.get("base") or 0,
                "object_seen": thing.get("seen") or 0,
                "sent_at": _stamp(told.get("time")), "event_time": _stamp(told.get("event_time")),
                "words": searched(claimed["payload"]), "body": one.body,
                "size": one.size, "digest": one.digest,
                "key_name": (told.get("signature") or {}).get("key")})
        written = self.env.execute_query(SQL("""
            INSERT INTO med_exchange_message
                   (id, name, authentic, stream_id, counted, sequence, schema, version, action,
                    cancels, object_key, object_version, object_base, object_seen, sent_at,
                    event_time, words, body, size, digest, key_name, exchange_partner_id,
                    company_id, submission_id, origin, state, answer, create_uid, write_uid,
                    create_date, write_date)
            SELECT v.*, %(partner)s, %(company)s, %(submission)s, %(origin)s, 'waiting', '{}',
                   %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM json_to_recordset(%(rows)s::json) AS v(
                    id int, name text, authentic bool, stream_id int, counted bool, sequence int,
                    schema text, version text, action text, cancels text, object_key text,
                    object_version int, object_base int, object_seen int, sent_at timestamp,
                    event_time timestamp, words text, body text, size int, digest text,
                    key_name text)
       ON CONFLICT (exchange_partner_id, name) WHERE authentic DO NOTHING
         RETURNING id""", partner=partner.id, company=partner.company_id.id, submission=submission,
            origin=origin, uid=self.env.uid, now=self.env.cr.now(), rows=json.dumps(rows)))
        assert len(written) == len(rows), "a message that is here already was not found"

    @api.model
    def _settle(self, partner, done):
        """Write what became of messages of a partner, its refusals in his words and in ours."""
        if not done:
            return
        self._put_in_words(partner, done)
        notes = self._notes_in_words(partner, done)
        rows = [{
            "id": one.row, "state": one.state, "answer": json.dumps(one.answer()),
            "problems": json.dumps(
                self._problem_rows(one), ensure_ascii=False) if one.problems else None,
            "res_model": one.model, "res_id": one.record,
            "note": next(iter(notes.get(one, {}).values()), None),
            "note_words": json.dumps(
                notes[one], ensure_ascii=False) if len(notes.get(one, ())) > 1 else None,
            "before": None if one.before is None else json.dumps(one.before),
            "version_before": one.version_before, "trail": one.trail,
            "object_version": one.version if one.state == "applied" and one.thing else None}
            for one in sorted(done, key=lambda one: one.row)]
        self.env.execute_query(SQL("""
            UPDATE med_exchange_message m
               SET state = v.state, answer = v.answer, problems = v.problems,
                   res_model = coalesce(v.res_model, m.res_model),
                   res_id = coalesce(v.res_id, m.res_id), before = coalesce(v.before, m.before),
                   note = coalesce(v.note, m.note), note_words = CASE
                       WHEN v.note IS NULL THEN m.note_words ELSE v.note_words END,
                   trail = coalesce(v.trail, m.trail),
                   version_before = v.version_before,
                   object_version = coalesce(nullif(m.object_version, 0), v.object_version),
                   settled_at = CASE v.state WHEN 'waiting' THEN NULL ELSE %(now)s END,
                   write_date = %(now)s, write_uid = %(uid)s
              FROM json_to_recordset(%(rows)s::json) AS v(
                    id int, state text, answer text, problems text, res_model text, res_id int,
                    note text, note_words text, before text, version_before int, trail text,
                    object_version int)
             WHERE m.id = v.id RETURNING m.id""", rows=json.dumps(rows), uid=self.env.uid,
            now=self.env.cr.now()))
        self.invalidate_model()


def _stamp(text):
    found = moment(text)
    return found.isoformat() if found else None
