"""The balance of a lot: exact, complete, and never silent about what it does not know."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_traceability.tools.balance import IN_COLUMNS, OUT_COLUMNS, balance
from odoo.addons.med_traceability.tools.kinds import (
    BALANCE_IN,
    BALANCE_OUT,
    POOL_AWAY,
    POOL_BACK,
    TAKING_APART,
    TRANSFORMATIONS,
)

requirement = "TRC-3"

QUANTITIES = st.decimals(0, 10 ** 9, places=6)
POSTINGS = st.lists(st.one_of(
    st.tuples(st.sampled_from(sorted(BALANCE_IN)), st.just("out"), QUANTITIES),
    st.tuples(st.sampled_from(sorted(BALANCE_OUT)), st.just("in"), QUANTITIES)), max_size=60)


def on_hand(postings):
    return sum((quantity if side == "out" else -quantity for _kind, side, quantity in postings),
               Decimal(0))


@given(POSTINGS)
def test_whatever_came_in_and_did_not_leave_is_there(postings):
    found = balance(postings, on_hand(postings))
    assert found["difference"] == 0
    assert found["balanced"] is True


@given(POSTINGS, st.decimals(-1000, 1000, places=6).filter(bool))
def test_any_difference_is_shown_with_its_sign(postings, missing):
    found = balance(postings, on_hand(postings) - missing)
    assert found["balanced"] is False
    assert found["difference"] == pytest.approx(float(missing))


@given(POSTINGS)
def test_every_posting_counts_in_exactly_one_column(postings):
    found = balance([(kind, side, Decimal(1)) for kind, side, _quantity in postings], 0)
    assert sum(found[column] for column in (*IN_COLUMNS, *OUT_COLUMNS)) == len(postings)
    assert found["in_total"] == sum(found[column] for column in IN_COLUMNS)
    assert found["out_total"] == sum(found[column] for column in OUT_COLUMNS)


@given(POSTINGS, st.randoms())
def test_order_does_not_matter(postings, random):
    shuffled = random.sample(postings, len(postings))
    assert balance(shuffled, 5) == balance(postings, 5)


def test_tenths_are_not_binary():
    postings = [("receipt", "out", "0.3"), ("delivery", "in", "0.1"), ("delivery", "in", "0.2")]
    assert balance(postings, "0")["balanced"] is True
    assert balance([("receipt", "out", "0.1")] * 10, "1.0")["balanced"] is True


@pytest.mark.parametrize("posting", [
    ("", "out", 1), ("nonsense", "out", 1), ("nonsense", "in", 1), ("delivery", "out", 1),
    ("receipt", "in", 1), ("return", "in", 1), ("vendor_return", "out", 1)])
def test_kind_that_has_no_column_is_an_error_and_not_left_out(posting):
    with pytest.raises(KeyError):
        balance([posting], 0)


def test_lot_without_postings():
    found = balance([], 0)
    assert found["balanced"] is True
    assert balance([], "2.5")["difference"] == -2.5


def test_every_transformation_stands_on_both_sides():
    assert set(TRANSFORMATIONS) <= BALANCE_IN.keys() & BALANCE_OUT.keys()
    assert set(TAKING_APART) <= set(TRANSFORMATIONS)
    assert BALANCE_IN.keys() >= set(POOL_BACK)
    assert BALANCE_OUT.keys() >= set(POOL_AWAY)


def test_columns_are_those_of_the_contract():
    assert set(IN_COLUMNS) == {
        "received", "made", "recovered", "returned", "transferred_in", "gained"}
    assert set(OUT_COLUMNS) == {
        "consumed", "shipped", "vendor_returned", "transferred_out", "scrapped", "lost"}
