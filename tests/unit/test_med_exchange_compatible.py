"""X6, G6: a minor version takes nothing away and means nothing else."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools import validation
from odoo.addons.med_exchange.tools.compatible import breaks

OLD = {
    "type": "object", "required": ["name"], "additionalProperties": False, "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 10},
        "state": {"type": "string", "enum": ["a", "b"], "x-states": {"a": ["b"], "b": []}},
        "count": {"type": "integer", "minimum": 0, "maximum": 9},
        "free": {"type": "string"},
        "day": {"type": "string", "format": "date"},
        "length": {"$ref": "#/$defs/m", "x-unit": "mm", "x-precision": 2, "x-minimum": "0"},
        "rows": {"type": "array", "maxItems": 3, "items": {
            "type": "object", "required": ["x"], "additionalProperties": False,
            "properties": {"x": {"type": "string"}, "y": {"type": "string"}}}}},
    "$defs": {"m": {"type": "object", "required": ["value", "unit"], "additionalProperties": False,
                    "properties": {"value": {"type": "string"}, "unit": {"type": "string"}}}}}


def changed(change):
    new = copy.deepcopy(OLD)
    change(new["properties"], new)
    return new


@pytest.mark.parametrize("change", [
    lambda p, n: None,
    lambda p, n: p.update(more={"type": "string"}),
    lambda p, n: n.update(required=[]),
    lambda p, n: p["name"].update(maxLength=20),
    lambda p, n: p["name"].pop("minLength"),
    lambda p, n: p["state"]["enum"].append("c"),
    lambda p, n: p["state"].pop("enum"),
    lambda p, n: p["state"]["x-states"].update(b=["a"]),
    lambda p, n: p["count"].update(minimum=-5, maximum=99),
    lambda p, n: p["day"].pop("format"),
    lambda p, n: p["length"].update({"x-precision": 3}),
    lambda p, n: p["length"].pop("x-minimum"),
    lambda p, n: p["rows"].update(maxItems=5),
    lambda p, n: p["rows"]["items"]["properties"].update(z={"type": "string"}),
    lambda p, n: p["name"].update(title="Name", description="What it is called."),
])
def test_what_allows_more_is_compatible(change):
    assert not breaks(OLD, changed(change))


@pytest.mark.parametrize(("pointer", "change"), [
    ("/free", lambda p, n: p.pop("free")),
    ("/free", lambda p, n: n["required"].append("free")),
    ("/more", lambda p, n: (p.update(more={"type": "string"}), n["required"].append("more"))),
    ("/name", lambda p, n: p["name"].update(maxLength=9)),
    ("/name", lambda p, n: p["name"].update(minLength=2)),
    ("/name", lambda p, n: p["name"].update(pattern="^a")),
    ("/name", lambda p, n: p["name"].update(type="integer")),
    ("/free", lambda p, n: p["free"].update(maxLength=5)),
    ("/free", lambda p, n: p["free"].update(enum=["a"])),
    ("/free", lambda p, n: p["free"].update(format="date")),
    ("/free", lambda p, n: p["free"].update({"x-truth": "MES"})),
    ("/state", lambda p, n: p["state"]["enum"].remove("b")),
    ("/state", lambda p, n: p["state"]["x-states"].update(a=[])),
    ("/count", lambda p, n: p["count"].update(minimum=1)),
    ("/count", lambda p, n: p["count"].update(maximum=8)),
    ("/length", lambda p, n: p["length"].update({"x-unit": "cm"})),
    ("/length", lambda p, n: p["length"].update({"x-precision": 1})),
    ("/length", lambda p, n: p["length"].update({"x-minimum": "0.1"})),
    ("/length", lambda p, n: p["length"].update({"x-maximum": "9"})),
    ("/length/value", lambda p, n: n["$defs"]["m"]["properties"]["value"].update(maxLength=5)),
    ("/rows", lambda p, n: p["rows"].update(maxItems=2)),
    ("/rows", lambda p, n: p["rows"].update(minItems=1)),
    ("/rows", lambda p, n: p["rows"].update(uniqueItems=True)),
    ("/rows/-/y", lambda p, n: p["rows"]["items"]["required"].append("y")),
    ("/rows/-/y", lambda p, n: p["rows"]["items"]["properties"].pop("y")),
])
def test_what_forbids_more_or_means_otherwise_is_told_at_its_field(pointer, change):
    assert pointer in [one.pointer for one in breaks(OLD, changed(change))]


def test_a_schema_that_refers_to_itself_ends():
    tree = {"type": "object", "properties": {"in": {"$ref": "#/$defs/t"}}, "$defs": {
        "t": {"type": "object", "properties": {"in": {"$ref": "#/$defs/t"}}}}}
    assert not breaks(tree, tree)


PAYLOADS = st.fixed_dictionaries({"name": st.text(max_size=12)}, optional={
    "state": st.sampled_from("abc"), "count": st.integers(-2, 12), "free": st.text(max_size=7),
    "rows": st.lists(st.fixed_dictionaries({"x": st.text(max_size=2)}, optional={
        "y": st.text(max_size=2)}), max_size=4)})
WIDTHS = st.fixed_dictionaries({"maxLength": st.integers(5, 12), "minLength": st.integers(0, 3)})


@given(PAYLOADS, WIDTHS, st.sets(st.sampled_from("abc"), min_size=1), st.booleans())
def test_what_the_rule_calls_compatible_takes_every_message_of_before(payload, width, values,
                                                                      needed):
    def change(properties, whole):
        properties["name"].update(width)
        properties["state"]["enum"] = sorted(values)
        properties["state"].pop("x-states")
        if needed:
            whole["required"].append("free")

    old = copy.deepcopy(OLD)
    old["properties"]["state"].pop("x-states")
    new = changed(change)
    if not breaks(old, new) and not validation.problems(validation.compiled(old), payload):
        assert not validation.problems(validation.compiled(new), payload)
