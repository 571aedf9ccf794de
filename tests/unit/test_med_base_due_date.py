"""Deadlines against a naive count, and the cases an auditor sets."""

from datetime import date, datetime, timedelta, timezone

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_base.tools import due_date as dd
from odoo.addons.med_base.tools import holiday_source

requirement = "CN-RC-2 CN-RC-3 FDA-806.10 FDA-821 EU-87"

SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"


def calendar_of(place, *years, year_end_days=0):
    found = [holiday_source.arrangement(place, None, year) for year in years]
    return dd.WorkingCalendar(
        holidays=frozenset(day for year in found for day, _name in year.off),
        workdays=frozenset(day for year in found for day in year.makeup),
        years=frozenset(year.year for year in found if year.known),
        year_end_days=year_end_days,
    )


def at(tz, *parts):
    return pytz.timezone(tz).localize(datetime(*parts))


CHINA = calendar_of("CN", 2025, 2026, year_end_days=3)
UNITED_STATES = calendar_of("US", 2025, 2026, 2027)


@pytest.mark.parametrize(
    ("days", "last_day"), [(1, "2026-08-01"), (3, "2026-08-03"), (7, "2026-08-07")]
)
def test_cn_rc_2_friday_night_decision_is_due_on_calendar_days_weekend_included(days, last_day):
    due = dd.due_date(at(SHANGHAI, 2026, 7, 31, 23, 50), days, "calendar_day", SHANGHAI)
    assert due.local.isoformat() == f"{last_day}T23:59:59+08:00"


def test_the_local_day_counts_not_the_utc_day():
    start = datetime(2026, 7, 31, 16, 30, tzinfo=timezone.utc)  # 1 August, 00:30 in Shanghai
    assert dd.due_date(start, 1, "calendar_day", SHANGHAI).last_day == date(2026, 8, 2)
    assert dd.due_date(start, 1, "calendar_day", NEW_YORK).last_day == date(2026, 8, 1)


def test_cn_rc_3_five_working_days_before_national_day_use_the_make_up_saturday():
    # 2026: off 1-7 October, worked on Saturday 10 October.
    due = dd.due_date(at(SHANGHAI, 2026, 9, 30, 10), 5, "working_day", SHANGHAI, CHINA)
    assert due.last_day == date(2026, 10, 13)
    assert due.at == datetime(2026, 10, 13, 15, 59, 59, tzinfo=timezone.utc)


def test_cn_rc_3_make_up_sunday_before_national_day_is_counted():
    due = dd.due_date(at(SHANGHAI, 2026, 9, 18, 17), 1, "working_day", SHANGHAI, CHINA)
    assert due.last_day == date(2026, 9, 20)


def test_fda_806_ten_working_days_skip_weekends_and_federal_holidays():
    # From Friday 18 December 2026: 25 December and 1 January are federal holidays.
    due = dd.due_date(at(NEW_YORK, 2026, 12, 18, 12), 10, "working_day", NEW_YORK, UNITED_STATES)
    assert due.last_day == date(2027, 1, 5)
    assert due.local.utcoffset() == timedelta(hours=-5)


def test_holiday_observed_in_the_year_before_is_off():
    # 1 January 2028 is a Saturday, observed on Friday 31 December 2027.
    assert not UNITED_STATES.is_working(date(2027, 12, 31))


def test_day_ends_at_local_midnight_across_a_clock_change():
    due = dd.due_date(at("Europe/Berlin", 2026, 10, 24, 23), 1, "calendar_day", "Europe/Berlin")
    assert due.local.isoformat() == "2026-10-25T23:59:59+01:00"
    hours = dd.due_date(at("Europe/Berlin", 2026, 10, 24, 23), 24, "hour", "Europe/Berlin")
    assert hours.local.isoformat() == "2026-10-25T22:00:00+01:00"


