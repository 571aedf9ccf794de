"""Sums of what a processor was sent: exact, each posting in one column, nothing hidden."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_outsourcing.tools import sums

KINDS = sorted(sums.INTO)
PERIODS = ("before", "within", "after")
quantities = st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False,
                         allow_infinity=False)
keys = st.sampled_from(("A", "B", "C"))
postings = st.lists(st.tuples(
    keys, st.sampled_from(PERIODS), st.sampled_from(("in", "out")), st.sampled_from(KINDS),
    quantities), max_size=60)


def net(rows, key, *periods):
    return sum((quantity if side == "in" else -quantity
                for one, at, side, _kind, quantity in rows if one == key and at in periods),
               Decimal(0))


@given(postings)
def test_sent_is_used_scrapped_returned_and_there(rows):
    """V6 ISO-7.4.3: both sides are the same, and the closing is what the postings leave."""
    for key, one in sums.statement(rows).items():
        assert one.balanced
        assert one.opening == net(rows, key, "before")
        assert one.closing == net(rows, key, "before", "within")
        assert one.moved == net(rows, key, *PERIODS)


@given(postings, st.dictionaries(keys, quantities))
def test_what_was_signed_before_is_the_opening_and_the_rest_is_shown_as_late(rows, signed):
    for key, one in sums.statement(rows, signed=signed).items():
        assert one.balanced
        assert one.opening == signed.get(key, 0)
        assert one.opening + one.late == net(rows, key, "before")
        assert one.closing == net(rows, key, "before", "within")


@given(postings, st.dictionaries(keys, quantities))
def test_what_the_stock_says_beside_the_postings_is_never_hidden(rows, there):
    told = sums.statement(rows, there.items())
    for key in {"A", "B", "C"}:
        difference = there.get(key, Decimal(0)) - net(rows, key, *PERIODS)
        assert (told[key].difference if key in told else 0) == difference


@given(postings)
def test_two_halves_of_a_period_say_what_the_whole_says(rows):
    first = sums.statement([(key, "within", *rest) for key, at, *rest in rows if at == "before"])
    second = sums.statement(
        [(key, at, *rest) for key, at, *rest in rows if at != "after"],
        signed={key: one.closing for key, one in first.items()})
    whole = sums.statement([(key, "within", *rest) for key, at, *rest in rows if at != "after"])
    nothing = sums.Sums()
    for key in {"A", "B", "C"}:
        parts = [one.get(key, nothing) for one in (first, second)]
        for name in sums.MOVED:
            assert sum(getattr(part, name) for part in parts) == getattr(
                whole.get(key, nothing), name)
        assert parts[1].late == 0
        assert parts[1].closing == whole.get(key, nothing).closing


@given(postings)
def test_nothing_is_outdated_until_a_posting_is_added_to_the_period(rows):
    kept = sums.statement(rows)
    assert not sums.outdated(kept, sums.statement(rows))
    later = [*rows, ("A", "within", "in", "transfer", Decimal(1))]
    assert sums.outdated(kept, sums.statement(later)) == {"A"}
    after = [*rows, ("A", "after", "in", "transfer", Decimal(1))]
    assert not sums.outdated(kept, sums.statement(after))


@pytest.mark.parametrize("side", ["in", "out"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_posting_falls_in_exactly_one_column(side, kind):
    told = sums.statement([("A", "within", side, kind, 3)])["A"]
    assert [name for name in sums.MOVED if getattr(told, name)] == [sums.column(side, kind)[0]]
    assert told.closing == (3 if side == "in" else -3)


@pytest.mark.parametrize("row", [
    ("A", "within", "in", "gift", 1), ("A", "within", "up", "scrap", 1),
    ("A", "then", "in", "transfer", 1)])
def test_what_is_unknown_is_refused(row):
    with pytest.raises(KeyError):
        sums.statement([row])


def test_what_is_not_whole_stays_exact():
    rows = [("A", "within", "in", "transfer", "0.1")] * 3
    told = sums.statement([*rows, ("A", "within", "out", "material", "0.3")], [("A", "0")])
    assert "A" in told
    assert told["A"].closing == told["A"].difference == 0
