from dataclasses import dataclass
from datetime import datetime

from odoo import models
from odoo.tools import SQL

DIMENSIONS = ("product", "partner", "workcenter")


@dataclass(frozen=True)
class Found:
    """One signal as the search found it.

    :ivar key: what was the same, as text: thing, product, supplier, work center
    :ivar hit: id of the open hit of this group, or None
    :ivar evidence: new rows as ``(model, id, moment)``, the earliest first
    :ivar count: all rows that count, those known already included
    """

    key: str
    label: str
    defect: int | None
    partner: int | None
    place: int | None
    products: tuple[int, ...]
    hit: int | None
    count: int
    first: datetime
    last: datetime
    evidence: tuple[tuple[str, int, datetime], ...]


class MedTriggerRule(models.Model):
    """How a rule is searched for: one statement over all groups, with a window that slides."""

    _inherit = "med.trigger.rule"

    def _med_search(self, start, end, live=True):
        """Return how many rows were looked at, and the list of :class:`Found`.

        A row is evidence when it lies in a window of so many days that holds as many rows as the
        rule asks for. Live, all new evidence of a group is one signal, and what is evidence of a
        signal that has ended does not count again. On trial, signals more than a window apart
        are told apart, and nothing is known yet.
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(self._med_statement(start, end, live))
        looked = rows.pop()[-1]
        return looked, [Found(
            key, label, defect, partner, place, tuple(products), hit, count, first, last,
            tuple(zip(names, ids, moments, strict=True)))
            for key, label, defect, partner, place, products, hit, count, first, last, names, ids,
            moments, _looked in rows]

    def _med_statement(self, start, end, live):
        return SQL("""
            WITH events AS MATERIALIZED (%(events)s),
            kept AS (
                SELECT %(key)s AS key, max(label) AS label, max(defect_id) AS defect,
                       min(product_id) AS product, min(partner_id) AS partner,
                       min(workcenter_id) AS place, model, res_id, min(moment) AS moment
                  FROM events WHERE %(wanted)s
                 GROUP BY 1, model, res_id),
            fresh AS (%(fresh)s),
            counted AS (
                SELECT *, count(*) OVER (
                           PARTITION BY key ORDER BY moment
                           RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW) AS reached
                  FROM fresh),
            marked AS (
                SELECT *, max(reached) OVER (
                           PARTITION BY key ORDER BY moment
                           RANGE BETWEEN CURRENT ROW AND %(window)s FOLLOWING) AS best
                  FROM counted),
            evidence AS (
                SELECT *, (moment - lag(moment) OVER near <= %(window)s) IS NOT TRUE AS begins
                  FROM marked WHERE best >= %(count)s
                WINDOW near AS (PARTITION BY key ORDER BY moment, model, res_id)),
            signals AS (
                SELECT *, CASE WHEN %(live)s THEN 0 ELSE sum(begins::int) OVER (
                           PARTITION BY key ORDER BY moment, model, res_id) END AS part
                  FROM evidence)
            (SELECT key, max(label), max(defect),
                    CASE WHEN min(partner) = max(partner) AND count(partner) = count(*)
                         THEN min(partner) END,
                    CASE WHEN min(place) = max(place) AND count(place) = count(*)
                         THEN min(place) END,
                    COALESCE(array_agg(DISTINCT product) FILTER (WHERE product IS NOT NULL), '{}'),
                    max(hit), count(*), min(moment), max(moment),
                    array_agg(model ORDER BY moment, model, res_id) FILTER (WHERE hit IS NULL),
                    array_agg(res_id ORDER BY moment, model, res_id) FILTER (WHERE hit IS NULL),
                    array_agg(moment ORDER BY moment, model, res_id) FILTER (WHERE hit IS NULL),
                    0
               FROM signals GROUP BY key, part HAVING bool_or(hit IS NULL)
              ORDER BY max(moment), key)
            UNION ALL
            SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                   (SELECT count(*) FROM kept)::int""",
            events=self._med_events(start, end), key=self._med_key(), wanted=self._med_wanted(),
            fresh=self._med_fresh(live), window=SQL("make_interval(days => %s)", self.days),
            count=self.count, live=live)

    def _med_same(self):
        """Return which of product, supplier and work center must be the same."""
        return [name for name in DIMENSIONS if self[f"by_{name}"]]

    def _med_key(self):
        return SQL("concat_ws('|', thing, %s)", SQL(", ").join(
            SQL("%s", SQL.identifier(f"{name}_id") if name in self._med_same() else "")
            for name in DIMENSIONS))

    def _med_wanted(self):
        """Return what a row must have to count: what must be the same, and a product asked for."""
        wanted = [SQL("%s IS NOT NULL", SQL.identifier(f"{name}_id"))
                  for name in self._med_same()]
        if self.product_tmpl_ids or self.categ_ids:
            below = self.env["product.category"].sudo().search(
                [("id", "child_of", self.categ_ids.ids)]) if self.categ_ids else self.categ_ids
            wanted.append(SQL("""
                product_id IN (SELECT p.id FROM product_product p
                                 JOIN product_template t ON t.id = p.product_tmpl_id
                                WHERE t.id IN %s OR t.categ_id IN %s)""",
                tuple(self.product_tmpl_ids.ids) or (0,), tuple(below.ids) or (0,)))
        return SQL(" AND ").join(wanted) if wanted else SQL("TRUE")

    def _med_fresh(self, live):
        """Return the rows that count: without evidence of ended signals, with that of open ones."""
        if not live:
            return SQL("SELECT *, NULL::int AS hit FROM kept")
        return SQL("""
            SELECT k.*, v.hit_id AS hit FROM kept k
              LEFT JOIN med_trigger_evidence v
                ON v.rule_id = %s AND v.key = k.key AND v.model = k.model AND v.res_id = k.res_id
             WHERE v.id IS NULL OR v.hit_id IN %s""",
            self.id, tuple(self.env["med.trigger.hit"]._med_open(self).ids) or (0,))
