"""X6, G1, G2, G4, G6: the schemas that are shipped, their examples, and the rules of versions."""

import copy
import json
from hashlib import sha256
from pathlib import Path

import pytest
from odoo.addons.med_exchange.tools import compatible, schema, units, validation
from odoo.addons.med_exchange.tools.envelope import parse, seal

ADDONS = Path(__file__).resolve().parents[2] / "addons"
FILES = sorted(ADDONS.glob("*/schemas/*.json"))
SHIPPED = [path for path in FILES if path.name != "digests.json"]
OBJECTS = {"organisation", "product", "bom", "order", "lot", "process_record", "inspection_result",
           "equipment_state", "shipment", "nonconformity", "change_notice", "disposition", "hold",
           "recall_notice", "stock_statement", "sale_on", "delivery_proof"}


def read(path):
    return json.loads(path.read_text())


def example(path):
    return read(path.parent / "examples" / path.name)


def problems(body, payload):
    found = validation.problems(validation.compiled(body), payload)
    return found or units.normal(body, payload).problems


def changed(payload, case):
    payload = copy.deepcopy(payload)
    *way, last = case["at"].split("/")[1:]
    place = payload
    for one in way:
        place = place[int(one) if isinstance(place, list) else one]
    last = int(last) if isinstance(place, list) else last
    if case.get("remove"):
        del place[last]
    else:
        place[last] = case["value"]
    return payload


CASES = [pytest.param(path, case, id=f"{path.stem}: {case['says']}") for path in SHIPPED
         for case in read(path.parent / "examples" / f"{path.stem}.invalid.json")]


def test_every_object_of_the_boundary_has_a_schema():
    assert {path.name.split("-")[0] for path in SHIPPED} >= OBJECTS


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
class TestShipped:
    def test_it_is_a_schema_of_our_kind_and_named_as_its_file(self, path):
        body, named = read(path), schema.FILE.fullmatch(path.name)
        schema.check(body)
        assert body["$id"] == f"urn:med-exchange:{named['name']}:{named['major']}.{named['minor']}"

    def test_every_field_says_what_it_is_and_whose_word_counts(self, path):
        found = schema.fields(read(path))
        assert found
        for one in found:
            assert one.title and one.description.endswith(".") and one.kind, one
            assert one.owner and one.truth, one
            assert set(one.states) <= set(one.values), one
            assert {later for some in one.states.values() for later in some} <= set(one.values)
            assert not one.unit or units.known(one.unit), one
            assert (one.precision >= 0) == bool(one.unit), one

    def test_its_example_is_valid_and_plain(self, path):
        payload = example(path)
        assert parse(seal({
            "spec": "med-exchange/1", "id": "m-1", "sender": "PLANT-MES", "stream": "main",
            "sequence": 1, "schema": path.stem.split("-")[0], "version": "1.0", "action": "state",
            "object": {"id": "1", "version": 1}, "time": "2026-11-23T04:30:00Z",
            "payload": payload}))
        assert not problems(read(path), payload)

    def test_its_example_shows_most_of_its_fields(self, path):
        body = read(path)
        assert len(example(path)) > len(body["properties"]) / 2

    def test_what_is_brought_into_form_is_valid_and_stays(self, path):
        body = read(path)
        first = units.normal(body, example(path)).payload
        assert not problems(body, first)
        again = units.normal(body, first)
        assert again.payload == first and not again.notes

    def test_it_says_what_it_said_when_it_was_shipped(self, path):
        digests = read(path.parent / "digests.json")
        assert digests.get(path.stem) == sha256(path.read_bytes()).hexdigest(), (
            "a shipped version is never changed: make the next one, and add its digest")


@pytest.mark.parametrize(("path", "case"), CASES)
def test_what_is_wrong_is_found_at_its_place(path, case):
    found = problems(read(path), changed(example(path), case))
    assert case["problem"] in {one.pointer for one in found}
    assert all(one.message.endswith(".") and len(one.message) < 500 for one in found)


def test_shipped_digests_name_no_file_that_is_gone():
    for path in {path.parent / "digests.json" for path in SHIPPED}:
        assert {one.stem for one in SHIPPED if one.parent == path.parent} == set(read(path))


def test_each_minor_version_is_compatible_with_the_one_before():
    versions = {}
    for path in SHIPPED:
        named = schema.FILE.fullmatch(path.name)
        versions.setdefault((named["name"], named["major"]), {})[int(named["minor"])] = read(path)
    for some in versions.values():
        assert set(some) == set(range(len(some)))
        for minor in range(1, len(some)):
            assert not compatible.breaks(some[minor - 1], some[minor])
