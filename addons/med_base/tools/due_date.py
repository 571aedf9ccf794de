"""Due dates of statutory clocks, counted from an instant, in local days.

Conventions, the same for every unit of days: the day of the event is not counted, and the
deadline is the last second of the last local day (Regulation (EEC) 1182/71, art. 3; Civil Code
of the PRC, art. 201-203). A deadline in calendar days that falls on a day off is *not* moved on:
the earlier reading is the one that is never late.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

import pytz

UNITS = ("calendar_day", "working_day", "hour", "month", "year")
LAST_SECOND = time(23, 59, 59)


class DueDateError(ValueError):
    """An argument cannot be used: wrong unit, negative number, date out of range."""


class UnknownYearError(DueDateError):
    """The days off of a year are not known, so that working days cannot be counted in it."""

    def __init__(self, year):
        self.year = year
        super().__init__(f"the days off of {year} are not known")


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off and make-up days of one place.

    :param weekend: weekdays off, Monday is 0
    :param holidays: dates off, whatever their weekday
    :param workdays: dates worked although they fall on the weekend (China's make-up days)
    :param years: years whose arrangement is known; all others are refused
    :param year_end_days: how many of the last days of December are settled by the arrangement
        of the *following* year (China moved 29-31 December in 2001, 2005, 2006, 2011 and 2018)
    """

    weekend: frozenset = frozenset({5, 6})
    holidays: frozenset = frozenset()
    workdays: frozenset = frozenset()
    years: frozenset = frozenset()
    year_end_days: int = 0

    def unknown_year(self, day: date):
        """Return the year that must be known to judge ``day`` and is not, or None."""
        if day.year not in self.years:
            return day.year
        if (day.month, day.day) > (12, 31 - self.year_end_days) and day.year + 1 not in self.years:
            return day.year + 1
        return None

    def is_working(self, day: date) -> bool:
        """Tell whether ``day`` is worked; raise UnknownYearError when that is not known."""
        if unknown := self.unknown_year(day):
            raise UnknownYearError(unknown)
        return day in self.workdays or (
            day not in self.holidays and day.weekday() not in self.weekend
        )


@dataclass(frozen=True)
class DueDate:
    """A deadline: the instant, aware in UTC, and its local date and zone."""

    at: datetime
    last_day: date
    tz: str
    local: datetime = field(compare=False)


def due_date(start: datetime, number: int, unit: str, tz: str, working=None) -> DueDate:
    """Return the deadline ``number`` ``unit`` after ``start``.

    :param start: aware instant of the event
    :param number: whole number, 0 or more; 0 days is the end of the same day (or of the first
        working day from it on), 0 hours the instant itself
    :param unit: one of UNITS; hours are elapsed time, months and years keep the day of the month
        or take the last one
    :param tz: IANA name of the zone whose days count
    :param working: WorkingCalendar, needed for working days only
    :raise DueDateError: when an argument cannot be used
    :raise UnknownYearError: when the count enters a year that ``working`` does not know
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise DueDateError("number must be a whole number, 0 or more")
    if start.tzinfo is None:
        raise DueDateError("start must carry a time zone")
    zone = pytz.timezone(tz)
    try:
        if unit == "hour":
            return _at((start + timedelta(hours=number)).astimezone(timezone.utc), zone)
        return end_of_day(_last_day(start.astimezone(zone).date(), number, unit, working), tz)
    except OverflowError:
        raise DueDateError("the deadline is beyond the calendar") from None


def end_of_day(day: date, tz: str) -> DueDate:
    """Return the last second of a local day as a deadline."""
    zone = pytz.timezone(tz)
    return _at(zone.localize(datetime.combine(day, LAST_SECOND)).astimezone(timezone.utc), zone)


def next_annual(start: datetime, month: int, day: int, tz: str) -> DueDate:
    """Return the end of the first ``day``.``month`` on or after the local date of ``start``."""
    today = start.astimezone(pytz.timezone(tz)).date()
    due = date(today.year, month, day)
    return end_of_day(due if due >= today else date(today.year + 1, month, day), tz)


def _at(at, zone):
    local = at.astimezone(zone)
    return DueDate(at=at, last_day=local.date(), tz=zone.zone, local=local)


def _last_day(first, number, unit, working):
    if unit == "calendar_day":
        return first + timedelta(days=number)
    if unit == "working_day":
        return _working_day(first, number, working or WorkingCalendar())
    if unit in ("month", "year"):
        return _add_months(first, number * (12 if unit == "year" else 1))
    raise DueDateError(f"unit must be one of {', '.join(UNITS)}")


def _working_day(first, number, working):
    """The ``number``-th working day after ``first``; for 0 the first one from ``first`` on."""
    day = first if number else first - timedelta(days=1)
    left = number or 1
    while left:
        day += timedelta(days=1)
        left -= working.is_working(day)
    return day


def _add_months(first, months):
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def parse_instant(text: str, tz: str) -> datetime:
    """Read an ISO 8601 instant: with an offset as written, without one in UTC.

    A bare date means the beginning of that day in ``tz``.

    :raise DueDateError: when it is not a date or an instant
    """
    try:
        if len(text) == 10:
            return pytz.timezone(tz).localize(
                datetime.combine(date.fromisoformat(text), time.min)
            )
        value = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except (ValueError, TypeError, AttributeError):
        raise DueDateError("start must be an ISO 8601 date or instant") from None
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
