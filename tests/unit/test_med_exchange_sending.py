"""What the outbox is built on, without Odoo: waiting, replies, addresses, differences (X4)."""

import base64
import importlib.util
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools import backoff, difference, http, signing, webhook
from odoo.addons.med_exchange.tools.reply import Reply, read_reply

ROOT = Path(__file__).resolve().parents[2]
PLAIN = st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                     lambda inner: st.lists(inner, max_size=3)
                     | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_wait_grows_to_an_hour_and_no_further(attempts, jitter):
    seconds = backoff.wait(attempts, jitter)
    assert 8 <= seconds <= 3600 * 1.2
    assert backoff.wait(attempts, 0.5) <= backoff.wait(attempts + 1, 0.5)
    assert backoff.wait(attempts, jitter, 10**9) <= 3600 * 1.2


def test_a_wait_needs_a_try():
    for attempts, jitter in ((0, 0.5), (1, 1.5), (1, -0.1)):
        with pytest.raises(ValueError):
            backoff.wait(attempts, jitter)


@given(st.binary(max_size=200), st.integers(0, 599))
def test_whatever_comes_back_is_understood(body, status):
    result = read_reply(Reply(status, body), ["a", "b"])
    assert bool(result.failure) == (not 200 <= status < 300)


@given(PLAIN)
def test_whatever_json_comes_back_is_understood(data):
    for body in (data, {"answers": data}, {"answers": [{"id": "a", "outcome": data,
                                                        "errors": data, "missing": data}]}):
        result = read_reply(Reply(200, json.dumps(body).encode()), ["a"])
        assert not result.failure
        assert set(result.taken) | set(result.refused) <= {"a"}


def test_an_answer_counts_for_its_own_message():
    body = {"answers": [
        {"id": "a", "outcome": "accepted"}, {"id": "b", "outcome": "rejected", "errors": [
            {"pointer": "/x", "message": "No."}]},
        {"id": "c", "outcome": "waiting", "missing": [3, "x", True]}, {"id": "of another",
                                                                     "outcome": "rejected"}]}
    result = read_reply(Reply(200, json.dumps(body).encode()), ["a", "b", "c", "d"])
    assert (result.taken, result.refused, result.missing) == (("a", "c"), ("b",), (3,))
    assert result.errors["b"] == "/x: No."


@pytest.mark.parametrize(("status", "blames", "permanent", "gone"), [
    (400, True, True, False), (422, True, True, False), (500, True, False, False),
    (401, False, False, False), (404, False, False, False), (410, False, False, True),
    (429, False, False, False), (503, False, False, False), (302, False, False, False)])
def test_a_status_says_whose_fault_it_is(status, blames, permanent, gone):
    result = read_reply(Reply(status), ["a"])
    assert (result.blames_message, result.permanent, result.gone) == (blames, permanent, gone)
    assert not result.taken


@pytest.mark.parametrize("url", [
    "", None, "example.com", "ftp://example.com", "http://example.com", "https://",
    "https://u:p@example.com", "https://example.com/\n", "https://example.com:99999",
    "http://localhost.example.com", "http://127.0.0.1.example.com", "https://example.com/ü"])
def test_a_bad_address_is_refused(url):
    with pytest.raises(http.BadAddress):
        http.check_address(url)


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "http://127.0.0.1:8069/json/2/x",
                                 "http://localhost/", "http://[::1]:80/"])
def test_a_good_address_is_taken(url):
    assert http.check_address(url).hostname
    assert http.check_address("http://example.com", allow_http=True)


@given(PLAIN, PLAIN)
def test_differences_are_none_only_for_the_same(one, other):
    ours, theirs = {"x": one}, {"x": other}
    same = json.dumps(ours, sort_keys=True) == json.dumps(theirs, sort_keys=True)
    assert (not difference.differences(ours, theirs)) == same
    assert not difference.differences(ours, ours)


def test_a_difference_names_its_field():
    assert difference.differences(
        {"a": {"b/c": [1, 2]}, "d": 1}, {"a": {"b/c": [1, 3]}, "e": True}) == [
        ("/a/b~1c/1", 2, 3), ("/d", 1, None), ("/e", None, True)]


def test_the_digest_of_all_does_not_depend_on_their_order():
    assert difference.of_all({"a": "1", "b": "2"}) == difference.of_all({"b": "2", "a": "1"})
    assert difference.of_all({"a": "1"}) != difference.of_all({"a": "2"})


def test_a_request_has_the_same_id_for_the_same_messages():
    assert webhook.request_id(["a", "b"]) == webhook.request_id(["a", "b"])
    assert webhook.request_id(["a", "b"]) != webhook.request_id(["ab"])
    assert webhook.headers("n", 1, b"{}").keys() == {"webhook-id", "webhook-timestamp"}


# ------------------------------------------------------------------ the example receiver


