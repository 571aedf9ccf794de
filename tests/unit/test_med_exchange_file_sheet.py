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
    ("a.csv", b"a,b\n\xff\xff\x81,1", "encoding"), ("a.csv", b"a,b\n\xff\xff,1", "unclear"),
    ("a.csv", b"a,b\n\0,1", "encoding"),
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


# ---------------------------------------------------------------------- encodings


LATIN = "code,name\r\nA,Müller Söhne\r\nB,Crème brûlée\r\n"
CHINESE = "编码,名称,型号\r\nA,无锡甲公司,A型\r\nB,上海乙医院,B-2型\r\n"


@pytest.mark.parametrize("text", [
    LATIN, "code,name\nA,Müller\n", "code,name\nA,éé\n", "code,name\nA,ÄÖ\n",
    "a,b\n1,5 µm\n", "a,b\n1,20 °C\n", "code;name\nA;Åse Øßå ÄÖÜ\n", "a,b\n1,naïveté – “x”\n"])
def test_latin_text_is_never_taken_for_chinese(text):
    data = text.encode("windows-1252")
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.csv", data)
    assert error.value.code == "unclear"
    table = sheet.read_table("a.csv", data, "windows-1252")
    assert table.read_as.startswith("cp1252")
    assert cells(table)[0][1] == text.splitlines()[1].partition(
        ";" if ";" in text.splitlines()[0] else ",")[2]


@pytest.mark.parametrize("chosen", ["auto", "gb18030"])
def test_plain_chinese_is_read_as_such(chosen):
    for encoding in ("gbk", "gb18030"):
        table = sheet.read_table("a.csv", CHINESE.encode(encoding), chosen)
        assert cells(table)[1] == ("B", "上海乙医院", "B-2型")
        assert table.read_as.startswith("gb18030")


def test_chinese_with_some_rare_characters_is_still_chinese():
    said = "朱镕基与张喆检验合格"
    text = "批号,经手人\n" + "".join(f"L{number},{said}\n" for number in range(9))
    assert cells(sheet.read_table("a.csv", text.encode("gbk")))[0][1] == said


def test_another_encoding_than_was_chosen_is_told():
    for chosen, text in (("windows-1252", LATIN), ("windows-1252", CHINESE),
                         ("gb18030", CHINESE)):
        with pytest.raises(SheetError) as error:
            sheet.read_table("a.csv", text.encode(), chosen)
        assert (error.value.code, error.value.detail) == ("other", "UTF-8")
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.csv", LATIN.encode("windows-1252"), "utf-8")
    assert error.value.code == "encoding"
    assert sheet.read_table("a.csv", LATIN.encode("utf-8-sig"), "windows-1252").columns[0] == "code"
    assert cells(sheet.read_table("a.csv", CHINESE.encode("utf-16"), "utf-8"))[0][0] == "A"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFäöüßéèêçñåøæÄÖÜÉ ,.-", min_size=1,
               max_size=60))
def test_no_western_word_becomes_a_han_character(text):
    data = ("code,name\n" + text + "\n").encode("windows-1252")
    try:
        table = sheet.read_table("a.csv", data)
    except SheetError:
        return
    assert not any("\u3400" <= sign <= "\u9fff" for row in [table.columns, *cells(table)]
                   for sign in "".join(row))


OFTEN = "检验合格批号产品数量仓库无锡上海医院有限公司报告日期"


@given(st.lists(st.text(alphabet=OFTEN, min_size=2, max_size=8), min_size=1, max_size=9))
def test_chinese_of_every_day_is_read_by_itself(words):
    text = "编码,名称\n" + "".join(f"K,{word}\n" for word in words)
    table = sheet.read_table("a.csv", text.encode("gbk"))
    assert [row[1] for row in cells(table)] == words


# ---------------------------------------------------------------------- formulas, merged cells


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_formula_that_was_never_calculated_is_no_empty_cell():
    data = xlsx(["code", "name", "qty"], ["A", "=B9", 1], ["B", "plain", "=1+1"])
    table = sheet.read_table("a.xlsx", data)
    assert [(one.line, one.column, one.code, one.detail) for one in table.faults] == [
        (2, "name", "formula", "B2"), (3, "qty", "formula", "C3")]


def test_a_formula_with_its_value_is_read_also_where_that_is_an_empty_text():
    data = _sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c>'
                  '<c r="B1" t="inlineStr"><is><t>qty</t></is></c>'
                  '<c r="C1" t="inlineStr"><is><t>note</t></is></c></row>'
                  '<row r="2"><c r="A2" t="inlineStr"><is><t>K</t></is></c>'
                  '<c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="str"><f>""</f><v></v></c></row>'
                  '<row r="3"><c r="A3" t="inlineStr"><is><t>L</t></is></c>'
                  '<c r="B3"><f>B9</f></c></row>')
    table = sheet.read_table("a.xlsx", data)
    assert cells(table)[0] == ("K", "2", "")
    assert [(one.line, one.code) for one in table.faults] == [(3, "formula")]


