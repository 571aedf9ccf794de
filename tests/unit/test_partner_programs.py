"""V6, X2: programs of three processors decide by what an order says, and send valid messages."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from odoo.addons.med_exchange.tools import validation
from odoo.addons.med_exchange.tools.envelope import parse

from processors import Assembler, Coater, Connection, Steriliser

ADDONS = Path(__file__).resolve().parents[2] / "addons"
SECRET = b"0" * 32
ORDER = {
    "number": "OUT/1", "kind": "process", "process": "sterilisation_eo", "revision": "V3",
    "state": "released", "product": "KIT", "quantity": {"value": "100", "unit": "1"},
    "tracking": "lot", "operations": [{"name": "Load"}, {"name": "Air"}],
    "parameters": [{"name": "temp", "low": {"value": "48", "unit": "Cel"},
                    "high": {"value": "56", "unit": "Cel"}}, {"name": "cycle"}],
    "sent": [{"product": "KIT", "lot": "A", "quantity": {"value": "100", "unit": "1"}},
             {"product": "KIT", "lot": "B", "quantity": {"value": "1", "unit": "1"}}]}


class Exchange(Connection):
    """The other side, as far as a program sees it."""

    def __init__(self, sends=("outsourcing_report", "hold")):
        self.orders, self.sent, self.sends = {}, [], set(sends)
        self.code, self.next, self.signs = "STERILE", {}, ("first", SECRET)

    def call(self, method, **arguments):
        if method == "changes":
            return {"envelopes": [{"object": {"id": code}, "payload": order}
                                  for code, order in self.orders.items()],
                    "last": len(self.orders), "more": False}
        if method == "submit":
            self.sent += arguments["envelopes"]
            return {"answers": [{"outcome": "accepted", "errors": []}
                                for _one in arguments["envelopes"]]}
        return {}


def play(plant, **order):
    """Play one round of an order; return the messages as ``[(kind or schema, payload)]``."""
    exchange = Exchange(order.pop("sends", ("outsourcing_report", "hold")))
    exchange.orders["OUT/1"] = {**ORDER, **order}
    program = plant(exchange, say=lambda text: None)
    program.round()
    for one in exchange.sent:
        parse(one)
        body = json.loads(next(ADDONS.glob(f"*/schemas/{one['schema']}-1.0.json")).read_text())
        assert not validation.problems(validation.compiled(body), one["payload"]), one
        bare = {name: one[name] for name in one if name != "signature"}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert base64.b64decode(one["signature"]["value"]) == hmac.digest(
            SECRET, text.encode(), hashlib.sha256)
    assert [one["sequence"] for one in exchange.sent] == list(range(1, len(exchange.sent) + 1))
    before = len(exchange.sent)
    program.round()
    assert len(exchange.sent) == before, "what was told is not told again"
    return [(one["payload"].get("kind", one["schema"]), one["payload"]) for one in exchange.sent]


def total(rows, outcome):
    return sum(float(one["quantity"]["value"]) for one in rows if one["outcome"] == outcome)


def test_the_steriliser_goes_through_the_life_of_an_order_and_a_part_fails():
    told = play(Steriliser)
    assert [kind for kind, _payload in told] == [
        "acknowledged", "received", "started", "step", "step", "finished", "hold", "shipped"]
    by_kind = dict(told)
    assert all(one["revision"] == "V3" for kind, one in told if kind != "hold")
    assert (total(by_kind["finished"]["lots"], "good"),
            total(by_kind["finished"]["lots"], "reject")) == (97, 4)
    assert by_kind["shipped"]["lots"] == by_kind["finished"]["lots"]
    assert told[3][1]["parameters"][0]["measured"] == {"value": "52", "unit": "Cel"}
    assert "parameters" not in told[4][1]
    assert by_kind["hold"]["lots"] == [{"product": "KIT", "lot": "A"}]


def test_what_failed_is_told_as_a_nonconformity_where_the_partner_may():
    told = dict(play(Steriliser, sends=("outsourcing_report", "nonconformity", "hold")))
    assert told["nonconformity"]["lots"] == [
        {"product": "KIT", "lot": "A", "quantity": {"value": "4", "unit": "1"}}]
    assert "hold" not in told


def test_the_coater_cuts_one_unit_open_and_first_names_an_old_revision():
    told = play(Coater)
    assert [one["revision"] for kind, one in told if kind == "acknowledged"] == ["OLD", "V3"]
    lots = dict(told)["finished"]["lots"]
    assert (total(lots, "good"), total(lots, "scrap")) == (100, 1)
    assert not [one for one in dict(play(Coater))["shipped"]["lots"]
                if one["outcome"] == "scrap"]


@pytest.mark.parametrize(("tracking", "count"), [("serial", 3), ("lot", 1)])
def test_the_assembler_makes_what_was_ordered_of_what_was_sent(tracking, count):
    told = dict(play(
        Assembler, kind="make", product="PUMP", tracking=tracking,
        quantity={"value": "3", "unit": "1"}, bom=[
            {"product": "KIT", "quantity": {"value": "100.5", "unit": "1"}}]))
    assert len(told["finished"]["lots"]) == count
    assert total(told["finished"]["lots"], "good") == 3
    assert [(one["lot"], one["quantity"]["value"]) for one in told["finished"]["used"]] == [
        ("A", "100"), ("B", "0.5")]


@pytest.mark.parametrize(("order", "kinds"), [
    ({"sent": []}, ["acknowledged"]),
    ({"holds": [{"product": "KIT", "lot": "A"}]}, ["acknowledged"]),
    ({"state": "cancelled"}, []), ({"state": "declined"}, []), ({"state": "accepted"}, []),
    ({"state": "shipped"}, []),
])
def test_nothing_is_worked_on_that_is_not_there_or_held_or_over(order, kinds):
    assert [kind for kind, _payload in play(Steriliser, **order)] == kinds