def receiver(tmp_path, keys):
    spec = importlib.util.spec_from_file_location("receiver", ROOT / "docs/exchange/receiver.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, module.Receiver(str(tmp_path / "store.db"), keys)


def envelope(sequence, seed, **changes):
    bare = {"id": f"m{sequence}", "sender": "US", "stream": "s", "sequence": sequence,
            "object": {"id": "o"}, "payload": {"n": sequence}, **changes}
    sealed = {**bare, "digest": difference.of_payload(bare)}
    value = signing.sign(signing.ED25519, seed, difference.canonical_json(sealed))
    return {**sealed, "signature": {"key": "k", "algorithm": "ed25519", "value": value}}


def test_the_receiver_takes_each_once_in_order_and_only_if_signed(tmp_path):
    seed = signing.new_secret(signing.ED25519)
    _module, one = receiver(tmp_path, {"k": ("ed25519", signing.public_of(seed))})
    third, second = one.take([envelope(3, seed), envelope(2, seed)])
    assert (third["outcome"], third["missing"]) == ("waiting", [1, 2])
    assert second["outcome"] == "waiting"
    first, again = one.take([envelope(1, seed), envelope(3, seed)])
    assert (first["outcome"], again["outcome"]) == ("accepted", "duplicate")
    assert one.db.execute("SELECT id FROM message ORDER BY place").fetchall() == [
        ("m1",), ("m2",), ("m3",)]
    other = signing.new_secret(signing.ED25519)
    bad = [envelope(4, other), {**envelope(4, seed), "payload": {}}, envelope(
        1, seed, payload={"n": 9}), {"id": 1}, "x"]
    assert {answer["outcome"] for answer in one.take(bad)} == {"rejected"}


def test_the_receiver_counts_a_number_under_which_nothing_comes(tmp_path, monkeypatch):
    seed = signing.new_secret(signing.ED25519)
    module, one = receiver(tmp_path, {"k": ("ed25519", signing.public_of(seed))})
    applied = []
    monkeypatch.setattr(module, "apply", lambda said: applied.append(said["id"]))
    void = envelope(1, seed, id="m1.void", action="cancel", cancels="m1", payload={},
                    object={"id": "m1.void"})
    assert [answer["outcome"] for answer in one.take([envelope(2, seed), void])] == [
        "waiting", "accepted"]
    assert applied == ["m2"]
    assert one.take([envelope(3, seed)])[0]["outcome"] == "accepted"


@pytest.mark.parametrize("verifies", ["ed25519_verifies", "library_verifies"])
def test_the_receiver_verifies_ed25519_with_and_without_the_library(tmp_path, verifies):
    module, _one = receiver(tmp_path, {})
    verifies = getattr(module, verifies)
    for size in range(12):
        key, data = Ed25519PrivateKey.generate(), bytes(range(size))
        public, good = key.public_key().public_bytes_raw(), key.sign(data)
        assert verifies(public, good, data)
        for place in (0, 20, 33, 63):
            bad = bytes([*good[:place], good[place] ^ 1, *good[place + 1:]])
            assert not verifies(public, bad, data)


def test_the_receiver_checks_the_request(tmp_path, monkeypatch):
    seed = signing.new_secret(signing.HMAC)
    module, one = receiver(tmp_path, {"k": ("hmac-sha256", seed)})
    monkeypatch.setattr(module.time, "time", lambda: 1000.0)
    good = webhook.headers("n", 1000, b"{}", signing.HMAC, seed)
    assert one.request_signed(good, b"{}")
    assert not one.request_signed(good, b"{} ")
    assert not one.request_signed({**good, "webhook-timestamp": "1001"}, b"{}")
    assert not one.request_signed(webhook.headers("n", 600, b"{}", signing.HMAC, seed), b"{}")
    assert not one.request_signed(webhook.headers("n", 1000, b"{}"), b"{}")
    assert base64.b64decode(seed)


def test_what_is_kept_of_an_answer_can_be_kept():
    said = [{"id": "a", "outcome": "rejected\0", "missing": [10**30, -1, 7],
             "errors": [{"pointer": "/\ud800", "message": "n\0"}, {"pointer": ["x"]}]}]
    result = read_reply(Reply(status=200, body=json.dumps({"answers": said}).encode()), ["a"])
    assert result.refused == ("a",)
    assert result.errors == {"a": "/?: n; : "}
    assert result.missing == (7,)
    assert "\0" not in result.answers["a"]
    result.answers["a"].encode()
    assert read_reply(Reply(status=503, body=b"a\0b"), ["a"]).failure == "HTTP 503: ab"
    assert read_reply(Reply(error="a\0b"), ["a"]).failure == "ab"


def test_what_cannot_be_compared_is_said():
    deep = []
    for _level in range(5_000):
        deep = [deep]
    for value in (deep, {"a": float("inf")}, ["\udfff"], {"\ud800": 1}, {1: 2}, {"a": object()}):
        with pytest.raises(ValueError):
            difference.check(value)
    difference.check({"id": "x", "payload": {"a": [1, "ü😀", None, True, 1.5]}})
