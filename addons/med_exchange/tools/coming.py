"""One message on its way in, before it is a row; no Odoo, no I/O."""

import json
import re
from dataclasses import dataclass, field

from .envelope import read_time
from .words import code_in

VISIBLE = re.compile("[!-~]{1,64}")
KEPT_BYTES = 64 * 1024  # of what is no envelope: enough to see what it was

# status of a row → what its sender is told
OUTCOMES = {"waiting": "waiting", "applied": "accepted", "overtaken": "accepted",
            "same": "duplicate", "ours": "conflict", "rejected": "rejected",
            "conflict": "conflict", "returned": "rejected", "undone": "undone"}


@dataclass(frozen=True)
class Same:
    """What came before by another way, and said the same.

    :ivar row: id of its row
    :ivar state: what became of it; ``answer``: what its sender was told
    """

    row: int
    state: str
    answer: dict = field(hash=False)


class Coming:
    """One message on its way in; what is found out about it is written at the end.

    :ivar data: the envelope as sent; ``fields`` the same where it can be read, else {}
    :ivar problems: why it is refused
    :ivar notes: Problems that are none: what is said of it although it was taken
    :ivar unsigned: the bytes that its signature is over, where it is refused for its numbers
        alone: a person may mend it; None for any other
    :ivar row: id of our row, 0 until it has one
    :ivar twin: the answer of the row that it repeats, None when it is new
    :ivar same: the :class:`Same` that came before by another way, None when there is none
    :ivar mended: payload that a person put in place of the one sent, None if none did
    :ivar knew_ours: it was built on what our record says now
    :ivar decided: a person has decided a conflict: no rule is asked
    """

    def __init__(self, data):
        self.data, self.fields, self.digest = data, {}, ""
        self.body, self.size, self.claimed = "", 0, ""
        self.problems, self.alarm, self.authentic = [], "", False
        self.unsigned, self.same = None, None
        self.row, self.stream, self.counted = 0, None, False
        self.state, self.missing, self.twin, self.first = "rejected", (), None, ""
        self.payload, self.mended, self.decided, self.by_person = None, None, False, False
        self.knew_ours = False
        self.model, self.record, self.before, self.notes = None, None, None, []
        self.version_before, self.trail = 0, None

    @property
    def thing(self):
        return self.fields.get("object") or {}

    @property
    def version(self):
        """Their version of the thing; of partners who count none, one after the last."""
        return self.thing.get("version") or self.version_before + 1

    @property
    def base(self):
        return self.thing.get("base", 0) if self.thing.get("version") else self.version_before

    @property
    def seen(self):
        """Our version of the thing that they say theirs was built on; None: they do not say."""
        return self.thing.get("seen")

    @property
    def claims(self):
        """What it says it is about, by which it is searched, also where it is no envelope."""
        data = self.data if isinstance(self.data, dict) else {}
        thing = data.get("object")
        return {"object": code_in(thing.get("id")) if isinstance(thing, dict) else "",
                "payload": data.get("payload")}

    def forget(self):
        """Take back what was found out while it was being carried out: it is begun anew."""
        self.problems, self.state, self.payload = [], "waiting", None
        self.knew_ours = False
        self.model, self.record, self.before, self.notes = None, None, None, []
        self.version_before, self.trail = 0, None

    def refuse(self, *problems, state="rejected"):
        self.problems += problems
        self.state = state

    def answer(self):
        """Return what its sender is told."""
        if self.twin is not None:
            return {**self.twin, "outcome": "duplicate", "first": self.first}
        if self.same is not None:
            return {**self.same.answer, "id": self.claimed, "message": self.row,
                    "outcome": "duplicate", "first": OUTCOMES[self.same.state]}
        # One that another of the same call took back was taken first.
        outcome = "accepted" if self.state == "undone" else OUTCOMES[self.state]
        return {"id": self.claimed, "outcome": outcome,
                "errors": [{"pointer": one.pointer, "message": one.told or one.message}
                           for one in self.problems],
                "missing": list(self.missing), "message": self.row,
                "object": {"id": self.thing.get("id", ""),
                           "version": self.version if self.thing and self.state in (
                               "applied", "ours") else self.version_before}}


def moment(text):
    """Return a time of an envelope as naive UTC, None where there is none."""
    return read_time(text) if text else None


def readable(data):
    """Return the beginning of what is no envelope, as text that can be kept."""
    try:
        return json.dumps(data, default=str)
    except (ValueError, TypeError, RecursionError):
        return json.dumps(f"({type(data).__name__} that cannot be written as JSON)")


def claimed_id(data):
    """Return the id that anything sent claims to have, "" where it has none that could be."""
    name = data.get("id") if isinstance(data, dict) else None
    return name if isinstance(name, str) and VISIBLE.fullmatch(name) else ""
