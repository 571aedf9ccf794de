"""Rows of a table to payloads of messages, by the lines of a mapping. No Odoo."""

from dataclasses import dataclass, field

from .table import Fault
from .transform import BadCell, Rule, value_of


@dataclass(frozen=True)
class Line:
    """One field of the payload.

    :ivar str pointer: where it stands (RFC 6901); ``-`` in it: one element a row
    :ivar tuple columns: headings it is read from; none for a constant
    :ivar default: the value of an empty cell, None for none
    """

    pointer: str
    columns: tuple
    rule: Rule = Rule()
    default: object = None
    required: bool = False


@dataclass(frozen=True)
class Mapping:
    """How rows become payloads.

    :ivar str key: heading of the column whose text is the sender's code of the thing
    :ivar str event: heading of the column that says when it happened, or empty
    :ivar event_rule: :class:`.transform.Rule` of that column
    """

    lines: tuple
    key: str
    event: str = ""
    event_rule: Rule = Rule("time")


@dataclass
class Made:
    """What one row, or several with the same key, say.

    :ivar list numbers: line numbers in the file
    :ivar list faults: :class:`.sheet.Fault`; with any, nothing may be sent
    """

    object_id: str
    numbers: list
    payload: dict = field(default_factory=dict)
    event_time: str = ""
    faults: list = field(default_factory=list)


def missing_columns(table, mapping):
    """Return the headings that a mapping reads and a table has not."""
    return sorted(columns_read(mapping) - set(table.columns))


def columns_read(mapping):
    """Return the headings that a mapping reads."""
    asked = {column for line in mapping.lines for column in line.columns}
    return asked | {one for one in (mapping.key, mapping.event) if one}


def unclear_columns(table, mapping, known=()):
    """Return the headings that a mapping reads and that stand more than once in a table.

    :param known: headings of the file that the mapping was made from: where they were double
        there, the mapping says which one it means
    """
    read = columns_read(mapping)
    return [one for one in table.doubled if one in read and f"{one} (2)" not in known]


def payloads(table, mapping):
    """Return ``[Made, …]`` in the order of the file.

    Rows of the same key are one payload where the mapping has lists (``-`` in a pointer), and an
    error where it has none.
    """
    lists = any("-" in steps(line.pointer) for line in mapping.lines)
    read = columns_read(mapping)
    broken = {}
    for fault in table.faults:
        if not fault.column or fault.column in read:  # what is not read cannot mislead
            broken.setdefault(fault.line, []).append(fault)
    found, order = {}, []
    for number, cells in table.rows:
        key = cells.get(mapping.key, "").strip()
        faults = list(broken.get(number, ()))
        if not key:
            faults.append(Fault(number, mapping.key, "key"))
        elif key in found and not lists:
            faults.append(Fault(number, mapping.key, "twice", str(found[key].numbers[0])))
        if faults and not (lists and key in found):
            made = Made(key, [number], faults=faults)
            order.append(made)
            if key:
                found.setdefault(key, made)
        elif key in found:
            made = found[key]
            made.numbers.append(number)
            made.faults += faults
        else:
            made = found[key] = Made(key, [number])
            order.append(made)
        _fill(made, number, cells, mapping)
    return order


def _fill(made, number, cells, mapping):
    if mapping.event:
        event = _read(made, number, cells, Line("", (mapping.event,), mapping.event_rule))
        if event and made.event_time not in ("", event):
            made.faults.append(Fault(number, mapping.event, "differs", made.event_time))
        made.event_time = event or made.event_time
    opened = set()
    for line in mapping.lines:
        value = _read(made, number, cells, line)
        if value is None:
            continue
        try:
            _put(made.payload, steps(line.pointer), value, opened)
        except ValueError as error:
            made.faults.append(Fault(number, ", ".join(line.columns), *error.args))


def _read(made, number, cells, line):
    shown = ", ".join(line.columns)
    try:
        value = value_of(line.rule, *(cells.get(column, "") for column in line.columns))
    except BadCell as error:
        made.faults.append(Fault(number, shown, error.code, error.detail))
        return None
    if value is None or value == []:
        value = line.default
    if value is None and line.required:
        made.faults.append(Fault(number, shown, "required", line.pointer))
    return value


def steps(pointer):
    """Return the parts of a pointer; ``*`` is written ``-``."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return ["-" if part == "*" else part for part in parts]


def _put(node, path, value, opened):
    """Put a value in its place; a list named by ``-`` gets one element a row."""
    place = ()
    for index, step in enumerate(path[:-1]):
        place += (step,)
        after = path[index + 1]
        if step == "-":
            if place not in opened:
                opened.add(place)
                node.append([] if after == "-" else {})
            node = node[-1]
        else:
            if not isinstance(node, dict):
                raise ValueError("pointer", "/" + "/".join(path))
            node = node.setdefault(step, [] if after == "-" else {})
    last = path[-1]
    if last == "-":
        node.append(value)
    elif not isinstance(node, dict):
        raise ValueError("pointer", "/" + "/".join(path))
    elif last in node and node[last] != value:
        raise ValueError("differs", str(node[last]))
    else:
        node[last] = value
