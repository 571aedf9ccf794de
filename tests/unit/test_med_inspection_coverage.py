"""What of a lot went through its process (T3, ISO-7.5.1, CN-GMP-REL)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools.coverage import ORDER, processed


@pytest.mark.parametrize(("rows", "expected"), [
    ([("raw", 10)], 0),
    ([("raw", 10), ("run", 6)], 6),
    ([("raw", 10), ("run", 6), ("run", 4)], 10),
    ([("raw", 4), ("run", 10)], 4),
    ([("raw", 10), ("run", 10), ("raw", 4)], 10),
    # What went through and left does not cover what comes in after it.
    ([("raw", 10), ("run", 10), ("gone", 4), ("raw", 4)], 6),
    ([("raw", 10), ("run", 10), ("scrapped", 4), ("raw", 4)], 6),
    ([("raw", 10), ("run", 10), ("missed", 4), ("raw", 4)], 6),
    # Of a lot that went through in part, nobody knows which units left; what was scrapped was not
    # loaded.
    ([("raw", 10), ("run", 6), ("gone", 6)], 0),
    ([("raw", 10), ("run", 6), ("scrapped", 4)], 6),
    ([("raw", 10), ("run", 6), ("scrapped", 5)], 5),
    # What was delivered comes back as it was, what was missed is found again: not more than that.
    ([("raw", 10), ("run", 10), ("gone", 4), ("back", 4)], 10),
    ([("raw", 10), ("run", 10), ("gone", 4), ("back", 3), ("back", 3)], 10),
    ([("raw", 10), ("back", 3)], 0),
    ([("raw", 10), ("run", 10), ("missed", 2), ("found", 3)], 10),
    ([("raw", 10), ("found", 3)], 0),
    # What joins before a run did not go through with it.
    ([("joined", 4)], 0),
    ([("raw", 10), ("joined", 4), ("run", 10)], 10),
    ([("raw", 10), ("run", 10), ("joined", 4)], 14),
])
def test_what_went_through_is_known_of_what_is_there(rows, expected):
    assert processed([(time, *row) for time, row in enumerate(rows)]) == expected


def test_a_part_of_what_went_through_went_through_and_nothing_it_receives():
    assert processed([(1, "joined", 4), (2, "raw", 3)], whole=True) == 4


def test_at_one_moment_what_came_in_is_before_the_run_and_what_left_behind_it():
    assert processed([(1, "gone", 4), (1, "run", 10), (1, "raw", 10)]) == 6


EVENTS = st.lists(st.tuples(
    st.integers(0, 5), st.sampled_from(ORDER), st.integers(1, 20)), max_size=12)


@given(EVENTS, st.booleans())
def test_never_more_than_is_there_nor_than_went_through(events, whole):
    found = processed(events, whole)
    entered = sum(quantity for _time, what, quantity in events
                  if what in ("raw", "joined", "back", "found"))
    loaded = sum(quantity for _time, what, quantity in events if what in ("run", "joined"))
    assert 0 <= found <= min(entered, loaded)


@given(EVENTS, st.integers(1, 20), st.booleans())
def test_what_comes_in_at_last_never_went_through(events, quantity, whole):
    assert processed([*events, (6, "raw", quantity)], whole) == processed(events, whole)
