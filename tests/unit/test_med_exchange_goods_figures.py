"""Quantities, times and codes as they cross the border."""

from datetime import datetime
from decimal import Decimal

import pytest
from odoo.addons.med_exchange_goods.tools import figures

requirement = "X1 X5"


@pytest.mark.parametrize(("number", "text"), [
    (0, "0"), (-0.0, "0"), (12.5, "12.5"), (10, "10"), (0.1 + 0.2, "0.3"), (1e-7, "0"),
    (1200000, "1200000"), (-3.25, "-3.25"), (0.000001, "0.000001")])
def test_a_quantity_is_plain_decimal_text(number, text):
    assert figures.text_of(number) == text


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1e400", "1" * 41, None, 5, "1,5"])
def test_what_is_no_finite_number_is_none(text):
    assert figures.number_of(text) is None


def test_a_decimal_text_is_read_exactly():
    assert figures.number_of("12.50") == Decimal("12.50")


@pytest.mark.parametrize(("text", "moment"), [
    ("2026-03-02T08:00:00Z", datetime(2026, 3, 2, 8)),
    ("2026-03-02T08:00:00.5+08:00", datetime(2026, 3, 2)),
    ("2026-03-02T08:00:00", None), ("tomorrow", None), (None, None), (5, None)])
def test_a_time_needs_its_zone(text, moment):
    assert figures.time_of(text) == moment


def test_a_lot_is_named_with_its_product_and_read_back_every_way():
    assert figures.lot_code("ST-1", "L1", 5) == "ST-1/L1"
    assert figures.lot_code("P" * 100, "L" * 100, 5) == "lot-5"
    assert figures.splits("A/B/C") == [("A", "B/C"), ("A/B", "C")]
    assert figures.splits("AB") == figures.splits("/A") == figures.splits("A/") == []


def test_parameters_are_told_one_a_line():
    assert figures.told({"exposure": {"value": "240", "unit": "min"}, "parameters": [
        {"name": "gas", "measured": {"value": "600", "unit": "mg/L"},
         "low": {"value": "500", "unit": "mg/L"}, "text": "EO"}]}) == [
             "exposure, 240 min", "gas, 600 mg/L, low 500 mg/L, EO"]


@pytest.mark.parametrize("text, told", [
    ("9.9", "9.9"), (" 10 ", "10"), ("-.5", "-0.5"), ("007.50", "7.50"), ("1e-3", "0.001"),
    ("-0", "-0"), ("0", "0"), ("", None), (None, None), ("soon", None), ("NaN", None),
    ("1.0000000001", None)])
def test_a_limit_of_people_is_told_as_decimal_text_or_not_at_all(text, told):
    assert figures.plain_decimal(text) == told


@pytest.mark.parametrize("number, unit, low, high", [
    (2, "celsius", "2", "2"), (77, "fahrenheit", "25", "25"), (36, "fahrenheit", "2.3", "2.2"),
    (-4, "fahrenheit", "-20", "-20"), (-80.0, "celsius", "-80", "-80")])
def test_a_limit_of_temperature_is_rounded_into_the_limits(number, unit, low, high):
    found = figures.celsius(number, unit)
    assert (figures.place_text(found, True), figures.place_text(found, False)) == (low, high)


@pytest.mark.parametrize("word, told", [
    ("Unrestricted", True), ("on_hold", False), ("ON-HOLD", False), (" 合格 ", True),
    ("不合格", False), ("待验", False), ("rack 7", None), ("", None)])
def test_a_warehouses_word_is_known_or_nothing_is_said_of_it(word, told):
    assert figures.usable(word) is told


def test_a_unit_as_people_write_it_is_told_by_its_code():
    known = {"Cel", "mm", "um"}
    assert [figures.ucum(one, known) for one in ("°C", "mm", "µm", "per box", "个")] == [
        "Cel", "mm", "um", "{per_box}", "{?}"]


def test_words_that_are_too_many_are_counted():
    assert figures.joined([], 20) == ""
    assert figures.joined(["A", "B"], 20) == "A, B"
    assert figures.joined(["AAAA", "BBBB", "CCCC" * 9], 18) == "AAAA, and 2 more"
    assert figures.joined(["A" * 50], 20) == "1"
