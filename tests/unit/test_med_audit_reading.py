"""P11-10e-2, DI-ANX11: what an entry says, made readable without losing anything."""
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_audit.tools import reading
from odoo.addons.med_audit.tools.spreadsheet import to_csv

requirement = "P11-10e-2 DI-ANX11"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_their_difference(old, new):
    parts = reading.difference(old, new, around=1000)
    assert "".join(text for mark, text in parts if mark in "=-") == old
    assert "".join(text for mark, text in parts if mark in "=+") == new


def test_a_difference_names_words_and_single_chinese_characters():
    assert reading.difference("one two three", "one 2 three") == [
        ["=", "one "], ["-", "two"], ["+", "2"], ["=", " three"]]
    assert reading.difference("批号甲", "批号乙") == [["=", "批号"], ["-", "甲"], ["+", "乙"]]


def test_long_unchanged_stretches_are_cut_and_changes_are_not():
    parts = reading.difference("a " + "x " * 500 + "b", "A " + "x " * 500 + "B", around=10)
    assert [mark for mark, _text in parts] == ["-", "+", "=", "-", "+"]
    assert len(parts[2][1]) < 30
    assert parts[-1] == ["+", "B"]


def test_very_long_texts_are_compared_by_line():
    old = "\n".join(f"line {n}" for n in range(3000))
    parts = reading.difference(old, old.replace("line 7\n", "line seven\n"))
    assert ["-", "line 7\n"] in parts
    assert ["+", "line seven\n"] in parts


def test_what_is_empty_on_both_sides_or_only_says_who_wrote_is_no_change():
    assert reading.changed({"a": None, "b": "1", "write_date": "x"},
                           {"a": "", "b": "2", "write_date": "y", "c": "3"}) == ["b", "c"]


def test_each_language_and_company_of_a_value_is_compared():
    old, new = json.dumps({"en_US": "A", "zh_CN": "甲"}), json.dumps({"en_US": "A", "fr_FR": "B"})
    assert reading.by_key(old, new) == [("zh_CN", "甲", ""), ("fr_FR", "", "B")]
    assert reading.by_key("", json.dumps({"1": 5})) == [("1", "", "5")]
    assert reading.by_key("plain", "{not json") == [("", "plain", "{not json")]


@pytest.mark.parametrize(("text", "zone", "shown"), [
    ("2026-11-22 03:57:17.123456", "UTC", "2026-11-22 03:57:17 UTC"),
    ("2026-11-22 23:57:17", "Asia/Shanghai", "2026-11-23 07:57:17 +08:00"),
    ("2026-11-22T03:57:17Z", "America/St_Johns", "2026-11-22 00:27:17 -03:30"),
    ("", "UTC", ""),
])
def test_a_time_says_its_zone(text, zone, shown):
    assert reading.moment(text, ZoneInfo(zone)) == shown


@pytest.mark.parametrize(("text", "shown"), [
    ("3.50", "3.5"), ("-4.000", "-4"), ("10", "10"), ("1e-05", "1e-05"), ("100", "100")])
def test_a_number_loses_idle_zeros_only(text, shown):
    assert reading.number(text) == shown


def test_a_spreadsheet_runs_nothing_and_reads_chinese():
    data = to_csv(("名称",), [("=cmd()",), ("+1",), ("@x",), ("a,\"b\"\nc",), (None,), (0,)])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert "'=cmd()" in text
    assert "'+1" in text
    assert "'@x" in text
    assert text.endswith("\r\n\"\"\r\n0\r\n")
