"""The check-out review without a database: differences, people, and who has to be another."""

import pytest
from odoo.addons.med_quality.tools.checkout import (
    CHANGED,
    MISSING,
    differences,
    needs_second,
    obstacle,
    same_person,
)

requirement = "CN-GSP-5 I5"

A, B = (1, 10), (1, 11)


@pytest.mark.parametrize(("wanted", "confirmed", "found"), [
    ({A: 2.0}, {A: 2.0}, []),
    ({}, {}, []),
    ({A: 2.0}, {}, [(A, 2.0, 0.0)]),
    ({A: 2.0}, {A: 3.0}, [(A, 2.0, 3.0)]),
    ({A: 2.0}, {A: 2.0, B: 1.0}, [(B, 0.0, 1.0)]),
    ({A: 0.3}, {A: 0.1 + 0.2}, []),
    ({B: 1.0, A: 1.0}, {}, [(A, 1.0, 0.0), (B, 1.0, 0.0)]),
])
def test_only_what_is_exactly_confirmed_is_no_difference(wanted, confirmed, found):
    assert differences(wanted, confirmed) == found


def test_a_review_that_is_not_closed_or_not_the_same_stops():
    assert obstacle(False, {A: 1.0}, {A: 1.0}) == MISSING
    assert obstacle(True, {A: 1.0}, {A: 2.0}) == CHANGED
    assert obstacle(True, {A: 1.0}, {A: 1.0}) == ""


def test_who_picked_does_not_check_where_a_second_person_is_asked_for():
    assert same_person([1, 2], [2, 3], True) == {2}
    assert same_person([1], [2], True) == set()
    assert same_person([1], [1], False) == set()
    assert same_person([], [1], True) is None


@pytest.mark.parametrize(("choice", "policy", "high_risk", "second"), [
    ("company", "risk", True, True), ("company", "risk", False, False),
    ("company", "always", False, True), ("company", "never", True, False),
    ("second", "never", False, True), ("always", "always", True, False),
])
def test_the_product_goes_before_the_company(choice, policy, high_risk, second):
    assert needs_second(choice, policy, high_risk) is second
