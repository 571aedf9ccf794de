"""CSV to lines of text: encoding and separator are found out, cells stay what they show."""

import csv
import io

from .table import MAX_COLUMNS, MAX_ROWS, SheetError

DELIMITERS = ",;\t|"


def decode(data):
    """Return ``(text, encoding)``: UTF-8, UTF-16 with its mark, or GB 18030."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else (
        "utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, encoding
    raise SheetError("encoding")


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


def read_csv(data):
    """Return ``(lines, faults, read_as)``; a line is ``(number, cells)``."""
    text, encoding = decode(data)
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, start = [], 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise SheetError("columns", MAX_COLUMNS)
            if any(cells):
                lines.append((start, [_plain(cell) for cell in cells]))
            if len(lines) > MAX_ROWS + 1:
                raise SheetError("rows", MAX_ROWS)
            start = reader.line_num + 1
    except csv.Error as error:
        raise SheetError("broken", start) from error
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    return lines, [], f"{encoding} {shown}"


def _plain(text):
    """Return the text of a cell; Excel keeps digits in a CSV as ``="0012"`` or ``'0012``."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@0123456789") else text
