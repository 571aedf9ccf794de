"""A table that somebody else made, CSV or XLSX, to lines of text. Nothing is guessed twice.

No Odoo, no I/O beyond the bytes that come in. What a spreadsheet shows is what is read: leading
zeros stay, dates become ISO text, and a number whose digits the spreadsheet has lost is refused.
"""

from .sheet_csv import read_csv
from .sheet_xlsx import read_xlsx
from .table import MAX_BYTES, Fault, SheetError, Table


def read_table(name, data, encoding="auto"):
    """Return the :class:`Table` of a file; the first row that is not empty is its heading.

    :param str encoding: of a CSV, one of :data:`.encoding.CHOICES`
    :raises SheetError: it cannot be read, or is larger than the limits of this module
    """
    besides = ()
    if len(data) > MAX_BYTES:
        raise SheetError("bytes", MAX_BYTES)
    if data[:4] == b"PK\x03\x04":
        lines, faults, read_as, besides = read_xlsx(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or data[:5] == b"%PDF-":
        raise SheetError("kind")
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        lines, faults, read_as = read_csv(data, encoding)
    else:
        raise SheetError("kind")
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise SheetError("empty")
    columns, doubled = _headings(lines[0][1])
    rows = []
    for number, cells in lines[1:]:
        rows.append((number, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))))
        if any(cells[len(columns):]):
            faults.append(Fault(number, "", "beyond", str(len(columns))))
    faults = [Fault(one.line, columns[one.column] if one.column < len(columns) else "", one.code,
                    one.detail) if isinstance(one.column, int) else one for one in faults]
    return Table(tuple(columns), tuple(rows), tuple(faults), read_as, tuple(doubled), *besides)


def _headings(cells):
    """Return headings, each once, and those that stand there more than once: the second “Lot” is
    “Lot (2)”, an empty one “(3)”."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    found, doubled = [], []
    for index, cell in enumerate(cells, 1):
        text = " ".join(cell.split()) or f"({index})"
        number, one = 1, text
        while one in found:
            doubled += [text] if number == 1 and text not in doubled else []
            number += 1
            one = f"{text} ({number})"
        found.append(one)
    return found, doubled
