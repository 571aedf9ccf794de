"""What the box of a deviation covers, and what is left in it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_nonconformity.tools.box import Box, fits, left, obstacle, runs_low

requirement = "ISO-8.3.2 CN-GMP-QA"

NOW = datetime(2026, 1, 31, 12)
HOUR = timedelta(hours=1)
BOX = Box(NOW - HOUR, None, None, frozenset({1, 2}), frozenset({10}), 5.0)


@pytest.mark.parametrize(("changes", "at", "product", "lot", "told"), [
    ({}, NOW, 1, 10, ""), ({"approved": None}, NOW, 1, 10, "unapproved"),
    ({}, NOW - 2 * HOUR, 1, 10, "unapproved_then"),
    ({"start": NOW}, NOW, 1, 10, ""), ({"start": NOW + HOUR}, NOW, 1, 10, "early"),
    ({"end": NOW}, NOW, 1, 10, ""), ({"end": NOW - HOUR / 2}, NOW, 1, 10, "ended"),
    ({}, NOW, 3, 10, "product"), ({}, NOW, 0, 10, "product"), ({}, NOW, 2, 11, "lot"),
    ({}, NOW, 2, 0, "which_lot"), ({"lots": frozenset()}, NOW, 2, 0, ""),
    ({"lots": frozenset(), "quantity": 0.0}, NOW, 2, 7, "open"),
    ({"quantity": 0.0}, NOW, 2, 10, "")])
def test_why_a_box_does_not_cover(changes, at, product, lot, told):
    assert obstacle(replace(BOX, **changes), at, product, lot) == told


def test_what_is_left_never_is_below_zero_and_nothing_limited_leaves_nothing():
    assert [left(replace(BOX, used=used)) for used in (0.0, 1.5, 5.0, 6.0)] == [5, 3.5, 0, 0]
    assert left(replace(BOX, quantity=0.0, used=3.0)) == 0


@pytest.mark.parametrize(("used", "wanted", "fit"), [
    (0.0, 5.0, True), (0.0, 5.000001, False), (4.0, 1.0, True), (5.0, 0.00001, False)])
def test_no_more_than_the_box_fits(used, wanted, fit):
    assert fits(replace(BOX, used=used), wanted) is fit
    assert fits(replace(BOX, quantity=0.0, used=used), wanted)


@given(st.integers(1, 400))
def test_as_many_parts_as_make_the_whole_fit_and_not_one_more(parts):
    """Thirds and sevenths of a unit add up, whatever floats make of them."""
    box = replace(BOX, quantity=1.0)
    for _part in range(parts):
        assert fits(box, 1 / parts)
        box = replace(box, used=box.used + 1 / parts)
    assert not fits(box, 1 / parts)


@pytest.mark.parametrize(("used", "wanted", "low"), [
    (0.0, 3.9, False), (0.0, 4.0, True), (3.9, 0.1, True), (4.0, 0.5, False)])
def test_four_fifths_are_told_once(used, wanted, low):
    assert runs_low(replace(BOX, used=used), wanted) is low
    assert not runs_low(replace(BOX, quantity=0.0, used=used), wanted)
