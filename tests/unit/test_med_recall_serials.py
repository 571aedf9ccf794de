"""Ranges of serial numbers (REQUIREMENTS CN-RC-4, TRC-5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_recall.tools.serials import RangeError, between

requirement = "CN-RC-4 TRC-5 C1"


@pytest.mark.parametrize(("first", "last", "inside", "outside"), [
    ("SN-9", "SN-11", ["SN-9", "SN-10", "SN-11", "sn-010"], ["SN-8", "SN-12", "SN-100", "SM-10"]),
    ("A7", "A8", ["A7", "A7-B", "A8"], ["A6", "A8-B", "A70", "B7"]),
    ("100", "200", ["100", "0150", "200"], ["99", "201", "1500", "x150"]),
    ("2026-A-1", "2026-B-1", ["2026-A-999", "2026-B-1"], ["2026-B-2", "2025-A-5", "2027-A-1"]),
    ("X", "X", ["X", " x "], ["XX", "W"]),
])
def test_a_range_is_counted_as_a_person_counts(first, last, inside, outside):
    assert between([*outside, *inside], first, last) == inside


@pytest.mark.parametrize(("first", "last"), [("", "A1"), ("A1", " "), ("A10", "A9")])
def test_what_is_no_range_is_refused(first, last):
    with pytest.raises(RangeError):
        between(["A5"], first, last)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 12))
def test_numbers_of_one_shape_are_in_a_range_exactly_when_their_numbers_are(low, more, one, width):
    name = f"SN{one:0{width}}"
    assert bool(between([name], f"SN{low}", f"SN{low + more}")) == (low <= one <= low + more)