def _sheet(rows, after=""):
    """Return a workbook whose first sheet has these rows, as another program writes them."""
    source, stream = zipfile.ZipFile(io.BytesIO(xlsx(["a"]))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for part in source.infolist():
            body = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                body = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
                        f'main"><sheetData>{rows}</sheetData>{after}</worksheet>').encode()
            target.writestr(part.filename, body)
    return stream.getvalue()


def test_what_stands_in_merged_cells_is_not_said_of_each_row():
    book = Workbook()
    for row in (["code", "supplier", "qty"], ["A", "Gamma", 1], ["B", None, 2], ["C", None, 3]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    table = sheet.read_table("a.xlsx", saved(book))
    assert [(one.line, one.column, one.code, one.detail) for one in table.faults] == [
        (3, "supplier", "merged", "B2:B3")]


def merging(data, *ranges):
    """Return a workbook with ranges merged in its XML alone, as nobody's spreadsheet does it."""
    stream, said = io.BytesIO(), "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(
            stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b"</sheetData>", b"</sheetData><mergeCells>%s</mergeCells>"
                                    % said.encode())
            new.writestr(part.filename, body)
    return stream.getvalue()


def test_merged_cells_are_counted_before_they_are_listed():
    wide = [f"h{number}" for number in range(50)]
    data = xlsx(wide, *([number, *wide[1:]] for number in range(300)))
    table = sheet.read_table("a.xlsx", merging(data, "A2:AX301"))
    assert len(table.faults) == 300 * 50 - 1
    for ranges in (["A2:AX301", "A2:AX301"], ["A2:XFD1048576"] * 2, ["B2:AX301"] * 10_000):
        with pytest.raises(SheetError) as error:
            sheet.read_table("a.xlsx", merging(data, *ranges))
        assert (error.value.code, error.value.detail) == ("merged", str(sheet_xlsx.MOST_MERGED))
    # Ranges that name no cell of a row ask for nothing.
    assert not sheet.read_table(
        "a.xlsx", merging(data, *["A400:AX900", "AY2:XFD300"] * 1_000)).faults


def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_named():
    book = Workbook()
    book.active.title = "Lists"
    book.active.append(["wrong"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Lots")
    for row in (["code", "qty"], ["A", 1], ["B", 2]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    book.create_sheet("Notes").append(["x"])
    table = sheet.read_table("a.xlsx", saved(book))
    assert cells(table) == [("A", "1"), ("B", "2")]
    assert (table.read_as, table.unread, table.hidden) == ("xlsx “Lots”", ("Lists", "Notes"), 1)


def test_rows_and_columns_that_are_only_formatted_do_not_count():
    book = Workbook()
    book.active.append(["code", "qty"])
    book.active.append(["A", 1])
    for row in (MAX_ROWS + 500, 20_000):
        book.active.cell(row, 1).number_format = "0.00"
    book.active.cell(2, 700).number_format = "0.00"
    table = sheet.read_table("a.xlsx", saved(book))
    assert [number for number, _row in table.rows] == [2]
    book.active.cell(20_001, 1, "Z")
    assert [number for number, _row in sheet.read_table("a.xlsx", saved(book)).rows] == [2, 20_001]


def test_twenty_thousand_rows_are_refused_with_the_limit():
    with pytest.raises(SheetError) as error:
        sheet.read_table("a.xlsx", xlsx(*([str(one)] for one in range(20_000))))
    assert (error.value.code, error.value.detail) == ("rows", str(MAX_ROWS))


def test_a_percentage_is_read_as_it_is_shown():
    table = sheet.read_table("a.xlsx", xlsx(
        ["code", "share", "words"], ["A", 0.05, 5], formats=[("B2", "0%"), ("C2", '0" %"')]))
    assert cells(table) == [("A", "5%", "5")]


# ---------------------------------------------------------------------- CSV of spreadsheets


def test_digits_that_a_spreadsheet_lost_before_it_wrote_a_csv_are_told():
    table = sheet.read_table("a.csv", b"code,di\nA,6.90123E+12\nB,06901234567892\nC,1E5\n")
    assert [(one.line, one.column, one.code) for one in table.faults] == [(2, "di", "digits")]


def test_a_file_that_ends_in_the_middle_of_a_row_is_told():
    table = sheet.read_table("a.csv", b"code,name,qty\nA,x,1\nB,y")
    assert [(one.line, one.code) for one in table.faults] == [(3, "cut")]
    assert not sheet.read_table("a.csv", b"code,name,qty\nA,x,1\nB,y,2").faults
    assert not sheet.read_table("a.csv", b"code,name,qty\nA,x\nB,y\n").faults


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "sep=;"])
def test_any_end_of_line_and_the_separator_that_excel_names_are_read(end, mark):
    text = end.join(filter(None, (mark, "code;text", "A;x,y,z", "B;1,5", ""))) + end
    table = sheet.read_table("a.csv", text.encode("utf-8-sig"))
    assert cells(table) == [("A", "x,y,z"), ("B", "1,5")]
    assert [number for number, _row in table.rows] == ([3, 4] if mark else [2, 3])


def test_headings_that_stand_there_twice_are_told():
    assert sheet.read_table("a.csv", b"lot,qty,lot,qty,lot\n1,2,3,4,5\n").doubled == (
        "lot", "qty")
