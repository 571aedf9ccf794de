"""Messages that are none for their numbers alone, and yet are shown to be by their sender.

A float has many ways to be written, so none is fit for a digest that every language recomputes.
But where the digest is right over one of the ways that we can write, the message came as it was
sent, and its signature can be verified over the same bytes: a person may mend it.
"""

import json
import math
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.med_base.tools.evidence import digest

from .envelope import BYTES, LARGEST, MOST_PROBLEMS, shape, unfit


@dataclass(frozen=True)
class Nearly:
    """A message with numbers in its payload that no message may have.

    :ivar problems: what is wrong with it
    :ivar text: all of it, in the form in which its digest is right
    :ivar unsigned: the same without the signature, which is over that
    """

    problems: tuple
    text: str
    unsigned: bytes


def nearly(data):
    """Return the :class:`Nearly` of what was refused as an envelope, or None.

    :param data: anything
    """
    if not isinstance(data, dict) or data.get("action") != "state" or not isinstance(
            data.get("payload"), dict):
        return None
    problems = list(unfit(data))
    if not problems or len(problems) != _bad_numbers(data["payload"]) or not all(
            one.pointer.startswith("/payload/") for one in problems):
        return None
    if shape({**data, "payload": {}}):
        return None
    bare = {name: data[name] for name in data if name not in ("digest", "signature")}
    for number in (repr, ecmascript):
        if data["digest"] == f"sha256:{digest(_text(bare, number).encode())}":
            text = _text(data, number)
            if len(text.encode()) > BYTES:
                return None
            unsigned = {name: data[name] for name in data if name != "signature"}
            return Nearly(tuple(problems[:MOST_PROBLEMS]), text, _text(unsigned, number).encode())
    return None


def ecmascript(value):
    """Return a float as ECMAScript writes it (ECMA-262, Number::toString; RFC 8785, 3.2.2.3)."""
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _e, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def _bad_numbers(payload):
    """Return how many numbers of plain data are fractions or beyond 53 bits, but can be written."""
    found, waiting = 0, [payload]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, float):
            found += math.isfinite(value)
        elif isinstance(value, int):
            found += abs(value) > LARGEST
    return found


def _text(value, number):
    """Return plain data that is not too deep in the canonical form, floats as ``number`` says."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{_text(inner, number)}"
                              for name, inner in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_text(inner, number) for inner in value) + "]"
    if isinstance(value, float):
        return number(value)
    return json.dumps(value, ensure_ascii=False)
