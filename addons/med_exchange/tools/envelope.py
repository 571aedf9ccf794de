"""The envelope of a message: what it must hold, and how it is told from what it must not.

Everything is checked without recursion and before anything is hashed, since it comes from outside.
Numbers are whole, so that every language writes the same text; what is measured is decimal text.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from odoo.addons.med_base.tools.evidence import canonical_json, digest

from .code import is_plain
from .words import UNFIT, _lt, plain

SPEC = "med-exchange/1"
LARGEST = 2 ** 53 - 1  # RFC 7493, 2.2: what every language reads alike
LARGEST_SEQUENCE = 2 ** 31 - 2  # the one after it still is a number of PostgreSQL's
DEPTH, NODES, BYTES = 20, 50_000, 1_000_000
MOST_PROBLEMS = 50
ACTIONS = ("state", "cancel")

IDENTIFIER = re.compile(r"[!-~]{1,64}")
STREAM = re.compile(r"[A-Za-z0-9._-]{1,64}")
SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,63}")
VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}")
SENDER = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?Z", re.ASCII)
LONGEST_OBJECT_ID = LONGEST_NAME = 128


@dataclass(frozen=True)
class Problem:
    """Something wrong: ``pointer`` (RFC 6901) into what was sent, ``message`` a sentence.

    :ivar words: the sentence by language, where it was said in others already
    :ivar told: the sentence as the sender is told, once that is known
    """

    pointer: str
    message: str
    words: dict = field(default_factory=dict, compare=False)
    told: str = field(default="", compare=False)


class EnvelopeError(ValueError):
    """What was sent is no message that could be applied; ``problems`` says why."""

    def __init__(self, problems):
        super().__init__("; ".join(one.message for one in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Envelope:
    """A message as its sender described it; times are naive UTC.

    :ivar base: version of the object that the sender built on; 0 when it is new to him
    :ivar digest: as recomputed, with its prefix
    :ivar data: the dictionary as sent
    """

    id: str
    sender: str
    stream: str
    sequence: int
    schema: str
    version: str
    action: str
    cancels: str
    object_id: str
    object_version: int
    base: int
    time: datetime
    event_time: datetime | None
    payload: dict = field(hash=False)
    digest: str
    data: dict = field(hash=False)


def seal(data):
    """Return an envelope with the digest over everything but digest and signature."""
    bare = {name: value for name, value in data.items() if name not in ("digest", "signature")}
    return {**bare, "digest": _digest(data)}


def parse(data, size=None):
    """Return the :class:`Envelope` of one message.

    :param data: what was sent, as JSON is read: anything
    :param size: its bytes where known; else those of its canonical text
    :raise EnvelopeError: with every problem that was found, at most 50
    """
    if not isinstance(data, dict):
        raise EnvelopeError([Problem("", plain(_lt("A message is an object with named members.")))])
    problems = list(islice(unfit(data), MOST_PROBLEMS))
    if not problems and (size or len(canonical_json(data))) > BYTES:
        problems = [Problem("", plain(
            _lt("A message has at most %(most)s bytes."), most=f"{BYTES:,}"))]
    if problems:
        raise EnvelopeError(problems[:MOST_PROBLEMS])
    problems = shape(data)
    if not problems and data["digest"] != _digest(data):
        problems = [Problem("/digest", plain(
            _lt("The digest is not that of the message.")))]
    if problems:
        raise EnvelopeError(problems[:MOST_PROBLEMS])
    return built(data)


def shape(data):
    """Return what is wrong with the members of a message that holds nothing unfit."""
    return [*_members(data), *_of_object(data), *_of_action(data)]


def built(data):
    """Return the :class:`Envelope` of a message in which nothing is wrong."""
    thing = data["object"]
    return Envelope(
        id=data["id"], sender=data["sender"], stream=data["stream"], sequence=data["sequence"],
        schema=data["schema"], version=data["version"], action=data["action"],
        cancels=data.get("cancels", ""), object_id=thing["id"],
        object_version=thing.get("version", 0), base=thing.get("base", 0),
        time=read_time(data["time"]),
        event_time=read_time(data["event_time"]) if "event_time" in data else None,
        payload=data["payload"], digest=data["digest"], data=data)


def identity(data):
    """Return the message id of anything that was sent, or "" where it has none that could be."""
    name = data.get("id") if isinstance(data, dict) else None
    return name if isinstance(name, str) and IDENTIFIER.fullmatch(name) else ""


def pointer(*parts):
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _digest(data):
    bare = {name: value for name, value in data.items() if name not in ("digest", "signature")}
    return f"sha256:{digest(canonical_json(bare))}"


def read_time(text):
    """Return the naive UTC time of text such as ``2026-11-23T04:30:00Z``, None if it is none."""
    found = TIME.fullmatch(text)
    if not found:
        return None
    try:  # Python 3.10 reads three or six decimal places, no other number of them
        return datetime.fromisoformat(found[1] + (found[2] or ".0").ljust(7, "0"))
    except ValueError:
        return None


def unfit(data):
    """Yield Problems: what cannot be kept or hashed, wherever it stands."""
    waiting, nodes = [(data, ())], 0
    while waiting:
        value, path = waiting.pop()
        nodes += 1
        if nodes > NODES:
            yield Problem("", plain(_VALUES, most=f"{NODES:,}"))
            return
        if len(path) > DEPTH:
            yield Problem(pointer(*path), plain(
                _lt("A message is at most %(most)s levels deep."), most=DEPTH))
            return
        if isinstance(value, dict | list) and len(value) > NODES:
            yield Problem(pointer(*path), plain(_VALUES, most=f"{NODES:,}"))
            return
        if isinstance(value, dict):
            for key, inner in value.items():
                if not isinstance(key, str) or not key.isascii() or UNFIT.search(key) or (
                        len(key) > LONGEST_NAME):
                    yield Problem(pointer(*path), plain(
                        _lt("A name is of ASCII characters, at most %(most)s of them."),
                        most=LONGEST_NAME))
                else:
                    waiting.append((inner, (*path, key)))
        elif isinstance(value, list):
            waiting += [(inner, (*path, number)) for number, inner in enumerate(value)]
        elif problem := _unfit_value(value):
            yield Problem(pointer(*path), plain(problem))


def _unfit_value(value):
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if abs(value) <= LARGEST else _lt(
            "The number is beyond 53 bits: give it as text.")
    if isinstance(value, float):
        return _lt("A number is whole; give what is measured as decimal text.")
    if isinstance(value, str):
        return _lt("The text holds a character that cannot be kept.") if UNFIT.search(value) else ""
    return _lt("This is no JSON value.")


_VALUES = _lt("A message has at most %(most)s values.")
_NO_MEMBER = _lt("A message has no member “%(name)s”.")
_A_TIME = _lt("“%(name)s” must be a time, as 2026-11-23T04:30:00Z.")
# member: whether it must be there, and what it must be
MEMBERS = {
    "spec": (True, lambda value: value == SPEC, _lt("“%(name)s” must be med-exchange/1.")),
    "id": (True, IDENTIFIER.fullmatch,
           _lt("“%(name)s” must be 1 to 64 visible ASCII characters.")),
    "sender": (True, SENDER.fullmatch, _lt("“%(name)s” must be the code of a partner.")),
    "stream": (True, STREAM.fullmatch,
               _lt("“%(name)s” must be 1 to 64 letters, digits, dots, hyphens.")),
    "sequence": (True, lambda value: 0 < value <= LARGEST_SEQUENCE,
                 _lt("“%(name)s” must be a whole number from 1 to 2147483646.")),
    "schema": (True, SCHEMA.fullmatch, _lt("“%(name)s” must be the name of a schema.")),
    "version": (True, VERSION.fullmatch, _lt("“%(name)s” must be a version, as 1.0.")),
    "action": (True, ACTIONS.__contains__, _lt("“%(name)s” must be state or cancel.")),
    "cancels": (False, IDENTIFIER.fullmatch, _lt("“%(name)s” must be the id of a message.")),
    "object": (True, None, _lt("“%(name)s” must be an object with an id.")),
    "time": (True, read_time, _A_TIME),
    "event_time": (False, read_time, _A_TIME),
    "payload": (True, None, _lt("“%(name)s” must be an object.")),
    "digest": (True, DIGEST.fullmatch,
               _lt("“%(name)s” must be sha256: and 64 hexadecimal digits.")),
    "signature": (False, None, _lt("“%(name)s” must name a key, an algorithm and a value.")),
}
KINDS = {"sequence": int, "object": dict, "payload": dict, "signature": dict}


def _members(data):
    for name in data:
        if name not in MEMBERS:
            yield Problem(pointer(name), plain(_NO_MEMBER, name=name))
    for name, (needed, fits, told) in MEMBERS.items():
        if name not in data:
            if needed:
                yield Problem(pointer(name), plain(_lt("“%(name)s” is missing."), name=name))
        elif type(data[name]) is not KINDS.get(name, str) or fits and not fits(data[name]):
            yield Problem(pointer(name), plain(told, name=name))


def _of_object(data):
    thing = data.get("object")
    if not isinstance(thing, dict):
        return
    for name in thing.keys() - {"id", "version", "base", "seen"}:
        yield Problem(pointer("object", name), plain(
            _lt("An object has no member “%(name)s”."), name=name))
    name = thing.get("id")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_OBJECT_ID:
        yield Problem("/object/id", plain(
            _lt("“id” must be a text of 1 to %(most)s characters."), most=LONGEST_OBJECT_ID))
    elif not is_plain(name):
        yield Problem("/object/id", plain(_lt(
            "“id” has blanks around it, characters that are not seen, or is not composed (NFC).")))
    for member in ("version", "base", "seen"):
        value = thing.get(member, 0)
        if type(value) is not int or not 0 <= value <= LARGEST_SEQUENCE:
            yield Problem(pointer("object", member), plain(
                _lt("“%(name)s” must be a whole number, from 0."), name=member))


def _of_action(data):
    if data.get("action") == "cancel":
        if "cancels" not in data:
            yield Problem("/cancels", plain(
                _lt("A cancellation names the message that it cancels.")))
        if data.get("payload"):
            yield Problem("/payload", plain(_lt("A cancellation has an empty payload.")))
    elif "cancels" in data:
        yield Problem("/cancels", plain(_lt("Only a cancellation names another message.")))
    signature = data.get("signature")
    if isinstance(signature, dict):
        for name in ("key", "algorithm", "value"):
            if not isinstance(signature.get(name), str):
                yield Problem(pointer("signature", name), plain(
                    _lt("“%(name)s” must be a text."), name=name))
        for name in signature.keys() - {"key", "algorithm", "value"}:
            yield Problem(pointer("signature", name), plain(
                _lt("A signature has no member “%(name)s”."), name=name))
