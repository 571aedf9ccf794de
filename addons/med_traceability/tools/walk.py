"""Confidence and distance of every node of a traced graph.

The database hands over the edges that a walk can reach; this module says how sure each node is
and how many steps it stands away from the nearest root. No recursion, and a loop ends.
"""

from collections import defaultdict
from typing import NamedTuple


class Edge(NamedTuple):
    """One step from an ingredient to a product.

    :ivar source: node id of the ingredient (a lot's id, or a negative id for a pool)
    :ivar target: node id of the product
    :ivar event: id of the event, 0 for what stayed over in a pool
    :ivar exact: somebody recorded it, or there was no other way
    :ivar quantity: quantity of the ingredient in its own unit
    """

    source: int
    target: int
    event: int
    exact: bool
    quantity: float


class Reach(NamedTuple):
    """How a node was reached.

    :ivar level: number of steps from the nearest root
    :ivar exact: at least one way to it consists of exact edges only
    """

    level: int
    exact: bool


def merge(rows):
    """Return the :class:`Edge` list of found rows, one per pair of nodes and event.

    An ingredient booked in two lines counts with both; one line that met two lines of the same
    product counts once. One exact row makes the edge exact.

    :param rows: list of tuples ``(source, target, event, exact, quantity, line)``
    """
    edges = {row[:3]: Edge._make(row[:5]) for row in rows}
    if len(edges) == len(rows):
        return list(edges.values())
    exact, lines = set(), defaultdict(dict)
    for row in rows:
        lines[row[:3]][row[5]] = row[4]
        if row[3]:
            exact.add(row[:3])
    return [Edge(*key, key in exact, round(sum(quantities.values()), 6))
            for key, quantities in lines.items()]


def reach(roots, edges, forward=True):
    """Return ``{node: Reach}`` of all nodes that `edges` join to `roots`.

    :param roots: iterable of node ids; each is reached at level 0 and exact
    :param edges: iterable of :class:`Edge`, in any order, loops allowed
    :param forward: follow edges from source to target, else from target to source
    """
    steps, sure, all_exact = defaultdict(list), defaultdict(list), True
    near, far = (0, 1) if forward else (1, 0)
    for edge in edges:
        steps[edge[near]].append(edge[far])
        if edge[3]:
            sure[edge[near]].append(edge[far])
        else:
            all_exact = False
    levels = _distances(roots, steps)
    exact = levels if all_exact else _distances(roots, sure)
    return {node: Reach(level, node in exact) for node, level in levels.items()}


def _distances(roots, steps):
    """Return ``{node: steps from the nearest root}``, breadth first."""
    distance = dict.fromkeys(roots, 0)
    frontier, level = list(distance), 0
    while frontier:
        level += 1
        following = []
        for node in frontier:
            for target in steps.get(node, ()):
                if target not in distance:
                    distance[target] = level
                    following.append(target)
        frontier = following
    return distance
