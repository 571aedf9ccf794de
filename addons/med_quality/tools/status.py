"""What a lot may be used for: its status, what else is the matter with it, and the gate's mode.

Nothing here reads a database. A lot has one status; it may be held and expired besides. What each
of these forbids is a table (``med.status.rule``); the sum counts.
"""

from dataclasses import dataclass

QUARANTINE, RELEASED, CONDITIONAL, REJECTED = "quarantine", "released", "conditional", "rejected"
HELD, EXPIRED = "held", "expired"

# Uses of goods. What arrives is no use of them: a receipt is always posted.
OPERATION, PACK, MOVE, PROCESSOR, NOTICE = "operation", "pack", "move", "processor", "notice"
SHIP, RETURN, SCRAP, REWORK = "ship", "return", "scrap", "rework"

OBSERVE, WARN, ENFORCE = "observe", "warn", "enforce"


@dataclass(frozen=True)
class Use:
    """For what goods are wanted. As a context value it is one that no caller over RPC can send.

    :ivar name: a use
    :ivar mode: of the gate for this product and place
    """

    name: str
    mode: str


# From best to worst; no status is quarantine.
RANK = (RELEASED, CONDITIONAL, QUARANTINE, REJECTED)


def worst(statuses):
    """Return the worst of some statuses: that of what is made of all of them.

    :param statuses: iterable; an empty one is quarantine
    """
    return max((status or QUARANTINE for status in statuses), key=RANK.index)


def better(status, other):
    """Return whether a status allows more than another."""
    return RANK.index(status or QUARANTINE) < RANK.index(other or QUARANTINE)


def told(status, holds, expired):
    """Return everything that is the matter with a lot, the status first.

    :param status: of the lot; an empty one is quarantine
    :param holds: how many are open
    """
    return ((status or QUARANTINE,) + ((HELD,) if holds else ()) + ((EXPIRED,) if expired else ()))


def obstacles(states, use, table):
    """Return those of the states that forbid a use.

    :param states: as of :func:`told`
    :param table: state → the uses it forbids; a state that it lacks forbids all
    """
    return tuple(state for state in states if state not in table or use in table[state])


def stopping(found, mode):
    """Return those of the obstacles that stop the goods now.

    A hold is somebody's decision and stops in every mode; the rest stops where the gate is closed.
    """
    return tuple(state for state in found if state == HELD or mode == ENFORCE)


def choose(gates, product, warehouse, use, default):
    """Return the mode of the gate that fits best.

    :param gates: ``[(product or None, warehouse or None, use or "", mode)]``; of several that fit
        the one that names the product goes first, then the warehouse, then the use
    :param default: the mode where none fits
    """
    fitting = [
        ((gate_product is not None, gate_warehouse is not None, bool(gate_use)), mode)
        for gate_product, gate_warehouse, gate_use, mode in gates
        if gate_product in (None, product) and gate_warehouse in (None, warehouse)
        and gate_use in ("", use)]
    return max(fitting)[1] if fitting else default
