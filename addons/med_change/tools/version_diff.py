"""What differs between two versions of a product, and which lots a version begins with."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One value that differs; an old or new value that is not there is None.

    :ivar path: the keys that lead to it, from the outside in
    """

    path: tuple[str, ...]
    old: str | None
    new: str | None


def flatten(content, path=()):
    """Return path → text of every value of nested dictionaries; empty ones say nothing."""
    found = {}
    for key, value in content.items():
        if isinstance(value, dict):
            found.update(flatten(value, (*path, key)))
        else:
            found[(*path, key)] = str(value)
    return found


def differences(old, new):
    """Return the :class:`Difference` of two contents in the order of their paths."""
    before, after = flatten(old), flatten(new)
    return [Difference(path, before.get(path), after.get(path))
            for path in sorted(before.keys() | after.keys())
            if before.get(path) != after.get(path)]


def begins(name, first):
    """Whether a lot or serial name is the first one of a version, or comes after it.

    Names are compared where their shape is the same: equal text around numbers, of which the
    first that differs is not lower. Names of another shape come under no such version.
    """
    mine, its = (re.split(r"(\d+)", text) for text in (name, first))
    if len(mine) != len(its) or mine[::2] != its[::2]:
        return False
    return [int(one) for one in mine[1::2]] >= [int(one) for one in its[1::2]]
