from odoo import api, models
from odoo.tools import SQL

from ..tools.walk import merge

FOREVER = 1_000_000
COUNTED = 4
"""Steps that a walk takes one by one; a longer chain is finished at once, uncounted."""


def int_array(numbers):
    """Return integers as the text of a PostgreSQL array, one constant to parse for thousands."""
    return '{%s}' % str(list(numbers))[1:-1]


def any_of(numbers):
    """Return SQL to put after ``column =`` for thousands of integers.

    They stand in a subquery, since the planner would take a look at each of a plain constant.
    """
    return SQL("ANY((SELECT %s::int[])::int[])", int_array(numbers))


class MedGenealogyWalk(models.AbstractModel):
    """Walks the genealogy: SQL that works from a read-only cursor."""

    _name = 'med.genealogy.walk'
    _description = 'Genealogy Walk'

    def _sql_steps(self, forward, nodes, columns):
        """Return SQL for all edges that leave `nodes` in one direction.

        Each node and each event is looked up by index (OFFSET 0 keeps the planner from joining
        whole tables), so that a walk costs what it finds, in a history of any length.

        :param forward: from ingredient to product, else the other way
        :param nodes: SQL of a row source ``n(node)``
        :param columns: which of ``source, target, event, exact, quantity, line``
        """
        near, far = (SQL("i"), SQL("o")) if forward else (SQL("o"), SQL("i"))
        near_side, far_side = ('in', 'out') if forward else ('out', 'in')
        lines = SQL(
            """
            CROSS JOIN LATERAL (
                SELECT * FROM med_genealogy_line line
                 WHERE line.node = n.node AND line.side = %(near_side)s
                   AND line.transform AND line.active OFFSET 0) %(near)s
            CROSS JOIN LATERAL (
                SELECT * FROM med_genealogy_line line
                 WHERE line.event_id = %(near)s.event_id AND line.side = %(far_side)s
                   AND line.active AND line.node IS NOT NULL OFFSET 0) %(far)s
            """, near=near, far=far, near_side=SQL("'%s'" % near_side),
            far_side=SQL("'%s'" % far_side))
        edges = [
            SQL("SELECT i.node AS source, o.node AS target, i.event_id AS event, "
                "i.certain AND o.lot_id IS NOT NULL AS exact, i.quantity, i.id AS line "
                "FROM %s %s WHERE NOT i.linked OR ((i.certain OR (i.open AND "
                "NOT i.product_id = ANY(COALESCE(o.closed_product_ids, '{}')))) AND NOT EXISTS ("
                "SELECT 1 FROM med_genealogy_link k WHERE k.active AND k.event_id = i.event_id "
                "AND k.input_lot_id = i.lot_id AND k.output_lot_id = o.lot_id))", nodes, lines),
            SQL("SELECT k.input_lot_id, k.output_lot_id, k.event_id, TRUE, k.quantity, -k.id "
                "FROM %s JOIN med_genealogy_link k ON k.active AND k.event_id IS NOT NULL "
                "AND k.%s = n.node", nodes,
                SQL("input_lot_id") if forward else SQL("output_lot_id")),
            SQL("SELECT c.carry_node, c.node, 0, FALSE, c.pool_balance - c.quantity, c.id "
                "FROM %s JOIN med_genealogy_line c ON c.active AND %s = n.node "
                "AND c.carry_node IS NOT NULL", nodes,
                SQL("c.carry_node") if forward else SQL("c.node")),
        ]
        return SQL("SELECT %s FROM (%s) step", columns, SQL(" UNION ALL ").join(edges))

    def _sql_walk(self, roots, forward, depth):
        """Return SQL ``WITH RECURSIVE w(node, level)``: all nodes reached, the roots among them.

        Without `depth` the level stays 0, so that each node is visited once.
        """
        return SQL(
            """
            WITH RECURSIVE w(node, level) AS (
                SELECT unnest(%(roots)s::int[]), 0
                UNION
                SELECT s.node, w.level + %(count)s
                  FROM w CROSS JOIN LATERAL (%(steps)s) s
                 WHERE w.level < %(depth)s
            )
            """, roots=int_array(roots), count=1 if depth else 0, depth=depth or FOREVER,
            steps=self._sql_steps(forward, SQL("(SELECT w.node) n"),
                                  SQL("%s AS node", SQL("target" if forward else "source"))))

    @api.model
    def _reachable(self, roots, forward, depth=0):
        """Return the ids of all nodes that can be reached, the roots among them.

        :param roots: list of node ids
        :param depth: at most so many steps, 0 for all
        """
        rows = self._query(SQL("%s SELECT DISTINCT node FROM w",
                               self._sql_walk(roots, forward, depth)))
        return [node for (node,) in rows]

    @api.model
    def _edges(self, roots, forward, depth=0):
        """Return the :class:`Edge` list of a walk, one per pair of nodes and event.

        Step by step, each node once. What is more than `COUNTED` steps away (untracked stock that
        never ran out) follows from one recursive query.

        :param roots: list of node ids
        :param depth: at most so many steps, 0 for all; beyond `COUNTED` all edges are returned,
            since the database would walk a loop again for each step, and the caller cuts
        """
        self._look_up()
        edges, seen, frontier = [], set(roots), set(roots)
        for _step in range(min(depth or COUNTED, COUNTED)):
            found = self._edges_of(frontier, forward)
            edges += found
            frontier = {edge[1 if forward else 0] for edge in found} - seen
            if not frontier:
                return edges
            seen |= frontier
        if not 0 < depth <= COUNTED:
            rest = set(self._reachable(frontier, forward)) - (seen - frontier)
            edges += self._edges_of(rest, forward)
        return edges

    def _edges_of(self, nodes, forward):
        """Return the :class:`Edge` list that leaves `nodes`; see `_look_up`."""
        return merge(self.env.execute_query(self._sql_steps(
            forward, SQL("unnest(%s::int[]) n(node)", int_array(nodes)), SQL("*"))))

    def _query(self, query):
        """Run a query that looks up much by index."""
        self._look_up()
        return self.env.execute_query(query)

    def _look_up(self):
        """Prepare this transaction for queries that look up much by index.

        Compiling them costs more than running them, and the pages they ask for are in memory: a
        server that was never told so would read whole tables instead.
        """
        self.env.cr.execute(
            "SELECT set_config('jit', 'off', TRUE), set_config('random_page_cost', '1.1', TRUE)")
