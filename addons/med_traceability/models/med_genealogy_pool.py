from odoo import models
from odoo.tools import SQL

from ..tools.kinds import POOL_AWAY, POOL_BACK


class MedGenealogy(models.AbstractModel):
    """Untracked stock: a pool for each product, crossed inflow by inflow."""

    _inherit = 'med.genealogy'

    def _pool(self, line_ids):
        """Give untracked lines their place in the pool of their product.

        An inflow is a node; what flows out comes from the last inflow before it. An inflow
        carries over what the pool still held: a pool that ran empty cuts the chain. Stock that
        comes back, or is found by a count, was there before, and so was what is still out with a
        consignee: those carry over always. A pool that was overdrawn carries over too, and what
        was booked out before it came in counts as of the next inflow.
        """
        cr = self.env.cr
        cr.execute(
            """
            UPDATE med_genealogy_line l
               SET node = old.node, carry_node = old.carry_node, pool_shipped = old.pool_shipped,
                   pool_balance = old.pool_balance + l.quantity - old.quantity
              FROM (SELECT DISTINCT ON (l.id) l.id, old.node, old.carry_node, old.pool_balance,
                           old.pool_shipped, old.quantity
                      FROM med_genealogy_line l
                      JOIN med_genealogy_line old ON old.move_line_id = l.move_line_id
                           AND old.side = l.side AND old.lot_id IS NULL AND old.id < l.id
                           AND old.node IS NOT NULL AND NOT old.active
                     WHERE l.id = ANY(%s) ORDER BY l.id, old.id DESC) old
             WHERE l.id = old.id
            """, [line_ids])
        # Two inflows at once would both follow the same one: the later transaction starts again.
        cr.execute(
            """
            UPDATE product_product SET write_date = write_date WHERE id IN (
                SELECT product_id FROM med_genealogy_line
                 WHERE id = ANY(%s) AND side = 'out' AND node IS NULL)
            """, [line_ids])
        cr.execute(
            """
            WITH fresh AS (
                SELECT id, product_id, side, kind, quantity FROM med_genealogy_line
                 WHERE id = ANY(%(lines)s) AND node IS NULL
            ), before AS (
                SELECT p.product_id, p.first, i.node, i.pool_balance - used.quantity AS rest,
                       COALESCE(i.pool_shipped OR used.away, FALSE) AS away
                  FROM (SELECT product_id, min(id) AS first FROM fresh GROUP BY product_id) p
             LEFT JOIN LATERAL (
                       SELECT node, pool_balance, pool_shipped FROM med_genealogy_line
                        WHERE product_id = p.product_id AND lot_id IS NULL AND side = 'out'
                          AND active AND node > -p.first AND node < 0
                     ORDER BY node LIMIT 1) i ON TRUE
             LEFT JOIN LATERAL (
                       SELECT COALESCE(sum(quantity) FILTER (WHERE id > -i.node), 0) AS quantity,
                              bool_or(kind = ANY(%(away)s)) AS away
                         FROM med_genealogy_line
                        WHERE node = i.node AND lot_id IS NULL AND side = 'in' AND active
                       ) used ON TRUE
            ), ledger AS (
                SELECT product_id, 0 AS id, 'out' AS side, NULL AS kind, 0 AS quantity,
                       GREATEST(rest, 0) AS delta, node, away, COALESCE(rest < 0, TRUE) AS short
                  FROM before
                 UNION ALL
                SELECT product_id, id, side, kind, quantity,
                       CASE side WHEN 'out' THEN quantity ELSE -quantity END,
                       CASE side WHEN 'out' THEN -id END, side = 'in' AND kind = ANY(%(away)s),
                       FALSE FROM fresh
            ), running AS (
                SELECT *, sum(delta) OVER sofar AS total, bool_or(away) OVER sofar AS shipped,
                       count(*) FILTER (WHERE side = 'out') OVER sofar AS era
                  FROM ledger WINDOW sofar AS (PARTITION BY product_id ORDER BY id)
            ), floored AS (
                SELECT *, total - LEAST(0, min(total) OVER (PARTITION BY product_id ORDER BY id))
                       AS balance FROM running
            ), placed AS (
                SELECT *, lag(balance) OVER (PARTITION BY product_id ORDER BY id) AS rest
                  FROM floored
            ), era AS (
                SELECT product_id, era, min(node) AS node,
                       bool_or(short OR (side = 'in' AND quantity > rest)) AS short
                  FROM placed GROUP BY product_id, era
            ), settled AS (
                SELECT *, COALESCE(
                       min(era) FILTER (WHERE NOT short) OVER (
                           PARTITION BY product_id ORDER BY era
                           ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
                       max(era) OVER (PARTITION BY product_id)) AS served_by
                  FROM era
            ), changed AS (
                SELECT p.id, CASE p.side WHEN 'out' THEN p.node ELSE served.node END AS node,
                       CASE p.side WHEN 'out' THEN p.balance END AS pool_balance,
                       CASE p.side WHEN 'out' THEN p.shipped END AS pool_shipped,
                       CASE WHEN p.side = 'out' AND (p.rest > 0 OR p.shipped OR last.short
                                 OR p.kind = ANY(%(back)s)) THEN last.node END AS carry_node
                  FROM placed p
                  JOIN settled own ON own.product_id = p.product_id AND own.era = p.era
                  JOIN settled served ON served.product_id = p.product_id
                       AND served.era = own.served_by
             LEFT JOIN settled last ON last.product_id = p.product_id AND last.era = p.era - 1
                 WHERE p.id <> 0
                 UNION ALL
                SELECT l.id, served.node, NULL, NULL, NULL
                  FROM before b
                  JOIN settled own ON own.product_id = b.product_id AND own.era = 1
                  JOIN settled served ON served.product_id = b.product_id
                       AND served.era = own.served_by AND served.era > 1
            CROSS JOIN LATERAL (
                       SELECT id FROM med_genealogy_line
                        WHERE node = b.node AND lot_id IS NULL AND side = 'in' AND active
                        UNION ALL
                       SELECT id FROM med_genealogy_line
                        WHERE product_id = b.product_id AND b.node IS NULL AND node IS NULL
                          AND lot_id IS NULL AND side = 'in' AND active AND id < b.first) l
            )
            UPDATE med_genealogy_line l
               SET node = changed.node, pool_balance = changed.pool_balance,
                   pool_shipped = changed.pool_shipped, carry_node = changed.carry_node
              FROM changed WHERE l.id = changed.id
            """, {'lines': line_ids, 'away': list(POOL_AWAY), 'back': list(POOL_BACK)})

    def _pool_withdrawn(self, where):
        """Hand on what came after an inflow that turned out not to have happened.

        :param where: SQL condition on the move lines ``l.move_line_id`` that were edited
        """
        self.env.cr.execute(SQL(
            """
            WITH RECURSIVE gone AS (
                SELECT l.node, max(l.carry_node) AS carry_node FROM med_genealogy_line l
                 WHERE NOT l.active AND l.lot_id IS NULL AND l.side = 'out' AND l.node < 0
                   AND %s AND NOT EXISTS (
                       SELECT 1 FROM med_genealogy_line o WHERE o.node = l.node AND o.active
                          AND o.side = 'out' AND o.lot_id IS NULL)
              GROUP BY l.node
            ), heir AS (
                SELECT node, carry_node AS heir FROM gone
                 UNION
                SELECT heir.node, gone.carry_node FROM heir JOIN gone ON gone.node = heir.heir
            ), last AS (
                SELECT DISTINCT ON (node) node, heir FROM heir
                 WHERE heir IS NULL OR heir NOT IN (SELECT node FROM gone)
              ORDER BY node, heir DESC NULLS LAST
            )
            UPDATE med_genealogy_line l
               SET node = CASE WHEN l.node = last.node THEN last.heir ELSE l.node END,
                   carry_node = CASE WHEN l.carry_node = last.node THEN last.heir
                                     ELSE l.carry_node END
              FROM last
             WHERE l.active AND l.lot_id IS NULL AND (
                   (l.side = 'in' AND l.node = last.node) OR l.carry_node = last.node)
            """, where))
