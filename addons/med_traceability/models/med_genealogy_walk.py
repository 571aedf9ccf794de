from odoo import api, models
from odoo.tools import SQL

from ..tools.walk import Edge

FOREVER = 1_000_000


class MedGenealogyWalk(models.AbstractModel):
    """Walks the genealogy: SQL that works from a read-only cursor."""

    _name = 'med.genealogy.walk'
    _description = 'Genealogy Walk'

    def _sql_steps(self, forward, nodes, columns):
        """Return SQL for all edges that leave `nodes` in one direction.

        :param forward: from ingredient to product, else the other way
        :param nodes: SQL of a row source ``n(node)``
        :param columns: `_EDGE` or `_NODE`
        """
        near, far = (SQL("i"), SQL("o")) if forward else (SQL("o"), SQL("i"))
        near_side, far_side = ('in', 'out') if forward else ('out', 'in')
        lines = SQL(
            """
            JOIN med_genealogy_line %(near)s ON %(near)s.node = n.node
                 AND %(near)s.side = %(near_side)s AND %(near)s.transform AND %(near)s.active
            JOIN med_genealogy_line %(far)s ON %(far)s.event_id = %(near)s.event_id
                 AND %(far)s.side = %(far_side)s AND %(far)s.active AND %(far)s.node IS NOT NULL
            """, near=near, far=far, near_side=SQL("'%s'" % near_side),
            far_side=SQL("'%s'" % far_side))
        edges = [
            SQL("SELECT i.node AS source, o.node AS target, i.event_id AS event, "
                "i.certain AND o.lot_id IS NOT NULL AS exact, i.id AS line, i.quantity "
                "FROM %s %s WHERE NOT i.linked", nodes, lines),
            SQL("SELECT i.node, o.node, i.event_id, i.certain, i.id, i.quantity FROM %s %s "
                "WHERE i.linked AND (i.certain OR (i.open AND "
                "NOT i.product_id = ANY(COALESCE(o.closed_product_ids, '{}')))) AND NOT EXISTS ("
                "SELECT 1 FROM med_genealogy_link k WHERE k.active AND k.event_id = i.event_id "
                "AND k.input_lot_id = i.lot_id AND k.output_lot_id = o.lot_id)", nodes, lines),
            SQL("SELECT k.input_lot_id, k.output_lot_id, k.event_id, TRUE, -k.id, k.quantity "
                "FROM %s JOIN med_genealogy_link k ON k.active AND k.event_id IS NOT NULL "
                "AND k.%s = n.node", nodes,
                SQL("input_lot_id") if forward else SQL("output_lot_id")),
            SQL("SELECT c.carry_node, c.node, 0, FALSE, c.id, c.pool_balance - c.quantity "
                "FROM %s JOIN med_genealogy_line c ON c.active AND %s = n.node "
                "AND c.carry_node IS NOT NULL", nodes,
                SQL("c.carry_node") if forward else SQL("c.node")),
        ]
        return SQL("SELECT %s FROM (%s) step", columns, SQL(" UNION ALL ").join(edges))

    @api.model
    def _reachable(self, roots, forward, depth=0):
        """Return the ids of all nodes that can be reached, the roots among them.

        :param roots: list of node ids
        :param depth: at most so many steps, 0 for all
        """
        steps = self._sql_steps(
            forward, SQL("(SELECT w.node) n"), SQL("target AS node") if forward
            else SQL("source AS node"))
        rows = self.env.execute_query(SQL(
            """
            WITH RECURSIVE w(node, level) AS (
                SELECT unnest(%(roots)s::int[]), 0
                UNION
                SELECT s.node, w.level + %(count)s
                  FROM w CROSS JOIN LATERAL (%(steps)s) s
                 WHERE w.level < %(depth)s
            ) SELECT DISTINCT node FROM w
            """, roots=list(roots), count=1 if depth else 0, steps=steps,
            depth=depth or FOREVER))
        return [node for (node,) in rows]

    @api.model
    def _edges(self, nodes, forward):
        """Return the :class:`Edge` list that leaves `nodes`, one per pair of nodes and event."""
        rows = self.env.execute_query(SQL(
            """
            SELECT source, target, event, bool_or(exact), sum(quantity)::float8
              FROM (SELECT DISTINCT source, target, event, exact, line, quantity
                      FROM (%s) pair) pair
          GROUP BY source, target, event
            """, self._sql_steps(
                forward, SQL("unnest(%s::int[]) n(node)", list(nodes)), SQL("*"))))
        return [Edge(*row) for row in rows]