@pytest.mark.parametrize(
    ("start", "number", "unit", "last_day"),
    [
        ((2026, 1, 31), 1, "month", date(2026, 2, 28)),
        ((2024, 2, 29), 1, "year", date(2025, 2, 28)),
        ((2026, 11, 30), 15, "month", date(2028, 2, 29)),
        ((2026, 5, 5), 0, "calendar_day", date(2026, 5, 5)),
        ((2026, 5, 2), 0, "working_day", date(2026, 5, 6)),
        ((2026, 5, 6), 0, "working_day", date(2026, 5, 6)),
    ],
)
def test_ends_of_months_and_zero(start, number, unit, last_day):
    assert dd.due_date(at(SHANGHAI, *start), number, unit, SHANGHAI, CHINA).last_day == last_day


def test_year_that_is_not_known_is_refused_by_name_and_calendar_days_still_work():
    start = at(SHANGHAI, 2027, 1, 4)
    with pytest.raises(dd.UnknownYearError, match="2027") as refused:
        dd.due_date(start, 5, "working_day", SHANGHAI, CHINA)
    assert refused.value.year == 2027
    assert dd.due_date(start, 5, "calendar_day", SHANGHAI, CHINA).last_day == date(2027, 1, 9)


def test_last_days_of_december_need_the_arrangement_of_the_next_year_in_china():
    assert CHINA.is_working(date(2026, 12, 28))
    for day in (29, 30, 31):
        with pytest.raises(dd.UnknownYearError, match="2027"):
            CHINA.is_working(date(2026, 12, day))
    # 29 December 2018 was a Saturday worked by the arrangement of 2019.
    assert calendar_of("CN", 2018, 2019, year_end_days=3).is_working(date(2018, 12, 29))


def test_working_days_without_a_calendar_are_refused():
    with pytest.raises(dd.UnknownYearError):
        dd.due_date(at(SHANGHAI, 2026, 5, 5), 1, "working_day", SHANGHAI)


@pytest.mark.parametrize("number", [-1, 1.5, "3", None, True])
def test_bad_number_is_refused(number):
    with pytest.raises(dd.DueDateError):
        dd.due_date(at(SHANGHAI, 2026, 5, 5), number, "calendar_day", SHANGHAI)


@pytest.mark.parametrize("unit", dd.UNITS)
def test_astronomical_number_is_refused_in_every_unit(unit):
    with pytest.raises(dd.DueDateError):
        dd.due_date(at(SHANGHAI, 2026, 5, 5), 10**12, unit, SHANGHAI, CHINA)


def test_bad_unit_and_naive_start_are_refused():
    with pytest.raises(dd.DueDateError, match="unit"):
        dd.due_date(at(SHANGHAI, 2026, 5, 5), 1, "fortnight", SHANGHAI)
    with pytest.raises(dd.DueDateError, match="zone"):
        dd.due_date(datetime(2026, 5, 5), 1, "hour", SHANGHAI)


@pytest.mark.parametrize(
    ("start", "last_day"),
    [((2026, 3, 30), 2026), ((2026, 3, 31, 23), 2026), ((2026, 4, 1), 2027)],
)
def test_cn_gsp_1_yearly_report_is_due_on_the_next_31_march(start, last_day):
    assert dd.next_annual(at(SHANGHAI, *start), 3, 31, SHANGHAI).last_day == date(last_day, 3, 31)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-09-30T23:50:00+08:00", "2026-09-30T15:50:00+00:00"),
        ("2026-09-30 15:50:00", "2026-09-30T15:50:00+00:00"),
        ("2026-09-30T15:50:00Z", "2026-09-30T15:50:00+00:00"),
        ("2026-09-30", "2026-09-29T16:00:00+00:00"),
    ],
)
def test_instant_is_read_with_offset_in_utc_or_as_a_local_date(text, instant):
    read = dd.parse_instant(text, SHANGHAI)
    assert read.astimezone(timezone.utc).isoformat() == instant


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-02-30T10:00", None, 5])
def test_bad_instant_is_refused(text):
    with pytest.raises(dd.DueDateError):
        dd.parse_instant(text, SHANGHAI)


