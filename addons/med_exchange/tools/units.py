"""Quantities with a unit, exactly: converted and rounded to what a schema declares.

Units are named by UCUM codes (the Unified Code for Units of Measure, 2.2). ``units.json`` holds
those that are known, with their factors; what is in braces (``{piece}``) is a unit of its own.
"""

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from .envelope import MOST_PROBLEMS, Problem
from .envelope import pointer as step
from .schema import is_quantity, resolved
from .words import _lt, plain

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
OWN_UNIT = re.compile(r"\{[!-z|~]{1,30}\}")


_UNKNOWN = _lt("The unit “%(unit)s” is not known here; use a UCUM code, or your own in braces.")
_BELOW = _lt("%(value)s %(unit)s is below %(limit)s %(to)s.")
_ABOVE = _lt("%(value)s %(unit)s is above %(limit)s %(to)s.")


class UnitError(ValueError):
    """A value is no number, or its unit is unknown or measures something else.

    :ivar template: the sentence, marked for translation, and its ``values``
    """

    def __init__(self, template, **values):
        super().__init__(plain(template, **values))
        self.template, self.values = template, values


@dataclass
class Normal:
    """A payload in the units and precision of its schema.

    :ivar notes: list of Problem, one for each value that was converted or lost digits
    :ivar problems: list of Problem: wrong units, values out of range
    """

    payload: dict
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)


@lru_cache(1)
def table():
    """Return ``{code: {"name", "dimension", "factor", "offset"}}``; factors are Fractions.

    A value in the base unit of its dimension is ``(value + offset) × factor``.
    """
    rows = json.loads((Path(__file__).parent / "units.json").read_text())["units"]
    return {row["code"]: {**row, "factor": Fraction(row["factor"]),
                          "offset": Fraction(row.get("offset", "0"))} for row in rows}


def known(unit):
    """Whether a unit is one that is known here."""
    return unit in table() or bool(OWN_UNIT.fullmatch(unit))


def convert(value, unit, to):
    """Return decimal text in another unit as an exact Fraction.

    :raise UnitError: it cannot be
    """
    if not NUMBER.fullmatch(value):
        raise UnitError(_lt("“%(value)s” is not decimal text such as “12.50”."), value=value[:40])
    number = Fraction(value)
    if unit == to and known(unit):
        return number
    for code in (unit, to):
        if not known(code):
            raise UnitError(_UNKNOWN, unit=code[:40])
    have, want = table().get(unit), table().get(to)
    if not have or not want or have["dimension"] != want["dimension"]:
        raise UnitError(_lt("“%(unit)s” cannot be converted to “%(to)s”: they measure different "
                            "things."), unit=unit, to=to)
    return (number + have["offset"]) * have["factor"] / want["factor"] - want["offset"]


def rounded(number, precision):
    """Return a Fraction as decimal text, rounded half to even (ISO 80000-1, B.3, rule A)."""
    scaled = round(number * 10**precision)
    digits = str(abs(scaled)).rjust(precision + 1, "0")
    text = f"{digits[:-precision]}.{digits[-precision:]}" if precision else digits
    return f"-{text}" if scaled < 0 else text


def normal(body, payload, say=plain):
    """Return a Normal of a payload that its schema ``body`` allows. The payload stays as it is.

    :param say: see :func:`.schema.problems`
    """
    found = Normal({})
    found.payload = _walk(body, body, payload, "", found, say)
    del found.notes[MOST_PROBLEMS:], found.problems[MOST_PROBLEMS:]
    return found


def _walk(body, part, value, pointer, found, say):
    part = resolved(body, part)
    if is_quantity(part):
        return _quantity(part, value, pointer, found, say)
    if type(value) is dict:
        inside = part.get("properties", {})
        return {name: _walk(body, inside.get(name, {}), inner, pointer + step(name), found,
                            say)
                for name, inner in value.items()}
    if type(value) is list:
        return [_walk(body, part.get("items", {}), inner, f"{pointer}/{place}", found, say)
                for place, inner in enumerate(value)]
    if type(value) is str and "x-precision" in part:
        return _fit(part, value, "1", "1", pointer, found, say)
    return value


def _quantity(part, told, pointer, found, say):
    unit = told["unit"]
    if "x-unit" not in part:
        if not known(unit):
            found.problems.append(Problem(f"{pointer}/unit", say(_UNKNOWN, unit=unit[:40])))
        return told
    value = _fit(part, told["value"], unit, part["x-unit"], pointer, found, say)
    return {**told, "value": value, "unit": part["x-unit"]}


def _fit(part, value, unit, to, pointer, found, say):
    """Return a value as the schema declares it; what is lost is noted, what is wrong told."""
    try:
        number = convert(value, unit, to)
    except UnitError as error:
        where = "/unit" if NUMBER.fullmatch(value) else "/value"
        found.problems.append(Problem(
            f"{pointer}{where if is_quantity(part) else ''}",
            say(error.template, **error.values)))
        return value
    for limit, below in (("x-minimum", True), ("x-maximum", False)):
        # The range holds for what was measured: rounding neither lets in nor keeps out.
        if limit in part and (number < Fraction(part[limit]) if below
                              else number > Fraction(part[limit])):
            found.problems.append(Problem(
                f"{pointer}/value" if is_quantity(part) else pointer,
                say(_BELOW if below else _ABOVE, value=value, unit=unit, limit=part[limit],
                    to=to)))
    text = rounded(number, part["x-precision"])
    if unit != to:
        found.notes.append(Problem(pointer, say(
            _lt("%(value)s %(unit)s was taken as %(text)s %(to)s."), value=value, unit=unit,
            text=text, to=to)))
    elif Fraction(text) != number:
        found.notes.append(Problem(pointer, say(
            _lt("%(value)s was rounded to %(text)s; the original is in the message."),
            value=value, text=text)))
    return text
