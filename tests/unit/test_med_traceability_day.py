"""When a day and a shift begin and end in a company's own time."""

from datetime import datetime

import pytest
from odoo.addons.med_traceability.tools.day import DayError, local_day, window

requirement = "T4"

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


@pytest.mark.parametrize("begin, end, zone, first, last", [
    ("00:00", "24:00", SHANGHAI, "2026-03-01 16:00", "2026-03-02 16:00"),
    ("08:00", "16:30", SHANGHAI, "2026-03-02 00:00", "2026-03-02 08:30"),
    ("22:00", "06:00", SHANGHAI, "2026-03-02 14:00", "2026-03-02 22:00"),
    ("06:00", "06:00", "UTC", "2026-03-02 06:00", "2026-03-03 06:00"),
])
def test_shift_is_a_span_of_the_companys_time(begin, end, zone, first, last):
    found = window("2026-03-02", begin, end, zone)
    assert tuple(f"{moment:%Y-%m-%d %H:%M}" for moment in found) == (first, last)


@pytest.mark.parametrize("day, hours", [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_day_on_which_clocks_change_is_shorter_or_longer(day, hours):
    begin, end = window(day, "00:00", "24:00", BERLIN)
    assert (end - begin).total_seconds() == hours * 3600


@pytest.mark.parametrize("day, begin, end, field", [
    ("2026-02-30", "00:00", "24:00", "day"), ("", "00:00", "24:00", "day"),
    ("9999-12-31", "00:00", "24:00", "day"), ("2026-03-02", "24:00", "06:00", "time_from"),
    ("2026-03-02", "8:00", "16:00", "time_from"), ("2026-03-02", "08:00", "24:01", "time_to"),
    ("2026-03-02", "08:00", "", "time_to"), ("0001-01-01", "00:00", "24:00", "day")])
def test_what_is_no_day_or_time_is_named(day, begin, end, field):
    with pytest.raises(DayError) as caught:
        window(day, begin, end, SHANGHAI)
    assert str(caught.value) == field


def test_the_day_is_that_of_the_zone():
    assert local_day(datetime(2026, 3, 1, 16, 30), SHANGHAI) == "2026-03-02"
    assert local_day(datetime(2026, 3, 1, 16, 30), BERLIN) == "2026-03-01"
