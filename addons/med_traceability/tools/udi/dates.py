"""Dates as issuers write them. Two-digit years stand within -49/+50 years of a given day."""

import calendar
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def yymmdd(text, this_year, whole_month=False):
    """Return the date of six digits, or None when there is no such day.

    :param whole_month: whether DD 00 is the last day of the month (GS1 General Specifications, 3.4
        and 7.12); otherwise there is no such day
    """
    return _day(_year(text[:2], this_year), int(text[2:4]), int(text[4:]), whole_month)


@lru_cache(maxsize=4096)
def yyjjj(text, this_year):
    """Return the date of a year and the number of a day in it (001 to 366), or None."""
    return day_of_year(_year(text[:2], this_year), int(text[2:]))


@lru_cache(maxsize=4096)
def mmyy(text, this_year):
    """Return the last day of a month, or None."""
    return _day(_year(text[2:], this_year), int(text[:2]), 0, True)


@lru_cache(maxsize=4096)
def yyyymmdd(text):
    """Return the date of eight digits, or None."""
    return _day(int(text[:4]), int(text[4:6]), int(text[6:]), False)


def day_of_year(year, number):
    """Return the date of a day counted from 1 January = 1, or None."""
    if not 1 <= number <= 365 + calendar.isleap(year):
        return None
    return date.fromordinal(date(year, 1, 1).toordinal() + number - 1)


def _year(two, this_year):
    year = this_year - this_year % 100 + int(two)
    if year - this_year > 50:
        return year - 100
    return year + 100 if year - this_year < -49 else year


def _day(year, month, day, whole_month):
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    last = calendar.monthrange(year, month)[1]
    if day == 0 and whole_month:
        day = last
    return date(year, month, day) if 1 <= day <= last else None
