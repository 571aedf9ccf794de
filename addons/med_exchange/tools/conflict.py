"""What is done when two sides may have changed the same thing; no Odoo, no clock."""

APPLY, SAME, OVERTAKEN, STALE, OURS, ASK = "apply", "same", "overtaken", "stale", "ours", "ask"


def verdict(policy, *, known, version, base, met, changed, late, crossed=False, theirs_at="",
            ours_at=""):
    """Return what to do with the state that a message says a thing is in.

    :param policy: ``theirs``, ``ours``, ``newest`` or ``ask``
    :param known: version of the thing that we last heard of from them; 0: never
    :param version: version that the message speaks of
    :param base: version it was built on; 0: none
    :param met: whether we have the thing at all
    :param changed: whether ours differs from what both sides last agreed on; on first sight,
        whether it differs from what the message says
    :param late: whether messages may overtake one another in this stream
    :param crossed: whether it was built before they had our last word, and says otherwise
    :param theirs_at: ISO time at which they changed it
    :param ours_at: ISO time at which we did
    :return: ``apply``; ``overtaken`` (a later version is here: nothing to do); ``stale`` (an older
        version where order is kept: refused); ``ours`` (by the rule ours holds); ``ask``
    """
    if known and version <= known:
        return OVERTAKEN if late else STALE
    if not met and not known:
        return APPLY
    parted = bool(known) and base != known and not (late and known < base)
    if not changed and not parted and not crossed:
        return APPLY
    if policy == "newest":
        return APPLY if theirs_at > ours_at else OURS
    return {"theirs": APPLY, "ours": OURS}.get(policy, ASK)


def has_crossed(told, seen, sent_at):
    """Return whether a state was built before its sender had our last word about the thing.

    :param told: ``(our version that they took last, when)``; falsy: none
    :param seen: our version that they say it was built on; None: they do not say
    :param sent_at: when they say it was made; times are whole seconds there
    """
    if not told or not told[0]:
        return False
    version, moment = told
    if seen is not None:
        return seen < version
    return bool(moment) and sent_at < moment.replace(microsecond=0)


def differences(ours, theirs, pointer=""):
    """Return ``[(pointer, our value, their value)]`` of two plain objects, by field.

    Objects are gone into, lists are compared as wholes; what a side has not is None.
    """
    found = []
    for name in dict.fromkeys((*ours, *theirs)):
        here = f"{pointer}/{escape(name)}"
        mine, other = ours.get(name), theirs.get(name)
        if isinstance(mine, dict) and isinstance(other, dict) and not is_value(mine, other):
            found += differences(mine, other, here)
        elif mine != other:
            found.append((here, mine, other))
    return found


def is_value(*objects):
    """Return whether objects are quantities: one value with its unit, which belong together."""
    return all(set(one) == {"value", "unit"} for one in objects)


def escape(name):
    """Return a name as a step of a JSON pointer (RFC 6901, 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def steps(pointer):
    """Return the names that a JSON pointer goes through."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def is_said(data, path):
    """Return whether plain data has a value at a path; the step "-" goes through a list."""
    if not path:
        return data not in (None, "", [], {})
    if path[0] == "-":
        return isinstance(data, list) and any(is_said(one, path[1:]) for one in data)
    return isinstance(data, dict) and path[0] in data and is_said(data[path[0]], path[1:])


def put(data, pointer, value):
    """Return a copy of plain objects with the value at a pointer set; None takes it away.

    :raise LookupError: the pointer goes through what is not there, or is no object or list
    """
    path = steps(pointer)
    if not path:
        return value
    name, rest = path[0], pointer[len(pointer.split("/")[1]) + 1:]
    if isinstance(data, list):
        if not name.isdecimal() or int(name) >= len(data):
            raise LookupError(pointer)
        changed = list(data)
        changed[int(name)] = put(data[int(name)], rest, value)
        return changed
    if not isinstance(data, dict):
        raise LookupError(pointer)
    if len(path) > 1:
        return {**data, name: put(data.get(name, {}), rest, value)}
    if value is None:
        return {key: inner for key, inner in data.items() if key != name}
    return {**data, name: value}


def flat(data, pointer=""):
    """Return ``[(pointer, value)]`` of every value within plain data, in its order."""
    if isinstance(data, dict) and data:
        return [row for name, inner in data.items()
                for row in flat(inner, f"{pointer}/{escape(str(name))}")]
    if isinstance(data, list) and data:
        return [row for number, inner in enumerate(data)
                for row in flat(inner, f"{pointer}/{number}")]
    return [(pointer, data)]
