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
