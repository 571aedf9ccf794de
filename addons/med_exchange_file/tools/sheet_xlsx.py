"""XLSX to lines of text, as the spreadsheet shows it; what unpacks to too much is refused."""

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .table import MAX_COLUMNS, MAX_ROWS, Fault, SheetError

MAX_UNPACKED = 40_000_000
MAX_PARTS = 2_000   # files in a workbook
MAX_CELL = 32_767   # what a cell can hold
EXACT = 10 ** 15    # a spreadsheet keeps 15 digits of a number
ZEROS = re.compile(r"0{2,}")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
# Which part is XML, the workbook itself says: so no part may declare entities, in any encoding.
DECLARING = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY")
                  for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def read_xlsx(data):
    """Return ``(lines, faults, read_as)``; a line is ``(number, cells)``."""
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
