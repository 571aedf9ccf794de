import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import difference
from ..tools.envelope import UNFIT
from .med_exchange_changes import MOST, VERSION

_logger = logging.getLogger(__name__)
ITEMS = 100_000
SHOWN = 1000  # of what differs is told in the answer; all of it is kept


class MedExchange(models.AbstractModel):
    """Everything a partner may know, and whether he knows it: snapshot and reconciliation."""

    _inherit = "med.exchange"

    @api.model
    def snapshot(self, schema: str, after: int = 0, limit: int = 100):
        """Return a page of all objects of a schema that the calling partner may know.

        Begin with ``after`` 0, go on with ``last`` while ``more``. Then ask for the changes since
        the ``sequence`` of the first page: nothing is missed in between.

        :param schema: name of the schema
        :param after: ``last`` of the page before
        :param limit: 1 to 1,000 objects
        :return: ``{"version": 1, "schema", "schema_version", "sequence", "items", "digest",
            "last", "more"}``; an item: ``{"object": {"id", "version"}, "digest", "payload"}``;
            ``digest``: of this page; on the last page also ``"whole"``: ``{"count", "digest"}`` of
            all pages, as they are now
        """
        partner = self._med_partner()
        self._med_whole("limit", limit, 1, MOST)
        self._med_whole("after", after, 0, 2**31 - 1)
        handler = self._med_heard_handler(partner, schema)
        line = partner.line_ids.filtered(lambda one: one.stream == schema)
        records, last, more = self._med_page(handler, partner, after, limit)
        items = self._med_items(handler, records)
        told = {
            "version": VERSION, "schema": schema, "sequence": line.last_sequence if line else 0,
            "schema_version": self.env["med.exchange.event"]._med_schema_version(schema),
            "items": items, "last": last, "more": more,
            "digest": difference.of_all({one["object"]["id"]: one["digest"] for one in items})}
        if not more:
            whole = {one["object"]["id"]: one["digest"] for one in items} if not after else \
                self._med_digests(handler, partner)
            told["whole"] = {"count": len(whole), "digest": difference.of_all(whole)}
        return told

    @api.model
    def reconcile(self, schema: str, items: list):
        """Compare what the calling partner has with what he should have; keep what differs.

        :param schema: name of the schema
        :param items: all his objects: ``[{"id", "digest"}]`` with digests as in
            :meth:`snapshot`, or ``[{"id", "payload"}]``; at most 100,000
        :return: ``{"version": 1, "reconciliation", "same", "missing_here", "missing_there",
            "differing", "more"}``; ``missing_here``: ids that only he has; ``missing_there``: ids
            that only we have; ``differing``: ``[{"id", "fields": [{"pointer", "ours",
            "theirs"}]}]``, without fields where he gave a digest; ``more``: more of it is kept
            here than is told
        """
        partner = self._med_partner()
        handler = self._med_heard_handler(partner, schema)
        theirs = self._med_their_items(items)
        same, differing, ours = 0, [], set()
        after, more = 0, True
        while more:
            records, after, more = self._med_page(handler, partner, after, MOST)
            for one in self._med_items(handler, records):
                thing = one["object"]["id"]
                ours.add(thing)
                if thing not in theirs:
                    continue
                given = theirs[thing]
                digest = given.get("digest") or difference.of_payload(given["payload"])
                if digest == one["digest"]:
                    same += 1
                    continue
                fields = difference.differences(one["payload"], given["payload"]) \
                    if "payload" in given else []
                differing.append({"id": thing, "fields": [
                    {"pointer": pointer, "ours": _plain(mine), "theirs": _plain(his)}
                    for pointer, mine, his in fields]})
        here, there = sorted(theirs.keys() - ours), sorted(ours - theirs.keys())
        row = self.env["med.exchange.reconciliation"].sudo()._med_keep(
            partner, schema, same, here, there, differing)
        return {"version": VERSION, "reconciliation": row.id, "same": same,
                "missing_here": here[:SHOWN], "missing_there": there[:SHOWN],
                "differing": differing[:SHOWN],
                "more": max(len(here), len(there), len(differing)) > SHOWN}

    # ------------------------------------------------------------------ what he may know

    def _med_heard_handler(self, partner, schema):
        """Return the handler of a schema that a partner hears of, in the partner's environment."""
        if not isinstance(schema, str) or not partner._med_right(schema, "out"):
            raise AccessError(self.env._("schema: you do not hear of “%s”.",
                                         UNFIT.sub("?", str(schema)[:64])))
        env = partner._med_env()
        return env["med.exchange.handler"]._med_handler(schema)

    def _med_page(self, handler, partner, after, limit):
        """Return ``(records, last id looked at, whether there are more)``, by id."""
        model = handler.env[handler._model].with_context(active_test=False)
        domain = Domain("id", ">", after) & partner._med_right(
            handler._schema, "out").with_env(handler.env)._med_domain()
        if "company_id" in model._fields:
            domain &= Domain("company_id", "in", [False, partner.company_id.id])
        found = model.search(domain, order="id", limit=limit + 1)
        page = found[:limit].with_context(handler.env.context)
        known = handler._med_may_know(partner.with_env(handler.env), page)
        return known.sorted("id"), page[-1].id if page else after, len(found) > limit

    def _med_items(self, handler, records):
        payloads, codes = handler._med_export(records), handler._med_object_id(records)
        versions = dict(self.env.execute_query(SQL("""
            SELECT res_id, version FROM med_exchange_event_object
             WHERE schema = %s AND model = %s AND res_id = ANY(%s)""",
            handler._schema, handler._model, records.ids)))
        return [{"object": {"id": codes[one.id], "version": versions.get(one.id, 0)},
                 "digest": difference.of_payload(payloads[one.id]),
                 "payload": payloads[one.id]} for one in records]

    def _med_digests(self, handler, partner):
        found, after, more = {}, 0, True
        while more:
            records, after, more = self._med_page(handler, partner, after, MOST)
            found |= {one["object"]["id"]: one["digest"]
                      for one in self._med_items(handler, records)}
        return found

    def _med_their_items(self, items):
        """Return ``{object id: item}`` of what a partner says that he has."""
        if not isinstance(items, list) or len(items) > ITEMS:
            raise UserError(self.env._("items: a list of at most %s objects.", ITEMS))
        found = {}
        for place, one in enumerate(items):
            if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not (
                    isinstance(one.get("digest"), str) or isinstance(one.get("payload"), dict)):
                raise UserError(self.env._(
                    "items/%s: an id, and a digest or a payload, is what an item holds.", place))
            try:
                difference.check(one)
            except ValueError as error:
                raise UserError(self.env._(
                    "items/%(place)s cannot be compared: %(error)s.", place=place,
                    error=error)) from error
            if one["id"] in found:
                raise UserError(self.env._("items/%(place)s: “%(id)s” is there twice.",
                                           place=place, id=one["id"][:128]))
            found[one["id"]] = one
        return found


def _plain(value):
    """Return a value as both protocols can carry it: XML-RPC knows no None."""
    return "" if value is None else value
