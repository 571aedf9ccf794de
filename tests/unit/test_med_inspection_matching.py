"""Which plan applies: everything named must fit, and the most specific one wins."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools.matching import Subject, Target, match

requirement = "ISO-7.4.3 I4"

SUBJECT = Subject(product=7, categories=(30, 20, 10), partner=1, operation=2, workcenter=3)
ALL = Target("all", "Z")
FAR = Target("far", "Y", categories=frozenset({10}))
NEAR = Target("near", "X", categories=frozenset({30}))
OWN = Target("own", "W", products=frozenset({7}))
SUPPLIER = Target("supplier", "V", partners=frozenset({1}))
OPERATION = Target("operation", "U", operations=frozenset({2}))
CENTER = Target("center", "T", workcenters=frozenset({3}))


@pytest.mark.parametrize(("targets", "expected"), [
    ([], None), ([ALL], "all"), ([ALL, FAR], "far"), ([FAR, NEAR], "near"), ([NEAR, OWN], "own"),
    ([OWN, SUPPLIER], "own"), ([ALL, SUPPLIER], "supplier"), ([SUPPLIER, OPERATION], "supplier"),
    ([OPERATION, CENTER], "operation"), ([ALL, CENTER], "center"),
    ([OWN, Target("both", "A", frozenset({7}), partners=frozenset({1}))], "both"),
    ([Target("two", "B"), Target("one", "A")], "one"),
    ([Target("a", "A", frozenset({8}))], None), ([Target("a", "A", partners=frozenset({9}))], None),
    ([Target("a", "A", categories=frozenset({40}))], None),
    ([Target("a", "A", frozenset({8}), frozenset({20}))], "a")])
def test_the_most_specific_target_wins_in_any_order(targets, expected):
    for order in permutations(targets):
        assert match(list(order), SUBJECT) == expected


def test_what_is_named_and_unknown_does_not_fit():
    nothing = Subject()
    for target in (OWN, NEAR, SUPPLIER, OPERATION, CENTER):
        assert match([target], nothing) is None
    assert match([ALL], nothing) == "all"


SETS = st.frozensets(st.integers(0, 3), max_size=2)


@given(st.lists(st.builds(Target, st.integers(), st.sampled_from("ABC"), SETS, SETS, SETS, SETS,
                          SETS), max_size=6))
def test_the_choice_always_fits(targets):
    subject = Subject(0, (1, 2), 0, 1, 2)
    found = match(targets, subject)
    fitting = [one for one in targets if (
        not (one.products | one.categories) or 0 in one.products or {1, 2} & one.categories)
        and (not one.partners or 0 in one.partners) and (not one.operations or 1 in one.operations)
        and (not one.workcenters or 2 in one.workcenters)]
    assert (found is None) == (not fitting)
    assert found is None or found in [one.key for one in fitting]
