"""Messages that are refused for numbers alone: shown to be by their sender all the same."""

import json

import pytest
from odoo.addons.med_base.tools.evidence import digest
from odoo.addons.med_exchange.tools.envelope import EnvelopeError, parse
from odoo.addons.med_exchange.tools.nearly import ecmascript, nearly

requirement = "X2 X9"

SOUND = {
    "spec": "med-exchange/1", "id": "m-1", "sender": "PLANT", "stream": "main", "sequence": 1,
    "schema": "organisation", "version": "1.0", "action": "state", "object": {"id": "H-1"},
    "time": "2026-11-23T04:30:00Z", "payload": {"name": "苏州 \"1\"", "rows": [{"size": 12.5}]}}


def sealed(**changes):
    data = {**SOUND, **changes}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**data, "digest": f"sha256:{digest(text.encode())}"}


def test_it_is_no_message_and_nearly_one():
    data = sealed()
    with pytest.raises(EnvelopeError) as refused:
        parse(data)
    found = nearly(data)
    assert [one.pointer for one in found.problems] == ["/payload/rows/0/size"]
    assert found.problems == tuple(refused.value.problems)
    assert json.loads(found.text) == data
    assert json.loads(found.unsigned) == data
    signed = {**data, "signature": {"key": "k", "algorithm": "ed25519", "value": "v"}}
    assert json.loads(nearly(signed).text) == signed
    assert nearly(signed).unsigned == found.unsigned


@pytest.mark.parametrize("data", [
    None, [], "x", {}, {"action": "state"}, {**sealed(), "digest": "sha256:" + "0" * 64},
    {**sealed(), "payload": {"size": 12.6}}, sealed(payload={"size": "12.5"}),
    sealed(more=1), sealed(object={"id": "H-1", "version": 1.5}), sealed(sequence=1.0),
    sealed(payload={"size": float("inf")}), sealed(payload={"é": 1.5}),
    sealed(payload={"size": 1.5, "name": "\0"}), sealed(payload=[1.5]), sealed(payload=1.5),
    sealed(action="cancel", cancels="m-0"), sealed(payload={"a": [[[[[1.5]]]]]} | {
        "deep": json.loads("[" * 25 + "1.5" + "]" * 25)})])
def test_anything_else_is_none(data):
    assert nearly(data) is None


def test_numbers_beyond_53_bits_count_as_well():
    found = nearly(sealed(payload={"serial": 2 ** 60, "size": 0.5, "count": 3, "ok": True}))
    assert {one.pointer for one in found.problems} == {"/payload/serial", "/payload/size"}


NUMBERS = [0.0, -0.0, 1.0, -1.0, 12.5, 110.0, 1e-6, 1.5e-6, 1e-7, 1.25e-7, 1e-5, 0.0001, 1e15,
           1e16, 1.2345678901234567e20, 1e20, 1e21, 1e22, 1.5e300, 5e-324, 1 / 3, 123456.789]


def test_floats_as_ecmascript_writes_them():
    assert [ecmascript(one) for one in NUMBERS] == [
        "0", "0", "1", "-1", "12.5", "110", "0.000001", "0.0000015", "1e-7", "1.25e-7",
        "0.00001", "0.0001", "1000000000000000", "10000000000000000", "123456789012345670000",
        "100000000000000000000", "1e+21", "1e+22", "1.5e+300", "5e-324", "0.3333333333333333",
        "123456.789"]


def test_a_message_of_another_language_is_read():
    data = {**SOUND, "payload": {"size": 110.0, "small": 1e-5}}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = text.replace("110.0", "110").replace("1e-05", "0.00001")
    sent = {**data, "digest": f"sha256:{digest(text.encode())}"}
    assert '"size":110,' in nearly(sent).text
