"""What two payloads say differently, field by field."""

from hashlib import sha256
from math import isfinite

from odoo.addons.med_base.tools.evidence import canonical_json

_NOTHING = object()
DEEPEST = 20  # as in envelopes


def of_payload(payload):
    """Return the digest of a payload, as in snapshots."""
    return f"sha256:{sha256(canonical_json(payload)).hexdigest()}"


def check(value, depth=0):
    """Check that a value is plain data that can be compared.

    :raise ValueError: it is nested too deep, or holds what JSON has no form for
    """
    if depth > DEEPEST + 2:  # it may be an item that holds the payload
        raise ValueError(f"it is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for name, one in value.items():
            if not isinstance(name, str):
                raise ValueError("the name of a member is no text")
            check(name)
            check(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            check(one, depth + 1)
    elif isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("a text holds half a character")
    elif isinstance(value, float):
        if not isfinite(value):
            raise ValueError("a number is not finite")
    elif not (value is None or isinstance(value, int)):
        raise ValueError("it is no plain data")


def of_all(digests):
    """Return the digest of many objects, in whatever order they come.

    :param digests: ``{object id: digest of its payload}``
    """
    pairs = sorted([thing, one] for thing, one in digests.items())
    return f"sha256:{sha256(canonical_json(pairs)).hexdigest()}"


def differences(ours, theirs, pointer=""):
    """Return ``[(pointer, ours, theirs)]``, where None stands for what one side does not say."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = []
        for name in sorted(ours.keys() | theirs.keys()):
            found += differences(
                ours.get(name, _NOTHING), theirs.get(name, _NOTHING),
                f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
        return found
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [one for place, pair in enumerate(zip(ours, theirs, strict=True))
                for one in differences(*pair, f"{pointer}/{place}")]
    if ours is theirs or (type(ours) is type(theirs) and ours == theirs):
        return []
    return [(pointer, None if ours is _NOTHING else ours, None if theirs is _NOTHING else theirs)]
