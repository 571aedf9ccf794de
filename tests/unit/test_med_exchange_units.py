"""G1, G6, X6: units are converted exactly, precision by rule, what is lost is noted."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools.units import (
    UnitError,
    convert,
    known,
    normal,
    rounded,
    table,
)

BODY = {
    "type": "object", "properties": {
        "length": {"$ref": "#/$defs/measured", "x-unit": "mm", "x-precision": 2,
                   "x-minimum": "0", "x-maximum": "30"},
        "any": {"$ref": "#/$defs/measured"},
        "angle": {"type": "string", "x-unit": "deg", "x-precision": 1, "x-maximum": "90"},
        "rows": {"type": "array", "items": {"type": "object", "properties": {
            "a/b": {"$ref": "#/$defs/measured", "x-unit": "Cel", "x-precision": 1}}}},
        "plain": {"type": "string"}},
    "$defs": {"measured": {"type": "object", "properties": {
        "value": {"type": "string"}, "unit": {"type": "string"}}}}}


def quantity(value, unit):
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(("value", "unit", "to", "precision", "expected"), [
    ("1", "[in_i]", "mm", 1, "25.4"), ("25.4", "mm", "[in_i]", 0, "1"),
    ("1", "um", "mm", 3, "0.001"), ("1.5", "m", "cm", 0, "150"),
    ("1", "bar", "kPa", 0, "100"), ("1013.25", "mbar", "Pa", 0, "101325"),
    ("1", "[psi]", "Pa", 3, "6894.757"), ("1", "atm", "kPa", 3, "101.325"),
    ("0", "Cel", "K", 2, "273.15"), ("212", "[degF]", "Cel", 1, "100.0"),
    ("-40", "[degF]", "Cel", 0, "-40"), ("98.6", "[degF]", "Cel", 1, "37.0"),
    ("1", "d", "min", 0, "1440"), ("1", "[lb_av]", "g", 5, "453.59237"),
    ("1", "L", "mL", 0, "1000"), ("1", "%", "1", 2, "0.01"), ("1", "%", "[ppm]", 0, "10000"),
    ("25", "kGy", "Gy", 0, "25000"), ("1", "h", "s", 0, "3600"), ("2.5", "{piece}", "{piece}", 1,
                                                                   "2.5"),
])
def test_known_conversions(value, unit, to, precision, expected):
    assert rounded(convert(value, unit, to), precision) == expected


@pytest.mark.parametrize(("value", "unit", "to"), [
    ("1", "mm", "kg"), ("1", "yards", "mm"), ("1", "yards", "yards"), ("1", "{a}", "{b}"),
    ("1", "{a}", "1"), ("1e3", "mm", "mm"), ("1,5", "mm", "mm"), ("", "mm", "mm"),
    ("NaN", "mm", "mm"), ("٣", "mm", "mm"), ("1\n", "mm", "mm"), ("1/2", "mm", "mm"),
    ("9" * 16, "mm", "mm"), ("1", "", ""), ("1", "{}", "{}"), ("1", "MM", "mm"),
])
def test_what_cannot_be_converted_is_refused(value, unit, to):
    with pytest.raises(UnitError):
        convert(value, unit, to)


@pytest.mark.parametrize(("number", "precision", "expected"), [
    ("0.125", 2, "0.12"), ("0.135", 2, "0.14"), ("0.5", 0, "0"), ("1.5", 0, "2"),
    ("-0.125", 2, "-0.12"), ("-0.001", 2, "0.00"), ("10", 2, "10.00"), ("0.999", 2, "1.00"),
])
def test_halves_are_rounded_to_even(number, precision, expected):
    assert rounded(Fraction(number), precision) == expected


@given(st.decimals(-10**9, 10**9, places=4), st.integers(0, 6))
def test_rounding_is_that_of_decimal_arithmetic(number, precision):
    expected = number.quantize(Decimal(1).scaleb(-precision))
    assert Decimal(rounded(Fraction(number), precision)) == expected


@given(st.decimals(-10**6, 10**6, places=3), st.data())
def test_there_and_back_is_exact(number, data):
    code = data.draw(st.sampled_from(sorted(table())))
    other = data.draw(st.sampled_from(sorted(
        one for one in table() if table()[one]["dimension"] == table()[code]["dimension"])))
    there = convert(format(number, "f"), code, other)
    have, want = table()[code], table()[other]
    back = (there + want["offset"]) * want["factor"] / have["factor"] - have["offset"]
    assert back == Fraction(number)


def test_every_unit_of_the_table_is_known_and_has_a_factor():
    for code, row in table().items():
        assert known(code) and row["factor"] > 0 and row["name"] and row["dimension"]


def test_a_payload_is_brought_into_form_and_stays_itself():
    payload = {"length": quantity("1", "[in_i]"), "rows": [{"a/b": quantity("2.25", "Cel")}],
               "any": quantity("1.23456", "kPa"), "plain": "1.23456", "angle": "12.34"}
    found = normal(BODY, payload)
    assert found.payload == {
        "length": quantity("25.40", "mm"), "rows": [{"a/b": quantity("2.2", "Cel")}],
        "any": quantity("1.23456", "kPa"), "plain": "1.23456", "angle": "12.3"}
    assert payload["length"] == quantity("1", "[in_i]")
    assert [one.pointer for one in found.notes] == ["/length", "/rows/0/a~1b", "/angle"]
    assert not found.problems


@pytest.mark.parametrize(("payload", "pointer"), [
    ({"length": quantity("1", "kg")}, "/length/unit"),
    ({"length": quantity("x", "mm")}, "/length/value"),
    ({"length": quantity("30.001", "mm")}, "/length/value"),
    ({"length": quantity("2", "[in_i]")}, "/length/value"),
    ({"length": quantity("-0.001", "mm")}, "/length/value"),
    ({"any": quantity("1", "yards")}, "/any/unit"),
    ({"angle": "90.01"}, "/angle"), ({"angle": "x"}, "/angle"),
    ({"rows": [{}, {"a/b": quantity("1", "mm")}]}, "/rows/1/a~1b/unit"),
])
def test_a_wrong_unit_or_a_value_out_of_range_is_told_at_its_place(payload, pointer):
    """A value that only rounding would bring into its range is out of range."""
    assert [one.pointer for one in normal(BODY, payload).problems] == [pointer]
