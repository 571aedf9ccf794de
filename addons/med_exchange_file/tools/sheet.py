"""A table that somebody else made, CSV or XLSX, to lines of text. Nothing is guessed twice.

No Odoo, no I/O beyond the bytes that come in. What a spreadsheet shows is what is read: leading
zeros stay, dates become ISO text, and a number whose digits the spreadsheet has lost is refused.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 16_000_000
MAX_UNPACKED = 40_000_000  # of a workbook
MAX_PARTS = 2_000           # files in a workbook
MAX_ROWS = 5_000           # tried and taken in within one call of the client
MAX_COLUMNS = 500
MAX_CELL = 32_767           # what a cell of XLSX can hold
DELIMITERS = ",;\t|"
EXACT = 10 ** 15            # a spreadsheet keeps 15 digits of a number
ZEROS = re.compile(r"0{2,}")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
# Which part is XML, the workbook itself says: so no part may declare entities, in any encoding.
DECLARING = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY")
                  for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class SheetError(ValueError):
    """A file cannot be read at all.

    :ivar str code: ``empty``, ``bytes``, ``rows``, ``columns``, ``kind``, ``encoding``,
        ``broken``, ``bomb``
    :ivar str detail: the limit, or the line
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code, self.detail = code, str(detail)


@dataclass(frozen=True)
class Fault:
    """Something wrong in one place of a file. ``code`` and ``detail`` make the sentence."""

    line: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """What was read.

    :ivar tuple columns: headings, each once
    :ivar tuple rows: ``(line number, {heading: text})``; empty rows are left out
    :ivar tuple faults: cells that cannot be trusted
    :ivar str read_as: encoding and delimiter, or ``xlsx``
    """

    columns: tuple
    rows: tuple
    faults: tuple
    read_as: str


def read_table(name, data):
    """Return the :class:`Table` of a file; the first row that is not empty is its heading.

    :raises SheetError: it cannot be read, or is larger than the limits of this module
    """
    if len(data) > MAX_BYTES:
        raise SheetError("bytes", MAX_BYTES)
    if data[:4] == b"PK\x03\x04":
        lines, faults, read_as = _read_xlsx(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or data[:5] == b"%PDF-":
        raise SheetError("kind")
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        lines, faults, read_as = _read_csv(data)
    else:
        raise SheetError("kind")
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise SheetError("empty")
    columns = _headings(lines[0][1])
    rows = []
    for number, cells in lines[1:]:
        rows.append((number, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))))
        if any(cells[len(columns):]):
            faults.append(Fault(number, "", "beyond", str(len(columns))))
    faults = [Fault(one.line, columns[one.column] if one.column < len(columns) else "", one.code,
                    one.detail) if isinstance(one.column, int) else one for one in faults]
    return Table(tuple(columns), tuple(rows), tuple(faults), read_as)


def _headings(cells):
    """Return headings, each once: the second “Lot” is “Lot (2)”, an empty one “(3)”."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    found = []
    for index, cell in enumerate(cells, 1):
        text = " ".join(cell.split()) or f"({index})"
        number, one = 1, text
        while one in found:
            number += 1
            one = f"{text} ({number})"
        found.append(one)
    return found


# ---------------------------------------------------------------------- CSV

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


def _read_csv(data):
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


# ---------------------------------------------------------------------- XLSX

def _read_xlsx(data):
    _check_zip(data)
    faults, lines = [], []
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        for number, row in enumerate(islice(sheet.iter_rows(), MAX_ROWS + 2), 1):
            if number > MAX_ROWS + 1:
                raise SheetError("rows", MAX_ROWS)
            if len(row) > MAX_COLUMNS:
                raise SheetError("columns", MAX_COLUMNS)
            lines.append((number, [
                _cell(cell, number, index, faults) for index, cell in enumerate(row)]))
    except SheetError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, TypeError,
            AttributeError, OSError, SyntaxError, ParseError) as error:
        raise SheetError("broken", "") from error
    return lines, faults, "xlsx"


def _check_zip(data):
    """Refuse a workbook that unpacks to more than it should, or whose XML declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise SheetError("bomb")
            if any(part.compress_type not in PACKED for part in parts):
                raise SheetError("bomb")
            for part in parts:
                body = archive.read(part)
                if any(word in body for word in DECLARING):
                    raise SheetError("bomb")
                if part.filename.lower().endswith((".xml", ".rels")) and (
                        body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:8]):
                    raise SheetError("bomb")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError,
            zlib.error) as error:
        raise SheetError("broken", "") from error


def _cell(cell, line, index, faults):
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "", line, index, faults)
    if isinstance(value, datetime):
        bare = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if bare else value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if cell.data_type == "e":
        faults.append(Fault(line, index, "error", str(value)))
        return ""
    text = str(value)
    if len(text) > MAX_CELL:
        faults.append(Fault(line, index, "long", str(MAX_CELL)))
        return ""
    return text.strip()


def _number(value, shown, line, index, faults):
    if value != value or abs(value) >= EXACT:  # NaN, or digits are lost already
        faults.append(Fault(line, index, "digits", str(value)))
        return ""
    text = format(Decimal(format(value, ".15g")), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if ZEROS.fullmatch(shown) and text.isdigit():
        return text.zfill(len(shown))  # 00012 is shown where 12 is kept
    return text
