"""Confidence and distance of a traced graph, against a naive search."""

import time

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_traceability.tools.walk import Edge, Reach, merge, reach

requirement = "T1 T8 TRC-1 TRC-4"

NODES = st.integers(-8, 8)
EDGES = st.lists(st.builds(
    Edge, source=NODES, target=NODES, event=st.integers(0, 3), exact=st.booleans(),
    quantity=st.just(1.0)), max_size=40)
ROOTS = st.lists(NODES, max_size=4)


def naive(roots, edges, forward):
    """Every way is tried again and again until nothing is new."""
    levels, exact = dict.fromkeys(roots, 0), set(roots)
    for level in range(len(edges) + 1):
        for edge in edges:
            near, far = (edge.source, edge.target) if forward else (edge.target, edge.source)
            if levels.get(near) == level and far not in levels:
                levels[far] = level + 1
            if near in exact and edge.exact:
                exact.add(far)
    for _again in edges:
        for edge in edges:
            near, far = (edge.source, edge.target) if forward else (edge.target, edge.source)
            if near in exact and edge.exact:
                exact.add(far)
    return {node: Reach(level, node in exact) for node, level in levels.items()}


@given(ROOTS, EDGES, st.booleans())
def test_reach_is_what_a_naive_search_finds(roots, edges, forward):
    assert reach(roots, edges, forward) == naive(roots, edges, forward)


@given(ROOTS, EDGES, st.booleans())
def test_order_and_repetition_of_edges_do_not_matter(roots, edges, forward):
    assert reach(roots, edges[::-1] + edges, forward) == reach(roots, edges, forward)


@given(ROOTS, EDGES)
def test_backward_is_forward_with_the_edges_turned_round(roots, edges):
    turned = [edge._replace(source=edge.target, target=edge.source) for edge in edges]
    assert reach(roots, edges, forward=False) == reach(roots, turned, forward=True)


@given(ROOTS, EDGES, EDGES)
def test_another_edge_never_hides_a_node_nor_makes_it_less_sure(roots, edges, more):
    few, many = reach(roots, edges), reach(roots, edges + more)
    assert few.keys() <= many.keys()
    for node, how in few.items():
        assert many[node].level <= how.level
        assert many[node].exact or not how.exact


@given(ROOTS, EDGES)
def test_roots_stand_at_level_nought_and_are_exact(roots, edges):
    found = reach(roots, edges)
    assert all(found[root] == Reach(0, True) for root in roots)


def test_possible_step_makes_everything_behind_it_possible():
    edges = [Edge(1, 2, 1, True, 1), Edge(2, 3, 2, False, 1), Edge(3, 4, 3, True, 1)]
    assert {node: how.exact for node, how in reach([1], edges).items()} == {
        1: True, 2: True, 3: False, 4: False}


def test_a_longer_exact_way_makes_sure_what_a_short_way_leaves_open():
    edges = [Edge(1, 3, 1, False, 1), Edge(1, 2, 2, True, 1), Edge(2, 3, 3, True, 1)]
    assert reach([1], edges)[3] == Reach(1, True)


def test_loops_end():
    ring = [Edge(node, (node + 1) % 5, 1, True, 1) for node in range(5)] + [Edge(2, 2, 2, True, 1)]
    assert {node: how.level for node, how in reach([3], ring).items()} == {
        3: 0, 4: 1, 0: 2, 1: 3, 2: 4}


def test_chain_of_a_hundred_thousand_nodes_ends_without_recursion():
    started = time.monotonic()
    edges = [Edge(node, node + 1, node, True, 1) for node in range(100_000)]
    found = reach([0], edges)
    assert found[100_000] == Reach(100_000, True)
    assert time.monotonic() - started < 10


def test_nothing_is_reached_from_nothing():
    assert reach([], [Edge(1, 2, 1, True, 1)]) == {}
    assert reach([5], []) == {5: Reach(0, True)}


def test_rows_of_one_pair_and_event_are_one_edge():
    rows = [(1, 2, 7, False, 0.1, 50), (1, 2, 7, False, 0.2, 51),  # two lines of the ingredient
            (1, 2, 8, True, 4.0, 52), (1, 2, 8, False, 4.0, 52),   # a line met two of the product
            (3, 2, 7, True, 1.0, 53)]
    assert merge(rows) == [Edge(1, 2, 7, False, 0.3), Edge(1, 2, 8, True, 4.0),
                           Edge(3, 2, 7, True, 1.0)]
    assert merge(rows[:1] + rows[4:]) == [Edge(1, 2, 7, False, 0.1), Edge(3, 2, 7, True, 1.0)]
    assert merge([]) == []
