import json
import logging

from odoo import api, models
from odoo.tools import SQL, ormcache

_logger = logging.getLogger(__name__)
BATCH = 1000


class MedExchangeEvent(models.Model):
    """Dealing: who hears of an event, and as which number of his line.

    Only events of transactions that have committed are seen, and none is passed by: each says
    itself whether it was dealt. Their ids give the order: who tells of a record again has waited
    for the one before (med.exchange.event.object), and what was done knowing of another event got
    its id after that.
    """

    _inherit = "med.exchange.event"

    def _med_deal(self, limit=BATCH):
        """Deal events that wait, the oldest first; return how many.

        Runs as the superuser, one at a time.
        """
        [[alone]] = self.env.execute_query(SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext('med_exchange.deal'))"))
        if not alone:
            return 0
        events = self.search([("state", "=", "new")], order="id", limit=limit)
        if not events:
            return 0
        wanted, broken = [], {}
        for schema, some in events.grouped("schema").items():
            broken |= some._med_invalid()
            fit = some.filtered(lambda one: one.id not in broken)  # noqa: B023
            for partner in self._med_listeners(schema):
                wanted += [(partner, one)
                           for one in fit._med_known_to(partner)._med_news_to(partner)]
        self._med_number(sorted(wanted, key=lambda pair: pair[1].id))
        self._med_break(broken)
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_event SET state = 'dealt', dealt_at = now() AT TIME ZONE 'UTC'
             WHERE id = ANY(%s)""", [one.id for one in events if one.id not in broken]))
        self.invalidate_model()
        return len(events)

    def _med_listeners(self, schema):
        """Return the partners that hear of a schema, suspended ones too: theirs is kept."""
        return self.env["med.exchange.partner"].browse(self._med_heard().get(schema, ()))

    def _med_known_to(self, partner):
        """Return those of these events, of one schema, that a partner may hear of: of the record
        as it is now, and as it was when the body was made."""
        mine = self.filtered(
            lambda one: not one.company_id or one.company_id == partner.company_id)
        if not mine:
            return mine
        env = partner._med_env()
        handler = env["med.exchange.handler"]._med_handler(self[0].schema)
        records = env[handler._model].browse(set(mine.mapped("res_id"))).exists()
        known = set(handler._med_may_know(partner.with_env(env), records).ids)
        then = {row[0] for row in self.env.execute_query(SQL("""
            SELECT id FROM med_exchange_event
             WHERE id = ANY(%s) AND (known_to IS NULL OR %s = ANY(known_to))""",
            mine.ids, partner.id))}
        return mine.filtered(lambda one: one.res_id in known and one.id in then)

    def _med_news_to(self, partner):
        """Return those of these events, of one schema, that say what a partner does not know.

        Both sides agree on a state when its message made it so here, or it took ours. Such a state
        is not told again, unless something else was told of the record in between that it may not
        have had when it spoke: then our last word has to be the last that arrives. Nor does it know
        what a person here made of its message.
        """
        if not self:
            return self
        agreed = {row[0]: (f"sha256:{row[1]}", row[2]) for row in self.env.execute_query(SQL("""
            SELECT o.res_id, o.digest, EXISTS (
                       SELECT FROM med_exchange_delivery d
                         JOIN med_exchange_event e ON e.id = d.event_id
                        WHERE d.exchange_partner_id = %(partner)s AND d.schema = o.schema
                          AND e.model = o.res_model AND e.res_id = o.res_id
                          AND (d.state = 'queued' OR d.sent_at >= o.write_date))
                   OR EXISTS (
                       SELECT FROM med_exchange_message m
                        WHERE m.id = o.message_id AND (m.mended IS NOT NULL
                              OR m.state = 'ours' AND m.mended_id IS NOT NULL))
              FROM med_exchange_object o
             WHERE o.exchange_partner_id = %(partner)s AND o.schema = %(schema)s
               AND o.res_model = %(model)s AND o.res_id = ANY(%(records)s)""",
            partner=partner.id, schema=self[0].schema, model=self[0].model,
            records=self.mapped("res_id")))}
        news = self.browse()
        for one in self.sorted("id"):
            digest, unsure = agreed.get(one.res_id, ("", True))
            if unsure or one.digest != digest:
                news += one
                agreed[one.res_id] = (digest, True)
        return news

    def _med_stream(self, partner):
        """Return the stream of an event on its way to a partner; each stream has its own order."""
        self.ensure_one()
        return self.schema

    # ------------------------------------------------------------------ numbers

    def _med_number(self, wanted):
        """Queue events on partners' lines under the next numbers.

        :param wanted: ``[(partner, event)]`` in the order in which they are told
        """
        if not wanted:
            return
        keyed = [((partner.id, event._med_stream(partner)), event) for partner, event in wanted]
        lines = self.env["med.exchange.line"]._med_lines({key for key, _event in keyed})
        bases = self._med_bases(lines, keyed)
        last = {line.id: line.last_sequence for line in lines.values()}
        rows = []
        for key, event in keyed:
            line = lines[key]
            last[line.id] += 1
            thing = (line.id, event.schema, event.object_id)
            rows.append({
                "line_id": line.id, "event_id": event.id, "partner": key[0],
                "company": line.company_id.id, "stream": line.stream, "schema": event.schema,
                "object": event.object_id, "version": event.version,
                "base": bases.get(thing, 0), "sequence": last[line.id],
                "message": line._med_message_id(last[line.id])})
            bases[thing] = event.version
        made = [row[0] for row in self.env.execute_query(SQL("""
            INSERT INTO med_exchange_delivery (
                line_id, event_id, exchange_partner_id, company_id, stream, schema, object_id,
                version, base, sequence, message_id, state, attempts, rounds, queued_at)
            SELECT line_id, event_id, partner, company, stream, schema, object, version, base,
                   sequence, message, 'queued', 0, 1,
                   date_trunc('second', now() AT TIME ZONE 'UTC')
              FROM jsonb_to_recordset(%s::jsonb) AS given (
                   line_id integer, event_id integer, partner integer, company integer,
                   stream varchar, schema varchar, object varchar, version integer, base integer,
                   sequence integer, message varchar)
          ORDER BY line_id, sequence
         RETURNING id""", json.dumps(rows)))]
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_line l SET last_sequence = t.last
              FROM unnest(%s::int[], %s::int[]) AS t (id, last) WHERE l.id = t.id""",
            list(last), list(last.values())))
        self.env["med.exchange.line"].invalidate_model()
        deliveries = self.env["med.exchange.delivery"]
        deliveries.invalidate_model()
        deliveries.browse(made)._med_make()

    def _med_bases(self, lines, keyed):
        """Return ``{(line, schema, object id): version}`` that a line was told last."""
        things = {(lines[key].id, event.schema, event.object_id) for key, event in keyed}
        columns = list(map(list, zip(*things, strict=True)))
        return {(line, schema, thing): version for line, schema, thing, version in
                self.env.execute_query(SQL("""
                    SELECT t.line, t.schema, t.object, (
                           SELECT max(d.version) FROM med_exchange_delivery d
                            WHERE d.line_id = t.line AND d.schema = t.schema
                              AND d.object_id = t.object AND d.state <> 'aside')
                      FROM unnest(%s::int[], %s::varchar[], %s::varchar[])
                        AS t (line, schema, object)""", *columns)) if version}

    # ------------------------------------------------------------------ what cannot be told

    @api.model
    @ormcache("schema")
    def _med_schema_version(self, schema):
        """Return the version in which objects of a schema are told: the newest in force."""
        found = self.env["med.exchange.schema"].sudo().search(
            [("name", "=", schema), ("state", "=", "active")], order="major desc, minor desc",
            limit=1)
        return found.version or "1.0"

    def _med_invalid(self):
        """Return ``{event id: why}`` for bodies that their own schema does not allow."""
        schemas, broken = self.env["med.exchange.schema"].sudo(), {}
        for schema, some in self.grouped("schema").items():
            version = self._med_schema_version(schema)
            for one in some:
                problems = schemas._med_problems(schema, version, json.loads(one.body))
                if problems:
                    broken[one.id] = "\n".join(
                        f"{problem.pointer}: {problem.message}" for problem in problems[:20])
        return broken

    def _med_break(self, broken):
        """Keep events that cannot be told apart; :meth:`_med_watch` has a person look at them."""
        if not broken:
            return
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_event e SET state = 'broken', problem = t.problem
              FROM unnest(%s::int[], %s::text[]) AS t (id, problem) WHERE e.id = t.id""",
            list(broken), list(broken.values())))
        self.invalidate_model()

    def _med_watch(self):
        """Have a person look at what cannot be told, once, whoever found that out."""
        events = self.search([("state", "=", "broken"), ("alarmed", "=", False)])
        self.env.cr.execute(SQL(
            "UPDATE med_exchange_event SET alarmed = true WHERE id = ANY(%s)", events.ids))
        self.invalidate_model(["alarmed"])
        for schema, some in events.grouped("schema").items():
            codes = some.mapped("object_id")
            _logger.warning("exchange: %s of %s cannot be told", schema, codes[:20])
            for listener in self._med_listeners(schema):
                partner = listener.with_context(lang=listener._med_reader_lang())
                partner._med_alarm(
                    partner.env._("%(count)s events of “%(schema)s” cannot be told",
                                  count=len(codes), schema=schema),
                    partner.env._("Of %s: see Exchange › Outbox › Events, Cannot Be Told.",
                                  ", ".join(codes[:20])))
