"""The inbox of the exchange over XML-RPC and JSON-2: one table of cases for both protocols."""

import copy
import sys
import uuid
from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from exchange_sender import Sender  # noqa: E402

requirement = "X1 X2 X3 X4 X6 X9 V8"

WORLD = (TESTS / "exchange_flow.py").read_text() + """
flow = ExchangeFlow(env)
tell({"one": flow.partner("RPC-ONE"), "two": flow.partner("RPC-TWO")})
"""


@pytest.fixture
def say(world):
    """A stream of its own for each test: ``say(1, "name")`` is its first message."""
    stream, sender = uuid.uuid4().hex[:12], Sender(world["one"])

    def envelope(number, name="Hospital", **changes):
        return sender.organisation(number, f"H-{stream}", name, stream, **{
            "version": number, **changes})
    envelope.stream, envelope.sender = stream, sender
    return envelope


def submit(client, *envelopes):
    told = client.call("med.exchange", "submit", envelopes=list(envelopes))
    assert_plain(told)
    assert told["version"] == 1
    return told["answers"]


def there(site, code):
    return site.sql(f"SELECT name FROM res_partner WHERE ref = '{code}' AND active")


def test_a_message_is_applied_once_however_often_it_is_sent(site, caller, say):
    first = submit(caller("one"), say(1))[0]
    assert (first["outcome"], first["object"]) == (
        "accepted", {"id": f"H-{say.stream}", "version": 1})
    for _time in range(3):
        assert submit(caller("one"), say(1)) == [
            {**first, "outcome": "duplicate", "first": "accepted"}]
    assert there(site, f"H-{say.stream}") == [["Hospital"]]


def test_a_batch_out_of_order_ends_as_sent_in_order(site, caller, say):
    told = submit(caller("one"), say(3, "Third"), say(2, "Second"))
    assert [(one["outcome"], one["missing"]) for one in told] == [("waiting", [1])] * 2
    assert submit(caller("one"), say(1, "First"))[0]["outcome"] == "accepted"
    assert there(site, f"H-{say.stream}") == [["Third"]]


def tampered(envelope):
    changed = copy.deepcopy(envelope)
    changed["payload"]["name"] = "Mallory"
    return changed


def unsigned(envelope):
    return {name: value for name, value in envelope.items() if name != "signature"}


def other_content(envelope):
    return {**envelope, "signature": {**envelope["signature"], "value": "AAAA"}}


def without(name):
    return lambda envelope: {key: value for key, value in envelope.items() if key != name}


def having(**members):
    return lambda envelope: {**envelope, **members}


@pytest.mark.parametrize(("change", "pointer"), [
    (tampered, "/digest"), (unsigned, "/signature"), (other_content, "/signature"),
    *((without(name), f"/{name}") for name in (
        "spec", "id", "sender", "stream", "sequence", "schema", "version", "action", "object",
        "time", "payload", "digest")),
    (having(sequence=0), "/sequence"), (having(sequence="1"), "/sequence"),
    (having(sequence=True), "/sequence"), (having(id=""), "/id"), (having(id="ü"), "/id"),
    (having(stream="a b"), "/stream"), (having(time="yesterday"), "/time"),
    (having(action="delete"), "/action"), (having(payload=[]), "/payload"),
    (having(object={}), "/object/id"), (having(spec="other/1"), "/spec"),
])
def test_what_is_wrong_is_refused_by_its_pointer_and_nothing_applied(
        site, caller, say, change, pointer):
    [answer] = submit(caller("one"), change(say(1)))
    assert answer["outcome"] == "rejected"
    assert pointer in [one["pointer"] for one in answer["errors"]], answer
    assert answer["message"] > 0
    assert there(site, f"H-{say.stream}") == []
    assert submit(caller("one"), say(1))[0]["outcome"] == "accepted"  # the true one still may


def test_a_right_member_with_a_wrong_schema_version(caller, say):
    sent = {name: value for name, value in say(1).items() if name not in ("digest", "signature")}
    [answer] = submit(caller("one"), say.sender.sealed({**sent, "version": "7.7"}))
    assert [one["pointer"] for one in answer["errors"]] == ["/version"]


