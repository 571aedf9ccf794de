"""The envelope: what is a message, and that nothing else gets past (X1, X3, P11-30)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools.envelope import (
    BYTES,
    DEPTH,
    NODES,
    Envelope,
    EnvelopeError,
    identity,
    parse,
    pointer,
    seal,
)

GOOD = {
    "spec": "med-exchange/1", "id": "m-1", "sender": "PLANT-MES", "stream": "main", "sequence": 1,
    "schema": "organisation", "version": "1.0", "action": "state",
    "object": {"id": "H-1", "version": 3, "base": 2}, "time": "2026-11-23T04:30:00Z",
    "event_time": "2026-11-23T04:29:59.5Z", "payload": {"name": "医院", "beds": 20, "open": True}}


def changed(**changes):
    """The good message with members set, or left out where the value is ``...``."""
    return seal({name: value for name, value in {**GOOD, **changes}.items() if value is not ...})


def pointers(data, **more):
    with pytest.raises(EnvelopeError) as caught:
        parse(data, **more)
    assert all(one.message.endswith(".") for one in caught.value.problems)
    return [one.pointer for one in caught.value.problems]


def test_a_good_message_is_read():
    found = parse(seal(GOOD))
    assert isinstance(found, Envelope)
    assert (found.id, found.sequence, found.object_id, found.base) == ("m-1", 1, "H-1", 2)
    assert found.time.isoformat() == "2026-11-23T04:30:00"
    assert found.event_time.isoformat() == "2026-11-23T04:29:59.500000"
    assert parse(changed(event_time=..., object={"id": "H-1"})).base == 0


@pytest.mark.parametrize(("changes", "where"), [
    ({"spec": "med-exchange/2"}, "/spec"), ({"spec": ...}, "/spec"),
    ({"id": ""}, "/id"), ({"id": "a b"}, "/id"), ({"id": "x" * 65}, "/id"), ({"id": 1}, "/id"),
    ({"id": "é"}, "/id"), ({"sender": "plant"}, "/sender"), ({"stream": "a/b"}, "/stream"),
    ({"sequence": 0}, "/sequence"), ({"sequence": 2 ** 31}, "/sequence"),
    ({"sequence": True}, "/sequence"), ({"sequence": "1"}, "/sequence"),
    ({"schema": "Lot"}, "/schema"), ({"version": "1"}, "/version"),
    ({"action": "delete"}, "/action"), ({"cancels": "m-0"}, "/cancels"),
    ({"action": "cancel", "payload": {}}, "/cancels"),
    ({"action": "cancel", "cancels": "m-0"}, "/payload"),
    ({"object": "H-1"}, "/object"), ({"object": {}}, "/object/id"),
    ({"object": {"id": " "}}, "/object/id"), ({"object": {"id": "x" * 129}}, "/object/id"),
    ({"object": {"id": "1", "version": -1}}, "/object/version"),
    ({"object": {"id": "1", "base": "1"}}, "/object/base"),
    ({"object": {"id": "1", "a/b~c": 1}}, "/object/a~1b~0c"),
    ({"time": "2026-11-23 04:30"}, "/time"), ({"time": "2026-02-30T00:00:00Z"}, "/time"),
    ({"time": "2026-11-23T04:30:00+08:00"}, "/time"),
    ({"time": "２026-11-23T04:30:00Z"}, "/time"), ({"event_time": "now"}, "/event_time"),
    ({"payload": []}, "/payload"), ({"payload": ...}, "/payload"),
    ({"more": 1}, "/more"),
])
def test_what_is_wrong_is_named_where_it_stands(changes, where):
    assert where in pointers(changed(**changes))


@pytest.mark.parametrize(("signature", "where"), [
    ("x", "/signature"), ({}, "/signature/key"), ({"key": "k", "more": 1}, "/signature/more"),
    ({"key": "k", "algorithm": None, "value": ""}, "/signature/algorithm")])
def test_a_signature_names_key_algorithm_and_value(signature, where):
    assert where in pointers({**seal(GOOD), "signature": signature})


@pytest.mark.parametrize(("payload", "where"), [
    ({"a": 1.5}, "/payload/a"), ({"a": float("nan")}, "/payload/a"),
    ({"a": [1, {"b": 2 ** 53}]}, "/payload/a/1/b"), ({"a": "\0"}, "/payload/a"),
    ({"a": "\ud800"}, "/payload/a"), ({"é": 1}, "/payload"), ({1: 1}, "/payload"),
    ({"a": b"x"}, "/payload/a"),
])
def test_what_cannot_be_kept_is_refused_before_it_is_hashed(payload, where):
    assert pointers({**GOOD, "payload": payload, "digest": "sha256:" + "0" * 64}) == [where]


def test_a_changed_message_has_another_digest():
    sealed = seal(GOOD)
    assert pointers({**sealed, "payload": {"name": "x"}}) == ["/digest"]
    assert pointers({**sealed, "digest": sealed["digest"].upper()}) == ["/digest"]
    assert parse({**sealed, "signature": {"key": "k", "algorithm": "ed25519", "value": ""}})


def test_what_is_too_deep_too_large_or_too_much_is_refused():
    deep = {}
    for _level in range(100_000):
        deep = {"a": deep}
    assert len(pointers({**GOOD, "payload": deep})) == 1
    fits = "x"
    for _level in range(DEPTH - 2):
        fits = [fits]
    assert parse(changed(payload={"a": fits}))
    assert pointers(changed(payload={"a": [fits]}))
    assert pointers(changed(payload={"a": [1] * NODES})) == [""]
    assert pointers(changed(payload={"a": "x" * BYTES})) == [""]
    assert pointers(seal(GOOD), size=BYTES + 1) == [""]


def test_a_flood_of_problems_and_endless_names_cost_little():
    many = {"x" * 128: [1.5] * 40_000}
    with pytest.raises(EnvelopeError) as caught:
        parse({**GOOD, "payload": many})
    assert len(caught.value.problems) == 50
    for flood in ({"x" * 129: 1}, {"x": [0] * (NODES + 1)}):
        assert len(pointers({**GOOD, "payload": flood})) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(JSON)
def test_anything_is_a_message_or_an_error(data):
    with pytest.raises(EnvelopeError):
        parse(data)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, min_size=1))
def test_a_message_with_anything_in_it_is_read_or_refused(changes):
    data = {**GOOD, **changes}
    try:
        data = seal(data)
        found = parse(data)
    except (EnvelopeError, ValueError, TypeError):
        return
    assert found.data == json.loads(json.dumps(data))


def test_an_identity_is_found_in_what_is_no_message():
    assert identity({"id": "m-1"}) == "m-1"
    for data in (None, [], {}, {"id": 1}, {"id": "a b"}, "m-1"):
        assert identity(data) == ""


def test_a_pointer_escapes_as_the_standard_says():
    assert pointer("a/b", "m~n", 0) == "/a~1b/m~0n/0"