# ---- against a count that a person would do on paper ----------------------------------------

SPAN = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(3 * 366)]
days_of_span = st.sampled_from(SPAN)
calendars = st.builds(
    lambda holidays, workdays, weekend: dd.WorkingCalendar(
        weekend=weekend, holidays=frozenset(holidays), workdays=frozenset(workdays - holidays),
        years=frozenset(range(2024, 2030)),
    ),
    st.sets(days_of_span, max_size=60),
    st.sets(days_of_span, max_size=30),
    st.sampled_from([frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset()]),
)
starts = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 30)).map(
    lambda moment: moment.replace(tzinfo=timezone.utc)
)
zones = st.sampled_from([SHANGHAI, NEW_YORK, "Europe/Berlin", "Pacific/Kiritimati", "UTC"])


@given(starts, st.integers(1, 120), zones, calendars)
def test_working_days_equal_a_count_day_by_day(start, number, tz, working):
    first = start.astimezone(pytz.timezone(tz)).date()
    worked = []
    day = first
    while len(worked) < number:
        day += timedelta(days=1)
        off = day in working.holidays or (
            day.weekday() in working.weekend and day not in working.workdays
        )
        if not off:
            worked.append(day)
    due = dd.due_date(start, number, "working_day", tz, working)
    assert due.last_day == worked[-1]
    assert due.local.time() == dd.LAST_SECOND


@given(starts, st.integers(0, 400), zones)
def test_calendar_days_equal_a_count_day_by_day(start, number, tz):
    day = start.astimezone(pytz.timezone(tz)).date()
    for _step in range(number):
        day = date.fromordinal(day.toordinal() + 1)
    due = dd.due_date(start, number, "calendar_day", tz)
    assert (due.last_day, due.at > start or number == 0) == (day, True)


@given(starts, st.integers(0, 60), zones, calendars)
def test_one_more_day_is_never_earlier_and_working_days_never_before_calendar_days(
    start, number, tz, working
):
    one = dd.due_date(start, number, "working_day", tz, working)
    more = dd.due_date(start, number + 1, "working_day", tz, working)
    plain = dd.due_date(start, number, "calendar_day", tz)
    assert plain.at <= one.at <= more.at


@given(starts, st.integers(0, 10_000), zones)
def test_hours_are_elapsed_time(start, number, tz):
    assert dd.due_date(start, number, "hour", tz).at - start == timedelta(hours=number)


# ---- what the package knows -----------------------------------------------------------------


def test_package_gives_chinas_make_up_days_and_flags_a_year_that_is_not_published():
    year = holiday_source.arrangement("CN", None, 2026)
    assert year.known
    assert [day.isoformat() for day in year.makeup] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]
    future = holiday_source.arrangement("CN", None, 2099)
    assert future.off and not future.known


@pytest.mark.parametrize(
    ("place", "year", "known"),
    [
        ("US", 2026, True), ("DE", 2030, True), ("ECB", 2026, True),
        ("TW", 2099, False),  # moved by a yearly decree, as in China
        ("IN", 2034, False),  # lunar dates, estimated
        ("IN", 2090, False),  # beyond what the package holds
    ],
)
def test_year_is_known_by_statute_and_not_by_estimate(place, year, known):
    assert holiday_source.arrangement(place, None, year).known is known


@pytest.mark.parametrize(("place", "part"), [("ZZ", None), ("HolidayBase", None), ("DE", "ZZ")])
def test_place_that_the_package_does_not_know_is_refused(place, part):
    with pytest.raises(holiday_source.UnknownPlaceError):
        holiday_source.arrangement(place, part, 2026)


def test_names_come_in_the_language_asked_for():
    off = holiday_source.arrangement("CN", None, 2026, "zh_CN").off
    assert dict(off)[date(2026, 10, 1)] == "国庆节"
