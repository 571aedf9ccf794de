"""The life of an order at a processor: what may be said when, and how far the order is.

Times are naive UTC. Nothing here knows a database or a clock.
"""

from dataclasses import dataclass
from datetime import timedelta

SKEW = timedelta(minutes=2)
"""Clocks of two firms differ by so much without anybody being wrong."""

LIVE = ("released", "acknowledged", "started", "finished", "shipped", "received", "accepted")
WHEN = {
    "acknowledged": ("released",),
    "declined": ("released", "acknowledged"),
    "received": ("released", "acknowledged", "started", "finished"),
    "started": ("acknowledged", "started"),
    "step": ("started", "finished", "shipped", "received"),
    "result": ("started", "finished", "shipped", "received", "accepted"),
    "finished": ("started", "finished"),
    "shipped": ("started", "finished", "shipped"),
    "note": (*LIVE, "declined", "cancelled"),
}
"""Kind of report → states of the order in which it is taken."""

AFTER = {"started": "acknowledged", "step": "started", "result": "started",
         "finished": "started", "shipped": "finished"}
"""Kind → the kind that must have happened before it."""

FOLLOWS = {before: tuple(kind for kind, one in AFTER.items() if one == before)
           for before in AFTER.values()}
"""Kind → kinds that must have happened after it."""

CONFIRMS = ("acknowledged", "started", "finished")
"""What cannot be said without naming the revision it is said of."""

COUNTS = ("finished", "shipped")
"""What cannot be said without lots and quantities."""

OUTCOMES = {"received": ("good", "reject"), "finished": ("good", "reject", "scrap", "left"),
            "shipped": ("good", "reject", "left")}
"""Kind → what may have become of its lots; other kinds: anything."""


@dataclass(frozen=True)
class Said:
    """An event that counts: it was not corrected."""

    kind: str
    time: object


@dataclass(frozen=True)
class Facts:
    """What is known of an order, in one unit."""

    ordered: float
    done: float
    """Good, rejected and scrapped, as reported finished."""
    coming: float
    """Good and rejected, as reported finished: what is to come back."""
    shipped: float
    back: float
    """Posted into our own stock."""
    open: bool
    """Something is on its way back, or waited for, by our own transfers."""
    receipts: bool
    """Receipts of ours wait for it: when none is open, nothing more comes."""
    decided: bool
    """All that came back was decided about, and some of it may be used."""


NEXT = {
    "released": ("acknowledged", "declined", "received"),
    "acknowledged": ("received", "started", "declined"),
    "started": ("step", "result", "finished", "shipped", "received"),
    "finished": ("shipped", "result", "step", "finished"),
    "shipped": ("result", "shipped"),
    "received": ("result",),
}
"""State → what a processor may report next; the first is the next step. The order decides."""

LATE = ("acknowledged", "started", "finished")
"""Kinds that are entered afterwards where the goods came before the paper."""


def obstacle(kind, time, state, said, released, now, correcting=False):
    """Return why a report is not taken: ``state``, ``future``, ``early``, ``order`` or ``late``;
    or ''.

    :param str kind: one of :data:`WHEN`
    :param datetime time: when it happened
    :param str state: of the order
    :param said: :class:`Said` of what was reported before and counts
    :param datetime released: when the order was released
    :param datetime now: when it is entered
    :param bool correcting: it takes the place of one of its kind
    """
    states = WHEN[kind]
    if correcting:  # what it corrects has brought the order further already
        states = (*states, *LIVE)
    if state == "received" and kind in LATE and not any(one.kind == kind for one in said):
        states = (*states, "received")  # the goods were faster than the paper
    if state not in states:
        return "state"
    if time > now + SKEW:
        return "future"
    if released and time < released - SKEW:
        return "early"
    before = AFTER.get(kind)
    if before:
        times = [one.time for one in said if one.kind == before]
        if not times or time < min(times):
            return "order"
    if correcting:
        first = min([time, *(one.time for one in said if one.kind == kind)])
        if any(one.time < first for one in said if one.kind in FOLLOWS.get(kind, ())):
            return "late"
    return ""


def state_of(said, facts, small=1e-6):
    """Return the state of a released order that nobody cancelled.

    It follows from what counts alone, so that a correction takes it back where it must.
    """
    kinds = {one.kind for one in said}
    if "declined" in kinds:
        return "declined"
    done = facts.done >= facts.ordered - small and facts.done > small
    shipped = done and facts.shipped >= facts.coming - small and "shipped" in kinds
    here = facts.back > small and not facts.open
    if here and (facts.receipts or facts.back >= facts.ordered - small or shipped or (
            done and facts.back >= facts.coming - small)):
        return "accepted" if facts.decided else "received"
    if shipped:
        return "shipped"
    if done:
        return "finished"
    if "started" in kinds:
        return "started"
    return "acknowledged" if "acknowledged" in kinds else "released"
