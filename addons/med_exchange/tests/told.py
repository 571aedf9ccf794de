"""Which fields of a schema are told by us, and which are read of what partners tell."""

import json
from pathlib import Path

from ..tools.conflict import is_said, steps
from ..tools.schema import fields

ADDONS = Path(__file__).parents[2]


class Watched(dict):
    """A payload that knows which of its fields were read."""

    def __init__(self, data, pointer="", read=None):
        self.pointer, self.read = pointer, set() if read is None else read
        super().__init__((name, self._inner(name, value)) for name, value in data.items())

    def _inner(self, name, value):
        here = f"{self.pointer}/{name}"
        if isinstance(value, dict) and set(value) != {"value", "unit"}:
            return Watched(value, here, self.read)
        if isinstance(value, list):
            return [Watched(one, f"{here}/-", self.read) if isinstance(one, dict) else one
                    for one in value]
        return value

    def __getitem__(self, name):
        self.read.add(f"{self.pointer}/{name}")
        return super().__getitem__(name)

    def get(self, name, default=None):
        return self[name] if name in self else default


def neither(schema, told=(), watched=(), version="1.0"):
    """Return the pointers of a schema that no payload tells, and of which no value was read.

    :param told: payloads as we export them
    :param watched: instances of :class:`Watched` after a handler has applied them
    """
    [path] = ADDONS.glob(f"*/schemas/{schema}-{version}.json")
    read = set().union(*(one.read & set(_said(one)) for one in watched))
    return [one.pointer for one in fields(json.loads(path.read_text()))
            if one.pointer not in read
            and not any(is_said(payload, steps(one.pointer)) for payload in told)]


def _said(data, pointer=""):
    """Every pointer of what plain data says, with "-" for each of a list."""
    for name in data:
        value, here = dict.__getitem__(data, name), f"{pointer}/{name}"
        yield here
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _said(one, f"{here}/-" if isinstance(value, list) else here)
