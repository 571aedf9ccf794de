"""Confidence and distance of every node of a traced graph.

The database hands over the edges that a walk can reach; this module says how sure each node is
and how many steps it stands away from the nearest root. No recursion, and a loop ends.
"""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
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


@dataclass(frozen=True, slots=True)
class Reach:
    """How a node was reached.

    :ivar level: number of steps from the nearest root
    :ivar exact: at least one way to it consists of exact edges only
    """

    level: int
    exact: bool


def reach(roots, edges, forward=True):
    """Return ``{node: Reach}`` of all nodes that `edges` join to `roots`.

    :param roots: iterable of node ids; each is reached at level 0 and exact
    :param edges: iterable of :class:`Edge`, in any order, loops allowed
    :param forward: follow edges from source to target, else from target to source
    """
    steps = defaultdict(list)
    for edge in edges:
        if forward:
            steps[edge.source].append((edge.target, edge.exact))
        else:
            steps[edge.target].append((edge.source, edge.exact))
    levels = _distances(roots, steps, exact_only=False)
    exact = _distances(roots, steps, exact_only=True)
    return {node: Reach(level, node in exact) for node, level in levels.items()}


def _distances(roots, steps, exact_only):
    """Return ``{node: steps from the nearest root}``, breadth first."""
    distance = dict.fromkeys(roots, 0)
    frontier, level = list(distance), 0
    while frontier:
        level += 1
        following = []
        for node in frontier:
            for target, exact in steps.get(node, ()):
                if target not in distance and (exact or not exact_only):
                    distance[target] = level
                    following.append(target)
        frontier = following
    return distance
