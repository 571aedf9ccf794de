"""The form in which two reports are compared: the same content gives the same text."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

TEXTS = ("kind", "reference", "revision", "person", "operation", "equipment", "note", "supersedes")
LIMITS = {"reference": 128, "supersedes": 128, "revision": 64, "person": 128, "operation": 256,
          "equipment": 256, "note": 10_000, "kind": 32}
PARAMETER = ("name", "value", "unit", "low", "high")
FAILED = {"fail", "failed", "reject", "rejected", "不合格", "不通过"}
"""Values of a result that mean a failure, whatever its name."""

MOST = 1_000
"""Rows of one report."""
UNKEPT = re.compile("[\\0\ud800-\udfff]")
"""Characters that no database keeps: the NUL, and halves of others."""


class NotPlain(Exception):
    """A report has not the form it must have.

    :ivar pointer: JSON pointer into the report
    :ivar code: ``text``, ``long``, ``time``, ``list``, ``many``, ``name``, ``quantity`` or
        ``unknown``
    """

    def __init__(self, pointer, code):
        super().__init__(pointer, code)
        self.pointer, self.code = pointer, code


def plain(report):
    """Return a report with every key, texts stripped, quantities as floats.

    :raises NotPlain: something has another form
    """
    if not isinstance(report, dict):
        raise NotPlain("", "unknown")
    known = {*TEXTS, "time", "parameters", "lots", "used", "deviation"}
    for key in report:
        if key not in known:
            raise NotPlain(f"/{key}", "unknown")
    told = {key: _text(report.get(key), f"/{key}", LIMITS[key]) for key in TEXTS}
    time = report.get("time")
    if not isinstance(time, datetime) or time.tzinfo:
        raise NotPlain("/time", "time")
    told["time"] = time.replace(microsecond=0)
    told["deviation"] = _text(report.get("deviation") or "", "/deviation", 64)
    told["parameters"] = [
        {key: _text(row.get(key), f"{where}/{key}", 256) for key in PARAMETER}
        for where, row in _rows(report, "parameters")]
    for number, row in enumerate(told["parameters"]):
        if not row["name"]:
            raise NotPlain(f"/parameters/{number}/name", "name")
    told["lots"] = [
        {**_lot(where, row), "outcome": _text(row.get("outcome"), f"{where}/outcome", 16),
         "product": _product(row, where)} for where, row in _rows(report, "lots")]
    told["used"] = [{**_lot(where, row, False), "product": _product(row, where)}
                    for where, row in _rows(report, "used")]
    return told


def comparable(told):
    """Return plain JSON data of :func:`plain`'s answer: of which a digest is made."""
    return {**told, "time": told["time"].isoformat(),
            **{key: [{**row, "quantity": number_text(row["quantity"])} for row in told[key]]
               for key in ("lots", "used")}}


def number_text(value):
    """Return a quantity without idle zeros, to six places."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def number(text):
    """Return a decimal text as Decimal, or None where it is none."""
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def deviations(contract, told):
    """Return what a report says that was not ordered: ``(code, name, value, limits)``.

    Codes: ``step`` (not in the frozen routing), ``unknown`` (no such parameter), ``unit``,
    ``unreadable``, ``outside``, ``failed``. Nothing is judged where nothing was frozen.

    :param dict contract: keys ``routing`` and ``parameters``
    :param dict told: see :func:`plain`
    """
    found = []
    steps = {row["name"].casefold() for row in contract.get("routing", ())}
    if told["operation"] and steps and told["operation"].casefold() not in steps:
        found.append(("step", told["operation"], "", ""))
    frozen = {}
    for row in contract.get("parameters", ()):
        frozen.setdefault(row["name"].casefold(), row)
        frozen.setdefault(row["key"].casefold(), row)
    for row in told["parameters"]:
        if row["value"].casefold() in FAILED:
            found.append(("failed", row["name"], row["value"], ""))
            continue
        limits = frozen.get(row["name"].casefold())
        if limits is None:
            if frozen:
                found.append(("unknown", row["name"], row["value"], ""))
            limits = row  # its own limits are all there is
        span = f"{limits['low'] or '…'} – {limits['high'] or '…'} {limits['unit']}".strip()
        if limits["unit"] and row["unit"] != limits["unit"]:
            found.append(("unit", row["name"], f"{row['value']} {row['unit']}", limits["unit"]))
            continue
        low, high = number(limits["low"]), number(limits["high"])
        if low is None and high is None:
            continue
        value = number(row["value"])
        if value is None:
            found.append(("unreadable", row["name"], row["value"], span))
        elif (low is not None and (value < low or value == low and limits.get("open_low"))) or (
                high is not None and (value > high or value == high and limits.get("open_high"))):
            found.append(("outside", row["name"], row["value"], span))
    return found


def parameters_text(rows):
    """Return parameters as one readable line each."""
    return "\n".join(
        f"{row.get('name', '')}: {row.get('value', '')} {row.get('unit', '')}".rstrip()
        for row in rows or ())


def _rows(report, key):
    rows = report.get(key) or []
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, dict) for row in rows):
        raise NotPlain(f"/{key}", "list")
    if len(rows) > MOST:
        raise NotPlain(f"/{key}", "many")
    return [(f"/{key}/{number}", row) for number, row in enumerate(rows)]


def _text(value, pointer, most):
    if value is None or value is False:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise NotPlain(pointer, "text")
    text = str(value).strip()
    if len(text) > most:
        raise NotPlain(pointer, "long")
    if UNKEPT.search(text):
        raise NotPlain(pointer, "text")
    return text


def _lot(pointer, row, named=True):
    name = _text(row.get("lot"), f"{pointer}/lot", 128)
    if named and not name:
        raise NotPlain(f"{pointer}/lot", "name")
    quantity = row.get("quantity")
    if isinstance(quantity, bool) or not isinstance(quantity, (int, float, Decimal)) or not (
            0 < quantity < 1e12):
        raise NotPlain(f"{pointer}/quantity", "quantity")
    return {"lot": name, "quantity": float(quantity)}


def _product(row, pointer):
    product = row.get("product") or 0
    if isinstance(product, bool) or not isinstance(product, int):
        raise NotPlain(f"{pointer}/product", "unknown")
    return product
