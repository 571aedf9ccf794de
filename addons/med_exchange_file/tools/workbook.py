"""The file that goes back: what came, with a status and a reason beside each row. No Odoo."""

import csv
import io
import re

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

FORMULA = ("=", "+", "-", "@")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
WRONG = PatternFill("solid", fgColor="FBE3D6")
LONGEST = 32_767


def workbook(heading, rows, bad=()):
    """Return the bytes of an XLSX of texts. Nothing in it is a formula.

    :param heading: texts of the first row
    :param rows: texts of the others
    :param bad: numbers of the rows, from 0, to be coloured
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Result")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, text, font=Font(bold=True)) for text in heading])
    coloured = set(bad)
    for number, row in enumerate(rows):
        more = {"fill": WRONG} if number in coloured else {}
        sheet.append([_cell(sheet, text, **more) for text in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet, text, **more):
    cell = WriteOnlyCell(sheet, CONTROL.sub("", text)[:LONGEST])
    cell.data_type = "s"  # openpyxl makes a formula of “=…”
    cell.number_format = "@"
    cell.quotePrefix = text.lstrip().startswith(FORMULA)
    for name, part in more.items():
        setattr(cell, name, part)
    return cell


def csv_bytes(heading, rows):
    """Return texts as the bytes of a CSV in UTF-8, as :mod:`.sheet` reads it again."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
