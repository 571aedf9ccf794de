"""Ranges of serial numbers: what lies between two of them as a person counts.

Nothing here reads a database.
"""

import re

_RUNS = re.compile(r"\d+|\D+")


class RangeError(ValueError):
    """The range has no first or last number, or its first lies beyond its last."""


def natural(text):
    """Return the sort key of a serial number: runs of digits count as numbers, case does not.

    ``"SN-9"`` comes before ``"SN-10"``; ``"sn-007"`` and ``"SN-7"`` are at the same place.
    """
    return tuple(
        (0, int(run), "") if run.isdecimal() else (1, 0, run.casefold())
        for run in _RUNS.findall(text.strip()))


def between(names, first, last):
    """Return those of the names that lie from ``first`` to ``last``, both included.

    What has more to it than the bounds counts in (``SN-7-B`` from ``SN-7`` to ``SN-8``): too much
    is stopped rather than too little.

    :param names: iterable of text
    :raise RangeError: a bound is empty, or they stand in the wrong order
    """
    lowest, highest = natural(first), natural(last)
    if not lowest or not highest or lowest > highest:
        raise RangeError(f"{first!r} to {last!r} is no range")
    return [name for name in names if lowest <= natural(name) <= highest]
