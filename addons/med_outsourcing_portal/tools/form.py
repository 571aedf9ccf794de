"""From the fields of a page to the report of `med.outsourcing.order._med_report`, and back.

What is wrong is told by the name of the field, so that the page comes back with the sentence there
and with everything else as it was typed.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timezone

from odoo.addons.med_outsourcing.tools.report import number as plain_number

ROWS = 4
MOST_ROWS = 200
LONG, SHORT = 4000, 200
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,9})?")
OUTCOMES = ("good", "reject", "scrap", "left")
FIELDS = {"/person": "person", "/operation": "operation", "/equipment": "equipment",
          "/time": "time", "/note": "note", "/revision": "revision",
          "/deviation": "deviation"}
COLUMNS = {
    "lots": {"lot": "lot_name", "quantity": "lot_quantity", "outcome": "lot_outcome",
             "product": "lot_product"},
    "used": {"product": "used_product", "lot": "used_lot", "quantity": "used_quantity"},
    "parameters": {"name": "param_name", "value": "param_value", "unit": "param_unit"},
}
FIRST = {"lots": "lot_name", "used": "used_lot", "parameters": "param_value"}


class FormError(ValueError):
    """A field cannot be read.

    :ivar name: the field
    :ivar code: number, time, missing, product, or outcome
    """

    def __init__(self, name, code):
        super().__init__(f"{name}: {code}")
        self.name = name
        self.code = code


@dataclass(frozen=True)
class Said:
    """A report as it was typed, and from which rows of the page its parts come."""

    report: dict
    rows: dict = field(default_factory=dict)

    def field_of(self, pointer):
        """Return the field of the page that a JSON pointer into the report speaks of."""
        parts = (pointer or "").strip("/").split("/")
        if parts[0] not in COLUMNS:
            return FIELDS.get(f"/{parts[0]}", "")
        if len(parts) < 2 or not parts[1].isdecimal():
            return f"{FIRST[parts[0]]}_0"
        found = self.rows.get(parts[0], ())
        index = int(parts[1])
        row = found[index] if index < len(found) else index
        column = COLUMNS[parts[0]].get(parts[2] if len(parts) > 2 else "", FIRST[parts[0]])
        return f"{column}_{row}"

    def row_of(self, part, name):
        """Return the row of the page in which the last part of this name was typed, or None."""
        places = [row for row, one in zip(self.rows.get(part, ()), self.report.get(part, ()),
                                          strict=True) if one["name"] == name]
        return places[-1] if places else None


def text(form, name, most=SHORT):
    """Return a field without the space around it, never longer than it may be.

    A NUL, which no text has and no database keeps, is a space.
    """
    return str(form.get(name) or "").replace("\0", " ").strip()[:most]


def made_to(form):
    """Return the revision that a page speaks of, and the number of the deviation it is under.

    :raise FormError: a deviation is chosen, and not the revision that was made under it
    """
    deviation = text(form, "deviation", 64)
    if not deviation:
        return text(form, "revision"), ""
    revision = text(form, "made_to", 64)
    if not revision:
        raise FormError("made_to", "missing")
    return revision, deviation


def number(form, name):
    """Return a field as a number.

    :raise FormError: it is none, or not above or at zero where it counts
    """
    # "1,5" is one and a half to some and fifteen to others: refused, not guessed.
    value = unicodedata.normalize("NFKC", text(form, name))
    if not NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise FormError(name, "number")
    return float(value)


def moment(form, name, zone):
    """Return a field of the kind ``datetime-local`` as a naive time in UTC.

    :raise FormError: it is no time
    """
    value = text(form, name)
    if not value:
        raise FormError(name, "missing")
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise FormError(name, "time") from None
    if local.tzinfo is None:
        local = zone.localize(local) if hasattr(zone, "localize") else local.replace(tzinfo=zone)
    return local.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def rows_of(form, *names):
    """Return the numbers of the rows of a table in the page, of those named so."""
    found = set()
    for name in form:
        stem, _line, number_ = name.rpartition("_")
        if stem in names and number_.isdecimal() and int(number_) < MOST_ROWS:
            found.add(int(number_))
    return sorted(found)


def read(kind, form, zone, asked=(), products=()):
    """Return what was typed as a report.

    :param asked: the parameters of the step as ordered, ``{"name", "unit", "low", "high"}``
    :param products: ids of products that may be used
    :raise FormError: a field cannot be read
    """
    report = {"kind": kind, "reference": text(form, "reference", 40),
              "time": moment(form, "time", zone)}
    revision, deviation = made_to(form)
    for name, value in (("revision", revision), ("deviation", deviation), *(
            (name, text(form, name, most)) for name, most in (
                ("person", SHORT), ("operation", SHORT), ("equipment", SHORT), ("note", LONG),
                ("supersedes", 40)))):
        if value:
            report[name] = value
    if not report["reference"]:
        raise FormError("reference", "missing")
    where = {}
    for part, reader in (("parameters", _parameters), ("lots", _lots), ("used", _used)):
        found = reader(form, asked if part == "parameters" else products)
        if found:
            where[part] = [row for row, _value in found]
            report[part] = [value for _row, value in found]
    return Said(report, where)


def lots_of(form):
    """Return the lots of a page, ``{"lot", "quantity", "outcome"}``.

    :raise FormError: a field cannot be read
    """
    return [one for _row, one in _lots(form, ())]


def decimal(value):
    """Return a text as a number, or None where it is none."""
    return plain_number("" if value in (None, False) else value)


def _filled(form, named, valued):
    """Yield number, name and value of the rows of a table that have a value."""
    for row in rows_of(form, named, valued):
        name, value = text(form, f"{named}_{row}"), text(form, f"{valued}_{row}")
        if not value:
            continue
        if not name:
            raise FormError(f"{named}_{row}", "missing")
        yield row, name, value


def _parameters(form, asked):
    limits = {one["name"]: one for one in asked}
    found = []
    for row, name, value in _filled(form, "param_name", "param_value"):
        limit = limits.get(name, {})
        ends = {end: str(limit[end]) for end in ("low", "high") if limit.get(end)}
        if ends:
            value = unicodedata.normalize("NFKC", value)
            if decimal(value) is None:
                raise FormError(f"param_value_{row}", "number")
        # Unit and limits are those ordered, not what a page says they are.
        unit = limit.get("unit") or text(form, f"param_unit_{row}")
        found.append((row, {"name": name, "value": value, "unit": unit, **ends}))
    return found


def _lots(form, products):
    found = []
    for row, name, _amount in _filled(form, "lot_name", "lot_quantity"):
        outcome = text(form, f"lot_outcome_{row}") or "good"
        if outcome not in OUTCOMES:
            raise FormError(f"lot_outcome_{row}", "outcome")
        one = {"lot": name, "quantity": number(form, f"lot_quantity_{row}"), "outcome": outcome}
        if product := text(form, f"lot_product_{row}"):  # of material that arrived
            if not product.isdecimal() or int(product) not in products:
                raise FormError(f"lot_product_{row}", "product")
            one["product"] = int(product)
        found.append((row, one))
    return found


def _used(form, products):
    found = []
    for row, name, _amount in _filled(form, "used_lot", "used_quantity"):
        product = text(form, f"used_product_{row}")
        if not product.isdecimal() or int(product) not in products:
            raise FormError(f"used_product_{row}", "product")
        found.append((row, {"product": int(product), "lot": name,
                            "quantity": number(form, f"used_quantity_{row}")}))
    return found
