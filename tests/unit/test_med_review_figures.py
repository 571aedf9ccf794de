"""The formulas of trends and management review, against examples worked out by hand."""

from datetime import date

import pytest
from odoo.addons.med_review.tools.figures import Figure, before, bucket, months, pareto, share

requirement = "ISO-8.4 ISO-5.6 Q8"


@pytest.mark.parametrize("numerator, denominator, per, told", [
    (12, 13, 100, "92.3"),   # 12 ÷ 13 = 0.92307…
    (1, 8, 100, "12.5"),
    (1, 16, 100, "6.3"),     # 6.25, half up
    (3, 250, 100, "1.2"),    # 3 nonconformities in 250 lots: 1.2 per 100
    (47, 3, 1, "15.7"),      # a mean of 47 days over 3 records
    (0, 5, 100, "0.0"),
    (0, 0, 100, ""),         # nothing counted is not 0 %
])
def test_a_share_is_what_one_gets_by_hand(numerator, denominator, per, told):
    assert share(numerator, denominator, per) == told


def test_a_count_is_itself_and_a_share_without_whole_is_empty():
    assert Figure("a", 7).value == "7"
    assert Figure("a", 0, 0, 100).value == ""


def test_causes_stand_by_frequency_with_the_share_of_the_running_sum():
    bars = pareto([("scratch", 3), ("crack", 7), ("burr", 3), ("stain", 1)])
    assert [(one.key, one.count, one.share, one.cumulative) for one in bars] == [
        ("crack", 7, "50.0", "50.0"), ("burr", 3, "21.4", "71.4"),
        ("scratch", 3, "21.4", "92.9"), ("stain", 1, "7.1", "100.0")]
    assert pareto([]) == []


@pytest.mark.parametrize("days, name", [
    (0, "0_30"), (30, "0_30"), (31, "31_60"), (60, "31_60"), (61, "61_90"), (90, "61_90"),
    (91, "over_90")])
def test_each_age_falls_into_one_span(days, name):
    assert bucket(days) == name


@pytest.mark.parametrize("period, told", [
    ((date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31))),
    ((date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 1, 31))),
    ((date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))),
    ((date(2026, 3, 5), date(2026, 3, 11)), (date(2026, 2, 26), date(2026, 3, 4))),
    ((date(2026, 3, 1), date(2026, 3, 1)), (date(2026, 2, 28), date(2026, 2, 28)))])
def test_a_period_is_compared_with_one_as_long(period, told):
    assert before(*period) == told


def test_the_last_months_end_with_this_one():
    assert months(date(2026, 2, 10), 3) == [
        (date(2025, 12, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28))]
