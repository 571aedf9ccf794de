"""How much of what a processor used goes into each lot that it made."""

from dataclasses import dataclass, field


@dataclass
class Group:
    """Lots made together, as far as their reports tell, and what was used for them.

    :ivar made: lot id → quantity, good and rejected
    :ivar used: (product id, lot id) → quantity
    """

    made: dict = field(default_factory=dict)
    used: dict = field(default_factory=dict)


def groups(events):
    """Return :class:`Group` s: events that share a lot are one, what is apart stays apart.

    :param events: list of ``(made, used)`` as in :class:`Group`
    """
    found = []
    for made, used in events:
        whole = Group(dict(made), dict(used))
        for other in [one for one in found if one.made.keys() & made.keys()]:
            found.remove(other)
            _add(whole.made, other.made)
            _add(whole.used, other.used)
        found.append(whole)
    return found


def share(left, part, whole, units=(), digits=6):
    """Return what goes into a part of what is made, of what is left to be used for all of it.

    :param left: (product id, lot id) → quantity not yet booked
    :param float part: made now
    :param float whole: made and not booked yet, this part included
    :param units: products whose lots are single units: they are not divided
    """
    if part >= whole - 10 ** -digits:
        return {key: amount for key, amount in left.items() if amount > 0}
    found = {key: round(amount * part / whole, digits) for key, amount in left.items()
             if key[0] not in units}
    for product in units:
        keys = sorted(key for key, amount in left.items() if key[0] == product and amount > 0)
        for key in keys[:round(len(keys) * part / whole)]:
            found[key] = left[key]
    return {key: amount for key, amount in found.items() if amount > 0}


def _add(into, other):
    for key, amount in other.items():
        into[key] = into.get(key, 0.0) + amount
