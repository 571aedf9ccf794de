"""Device identifiers in a spreadsheet: what is written into a cell is read back from it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_traceability.tools import udi_sheet
from odoo.addons.med_traceability.tools.udi_sheet import Column, SheetError

requirement = "T9 CN-UDI-5"

KINDS = {word: word for word in ("temperature", "humidity", "dry", "length", "other")}
UNITS = {"celsius": "celsius", "°c": "celsius", "percent": "percent"}
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda text: text == text.strip())
LIMITS = st.integers(-10_000, 10_000).map(lambda number: number / 100)


@st.composite
def conditions(draw):
    low, high = draw(st.none() | LIMITS), draw(st.none() | LIMITS)
    limited = low is not None or high is not None
    return {
        "kind": draw(st.sampled_from(["temperature", "humidity", "dry"])),
        "has_low": low is not None, "low": low or 0.0,
        "has_high": high is not None, "high": high or 0.0,
        "unit": draw(st.sampled_from(["celsius", "percent"])) if limited else False,
        "text": draw(st.just(False) | WORDS)}


@st.composite
def sizes(draw):
    value = draw(st.just(False) | WORDS)
    return {"kind": draw(st.sampled_from(["length", "other"])), "value": value,
            "unit": draw(st.just(False) | WORDS) if value else False,
            "text": draw(st.just(False) | WORDS)}


@given(st.lists(conditions(), max_size=4))
def test_storage_conditions_survive_their_cell(rows):
    assert list(udi_sheet.unpack_storage(udi_sheet.pack_storage(rows), KINDS, UNITS)) == rows


@given(st.lists(sizes(), max_size=4))
def test_sizes_survive_their_cell(rows):
    assert list(udi_sheet.unpack_sizes(udi_sheet.pack_sizes(rows), KINDS)) == rows


@given(st.text())
def test_any_text_in_a_cell_is_read_or_refused(text):
    for unpack in (lambda: udi_sheet.unpack_storage(text, KINDS, UNITS),
                   lambda: udi_sheet.unpack_sizes(text, KINDS),
                   lambda: udi_sheet.unpack_aliases(text, KINDS, KINDS)):
        try:
            unpack()
        except SheetError as error:
            assert error.code in ("item", "word")


@given(st.binary(), st.sampled_from(["x.csv", "x.xlsx", "x"]))
def test_any_bytes_are_rows_or_a_sentence(data, name):
    for head in (b"", b"PK\x03\x04"):
        try:
            udi_sheet.read_rows(name, head + data)
        except SheetError as error:
            assert error.code in ("file", "encoding")


@given(st.lists(WORDS.filter(lambda text: "\r" not in text and text[:1] not in "'="), min_size=1))
def test_csv_evaluates_nothing_and_keeps_every_cell(cells):
    data = udi_sheet.write_csv([["a", *(["b"] * (len(cells) - 1))], cells])
    [_heading, (_number, found)] = udi_sheet.read_rows("x.csv", data)
    assert [udi_sheet.cell_text(cell) for cell in found] == cells
    assert not any(cell.startswith(udi_sheet.FORMULA) for cell in found)


@pytest.mark.parametrize("value, text", [
    (None, ""), (9506000134352.0, "9506000134352"), (1.5, "1.5"), (True, "yes"), (False, "no"),
    (datetime(2026, 1, 2, 3), "2026-01-02"), (date(2026, 1, 2), "2026-01-02"),
    (" a ", "a"), ('="0950"', "0950"), ("'=1+1", "=1+1"), ("'tis", "'tis")])
def test_cell_is_what_a_reader_sees(value, text):
    assert udi_sheet.cell_text(value) == text


@pytest.mark.parametrize("kind, text, value", [
    ("boolean", "是", True), ("boolean", "NO", False), ("boolean", "ja", True),
    ("number", "0", 0), ("date", "2026/1/2", "2026-01-02"),
    ("date", "2026-01-02 00:00", "2026-01-02"),
    ("word", "Active", "active"), ("text", "=x", "=x")])
def test_cell_of_each_kind_is_read(kind, text, value):
    words = {"ja": "yes"} if kind == "boolean" else {"active": "active"}
    assert udi_sheet.read_cell(Column("x", "X", kind, words), text) == value


@pytest.mark.parametrize("kind, text", [
    ("boolean", "2"), ("number", "1.0"), ("number", "-1"), ("number", "9" * 10), ("number", "٣"),
    ("date", "2026-02-30"), ("date", "02.01.2026"), ("date", "45000"), ("word", "gone")])
def test_cell_that_is_none_is_refused(kind, text):
    with pytest.raises(SheetError) as refusal:
        udi_sheet.read_cell(Column("x", "X", kind, {"active": "active"}), text)
    assert refusal.value.code == kind


def test_sheet_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(udi_sheet, "MAX_ROWS", 2)
    with pytest.raises(SheetError) as refusal:
        udi_sheet.read_rows("x.csv", b"name\n1\n2")
    assert refusal.value.code == "rows"
