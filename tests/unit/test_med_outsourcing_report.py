"""The form of reports: the same content is the same, and what is not as ordered is found."""

from datetime import datetime, timezone

import pytest
from odoo.addons.med_outsourcing.tools.report import NotPlain, comparable, deviations, plain

requirement = "V5 V6"

TOLD = {"kind": "step", "reference": "R1", "time": datetime(2026, 3, 2, 8)}


def test_missing_keys_and_idle_signs_make_no_difference():
    one = comparable(plain({**TOLD, "lots": [{"lot": "A", "quantity": 1, "outcome": "good"}]}))
    two = comparable(plain({
        **TOLD, "reference": " R1 ", "note": None, "time": datetime(2026, 3, 2, 8, 0, 0, 5),
        "used": (), "lots": [{"lot": "A ", "quantity": 1.0, "outcome": "good", "product": 0}]}))
    assert one == two


@pytest.mark.parametrize(("changes", "pointer", "code"), [
    ({"time": "2026-03-02"}, "/time", "time"),
    ({"time": datetime(2026, 3, 2, tzinfo=timezone.utc)}, "/time", "time"),
    ({"kind": ["step"]}, "/kind", "text"), ({"person": True}, "/person", "text"),
    ({"note": "a\0b"}, "/note", "text"), ({"person": "\ud800"}, "/person", "text"),
    ({"lots": [{"lot": "A\0", "quantity": 1}]}, "/lots/0/lot", "text"),
    ({"reference": "x" * 129}, "/reference", "long"), ({"state": 1}, "/state", "unknown"),
    ({"lots": {}}, None, None), ({"lots": "A"}, "/lots", "list"),
    ({"lots": [{}] * 1001}, "/lots", "many"), ({"lots": [{"quantity": 1}]}, "/lots/0/lot", "name"),
    ({"lots": [{"lot": "A", "quantity": "1"}]}, "/lots/0/quantity", "quantity"),
    ({"lots": [{"lot": "A", "quantity": 0}]}, "/lots/0/quantity", "quantity"),
    ({"lots": [{"lot": "A", "quantity": float("inf")}]}, "/lots/0/quantity", "quantity"),
    ({"used": [{"quantity": 1}]}, None, None),
    ({"used": [{"quantity": 1, "product": "7"}]}, "/used/0/product", "unknown")])
def test_what_has_another_form(changes, pointer, code):
    if not pointer:
        plain({**TOLD, **changes})
        return
    with pytest.raises(NotPlain) as told:
        plain({**TOLD, **changes})
    assert (told.value.pointer, told.value.code) == (pointer, code)


def test_nothing_but_a_dictionary_is_a_report():
    with pytest.raises(NotPlain):
        plain([TOLD])


ROW = {"key": "temp", "name": "Temperature", "unit": "°C", "low": "50", "high": "60",
       "open_low": False, "open_high": True}
CONTRACT = {"routing": [{"name": "Load"}], "parameters": [ROW]}


@pytest.mark.parametrize(("operation", "parameter", "code"), [
    ("load", ("temperature", "50", "°C"), ""), ("", ("TEMP", "59.99", "°C"), ""),
    ("Unload", ("temp", "55", "°C"), "step"), ("", ("temp", "60", "°C"), "outside"),
    ("", ("temp", "49.9", "°C"), "outside"), ("", ("temp", "330", "K"), "unit"),
    ("", ("temp", "warm", "°C"), "unreadable"), ("", ("temp", "nan", "°C"), "unreadable"),
    ("", ("pressure", "1", "bar"), "unknown"), ("", ("Leak test", "Fail", ""), "failed")])
def test_what_is_not_as_ordered(operation, parameter, code):
    told = plain({**TOLD, "operation": operation, "parameters": [
        dict(zip(("name", "value", "unit"), parameter, strict=True))]})
    assert [row[0] for row in deviations(CONTRACT, told)] == ([code] if code else [])


def test_where_nothing_was_ordered_nothing_departs_but_its_own_limits_count():
    told = plain({**TOLD, "operation": "Any", "parameters": [
        {"name": "p", "value": "1"}, {"name": "q", "value": 3, "high": "2"}]})
    assert [row[:2] for row in deviations({}, told)] == [("outside", "q")]
