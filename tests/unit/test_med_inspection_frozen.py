"""The frozen plan says the same as what it was made of, and what is entered is taken as written."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import frozen, sampling
from odoo.addons.med_inspection.tools.entry import EntryError, entry_value, event_moment
from odoo.addons.med_inspection.tools.reading import Characteristic, Conversion

requirement = "SMP-13 ISO-8.2.6"

ROW = {
    "key": "len", "kind": "measured", "defect_class": "major", "scope": "unit", "required": True,
    "readings": 1, "lower": "9.9", "upper": "", "lower_inclusive": True, "upper_inclusive": True,
    "decimals": "2", "rounding": "half_even", "uom": "mm", "expected": [], "defects": [],
    "record_only": False}
FROZEN = {
    "characteristics": [ROW], "defects": {}, "conversions": [["cm", "mm", "10", "1", "0", "0"]],
    "classes": {"major": {"plan": frozen.keep_plan(sampling.every_unit(2))}}}


def row(number, value="10", unit="1", **values):
    return {"id": number, "characteristic": "len", "unit": unit, "place": 0, "value": value,
            "uom": "mm", "defects": None, "document": None, "retest_of": None, "record": None,
            "corrects": None, **values}


def verdict(rows, voided=()):
    return frozen.verdict(FROZEN, [("1", ["major"]), ("2", ["major"])], rows, voided)


def test_a_plan_survives_json():
    for plan in (sampling.every_unit(9, 1), sampling.zero_binomial(500, "10", "10"),
                 sampling.omitted(5, "why", "who"), sampling.containers(9)):
        assert frozen.read_plan(json.loads(json.dumps(frozen.keep_plan(plan)))) == plan


def test_a_characteristic_is_read_exactly():
    one = frozen.read_characteristic(ROW)
    assert one == Characteristic("len", "measured", lower=Decimal("9.9"), decimals=2, uom="mm")
    assert frozen.read_characteristic({**ROW, "decimals": ""}) == replace(one, decimals=None)


def test_of_corrected_values_the_last_counts():
    first, second = row(1, "9"), row(2, "8", corrects=1)
    assert verdict([first, row(9, unit="2")]).outcome == "not_accepted"
    assert [one["id"] for one in frozen.standing([first, second, row(3, corrects=2)])] == [3]
    told = verdict([first, second, row(3, corrects=2), row(9, unit="2")])
    assert told.outcome == "accepted"


def test_a_retest_counts_beside_the_first_value_until_that_is_voided():
    rows = [row(1, "9"), row(2, retest_of=1, record="OOS-1"), row(3, unit="2")]
    assert verdict(rows).outcome == "not_accepted"
    assert verdict(rows, voided=[1]).outcome == "accepted"
    assert verdict(rows[:1] + rows[2:], voided=[1]).outcome == "not_accepted"
    assert not verdict([rows[0], row(2, retest_of=1), rows[2]]).complete


def test_conversions_run_both_ways_without_rounding():
    there = Conversion(Decimal(5), Decimal(9), Decimal(-32))
    back = Conversion(Decimal(9), Decimal(5), Decimal(0), Decimal(32))
    assert there(Decimal(212)) == 100
    assert back(there(Decimal("98.6"))) == Fraction("98.6")
    assert frozen.conversions(FROZEN)["cm", "mm"](Decimal("1.5")) == 15


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()))
def test_the_digest_knows_no_order_and_every_change(kept):
    turned = dict(reversed(kept.items()))
    assert frozen.digest(kept) == frozen.digest(turned)
    assert frozen.digest({**kept, "one more": 1}) != frozen.digest(kept)


def test_the_digest_of_readings_sees_values_and_what_was_voided():
    rows = [row(1), row(2, unit="2")]
    assert frozen.rows_digest(rows, []) == frozen.rows_digest([dict(one) for one in rows], [])
    for other in (([row(1, "10.0"), rows[1]], []), (rows[::-1], []), (rows, [1]), (rows[:1], [])):
        assert frozen.rows_digest(*other) != frozen.rows_digest(rows, [])


@pytest.mark.parametrize(("value", "text"), [
    (None, ""), (" 10.50 ", "10.50"), (10, "10"), (0.1, "0.1"), (0, "0"), ("pass", "pass")])
def test_a_value_is_taken_as_written(value, text):
    assert entry_value(value) == text


@pytest.mark.parametrize("value", [True, False, [], {}, b"1", 10 ** 60, "x" * 2001])
def test_what_is_no_value_is_refused(value):
    with pytest.raises(EntryError):
        entry_value(value)


@pytest.mark.parametrize(("text", "moment"), [
    ("", None), (None, None), ("2026-01-31T08:15:00Z", datetime(2026, 1, 31, 8, 15)),
    ("2026-01-31 08:15", datetime(2026, 1, 31, 8, 15)),
    ("2026-01-31T08:15:00.25+08:00", datetime(2026, 1, 31, 0, 15))])
def test_times_are_utc(text, moment):
    assert event_moment(text) == moment


@pytest.mark.parametrize("text", ["31.1.2026", "2026-01-31", "2026-13-31T08:15:00Z", 5, "now"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(EntryError):
        event_moment(text)
