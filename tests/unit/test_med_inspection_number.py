"""Numbers are read exactly or not at all, and rounded once."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import number as n

requirement = "ISO-8.2.6"


@pytest.mark.parametrize(("value", "read"), [
    ("1.50", "1.50"), (" 7 ", "7"), ("-.5", "-0.5"), ("1e-3", "0.001"), (0, "0"), (0.1, "0.1"),
    (Decimal("2.10"), "2.10"), (-0.0, "0"), ("+3.", "3")])
def test_a_number_is_read_as_it_is_written(value, read):
    assert n.exact(value) == Decimal(read)


@pytest.mark.parametrize(("value", "code"), [
    (None, "empty"), (False, "empty"), ("", "empty"), ("  ", "empty"), (True, "not_a_number"),
    ("1,5", "not_a_number"), ("1_000", "not_a_number"), ("１２", "not_a_number"),
    ("12 mm", "not_a_number"), ("0x1F", "not_a_number"), ([1], "not_a_number"),
    ("NaN", "not_finite"), ("-inf", "not_finite"), (float("nan"), "not_finite"),
    (float("-inf"), "not_finite"), (Decimal("sNaN"), "not_finite"),
    (Decimal("Infinity"), "not_finite"), ("1e41", "out_of_range"), ("1e999", "out_of_range"),
    ("1" * 41, "out_of_range"), (Decimal("1e-500000"), "out_of_range"),
    ("1e9999", "not_a_number")])
def test_what_is_no_number_has_a_reason(value, code):
    with pytest.raises(n.NumberError) as caught:
        n.exact(value)
    assert caught.value.code == code


def test_a_number_of_many_thousand_digits_is_refused_before_it_is_written_out():
    with pytest.raises(n.NumberError, match="out_of_range"):
        n.exact(10 ** 5000)


@given(st.decimals(-10 ** 6, 10 ** 6, places=6), st.integers(-3, 6))
def test_rounding_is_that_of_decimal_arithmetic(value, decimals):
    step = Decimal(1).scaleb(-decimals)
    for rule, rounding in (("half_up", ROUND_HALF_UP), ("half_even", ROUND_HALF_EVEN)):
        for number in (value, Fraction(value)):
            found = n.rounded(number, decimals, rule)
            assert found == value.quantize(step, rounding)
            assert not (found.is_zero() and found.is_signed())
            assert found.as_tuple().exponent == min(-decimals, 0)


@pytest.mark.parametrize(("value", "decimals", "half_up", "half_even"), [
    ("1.005", 2, "1.01", "1.00"), ("1.015", 2, "1.02", "1.02"), ("-0.5", 0, "-1", "0"),
    ("12.500001", 0, "13", "13"), ("25", -1, "30", "20"), ("2.5", 3, "2.500", "2.500")])
def test_a_tie_goes_up_or_to_the_even_digit(value, decimals, half_up, half_even):
    for number in (Decimal(value), Fraction(value)):
        assert str(n.rounded(number, decimals, "half_up")) == half_up
        assert str(n.rounded(number, decimals, "half_even")) == half_even


def test_a_number_of_forty_digits_is_rounded_whole():
    value = n.exact("9" * 39 + "5")
    assert n.rounded(value, 40, "half_up") == value
    assert n.rounded(value, -1, "half_up") == n.rounded(Fraction(value), -1, "half_up") == 10 ** 40


def test_a_rounding_rule_is_named():
    with pytest.raises(ValueError, match="unknown rounding"):
        n.rounded(Fraction(1), 0, "down")


def test_what_is_shown_is_exact_where_it_can_be():
    assert n.shown(Fraction("25.4")) == Decimal("25.4")
    assert n.shown(Fraction(1, 3)) == Decimal("0.3333333333333333333333333333")
