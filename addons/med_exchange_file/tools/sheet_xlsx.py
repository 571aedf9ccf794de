"""XLSX to lines of text, as the spreadsheet shows it; what unpacks to too much is refused."""

import io
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import InvalidFileException

from .table import MAX_COLUMNS, MAX_ROWS, Fault, SheetError

MAX_UNPACKED = 40_000_000
MAX_PARTS = 2_000   # files in a workbook
MAX_CELL = 32_767   # what a cell can hold
MAX_LINES = 200_000  # with those that are empty
MOST_MERGED = 20_000  # cells: a person takes the merging off before reading through more
UNKNOWN = "?"       # stands where a formula has no value: its row is refused, and not empty
EXACT = 10 ** 15    # a spreadsheet keeps 15 digits of a number
ZEROS = re.compile(r"0{2,}")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="'
                    rb'([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"')
HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"')
QUOTED = re.compile(r'"[^"]*"|\\.')  # words in a format of numbers
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
# Which part is XML, the workbook itself says: so no part may declare entities, in any encoding.
DECLARING = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY")
                  for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def read_xlsx(data):
    """Return ``(lines, faults, read_as, besides)``; a line is ``(number, cells)``.

    What is read is the first sheet that a person sees.

    :return: ``besides``: titles of the sheets that are not read, and how many hidden rows are
    """
    _check_zip(data)
    faults, lines = [], []
    try:
        book, place = _opened(data, data_only=True)
        sheet = book.worksheets[place]
        raw = _raw(data, sheet)
        formulas = _formulas(data, place) if FORMULA.search(raw) else None
        for number, row in enumerate(islice(sheet.iter_rows(), MAX_LINES + 1), 1):
            if number > MAX_LINES:
                raise SheetError("rows", MAX_ROWS)
            asked = next(formulas, ()) if formulas else ()
            cells = [_cell(cell, number, index, faults) for index, cell in enumerate(row)]
            for index in asked:
                cell = row[index] if index < len(row) else None
                # A formula that gives an empty text has the type of a text.
                if cell is not None and cell.value is None and cell.data_type != "str":
                    faults.append(Fault(number, index, "formula", f"{_letters(index)}{number}"))
                    cells[index] = UNKNOWN
            if any(cells):
                if len(lines) > MAX_ROWS:
                    raise SheetError("rows", MAX_ROWS)
                if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                    raise SheetError("columns", MAX_COLUMNS)
                lines.append((number, cells[:MAX_COLUMNS]))
        faults += _merged(raw, lines)
    except SheetError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, TypeError,
            AttributeError, OSError, SyntaxError, ParseError) as error:
        raise SheetError("broken", "") from error
    others = tuple(one.title for one in book.worksheets if one is not sheet)
    return lines, faults, f"xlsx “{sheet.title}”", (others, len(HIDDEN.findall(raw)))


def _opened(data, **how):
    """Return a workbook and the place of its first sheet that is not hidden."""
    book = load_workbook(io.BytesIO(data), read_only=True, **how)
    shown = [place for place, sheet in enumerate(book.worksheets)
             if sheet.sheet_state == "visible"]
    place = shown[0] if shown else 0
    book.worksheets[place].reset_dimensions()  # what the file says of its size is not believed
    return book, place


def _raw(data, sheet):
    """Return the XML of a sheet, for what a reader of rows does not tell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(sheet._worksheet_path)


def _formulas(data, place):
    """Yield for each row the places of its formulas."""
    book, place = _opened(data, data_only=False)[0], place
    for row in book.worksheets[place].iter_rows():
        yield [index for index, cell in enumerate(row) if cell.data_type == "f"]


def _merged(raw, lines):
    """Return a fault for each cell that is a part of a merged one: only the first has the value,
    and which of the others it is meant for, nobody can say.

    A range names any number of cells in a few letters, and ranges of a made-up file overlap: so
    they are counted before they are listed.
    """
    if not lines:
        return []
    found, width = [], len(lines[0][1])
    numbers = [number for number, _cells in lines[1:]]
    for match in MERGED.finditer(raw):
        first, _colon, last = match[1].decode().partition(":")
        (top, left), (bottom, right) = (coordinate_to_tuple(one) for one in (first, last or first))
        begin, end = bisect_left(numbers, top), bisect_right(numbers, bottom)
        columns = range(left, min(right, width) + 1)
        if len(found) + max(end - begin, 0) * len(columns) > MOST_MERGED:
            raise SheetError("merged", MOST_MERGED)
        found += [Fault(number, column - 1, "merged", match[1].decode())
                  for number in numbers[begin:end] for column in columns
                  if (number, column) != (top, left)]
    return found


def _letters(index):
    return get_column_letter(index + 1)


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
    number = Decimal(format(value, ".15g"))
    percent = "%" in QUOTED.sub("", shown)
    text = format(number * 100 if percent else number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if ZEROS.fullmatch(shown) and text.isdigit():
        return text.zfill(len(shown))  # 00012 is shown where 12 is kept
    return f"{text}%" if percent else text
