"""CSV to lines of text: the separator is found out, cells stay what they show."""

import csv
import io
import re

from .encoding import decode
from .table import MAX_COLUMNS, MAX_ROWS, Fault, SheetError

DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)  # a line that Excel writes and reads
# What a spreadsheet makes of a long number before it writes a CSV: 6.90123E+12.
LOST = re.compile(r"[1-9](\.\d+)?E\+\d\d", re.IGNORECASE)


def delimiter_of(text):
    """Return what separates the cells: what the sniffer says where it fits, else what fits best."""
    sample = text[:20_000]
    try:
        guess = csv.Sniffer().sniff(sample, DELIMITERS).delimiter
    except csv.Error:
        guess = ""
    # The sniffer takes a comma inside a decimal number for a separator: each guess must fit.
    fits = {one: _fit(sample, one) for one in DELIMITERS}
    best = max(DELIMITERS, key=fits.get)
    return guess if guess and fits[guess] == fits[best] else best


def _fit(sample, delimiter):
    """Return how well a delimiter fits: rows as wide as the heading, then width."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
                if any(row)][:21]
    except csv.Error:
        return (0, 0)
    rows = rows[:-1] if len(sample) >= 20_000 else rows
    width = len(rows[0]) if rows else 0
    if width < 2:
        return (0, 0)
    return (sum(len(row) == width for row in rows) / len(rows), width)


def read_csv(data, encoding="auto"):
    """Return ``(lines, faults, read_as)``; a line is ``(number, cells)``."""
    text, encoding = decode(data, encoding)
    told = SEPARATOR.match(text)
    delimiter = told[1] if told else delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, faults, start = [], [], 1
    try:
        for cells in reader:
            if told and start == 1:
                start = reader.line_num + 1
                continue
            if len(cells) > MAX_COLUMNS:
                raise SheetError("columns", MAX_COLUMNS)
            if any(cells):
                cells = [_plain(cell) for cell in cells]
                lines.append((start, cells))
                faults += [Fault(start, index, "digits", cell)
                           for index, cell in enumerate(cells) if LOST.fullmatch(cell)]
            if len(lines) > MAX_ROWS + 1:
                raise SheetError("rows", MAX_ROWS)
            start = reader.line_num + 1
    except csv.Error as error:
        raise SheetError("broken", start) from error
    if len(lines) > 1 and not text.endswith(("\n", "\r")) and (
            len(lines[-1][1]) < len(lines[0][1])):
        faults.append(Fault(lines[-1][0], "", "cut"))  # the rest of it did not arrive
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    return lines, faults, f"{encoding} {shown}"


def _plain(text):
    """Return the text of a cell; Excel keeps digits in a CSV as ``="0012"`` or ``'0012``."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@0123456789") else text
