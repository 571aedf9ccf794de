"""Cells become values, and rows payloads, by rules that are data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange_file.tools.mapping import (
    Line,
    Mapping,
    missing_columns,
    payloads,
    unclear_columns,
)
from odoo.addons.med_exchange_file.tools.propose import event_column, propose
from odoo.addons.med_exchange_file.tools.table import Fault, Table
from odoo.addons.med_exchange_file.tools.transform import (
    KINDS,
    BadCell,
    Rule,
    decimal_text,
    value_of,
)

requirement = "X6 G3 G5"


@pytest.mark.parametrize("rule, cell, value", [
    (Rule(), " a ", "a"), (Rule(), "  ", None), (Rule("constant", "CN"), "", "CN"),
    (Rule("upper"), "cn", "CN"), (Rule("lower"), "CN", "cn"),
    (Rule("date"), "2026年11月23日", "2026-11-23"), (Rule("date"), "20261123", "2026-11-23"),
    (Rule("date"), "2026-11-23 00:00", "2026-11-23"),
    (Rule("date"), "2026年11月3日", "2026-11-03"),
    (Rule("date"), "2026 年 1 月 3 日", "2026-01-03"),
    (Rule("date"), "２０２６年１月３日", "2026-01-03"),
    (Rule("time", zone="Asia/Shanghai"), "2026年11月3日 8:05", "2026-11-03T00:05:00Z"),
    (Rule("time", zone="Asia/Shanghai"), "2026年11月3日8时5分", "2026-11-03T00:05:00Z"),
    (Rule("date", "%d.%m.%Y"), "2026-11-03", "2026-11-03"),
    (Rule("date", "%d.%m.%Y"), "2026-11-03 00:00:00", "2026-11-03"),
    (Rule("time", "%d.%m.%Y %H:%M", zone="Asia/Shanghai"), "2026-11-03 08:05:00",
     "2026-11-03T00:05:00Z"),
    (Rule("decimal"), "1 234 567.5", "1234567.5"), (Rule("decimal"), "1’234.50", "1234.50"),
    (Rule("decimal"), "１２３．５", "123.5"), (Rule("decimal"), "- 5", "-5"),
    (Rule("date", "%d.%m.%Y | %m/%d/%y"), "23.11.2026", "2026-11-23"),
    (Rule("date", "%d.%m.%Y | %m/%d/%y"), "11/23/26", "2026-11-23"),
    (Rule("time", zone="Asia/Shanghai"), "2026-11-23 12:30", "2026-11-23T04:30:00Z"),
    (Rule("time", zone="Asia/Shanghai"), "2026-11-23T12:30:00+00:00", "2026-11-23T12:30:00Z"),
    (Rule("time", zone="Asia/Shanghai"), "2026-11-23T12:30:00Z", "2026-11-23T12:30:00Z"),
    (Rule("decimal"), "1,234.50", "1234.50"), (Rule("decimal", mark=","), "1.234,50", "1234.50"),
    (Rule("decimal"), "12.5", "12.5"), (Rule("decimal"), "-0.10", "-0.10"),
    (Rule("integer"), "12.0", 12), (Rule("boolean"), "是", True), (Rule("boolean"), "No", False),
    (Rule("quantity"), "12.50 mm", {"value": "12.50", "unit": "mm"}),
    (Rule("quantity", "kg"), "3", {"value": "3", "unit": "kg"}),
    (Rule("split", ";", {"客户": "customer", "supplier": "supplier"}), "客户; Supplier",
     ["customer", "supplier"]),
    (Rule("part", "/ 2"), "a/b/c", "b"), (Rule("text", words={"中国": "CN"}), "中国", "CN"),
])
def test_a_cell_becomes_the_value_its_rule_says(rule, cell, value):
    assert value_of(rule, cell) == value


def test_cells_are_joined_without_the_empty_ones():
    assert value_of(Rule("join", ", "), "a", " ", "c") == "a, c"


@pytest.mark.parametrize("rule, cell, code", [
    (Rule("date"), "2026-02-30", "date"), (Rule("date"), "23.11.2026", "date"),
    (Rule("time"), "2026-11-23", "time"),
    (Rule("time", zone="Mars/Base"), "2026-11-23 12:30", "zone"),
    (Rule("time", zone="Europe/Berlin"), "2026-03-29 02:30", "time"),
    (Rule("time", zone="Europe/Berlin"), "2026-10-25 02:30", "time"),
    (Rule("time", "%d.%m.%Y %H:%M"), "2026-11-03", "time"),
    (Rule(), "A-1\u200b", "unseen"), (Rule(), "\u202eA-1", "unseen"),
    (Rule("split"), "a,b\ufeffc", "unseen"), (Rule("date"), "2026113", "date"),
    (Rule("date"), "463291", "date"),
    (Rule("date"), "2026年11月", "date"), (Rule("decimal"), "10 20", "decimal"),
    (Rule("decimal"), "1'2", "decimal"), (Rule("decimal"), "1,234 567", "decimal"),
    (Rule("decimal"), "5%", "decimal"), (Rule("decimal"), "(5)", "decimal"),
    (Rule("decimal"), "1,5", "decimal"), (Rule("decimal", mark=","), "1.5", "decimal"),
    (Rule("decimal"), "1e5", "decimal"), (Rule("decimal"), "٣", "decimal"),
    (Rule("decimal"), "NaN", "decimal"), (Rule("integer"), "1.5", "integer"),
    (Rule("boolean"), "perhaps", "boolean"), (Rule("quantity"), "12", "unit"),
    (Rule("quantity"), "mm", "decimal"), (Rule("part", "/ 4"), "a/b", "part"),
    (Rule("text", words={"a": "b"}), "c", "word"), (Rule("magic"), "c", "kind"),
])
def test_a_cell_that_cannot_be_one_is_told(rule, cell, code):
    with pytest.raises(BadCell) as error:
        value_of(rule, cell)
    assert error.value.code == code


@given(st.sampled_from(KINDS), st.text(max_size=12), st.text(max_size=12))
def test_any_cell_is_a_value_or_told(kind, argument, cell):
    try:
        value_of(Rule(kind, argument), cell)
    except BadCell as error:
        assert error.code


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10**9,
                   max_value=10**9))
def test_a_decimal_keeps_its_digits_with_either_mark(number):
    text = f"{number:,f}"
    other = text.translate(str.maketrans(",.", ".,"))
    assert decimal_text(text).lstrip("-") == f"{abs(number):f}"
    assert decimal_text(other, ",") == decimal_text(text)


def table(*rows, columns=("code", "name", "at"), faults=()):
    return Table(columns, tuple((number, dict(zip(columns, row, strict=True)))
                                for number, row in enumerate(rows, 2)), tuple(faults), "utf-8 ,")


FLAT = Mapping((Line("/name", ("name",), required=True),
                Line("/country", (), Rule("constant", "CN")),
                Line("/address/city", (), default="Wuxi")), "code", "at")


def test_a_row_becomes_a_payload_with_its_event_time():
    made, = payloads(table(["A", "Alpha", "2026-11-23 04:30"]), FLAT)
    assert made.payload == {"name": "Alpha", "country": "CN", "address": {"city": "Wuxi"}}
    assert (made.object_id, made.numbers, made.faults, made.event_time) == (
        "A", [2], [], "2026-11-23T04:30:00Z")


def test_what_is_wrong_names_line_and_column():
    first, second, third, fourth = payloads(
        table(["A", "", ""], ["", "Beta", ""], ["A", "Gamma", ""], ["D", "Delta", "soon"],
              faults=[Fault(5, "name", "digits", "1e17")]), FLAT)
    assert first.faults == [Fault(2, "name", "required", "/name")]
    assert second.faults == [Fault(3, "code", "key")]
    assert third.faults == [Fault(4, "code", "twice", "2")]
    assert fourth.faults == [Fault(5, "name", "digits", "1e17"), Fault(5, "at", "time", "soon")]


def test_rows_of_one_key_are_one_payload_where_there_is_a_list():
    mapping = Mapping((Line("/order", ("code",)), Line("/lines/-/lot", ("name",)),
                       Line("/lines/*/quantity/value", ("at",), Rule("decimal")),
                       Line("/lines/-/quantity/unit", (), Rule("constant", "kg"))), "code")
    one, two = payloads(table(["A", "L1", "1"], ["B", "L2", "2"], ["A", "L3", "3"]), mapping)
    assert one.payload == {"order": "A", "lines": [
        {"lot": "L1", "quantity": {"value": "1", "unit": "kg"}},
        {"lot": "L3", "quantity": {"value": "3", "unit": "kg"}}]}
    assert (one.numbers, two.numbers) == ([2, 4], [3])


def test_rows_of_one_key_must_agree_on_what_they_say_once():
    mapping = Mapping((Line("/name", ("at",)), Line("/lots/-", ("name",))), "code")
    one, = payloads(table(["A", "L1", "x"], ["A", "L2", "y"]), mapping)
    assert one.payload == {"name": "x", "lots": ["L1", "L2"]}
    assert one.faults == [Fault(3, "at", "differs", "x")]


def test_columns_that_a_file_has_not_are_named():
    assert missing_columns(table(columns=("code",)), FLAT) == ["at", "name"]


def test_columns_are_proposed_in_english_and_chinese():
    fields = [("/name", ["name", "Name"]), ("/vat", ["vat", "Tax number"]),
              ("/address/zip", ["zip", "Postal code"]), ("/country", ["country", "Country"]),
              ("/phone", ["phone", "Telephone"])]
    assert propose(["客户编码", "公司名称", "税号", "邮编", "国家", "电话"], fields) == {
        "/name": "公司名称", "/vat": "税号", "/address/zip": "邮编", "/country": "国家",
        "/phone": "电话"}
    assert propose(["Company", "Tax-Number", "Post Code", "Countri", "Colour"], fields) == {
        "/name": "Company", "/vat": "Tax-Number", "/address/zip": "Post Code",
        "/country": "Countri"}
    assert event_column(["编码", "发生时间"]) == "发生时间" and not event_column(["time"])


def test_a_fault_of_a_column_that_is_not_read_refuses_no_row():
    table = Table(("code", "name", "sum"), ((2, {"code": "A", "name": "x", "sum": "?"}),), (
        Fault(2, "sum", "formula", "C2"),), "xlsx")
    mapping = Mapping((Line("/name", ("name",)),), "code")
    assert not payloads(table, mapping)[0].faults
    assert payloads(table, Mapping((Line("/name", ("sum",)),), "code"))[0].faults


def test_a_heading_that_stands_twice_is_unclear_where_the_mapping_was_not_made_from_it():
    table = Table(("code", "qty", "qty (2)"), (), (), "utf-8", ("qty",))
    mapping = Mapping((Line("/q", ("qty",)),), "code")
    assert unclear_columns(table, mapping) == ["qty"]
    assert not unclear_columns(table, mapping, ("code", "qty", "qty (2)"))
    assert not unclear_columns(table, Mapping((Line("/q", ("code",)),), "code"))
