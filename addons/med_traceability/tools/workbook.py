"""Tables to an XLSX workbook: one sheet a table, headings frozen, filtered and wide enough."""
import io
import re
import unicodedata
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .tables import in_words

ROWS = 1_048_575  # rows below the heading that a sheet of XLSX can hold
TEXT = 32_767     # characters that a cell can hold
FORMULA = ('=', '+', '-', '@')
CONTROL = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f]')
HEAD = {'font': Font(bold=True, color='FFFFFF'), 'fill': PatternFill('solid', fgColor='1F3A5F'),
        'alignment': Alignment(vertical='center', wrap_text=True)}


def make_workbook(tables, labels):
    """Return the bytes of a workbook with one sheet for each table (``tables.Table``).

    Text that a spreadsheet would take for a formula is written as text, never evaluated; control
    characters, which XLSX cannot hold, are left out. A table longer than a sheet goes on in the
    next.

    :param dict labels: the words for codes, see ``tables.in_words``
    """
    book = Workbook(write_only=True)
    for table in tables:
        for start in range(0, max(len(table.rows), 1), ROWS):
            number = start // ROWS
            title = _sheet_title(table.title if not number else f'{table.title} {number + 1}')
            _write_sheet(book.create_sheet(title), table, table.rows[start:start + ROWS], labels)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_sheet(sheet, table, rows, labels):
    sheet.freeze_panes = 'A2'
    for index, column in enumerate(table.columns, 1):
        width = max([_width(column.label) + 4, *(_width(row[index - 1]) for row in rows[:500])])
        sheet.column_dimensions[get_column_letter(index)].width = min(max(width, 8), 60)
    sheet.append([_heading(sheet, column.label) for column in table.columns])
    for row in rows:
        sheet.append([_content(sheet, in_words(value, column.kind, labels), column.kind)
                      for value, column in zip(row, table.columns, strict=True)])
    sheet.auto_filter.ref = f'A1:{get_column_letter(len(table.columns))}{len(rows) + 1}'


def _content(sheet, value, kind):
    """Return what a cell holds: the value itself, or a cell that keeps a spreadsheet from reading
    text as a formula."""
    if kind == 'date' and value:
        return datetime.fromisoformat(value.removesuffix('Z'))
    if not isinstance(value, str):
        return value
    value = CONTROL.sub('', value)[:TEXT]
    if not value.lstrip().startswith(FORMULA):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = 's'  # openpyxl makes a formula of "=…"
    cell.quotePrefix = True
    cell.number_format = '@'
    return cell


def _heading(sheet, text):
    cell = WriteOnlyCell(sheet, text)
    for key, part in HEAD.items():
        setattr(cell, key, part)
    return cell


def _width(value):
    """Return the width of a value in characters; a CJK one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in str(value)) + 1


def _sheet_title(text):
    """Return a title that a sheet may bear: 31 characters, none of ``[]:*?/\\``."""
    return ''.join(' ' if c in '[]:*?/\\' else c for c in text)[:31]
