"""The body of an entry: the canonical bytes that count.

A compact JSON array in fixed order (see :data:`PARTS`); no floats, column values are the text that
PostgreSQL writes for them, or null.
"""

import json

VERSION = "med-audit/1"
PARTS = ("version", "log", "id", "at", "xid", "op", "model", "res_id", "tbl", "uid", "company",
         "person", "reason", "event_at", "old", "new")
_TYPES = (str, str, int, str, int, str, str, (int, type(None)), str, (int, type(None)),
          (int, type(None)), dict, (str, type(None)), (str, type(None)),
          (dict, type(None)), (dict, type(None)))


class BodyError(Exception):
    """Bytes that are no canonical body."""


def encode(parts):
    """Return the canonical text of the 16 parts."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _object(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BodyError("a key stands twice in one object")
    return result


def _number(text):
    raise BodyError(f"a number that is no integer: {text}")


def parse(text):
    """Return the parts of a body as a dict by :data:`PARTS`.

    :param text: str
    :raise BodyError: when it is not the one canonical encoding of its content
    """
    try:
        parts = json.loads(text, object_pairs_hook=_object, parse_float=_number,
                           parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise BodyError(f"no JSON: {error}") from None
    if not isinstance(parts, list) or len(parts) != len(PARTS):
        raise BodyError(f"not an array of {len(PARTS)} parts")
    for name, value, wanted in zip(PARTS, parts, _TYPES, strict=True):
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise BodyError(f"part {name} is a {type(value).__name__}")
    event = parts[PARTS.index("op")] == "E"
    for image in () if event else parts[14:]:
        for column, value in (image or {}).items():
            if value is not None and not isinstance(value, str):
                raise BodyError(f"the value of column {column} is no text")
    if encode(parts) != text:
        raise BodyError("not in the canonical form")
    return dict(zip(PARTS, parts, strict=True))


def identity(text):
    """Return what a body says of itself as far as it can be read: ``(version, log, id)``.

    None for what is not there; for naming what is wrong with a body that fails its hash.
    """
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        head = text[:200].split(",")
        return head[0].removeprefix('["').removesuffix('"'), None, None
    if not isinstance(parts, list) or len(parts) < 3:
        return None, None, None
    return tuple(parts[:3])
