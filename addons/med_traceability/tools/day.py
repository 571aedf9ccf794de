"""When a day and a shift begin and end, in a company's own time."""

import re
from datetime import date, datetime, time, timedelta, timezone

import pytz


class DayError(ValueError):
    """A day or a time of day that cannot be used; the text is the field's name."""


def window(day, begin, end, zone):
    """Return begin and end of a shift in UTC, without time zone, as databases keep them.

    :param str day: ISO date on which the shift begins
    :param str begin: ``HH:MM``; ``00:00`` to ``24:00`` is the whole day
    :param str end: ``HH:MM``; not after ``begin``: it is that time of the next day
    :param str zone: name of a time zone
    :raises DayError: ``day``, ``time_from`` or ``time_to``
    """
    try:
        first = date.fromisoformat(day)
        after = first + timedelta(1)
    except (ValueError, OverflowError):
        raise DayError('day') from None
    start, stop = _minutes(begin, 'time_from'), _minutes(end, 'time_to')
    if start == 24 * 60:
        raise DayError('time_from')
    if stop <= start:
        return _utc(first, start, zone), _utc(after, stop, zone)
    return _utc(first, start, zone), _utc(first, stop, zone)


def local_day(moment, zone):
    """Return the ISO date that a moment in UTC has in a time zone."""
    return moment.replace(tzinfo=timezone.utc).astimezone(pytz.timezone(zone)).date().isoformat()


def _minutes(text, name):
    if not re.fullmatch(r'([01]\d|2[0-3]):[0-5]\d|24:00', text):
        raise DayError(name)
    return int(text[:2]) * 60 + int(text[3:])


def _utc(day, minutes, zone):
    try:
        moment = datetime.combine(day, time()) + timedelta(minutes=minutes)
        return pytz.timezone(zone).localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
    except OverflowError:
        raise DayError('day') from None
