"""Schemas of JSON Schema 2020-12 as they are used here, and what one says of each of its fields.

Own annotations: ``x-owner`` (who answers for it), ``x-truth`` (the system whose word counts),
``x-unit``, ``x-precision``, ``x-minimum`` and ``x-maximum`` (UCUM code, decimal places and range of
a quantity), ``x-states`` (what each value of a status may turn into).
"""

import re
from dataclasses import dataclass, field

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from .envelope import pointer as step

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)-(?P<major>[1-9]\d*)\.(?P<minor>0|[1-9]\d*)\.json")
DECIMAL = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?$"
AMOUNT = DECIMAL.replace("-?", "")
DEEPEST_FIELD = 6  # levels that a data map shows; a schema may refer to itself
OWNERS = ("engineering", "finance", "maintenance", "production", "purchasing", "quality",
          "regulatory", "sales", "warehouse")
TRUTHS = ("maker", "sender", "CRM", "ERP", "LIMS", "MES", "QMS", "WMS")
# What a schema may use: what is not here would not be explained, compared or shown.
KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "minItems", "maxItems", "uniqueItems", "minLength",
    "maxLength", "pattern", "format", "enum", "const", "minimum", "maximum", "examples",
    "x-owner", "x-truth", "x-unit", "x-precision", "x-minimum", "x-maximum", "x-states"}


class BadSchema(ValueError):
    """A schema is not one that can be used here; it says where and why."""


@dataclass(frozen=True)
class Field:
    """What a schema says of one field.

    :ivar pointer: JSON pointer of the field, ``-`` for any row of a list
    :ivar kind: type in JSON, its format (``date``, ``date-time``), ``decimal`` for a number as
        text, ``quantity`` for a value with a unit
    :ivar values: allowed values; ``limits`` the range or length in words
    :ivar states: ``{state: [states it may turn into]}``
    """

    pointer: str
    kind: str
    required: bool
    title: str
    description: str
    owner: str
    truth: str
    unit: str = ""
    precision: int = -1
    limits: str = ""
    values: tuple = ()
    states: dict = field(default_factory=dict, hash=False)

    @property
    def transitions(self):
        """What each state may turn into, one a line."""
        return "\n".join(f"{state} → {', '.join(later) or '–'}"
                         for state, later in self.states.items())


def check(body):
    """Raise :class:`BadSchema` unless a body is a schema of the kind used here."""
    try:
        Draft202012Validator.check_schema(body)
    except SchemaError as error:
        raise BadSchema(f"{step(*error.absolute_path)}: {error.message}") from error
    if body.get("$schema") != DIALECT or body.get("type") != "object":
        raise BadSchema(f"it must be of {DIALECT} and describe an object")
    if missing := {"$id", "title", "description", "x-owner", "x-truth"} - set(body):
        raise BadSchema(f"it must have {', '.join(sorted(missing))}")
    for pointer, part in _parts(body, ""):
        strange = set(part) - KEYWORDS
        if strange:
            raise BadSchema(f"{pointer}: {', '.join(sorted(strange))} is not used here")
        if (part.get("x-owner", "quality") not in OWNERS
                or part.get("x-truth", "maker") not in TRUTHS):
            raise BadSchema(f"{pointer}: owner or source of truth is not one that is known")
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            raise BadSchema(f"{pointer}: additionalProperties must be false")
        if not isinstance(part.get("type", "string"), str):
            raise BadSchema(f"{pointer}: a field has one type")
        if part.get("type") == "number":
            raise BadSchema(f"{pointer}: a measured value is decimal text, not a number")
        if ("x-unit" in part) != ("x-precision" in part) and part.get("type") != "string":
            raise BadSchema(f"{pointer}: a unit goes with a precision")
        if "$ref" in part and part["$ref"].rpartition("/")[0] != "#/$defs":
            raise BadSchema(f"{pointer}: only the schema's own $defs are referred to")


def fields(body):
    """Return every :class:`Field` of a schema, as its properties are ordered."""
    found = []
    says = {key: body.get(key, "") for key in ("x-owner", "x-truth")}
    _collect(body, body, "", found, says, 0)
    return found


def resolved(body, part):
    """Return a part of a schema with what it refers to; its own annotations count more."""
    if "$ref" not in part:
        return part
    target = body["$defs"][part["$ref"].rpartition("/")[2]]
    return {**resolved(body, target), **{key: part[key] for key in part if key != "$ref"}}


def is_quantity(part):
    """Whether a resolved part describes a value with a unit."""
    return part.get("type") == "object" and {"value", "unit"} <= set(part.get("properties", ()))


def _collect(body, part, path, found, above, seen):
    needed = set(part.get("required", ()))
    for name, raw in part.get("properties", {}).items():
        inner = resolved(body, raw)
        here = path + step(name)
        says = {key: inner.get(key, above[key]) for key in ("x-owner", "x-truth")}
        kind = _kind(inner)
        found.append(Field(
            pointer=here, kind=kind, required=name in needed, title=inner.get("title", ""),
            description=inner.get("description", ""), owner=says["x-owner"],
            truth=says["x-truth"], unit=inner.get("x-unit", ""),
            precision=inner.get("x-precision", -1), limits=_limits(inner),
            values=tuple(inner.get("enum", ())), states=inner.get("x-states", {})))
        deeper = seen + 1
        if kind == "quantity" or deeper > DEEPEST_FIELD:
            continue
        if inner.get("type") == "object":
            _collect(body, inner, here, found, says, deeper)
        elif inner.get("type") == "array":
            items = resolved(body, inner.get("items", {}))
            if items.get("type") == "object":
                _collect(body, items, f"{here}/-", found, says, deeper)


def _kind(part):
    """Return what a field is, in one of the words of :class:`Field`."""
    if is_quantity(part):
        return "quantity"
    if part.get("pattern") in (DECIMAL, AMOUNT):
        return "decimal"
    return part.get("format") or part["type"]


def _limits(part):
    """Return range, length and form in words."""
    words = []
    for least, most, word in (("minimum", "maximum", ""), ("x-minimum", "x-maximum", ""),
                              ("minLength", "maxLength", " characters"),
                              ("minItems", "maxItems", " rows")):
        low, high = part.get(least), part.get(most)
        if low is not None and high is not None:
            words.append(f"{low} … {high}{word}")
        elif high is not None:
            words.append(f"≤ {high}{word}")
        elif low is not None:
            words.append(f"≥ {low}{word}")
    if part.get("pattern") not in (None, DECIMAL, AMOUNT):
        words.append(part["pattern"])
    if part.get("type") == "array" and "enum" in part.get("items", {}):
        words.append("of: " + ", ".join(map(str, part["items"]["enum"])))
    return "; ".join(words)


def _parts(part, pointer):
    """Every schema within a schema, with its pointer."""
    yield pointer, part
    for group in ("properties", "$defs"):
        for name, inner in part.get(group, {}).items():
            yield from _parts(inner, f"{pointer}/{group}{step(name)}")
    if "items" in part:
        yield from _parts(part["items"], f"{pointer}/items")
