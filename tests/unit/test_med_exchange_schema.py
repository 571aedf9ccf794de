"""X6, G2, G6: a payload against its schema: problems by pointer, in our own sentences."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools.envelope import MOST_PROBLEMS
from odoo.addons.med_exchange.tools.schema import DIALECT, BadSchema, check, fields
from odoo.addons.med_exchange.tools.validation import compiled, problems

BODY = {
    "$schema": DIALECT, "$id": "urn:x:1.0", "title": "X", "description": "X.", "x-owner": "quality",
    "x-truth": "QMS", "type": "object", "required": ["name"], "additionalProperties": False,
    "properties": {
        "name": {"title": "Name", "description": "N.", "type": "string", "minLength": 1,
                 "maxLength": 5, "pattern": r"^\d*[a-z]*$"},
        "day": {"type": "string", "format": "date"},
        "time": {"type": "string", "format": "date-time"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9, "x-truth": "MES"},
        "kind": {"type": "string", "enum": ["a", "b"]}, "one": {"type": "string", "const": "x"},
        "yes": {"type": "boolean"},
        "tree": {"$ref": "#/$defs/tree", "title": "Tree"},
        "rows": {"type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": True, "items": {
            "type": "object", "required": ["a/b"], "additionalProperties": False,
            "properties": {"a/b": {"type": "string"}}}}},
    "$defs": {"tree": {"type": "object", "additionalProperties": False, "properties": {
        "in": {"$ref": "#/$defs/tree"}}}}}
VALIDATOR = compiled(BODY)


def found(**payload):
    return [(one.pointer, one.message) for one in problems(VALIDATOR, {"name": "a", **payload})]


@pytest.mark.parametrize(("payload", "pointer", "words"), [
    ({"name": ""}, "/name", "at least 1"), ({"name": "abcdef"}, "/name", "at most 5"),
    ({"name": "A"}, "/name", "form"), ({"name": "a\n"}, "/name", "form"),
    ({"name": "٣"}, "/name", "form"), ({"name": None}, "/name", "text"),
    ({"day": "2026-02-30"}, "/day", "date"), ({"day": "20260228"}, "/day", "date"),
    ({"day": "2026-W01-1"}, "/day", "date"), ({"time": "2026-02-28"}, "/time", "UTC"),
    ({"time": "2026-02-28T00:00:00+00:00"}, "/time", "UTC"),
    ({"count": 0}, "/count", "at least 1"), ({"count": 10}, "/count", "at most 9"),
    ({"count": True}, "/count", "whole number"), ({"count": "1"}, "/count", "whole number"),
    ({"kind": "c"}, "/kind", "a, b"), ({"one": "y"}, "/one", "x"), ({"yes": 1}, "/yes", "true"),
    ({"rows": []}, "/rows", "at least 1"), ({"rows": [{"a/b": "x"}] * 2}, "/rows", "twice"),
    ({"rows": [{}]}, "/rows/0/a~1b", "missing"), ({"rows": {}}, "/rows", "list"),
    ({"rows": [{"a/b": "x", "c~d": 1}]}, "/rows/0/c~0d", "not known"),
    ({"tree": {"in": {"in": {"out": 1}}}}, "/tree/in/in/out", "not known"),
])
def test_what_is_wrong_is_told_at_its_place(payload, pointer, words):
    told = dict(found(**payload))
    assert words in told[pointer] and told[pointer].endswith(".")


def test_what_is_right_is_not_told():
    assert not found(day="2026-02-28", time="2026-02-28T00:00:00.5Z", count=9, kind="a", one="x",
                     yes=False, rows=[{"a/b": "1"}, {"a/b": "2"}], tree={"in": {}})
    assert {one.pointer: one.message for one in problems(VALIDATOR, {})} == {
        "/name": "is missing."}


def test_each_missing_field_is_told_once():
    body = {"type": "object", "required": ["a", "b", "ab"], "properties": {}}
    assert [one.pointer for one in problems(compiled(body), {})] == ["/a", "/ab", "/b"]


def test_many_problems_and_long_values_are_cut_off():
    told = found(rows=[{"x": 1}] * 100)
    assert len(told) == MOST_PROBLEMS
    assert len(found(kind="c" * 10_000)[0][1]) < 200


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        [*BODY["properties"], "in", "a/b", "other"]), inner, max_size=4), max_leaves=15)


@given(ANYTHING)
def test_whatever_is_sent_is_answered(payload):
    for one in problems(VALIDATOR, payload):
        assert one.pointer == "" or one.pointer.startswith("/")
        assert one.message.endswith(".")


def test_fields_know_owner_and_truth_of_what_they_stand_in():
    told = {one.pointer: one for one in fields(BODY)}
    assert told["/name"].owner == "quality" and told["/name"].required
    assert told["/count"].truth == "MES" and told["/count"].limits == "1 … 9"
    assert told["/rows/-/a~1b"].truth == "QMS" and told["/rows/-/a~1b"].required
    assert told["/kind"].values == ("a", "b") and told["/tree"].title == "Tree"
    assert "/tree/in/in" in told and len(told) < 30


@pytest.mark.parametrize("change", [
    lambda body: body.update({"$schema": "http://json-schema.org/draft-07/schema#"}),
    lambda body: body.update(type="array"), lambda body: body.pop("x-owner"),
    lambda body: body.update({"x-truth": "somebody"}),
    lambda body: body["properties"]["name"].update({"x-owner": "somebody"}),
    lambda body: body.update(additionalProperties=True),
    lambda body: body["properties"].update(x={"type": "number"}),
    lambda body: body["properties"].update(x={"type": ["string", "null"]}),
    lambda body: body["properties"].update(x={"oneOf": []}),
    lambda body: body["properties"].update(x={"type": "strng"}),
    lambda body: body["properties"].update(x={"type": "object"}),
    lambda body: body["properties"].update(x={"$ref": "http://elsewhere/"}),
    lambda body: body["properties"].update(x={"type": "string", "pattern": "("}),
    lambda body: body["properties"].update(x={"$ref": "#/$defs/tree", "x-unit": "mm"}),
])
def test_a_schema_of_another_kind_is_refused(change):
    check(BODY)
    body = copy.deepcopy(BODY)
    change(body)
    with pytest.raises(BadSchema):
        check(body)