def test_another_partner_neither_speaks_for_it_nor_sees_its_messages(caller, say):
    [answer] = submit(caller("two"), say(1))
    assert [one["pointer"] for one in answer["errors"]] == ["/sender"]
    submit(caller("one"), say(1))
    told = caller("two").call("med.exchange", "status", messages=[f"{say.stream}-1"])
    assert_plain(told)
    assert (told["partner"], told["messages"]) == ("RPC-TWO", [])
    told = caller("one").call("med.exchange", "status", messages=[f"{say.stream}-1"])
    assert [one["outcome"] for one in told["messages"]] == ["accepted"]


@pytest.mark.parametrize("model", ["message", "stream", "object", "submission", "partner", "right",
                                   "key"])
@pytest.mark.parametrize(("method", "arguments"), [
    ("search_read", {"domain": []}), ("search_count", {"domain": []}),
    ("read", {"ids": [1]}), ("export_data", {"ids": [1], "fields_to_export": ["id"]})])
def test_a_partner_reads_nothing(caller, say, model, method, arguments):
    submit(caller("one"), say(1))
    numbers = arguments.get("ids")
    rest = {name: value for name, value in arguments.items() if name != "ids"}
    with pytest.raises(RpcError) as caught:
        caller("one").call(f"med.exchange.{model}", method, numbers, **rest)
    assert caught.value.kind in ("access", "user"), caught.value


@pytest.mark.parametrize("model", ["message", "stream", "object", "submission"])
@pytest.mark.parametrize(("method", "arguments"), [
    ("write", {"vals": {"name": "x"}}), ("unlink", {}), ("create", {"vals_list": [{}]})])
@pytest.mark.parametrize("role", ["admin", "qa"])
def test_nobody_changes_what_was_sent(site, rpc, caller, say, role, model, method, arguments):
    submit(caller("one"), say(1))
    before = site.sql("SELECT count(*), max(write_date) FROM med_exchange_message")
    numbers = None if method == "create" else [
        int(site.sql(f"SELECT max(id) FROM med_exchange_{model}")[0][0])]
    with pytest.raises(RpcError) as caught:
        rpc(role).call(f"med.exchange.{model}", method, numbers, **arguments)
    assert caught.value.kind in ("user", "access"), caught.value
    assert site.sql("SELECT count(*), max(write_date) FROM med_exchange_message") == before


@pytest.mark.parametrize("role", ["viewer", "warehouse", "qa", "admin", "nobody",
                                  "portal_dealer"])
def test_who_is_no_partner_submits_nothing(rpc, say, role):
    with pytest.raises(RpcError) as caught:
        rpc(role).call("med.exchange", "submit", envelopes=[say(1)])
    assert caught.value.kind == "access"


@pytest.mark.parametrize("wrong", ["x", 3, True, []])
def test_a_bad_argument_gets_one_sentence(caller, wrong):
    with pytest.raises(RpcError) as caught:
        caller("one").call("med.exchange", "submit", envelopes=wrong)
    assert caught.value.kind == "user" and "\n" not in caught.value.message.strip()


def test_a_refused_message_is_mended_by_quality_assurance_alone(site, rpc, caller, say):
    sent = {name: value for name, value in say(1).items() if name not in ("digest", "signature")}
    payload = {**sent["payload"], "parent": "NOBODY"}
    [answer] = submit(caller("one"), say.sender.sealed({**sent, "payload": payload}))
    assert [one["pointer"] for one in answer["errors"]] == ["/payload/parent"]
    number = answer["message"]
    for role in ("warehouse", "system_admin", "auditor", "nobody"):
        with pytest.raises(RpcError) as caught:
            rpc(role).call("med.exchange.message", "mend", [number], payload=sent["payload"],
                           reason="x")
        assert caught.value.kind == "access"
    with pytest.raises(RpcError) as caught:
        rpc("qa").call("med.exchange.message", "mend", [number], payload=sent["payload"],
                       reason=" ")
    assert caught.value.kind == "user"
    told = rpc("qa").call("med.exchange.message", "mend", [number], payload=sent["payload"],
                          reason="No parent was meant")
    assert_plain(told)
    assert told["state"] == "applied" and there(site, f"H-{say.stream}")
    [status] = caller("one").call(
        "med.exchange", "status", messages=[f"{say.stream}-1"])["messages"]
    assert (status["outcome"], status["reason"]) == ("accepted", "No parent was meant")
    told = rpc("qa").call("med.exchange.message", "roll_back", [number], reason="After all not")
    assert_plain(told)
    assert there(site, f"H-{say.stream}") == []
    assert submit(caller("one"), say.sender.sealed({**sent, "payload": payload}))[0][
        "first"] == "undone"
