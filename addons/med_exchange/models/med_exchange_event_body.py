import json
import logging
from functools import partial

from odoo import models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.tools import SQL
from psycopg2 import InterfaceError, OperationalError

from .. import waker
from .med_exchange_event import PENDING

_logger = logging.getLogger(__name__)


class MedExchangeEvent(models.Model):
    """The bodies of events, made before the transaction commits.

    So a body says what was true at its event. Made when it is dealt, it would say what is true
    then, and an event between two others would never be told as it was.
    """

    _inherit = "med.exchange.event"

    def _med_write_pending(self):
        """Write what this cursor will have told; called before it commits, and at savepoints."""
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        # Nobody's language, context or rights are in what others are told.
        env = self.env(su=True, context={})
        written = 0
        for schema in sorted(pending):
            handler = env["med.exchange.handler"]._med_handler(schema)
            records = env[handler._model].browse(sorted(pending[schema])).exists()
            owned = "company_id" in records._fields
            for company, some in records.grouped(
                    lambda one: one.company_id if owned else env["res.company"]).items():  # noqa: B023
                written += env[self._name]._med_write_bodies(
                    handler.with_company(company) if company else handler, some, company,
                    pending[schema])
        if written:
            self.env.cr.postcommit.add(partial(waker.wake, self.env.cr.dbname))

    def _med_write_bodies(self, handler, records, company, origins):
        """Write the events of records of one schema and company; return how many."""
        try:
            with self.env.cr.savepoint(flush=False):
                records = handler.env[records._name].browse(records.ids)
                codes, payloads = handler._med_object_id(records), handler._med_export(records)
                known = self._med_who_may_know(handler, records, company)
                rows = [{**self._med_row(one, codes[one.id], payloads[one.id], origins),
                         "known": known[one.id]} for one in records]
        except (OperationalError, InterfaceError):
            raise  # the transaction is to be run again
        except Exception as error:
            # An exporter that fails keeps nobody from working; a person is told (_med_deal).
            _logger.exception("exchange: %s of %s cannot be told", handler._schema, records)
            rows = [{"res_id": one.id, "object": str(one.id), "body": None, "digest": f"!{one.id}",
                     "problem": str(error)[:1000], "origin": None, "message": None, "known": None}
                    for one in records]
        rows.sort(key=lambda row: row["res_id"])  # locks are taken in one order
        found = self.env.execute_query(SQL("""
            WITH given AS (
                SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
                    res_id integer, object varchar, body text, digest varchar, problem text,
                    origin integer, message integer, known integer[])
                 ORDER BY res_id),
            told AS (
                INSERT INTO med_exchange_event_object AS o (
                    schema, model, res_id, version, digest, transaction, transaction_began)
                SELECT %(schema)s, %(model)s, res_id, 1, digest, pg_current_xact_id(), now()
                  FROM given
                ON CONFLICT (schema, model, res_id) DO UPDATE
                   SET version = o.version + CASE
                         WHEN (o.transaction, o.transaction_began)
                            = (excluded.transaction, excluded.transaction_began) THEN 0
                         ELSE 1 END,
                       digest = excluded.digest, transaction = excluded.transaction,
                       transaction_began = excluded.transaction_began
                 WHERE o.digest <> excluded.digest
             RETURNING res_id, version)
            INSERT INTO med_exchange_event AS e (
                schema, model, res_id, object_id, version, company_id, user_id, event_time, body,
                digest, origin_partner_id, origin_message, state, problem, known_to)
            SELECT %(schema)s, %(model)s, g.res_id, g.object, t.version, %(company)s, %(user)s,
                   now() AT TIME ZONE 'UTC', g.body, g.digest, g.origin, g.message,
                   CASE WHEN g.body IS NULL THEN 'broken' ELSE 'new' END, g.problem, g.known
              FROM told t JOIN given g USING (res_id)
          ORDER BY g.res_id
            ON CONFLICT (schema, model, res_id, version) DO UPDATE
               SET object_id = excluded.object_id, body = excluded.body, digest = excluded.digest,
                   origin_partner_id = excluded.origin_partner_id, state = excluded.state,
                   origin_message = excluded.origin_message, problem = excluded.problem,
                   known_to = excluded.known_to
         RETURNING id""",
            rows=json.dumps(rows), schema=handler._schema, model=records._name,
            company=company.id or None, user=self.env.uid))
        self.invalidate_model()
        return len(found)

    def _med_who_may_know(self, handler, records, company):
        """Return ``{record id: [ids of partners]}`` that may hear of records as they are now.

        Judged with the body, not when it is dealt: a record that has moved on to another partner
        by then does not take to him what was said of the one before.
        """
        found = {one.id: [] for one in records}
        for partner in self._med_listeners(handler._schema):
            if company and partner.company_id != company:
                continue
            env = partner._med_env()
            theirs = env["med.exchange.handler"]._med_handler(handler._schema)
            for one in theirs._med_may_know(
                    partner.with_env(env), env[records._name].browse(records.ids)):
                found[one.id].append(partner.id)
        return found

    def _med_row(self, record, code, payload, origins):
        body = canonical_json(payload)
        origin, message = self._med_origin(origins[record.id])
        return {"res_id": record.id, "object": code, "body": body.decode(),
                "digest": f"sha256:{digest(body)}", "problem": None, "origin": origin,
                "message": message}

    def _med_origin(self, numbers):
        """Return partner and number of the one message that made a record so, if one did."""
        if len(numbers) != 1 or numbers == {0}:
            return None, None
        message = self.env["med.exchange.message"].browse(numbers)
        return message.exchange_partner_id.id, message.id

    def _med_forget(self, events):
        """Let the next event of these records be a new one, whatever it says."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_event_object o SET digest = '!'
              FROM med_exchange_event e
             WHERE e.id = ANY(%s)
               AND (o.schema, o.model, o.res_id) = (e.schema, e.model, e.res_id)""", events.ids))
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_event SET state = 'dealt',
                   dealt_at = now() AT TIME ZONE 'UTC' WHERE id = ANY(%s)""", events.ids))
        self.invalidate_model()
