"""Days off and make-up days of one year, as the ``holidays`` package knows them.

The package answers for every year, also for years whose arrangement has not been published: for
China it then gives the statutory dates without the make-up days. Such years are told apart here
and returned as not known.
"""

import warnings
from dataclasses import dataclass

import holidays

FINANCIAL = {"ECB"}


class UnknownPlaceError(ValueError):
    """The package has no such country, market or subdivision."""


@dataclass(frozen=True)
class Arrangement:
    """One year of one place: ``off`` maps dates to names, ``makeup`` are worked weekend days.

    ``known`` is False when the package only estimates the year.
    """

    year: int
    known: bool
    off: tuple
    makeup: tuple


def version() -> str:
    """Return name and version of the package, as the source of what it gave."""
    return f"holidays {holidays.__version__}"


def languages(place: str) -> frozenset:
    """Return the language codes in which the package names the days of ``place``."""
    return frozenset(_load(place, None, 2000, None).supported_languages)


def arrangement(place: str, subdivision, year: int, language=None) -> Arrangement:
    """Return the arrangement of ``year`` in ``place`` (ISO country code, or ``ECB``).

    :param subdivision: ISO 3166-2 part after the hyphen, or None for the whole country
    :raise UnknownPlaceError: when the package has no such place
    """
    # The following year is loaded with it: its first holiday may be taken in December.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = _load(place, subdivision, [year, year + 1], language)
    beyond = any("available only" in str(warning.message) for warning in caught)
    off = tuple(sorted((day, name) for day, name in table.items() if day.year == year))
    makeup = tuple(sorted(day for day in table.weekend_workdays if day.year == year))
    return Arrangement(year, not beyond and _known(table, year, bool(off)), off, makeup)


def _load(place, subdivision, years, language):
    try:
        if place in FINANCIAL:
            return holidays.financial_holidays(place, years=years, language=language)
        if place not in holidays.list_supported_countries(include_aliases=False):
            raise NotImplementedError
        return holidays.country_holidays(
            place, subdiv=subdivision, years=years, language=language
        )
    except NotImplementedError:
        where = f"{place}-{subdivision}" if subdivision else place
        raise UnknownPlaceError(f"holidays knows no place {where}") from None


def _known(table, year, has_days):
    """Whether the package knows ``year`` rather than guessing it.

    A place whose holidays are moved by a yearly decree lists each decree; a lunar date that has
    not been announced is marked as estimated.
    """
    if not has_days or year > table.end_year or year < table.start_year:
        return False
    decrees = getattr(table, "special_public_holidays", {})
    by_decree = any(len(entry) > 3 for value in decrees.values() for entry in _entries(value))
    if by_decree and year not in decrees:
        return False
    estimated = getattr(table, "estimated_label", None)
    if not estimated:
        return True
    marks = {table.tr(label).replace("%s", "").strip(" ()（）")
             for label in (estimated, getattr(table, "observed_estimated_label", estimated))}
    return not any(mark in name for day, name in table.items() if day.year == year
                   for mark in marks)


def _entries(value):
    """The package writes one entry bare, several as a tuple of entries."""
    return value if value and isinstance(value[0], tuple) else (value,)
