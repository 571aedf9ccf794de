"""The cells of a form as sheets. A path is ``sheet!column``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, the heads of its columns, and its rows of texts."""

    title: str
    heads: tuple
    rows: tuple


def lay_sheets(places, entries):
    """Return ``[Sheet, …]`` in the order in which the places name them.

    A sheet whose places belong to no group has one row an entry, the others one row an item.

    :param entries: list of lists of cells
    """
    columns, order = {}, []
    for place in places:
        title, _mark, head = place.path.rpartition("!")
        if title not in columns:
            columns[title] = {}
            order.append(title)
        columns[title][place.key] = head
    rows = {title: [] for title in order}
    for cells in entries:
        texts = {}
        for cell in cells:
            title = cell.field.path.rpartition("!")[0]
            texts.setdefault((title, cell.index), {})[cell.field.key] = cell.text
        for (title, _index), row in texts.items():
            rows[title].append(tuple(row.get(key, "") for key in columns[title]))
    return [Sheet(title, tuple(columns[title].values()), tuple(rows[title])) for title in order]
