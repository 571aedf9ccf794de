"""From data elements to the cells of a regulator's form."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

# XML 1.0, 2.2: the characters that a document can hold.
_OUTSIDE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Field:
    """A place of the form, and where its content comes from."""

    key: int
    path: str
    source: str = ""
    constant: str = ""
    each: str = ""
    required: bool = False
    max_length: int = 0
    codes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A place of the form with its text; ``index`` counts the items of a group."""

    field: Field
    index: int
    text: str


@dataclass(frozen=True)
class Lack:
    """Why a place cannot be filled: ``missing``, ``long``, ``code`` or ``characters``."""

    field: Field
    index: int
    code: str
    value: str = ""


@dataclass(frozen=True)
class Words:
    """How a form writes what is no text."""

    yes: str = "true"
    no: str = "false"
    joint: str = " "
    day: str = "%Y-%m-%d"


def is_blank(value):
    """Whether nothing is known: 0 and "no" are something."""
    return value is None or value == "" or (isinstance(value, (tuple, list)) and not value)


def text_of(value, words):
    """Return a plain value as the form writes it."""
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, (datetime, date)):
        return value.strftime(words.day)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).strip()


def _key(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def fill(place, value, index=0, words=Words()):
    """Return the ``Cell`` of a place, a ``Lack``, or None when it stays empty and may.

    :param value: text, number, date, bool, or a tuple of those, which are written one after the
        other; None, empty text and the empty tuple are unknown
    """
    if place.constant:
        return Cell(place, index, place.constant)
    if is_blank(value):
        return Lack(place, index, "missing") if place.required else None
    values = value if isinstance(value, (tuple, list)) else (value,)
    texts = []
    for one in values:
        if place.codes and _key(one) not in place.codes:
            return Lack(place, index, "code", _key(one))
        texts.append(place.codes[_key(one)] if place.codes else text_of(one, words))
    text = words.joint.join(filter(None, texts))
    if not text:
        return Lack(place, index, "missing") if place.required else None
    if _OUTSIDE.search(text):
        return Lack(place, index, "characters")
    if place.max_length and len(text) > place.max_length:
        return Lack(place, index, "long", text)
    return Cell(place, index, text)


def lay_out(places, values, groups, words=Words()):
    """Return ``([Cell, …], [Lack, …])`` of one entry, in the order of the form.

    Places of one group that follow each other are written item by item.

    :param values: ``{key of a place: value}``
    :param groups: ``{name of a group: [{key of a place: value}, …]}``
    """
    cells, lacks, at = [], [], 0
    while at < len(places):
        block = [places[at]]
        while block[0].each and at + len(block) < len(places) and (
                places[at + len(block)].each == block[0].each):
            block.append(places[at + len(block)])
        items = groups.get(block[0].each, []) if block[0].each else [values]
        for index, item in enumerate(items):
            for place in block:
                got = fill(place, item.get(place.key), index, words)
                if isinstance(got, Lack):
                    lacks.append(got)
                elif got is not None:
                    cells.append(got)
        at += len(block)
    return cells, lacks
