"""Payloads against their schema: what is wrong, by place, in sentences of our own."""

import json
import re

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as Invalid
from jsonschema.validators import extend

from .envelope import MOST_PROBLEMS, Problem, read_time
from .envelope import pointer as step
from .schema import AMOUNT, DECIMAL
from .words import _lt, plain

LONGEST_VALUE = 60  # characters of a value that a sentence repeats

_FORMATS = FormatChecker(formats=("date",))
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_date = _FORMATS.checkers["date"]


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value):
    """Whether text is a date of the calendar, written in full."""
    return not isinstance(value, str) or bool(_DATE.fullmatch(value)) and _date[0](value)


@_FORMATS.checks("date-time")
def _is_time(value):
    """Whether text is a time in UTC, as in the envelope."""
    return not isinstance(value, str) or read_time(value) is not None


def _pattern(validator, pattern, value, schema):
    """A pattern as ECMAScript means it: ``$`` is the very end, a digit one of ten."""
    if validator.is_type(value, "string") and not re.search(
            re.sub(r"\$$", r"\\Z", pattern), value, re.ASCII):
        yield Invalid("pattern")


_Validator = extend(Draft202012Validator, {"pattern": _pattern})


def compiled(body):
    """Return a validator of a schema; it is fit for many payloads."""
    return _Validator(body, format_checker=_FORMATS)


def problems(validator, payload, say=plain):
    """Return what is wrong with a payload: list of at most 50 Problem, by place.

    :param say: makes a sentence of a marked template and its values, in the reader's language
    """
    found = []
    for error in validator.iter_errors(payload):
        found.extend(_told(error, say))
        if len(found) >= MOST_PROBLEMS:
            break
    return sorted(found[:MOST_PROBLEMS], key=lambda one: (one.pointer, one.message))


def _shown(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"“{text[:LONGEST_VALUE]}{'…' if len(text) > LONGEST_VALUE else ''}”"


_TYPE_NAMES = {"string": _lt("text"), "integer": _lt("a whole number"),
               "object": _lt("an object"), "array": _lt("a list"),
               "boolean": _lt("true or false"), "null": _lt("null")}
_FORMAT_NAMES = {"date": _lt("a date such as “2026-11-23”"),
                 "date-time": _lt("a time in UTC such as “2026-11-23T04:30:00Z”")}
_LIMITS = {
    "minimum": _lt("%(value)s must be at least %(limit)s."),
    "maximum": _lt("%(value)s must be at most %(limit)s."),
    "minLength": _lt("must have at least %(limit)s characters."),
    "maxLength": _lt("must have at most %(limit)s characters."),
    "minItems": _lt("must have at least %(limit)s rows."),
    "maxItems": _lt("must have at most %(limit)s rows."),
}


def _told(error, say):
    """The Problems of one error of the library, in sentences of our own."""
    here, value, wanted = step(*error.absolute_path), error.instance, error.validator_value
    keyword = error.validator
    if keyword == "required":
        return [Problem(here + step(name), say(_lt("is missing.")))
                for name in wanted if name not in value and f"'{name}'" in error.message]
    if keyword == "additionalProperties":
        return [Problem(here + step(name), say(_lt("is not known to this version of the schema.")))
                for name in value if name not in error.schema.get("properties", {})]
    return [Problem(here, _sentence(keyword, value, wanted, say))]


def _sentence(keyword, value, wanted, say):
    if keyword == "type":
        kinds = [say(_TYPE_NAMES.get(one, one)) for one in (
            [wanted] if isinstance(wanted, str) else wanted)]
        return say(_lt("must be %(kinds)s."),
                   kinds=kinds[0] if len(kinds) == 1 else " / ".join(kinds))
    if keyword == "enum":
        return say(_lt("%(value)s is not one of: %(values)s."), value=_shown(value),
                   values=", ".join(map(str, wanted)))
    if keyword == "const":
        return say(_lt("must be %(value)s."), value=_shown(wanted))
    if keyword == "format":
        return say(_lt("%(value)s is not %(kind)s."), value=_shown(value),
                   kind=say(_FORMAT_NAMES.get(wanted, wanted)))
    if keyword == "pattern":
        if wanted in (DECIMAL, AMOUNT):
            return say(_lt("%(value)s is not decimal text such as “12.50”."), value=_shown(value))
        return say(_lt("%(value)s does not have the form %(form)s."), value=_shown(value),
                   form=wanted)
    if keyword in _LIMITS:
        return say(_LIMITS[keyword], value=_shown(value), limit=wanted)
    if keyword == "uniqueItems":
        return say(_lt("has the same row twice."))
    return say(_lt("does not fit “%(keyword)s” of the schema."), keyword=keyword)
