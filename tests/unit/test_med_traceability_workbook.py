"""T1, T8: the answer of a trace as tables and as a workbook that opens without surprises."""
import io
from datetime import datetime

import pytest
from odoo.addons.med_traceability.tools import workbook
from odoo.addons.med_traceability.tools.tables import LAYOUT, Column, Table, trace_tables
from openpyxl import load_workbook

requirement = "T1 T8 EU-25"

LOT = {
    "id": 12, "kind": "lot", "name": "L-0001", "product_id": 5, "product": "TPU pellets",
    "tracking": "lot", "level": 0, "exact": True, "company_id": 1, "company": "Lanheng Medical",
    "expiration": "2027-01-31T00:00:00Z", "on_hand": 12.5, "uom": "kg", "state": "",
}
KIT = {**LOT, "id": 40, "name": "K-1", "product": "Catheter kit", "level": 1, "exact": False,
       "expiration": "", "on_hand": 3.0, "uom": "Units", "state": "expired"}
EVENT = {
    "id": 7, "kind": "manufacture", "name": "WH/MO/00007", "model": "mrp.production", "res_id": 7,
    "date": "2026-01-31T08:15:00Z", "company_id": 1, "company": "Lanheng Medical", "partner_id": 0,
    "partner": "", "operators": ["Li", "Wang"], "workcenters": ["Assembly"], "reason": "",
}
ANSWER = {
    "version": 1, "direction": "forward", "depth": 0, "roots": [12], "lots": [LOT, KIT],
    "edges": [{"from": 12, "to": 40, "event": 7, "exact": False, "quantity": 3.2},
              {"from": 12, "to": 99, "event": 0, "exact": True, "quantity": 1.0}],
    "edges_left_out": 0,
    "events": [EVENT, {**EVENT, "id": 31, "kind": "delivery", "name": "WH/OUT/00031"}],
    "consignees": [{
        "partner_id": 9, "partner": "Hospital", "country": "Germany", "country_code": "DE",
        "own_company": False, "lot_id": 40, "exact": False, "shipped": 10.0, "returned": 2.0,
        "net": 8.0, "uom": "Units", "events": [31, 32]}],
    "suppliers": [],
    "stock": [{"lot_id": 12, "location_id": 8, "location": "WH/Stock", "usage": "internal",
               "company_id": 1, "company": "Lanheng Medical", "quantity": 12.5, "uom": "kg"}],
    "withheld": {"lots": 0, "consignees": 0}, "totals": {},
}
LABELS = {"lots": "批次", "lots.name": "批号", "name": "名称", "uom": "单位",
          "word.exact": "确定", "word.possible": "可能"}


def tables(answer=ANSWER):
    return {table.key: table for table in trace_tables(answer, LABELS)}


def rows(table):
    return [dict(zip([c.key for c in table.columns], row, strict=True)) for row in table.rows]


def open_sheet(*contents, kind="text"):
    table = Table("t", "T", (Column("a", "A", kind),), tuple((value,) for value in contents))
    return load_workbook(io.BytesIO(workbook.make_workbook([table], {})))["T"]


def test_every_part_of_the_answer_becomes_a_table_with_all_its_rows():
    made = tables()
    assert list(made) == list(LAYOUT)
    assert [len(table.rows) for table in made.values()] == [2, 2, 1, 0, 1, 2]


def test_titles_and_headings_are_in_the_readers_language_and_the_special_one_wins():
    made = tables()
    assert made["lots"].title == "批次"
    assert [made["lots"].columns[n].label for n in (1, 8)] == ["批号", "单位"]
    assert made["events"].columns[2].label == "名称"


def test_rows_keep_codes_and_the_workbook_shows_words_and_unknown_codes_as_they_are():
    assert [row["exact"] for row in rows(tables()["lots"])] == ["exact", "possible"]
    book = load_workbook(io.BytesIO(
        workbook.make_workbook(trace_tables(ANSWER, LABELS), LABELS)))
    assert [cell.value for cell in book["批次"]["E"][1:]] == ["确定", "可能"]
    assert book["批次"]["J3"].value == "expired"


def test_ids_become_names_and_a_lot_that_is_not_in_the_answer_leaves_its_name_empty():
    first, second = rows(tables()["edges"])
    assert (first["from"], first["to"], first["uom"]) == ("L-0001", "K-1", "kg")
    assert (first["event"], first["date"]) == ("WH/MO/00007", EVENT["date"])
    assert (second["to"], second["event"]) == ("", "")


def test_a_consignee_row_names_the_documents_of_its_shipments():
    [row] = rows(tables()["consignees"])
    assert (row["lot"], row["net"], row["documents"]) == ("K-1", 8.0, "WH/OUT/00031")


def test_both_directions_are_told_apart_by_a_first_column():
    both = {"version": 1, "direction": "both", "forward": ANSWER,
            "backward": {**ANSWER, "direction": "backward"}}
    lots = tables(both)["lots"]
    assert lots.columns[0].key == "direction"
    assert [row["direction"] for row in rows(lots)] == ["forward"] * 2 + ["backward"] * 2


def test_a_workbook_has_a_sheet_a_table_with_frozen_filtered_headings_and_widths():
    book = load_workbook(io.BytesIO(
        workbook.make_workbook(trace_tables(ANSWER, LABELS), LABELS)))
    assert book.sheetnames == ["批次", *list(LAYOUT)[1:]]
    sheet = book["批次"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J3"
    assert sheet.column_dimensions["C"].width > 12


def test_quantities_are_numbers_and_times_are_dates_in_the_workbook():
    book = load_workbook(io.BytesIO(
        workbook.make_workbook(trace_tables(ANSWER, LABELS), LABELS)))
    assert book["stock"]["F2"].value == 12.5
    assert book["events"]["A2"].value == datetime(2026, 1, 31, 8, 15)
    assert book["批次"]["G3"].value is None


@pytest.mark.parametrize("text", [
    "=1+1", '=HYPERLINK("http://x.example","y")', "+1", "-1", "@SUM(A1)", " =1", "\t=cmd|'/C'!A0",
])
def test_text_that_looks_like_a_formula_is_text(text):
    cell = open_sheet(text)["A2"]
    assert cell.data_type == "s"
    assert cell.value == text
    assert cell.quotePrefix


def test_control_characters_and_texts_longer_than_a_cell_do_not_break_the_file():
    sheet = open_sheet("a\x00\x0b\x1fb", "x" * 40_000)
    assert sheet["A2"].value == "ab"
    assert len(sheet["A3"].value) == 32_767


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(workbook, "ROWS", 2)
    table = Table("t", "T", (Column("a", "A", "number"),), tuple((n,) for n in range(5)))
    book = load_workbook(io.BytesIO(workbook.make_workbook([table], {})))
    assert book.sheetnames == ["T", "T 2", "T 3"]
    assert [cell.value for sheet in book for cell in sheet["A"][1:]] == [0, 1, 2, 3, 4]


def test_a_title_that_no_sheet_may_bear_is_made_one():
    table = Table("t", "a/b:c*[d]?" + "x" * 40, (Column("a", "A"),), ())
    [title] = load_workbook(io.BytesIO(workbook.make_workbook([table], {}))).sheetnames
    assert title == "a b c  d  " + "x" * 21
