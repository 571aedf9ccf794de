"""One text for one content: what a signature is taken over.

After RFC 8785 (JSON Canonicalization Scheme), narrower where that leaves room: no number that is
not a whole one within 53 bits (measured values come as decimal text), text in Unicode NFC, times
in UTC. Two contents have the same text exactly when they say the same.
"""

import hashlib
import json
import unicodedata
from datetime import date, datetime, timezone
from decimal import Decimal

FORM = "med-signature/1"
LARGEST = 2 ** 53 - 1


class CanonicalError(ValueError):
    """The content cannot be written in canonical form."""


def canonical(content):
    """Return the canonical text of plain data.

    :param content: None, bool, int, str, and lists and dictionaries (with text keys) of these
    :raise CanonicalError: anything else, an integer beyond 53 bits, or two keys equal in NFC
    """
    return json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":"))


def digest(text):
    """Return ``"sha256:"`` and the hexadecimal SHA-256 of a canonical text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def decimal_text(value, digits=None):
    """Return a number as decimal text without exponent: ``"0.05"``.

    :param value: int, float or Decimal; a float counts as its shortest decimal
    :param digits: digits after the point, rounded half to even; as they are when None
    :raise CanonicalError: the number is not finite
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        raise CanonicalError(f"{value} is not a number that can be signed")
    if digits is not None:
        number = number.quantize(Decimal(1).scaleb(-digits))
    return format(number.copy_abs() if number.is_zero() else number, "f")


def time_text(value):
    """Return a date as ``2026-11-22``, a datetime (UTC when naive) as ``2026-11-22T03:57:17Z``."""
    if not isinstance(value, datetime):
        return value.isoformat() if isinstance(value, date) else None
    if value.tzinfo:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return value.isoformat() + "Z"


def _plain(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise CanonicalError(f"{value} is beyond 53 bits: give it as text")
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        found = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise CanonicalError(f"the key {key!r} is not text")
            name = _text(key)
            if name in found:
                raise CanonicalError(f"two keys are the same text: {name!r}")
            found[name] = _plain(item)
        # RFC 8785, 3.2.3: by UTF-16 code units
        return dict(sorted(found.items(), key=lambda pair: pair[0].encode("utf-16-be")))
    raise CanonicalError(f"{type(value).__name__} has no canonical form")


def _text(value):
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("text with a lone surrogate has no canonical form") from error
    return unicodedata.normalize("NFC", value)
