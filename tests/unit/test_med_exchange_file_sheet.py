"""A file of somebody else is read as its spreadsheet shows it, or refused with the place."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange_file.tools import sheet, sheet_xlsx
from odoo.addons.med_exchange_file.tools.table import MAX_BYTES, MAX_ROWS, Fault, SheetError
from openpyxl import Workbook

requirement = "X6 X7 G3 G5"


def xlsx(*rows, formats=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, form in formats:
        book.active[place].number_format = form
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells(table):
    return [tuple(row.values()) for _number, row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_is_read_whatever_its_encoding_and_separator(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in (
        ("编码", "名称", "重量"), ("0012", "无锡甲公司", "1.5"), ("0013", "Öl AG", "2.5")))
    table = sheet.read_table("a.csv", text.encode(encoding) if encoding != "gb18030"
                             else text.replace("Ö", "O").encode(encoding))
    assert table.columns == ("编码", "名称", "重量")
    assert cells(table)[0] == ("0012", "无锡甲公司", "1.5")


def test_decimal_commas_are_not_taken_for_separators():
    table = sheet.read_table("a.csv", b"code;width;depth\nA;1,5;2,5\nB;2,5;3,5\n")
    assert cells(table) == [("A", "1,5", "2,5"), ("B", "2,5", "3,5")]


def test_quoted_newlines_and_empty_rows_keep_the_lines_of_the_file():
    table = sheet.read_table("a.csv", b'\ncode,text\n\nA,"one\ntwo"\n,\nB,three\n')
    assert [number for number, _row in table.rows] == [4, 7]
    assert cells(table) == [("A", "one\ntwo"), ("B", "three")]


def test_headings_are_each_unique_and_cells_beyond_them_are_told():
    table = sheet.read_table("a.csv", b"lot,lot,,note\n1,2,3,4\n1,2,3,4,5\n")
    assert table.columns == ("lot", "lot (2)", "(3)", "note")
    assert table.faults == (Fault(3, "", "beyond", "4"),)


def test_a_workbook_is_read_as_it_is_shown():
    table = sheet.read_table("a.xlsx", xlsx(
        ["code", "kept", "shown", "day", "at", "whole", "part", "yes"],
        ["A", "0012", 12, date(2026, 11, 23), datetime(2026, 11, 23, 4, 30), 3.0, 0.1 + 0.2, True],
        formats=[("C2", "00000")]))
    assert cells(table) == [("A", "0012", "00012", "2026-11-23", "2026-11-23 04:30:00", "3",
                             "0.3", "true")]


def test_digits_that_a_spreadsheet_lost_are_no_number():
    table = sheet.read_table("a.xlsx", xlsx(["code", "gtin"], ["A", 10 ** 17 + 1], ["B", "#N/A"]))
    assert [(one.line, one.column, one.code) for one in table.faults] == [
        (2, "gtin", "digits"), (3, "gtin", "error")]


@pytest.mark.parametrize("name, data, code", [
    ("a.csv", b"", "empty"), ("a.csv", b"\n\n,,\n", "empty"), ("a.bin", b"x", "kind"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind"), ("a.csv", b"%PDF-1.4", "kind"),
    ("a.csv", b"a,b\n\xff\xff,1", "encoding"), ("a.csv", b"a,b\n\0,1", "encoding"),
    ("a.csv", b'a,b\n"x,1', "broken"), ("a.xlsx", b"PK\x03\x04 no zip", "broken"),
    ("a.csv", b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "rows"),
    ("a.csv", b"a," * 600 + b"b\n", "columns"), ("a.csv", b"x" * (MAX_BYTES + 1), "bytes"),
])
def test_what_cannot_be_read_is_refused(name, data, code):
    with pytest.raises(SheetError) as error:
        sheet.read_table(name, data)
    assert error.value.code == code


def _packed(**parts):
    stream = io.BytesIO(xlsx(["a"], ["b"]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", body)
    return stream.getvalue()


def test_a_bomb_is_not_unpacked():
    zeros = _packed(xl_media=b"0" * (sheet_xlsx.MAX_UNPACKED + 1))
    assert len(zeros) < 1_000_000
    for data in (zeros, _packed(xl_x=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
                 _packed(xl_x='<!DOCTYPE a []><a/>'.encode("utf-16"))):
        with pytest.raises(SheetError) as error:
            sheet.read_table("a.xlsx", data)
        assert error.value.code == "bomb"


@pytest.mark.parametrize("name", [
    "xl/worksheets/sheet1.txt", "xl/media/image1.png", "sheet", "xl/x.XML", "xl/x.vml"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["<!DOCTYPE a []><a/>", '<a/><!ENTITY b "c">'])
def test_no_part_declares_entities_whatever_it_is_called(name, encoding, text):
    stream = io.BytesIO(xlsx(["a"], ["b"]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\x89PNG" + text.encode(encoding))
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.xlsx", stream.getvalue())
    assert error.value.code == "bomb"


def test_a_picture_is_no_harm():
    stream = io.BytesIO(xlsx(["a"], ["b"]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0")
    assert sheet.read_table("a.xlsx", stream.getvalue()).columns == ("a",)


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_has_no_limit_is_refused(kind):
    stream = io.BytesIO(xlsx(["a"], ["b"]))
    with zipfile.ZipFile(stream, "a", kind) as archive:
        archive.writestr("xl/x.xml", b"<a/>")
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.xlsx", stream.getvalue())
    assert error.value.code == "bomb"


def test_forty_million_bytes_are_the_most_that_is_unpacked():
    assert sheet_xlsx.MAX_UNPACKED == 40_000_000
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.xlsx", _packed(xl_a=b"0" * 20_000_000, xl_b=b"0" * 20_000_000))
    assert error.value.code == "bomb"


def test_a_row_that_claims_to_be_the_last_of_a_sheet_costs_nothing():
    book = Workbook()
    book.active["A1"] = "a"
    book.active["A1048576"] = "far"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.xlsx", stream.getvalue())
    assert error.value.code == "rows"


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", ""]))
def test_any_bytes_are_a_table_or_refused(data, name):
    for one in (data, b"PK\x03\x04" + data):
        try:
            sheet.read_table(name, one)
        except SheetError as error:
            assert error.code


@given(st.lists(st.lists(st.text("ab,\"\n 0=名", max_size=6), min_size=3, max_size=3),
                min_size=1, max_size=5))
def test_what_was_written_as_csv_is_read_again(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["k", "l", "m", "n"], *(["x", *row] for row in rows)])
    table = sheet.read_table("a.csv", stream.getvalue().encode())
    plain = [("x", *(cell.strip() for cell in row)) for row in rows]
    assert [row for row in cells(table) if '="' not in "".join(row)] == [
        row for row in plain if '="' not in "".join(row)]
