"""The cells of a form as XML.

A path is a row of steps: ``device:MDRUDIDIData/udidi:status/commondi:code``. ``@name`` at its end
is an attribute. ``step*`` is made anew for each item of a group; ``step#word`` keeps elements of
one name apart.
"""

import re
from dataclasses import dataclass

from lxml import etree

_STEP = re.compile(r"(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)(\*?)(?:#([\w-]+))?")


class PathError(ValueError):
    """A path that cannot be read; its text says which."""


@dataclass(frozen=True)
class Step:
    """One element (or the attribute) of a path."""

    tag: str
    repeated: bool = False
    label: str = ""
    attribute: bool = False


def read_namespaces(text):
    """Return ``{prefix or None: address}`` of lines ``prefix=address``; ``=address`` is the
    default.

    :raises PathError: a line is none of these
    """
    found = {}
    for line in filter(None, (one.strip() for one in (text or "").splitlines())):
        prefix, equals, address = line.partition("=")
        if not equals or not address.strip() or not re.fullmatch(r"[A-Za-z_][\w.-]*|",
                                                                 prefix.strip()):
            raise PathError(line)
        found[prefix.strip() or None] = address.strip()
    return found


def read_path(path, namespaces):
    """Return the steps of a path.

    :raises PathError: it cannot be read, or a prefix has no namespace
    """
    steps, parts = [], (path or "").split("/")
    for number, part in enumerate(parts):
        attribute = part.startswith("@")
        match = _STEP.fullmatch(part.removeprefix("@"))
        if not match or (attribute and (number != len(parts) - 1 or match[3] or match[4])):
            raise PathError(path)
        prefix, name, star, label = match.groups()
        if prefix and prefix not in namespaces:
            raise PathError(path)
        # An attribute without prefix is in no namespace, an element in the default one.
        address = namespaces.get(prefix) if prefix or not attribute else None
        steps.append(Step(f"{{{address}}}{name}" if address else name, bool(star), label or "",
                          attribute))
    return tuple(steps)


def plain_path(path):
    """Return a path as a reader knows it: no prefixes, stars and labels."""
    return "/".join(re.sub(r"^(@?)(?:[^:@]*:)?", r"\1", re.split(r"[*#]", part)[0])
                    for part in (path or "").split("/"))


def write_cells(parent, cells, places, namespaces):
    """Write cells below an element, in their order.

    An element that would hold nothing but constants, while the form expects data in it and none
    is known, is not written.
    """
    promised = {_prefix(read_path(one.path, namespaces), 0, size) for one in places
                if not one.constant for size in _sizes(read_path(one.path, namespaces))}
    told, made = set(), {}
    for cell in cells:
        steps = read_path(cell.field.path, namespaces)
        element = parent
        for size in _sizes(steps):
            key = _prefix(steps, cell.index, size)
            if key not in made:
                made[key] = etree.SubElement(element, steps[size - 1].tag)
            element = made[key]
            if not cell.field.constant:
                told.add(key)
        if steps[-1].attribute:
            element.set(steps[-1].tag, cell.text)
        else:
            element.text = cell.text
    for key, element in made.items():
        first = tuple((tag, label, 0) for tag, label, _index in key)
        if first in promised and key not in told and element.getparent() is not None:
            element.getparent().remove(element)
    return parent


def _sizes(steps):
    """Return how many steps lead to each element of a path."""
    return range(1, len(steps) + (0 if steps[-1].attribute else 1))


def _prefix(steps, index, size):
    return tuple((one.tag, one.label, index if one.repeated else 0) for one in steps[:size])


def make_document(root, namespaces, head, entries_path, entries, places):
    """Return the bytes of a document, in lines.

    :param root: name of its root element
    :param head: cells of the document itself before and after its entries, as two lists
    :param entries_path: where each entry stands below the root; empty: the root is the entry
    :param entries: list of lists of cells
    :param places: ``(places of the head, places of an entry)``
    """
    [step] = read_path(root, namespaces)
    top = etree.Element(step.tag, nsmap=namespaces)
    before, after = head
    write_cells(top, before, places[0], namespaces)
    if entries_path:
        steps, parent = read_path(entries_path, namespaces), top
        for one in steps[:-1]:
            found = parent.find(one.tag)
            parent = etree.SubElement(parent, one.tag) if found is None else found
        for cells in entries:
            write_cells(etree.SubElement(parent, steps[-1].tag), cells, places[1], namespaces)
    else:
        [cells] = entries
        write_cells(top, cells, places[1], namespaces)
    write_cells(top, after, places[0], namespaces)
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def where(data, line, entries_path, namespaces):
    """Return ``(which entry, path of plain names)`` of a line of a document that was made here.

    The entry is None outside of them. Each element begins on a line of its own.
    """
    top = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    found = top
    for element in top.iter():
        if isinstance(element.tag, str) and (element.sourceline or 0) <= line:
            found = element
    trail = [found, *found.iterancestors()]
    index = None
    if entries_path:
        steps = read_path(entries_path, namespaces)
        depth = len(trail) - 1 - len(steps)
        if depth >= 0:
            entry = trail[depth]
            if entry.tag == steps[-1].tag:
                index = entry.getparent().findall(entry.tag).index(entry)
    else:
        index = 0
    return index, "/".join(etree.QName(one).localname for one in reversed(trail))
