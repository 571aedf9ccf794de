"""Recalls as another program begins them, and settles what became of each unit."""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import JsonTwo, RpcError, XmlRpc

requirement = "CN-RC-11 CN-RC-12 TRC-3 TRC-7 C5 C7 ISO-8.3.3"

TESTS = Path(__file__).resolve().parents[1]
WORLD = (TESTS / "trace_flow.py").read_text() + (TESTS / "recall_flow.py").read_text() + """
from datetime import timedelta
from odoo.fields import Datetime
flow, people = Flow(env), RecallFlow(env)
supplier, clinic = env["res.partner"].create([
    {"name": name, "country_id": env.ref("base.cn").id} for name in ("Supplier R", "Clinic R")])
lot, = flow.lots(flow.product("Settled lead"), "RPC-SETTLED")
flow.receive([(lot, 10)], supplier)
flow.picking([(lot, 4)], clinic)._action_done()
recall = people.assessed(lot)
recall.draw()
recall.with_user(people.decider).med_sign(
    "approved", people.decider.login, people.decider.login, transition="decide")
stent = flow.product("Suspected stent")
stent.med_controlled = True
suspected, = flow.lots(stent, "RPC-SUSPECTED")
company = env["res.company"].create({"name": "Recalls elsewhere"})
stranger = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Stranger", "login": "recall_stranger", "company_id": company.id,
    "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.set(env.ref("med_base.med_base_group_qa").ids)]})
key = env["res.users.apikeys"].with_user(stranger).sudo()._generate(
    "rpc", "test", Datetime.now() + timedelta(days=1))
tell({"recall": recall.id, "name": recall.name, "lot": lot.id, "clinic": clinic.id,
      "supplier": supplier.id, "suspected": suspected.id, "product": stent.id,
      "stranger": [stranger.id, key]})
"""
ROW = {"quantity": 1, "kind": "consumed"}


@pytest.fixture
def row(world):
    """What one outcome says: a unit of the lot, at the clinic."""
    return {**ROW, "lot": world["lot"], "consignee": world["clinic"]}


def totals(rpc, world):
    told = rpc("viewer").call("med.recall", "reconcile", [world["recall"]])
    assert_plain(told)
    return told["totals"]


def outcomes(site, world):
    return site.sql("SELECT count(*) FROM med_recall_outcome "
                    f"WHERE recall_id = {world['recall']}")[0]


def refused(client, *call, **arguments):
    """Try a call; return the kind of its refusal, which is one sentence."""
    with pytest.raises(RpcError) as error:
        client.call(*call, **arguments)
    assert "Traceback" not in error.value.message and "psycopg2" not in error.value.message
    return error.value.kind


def test_units_are_settled_corrected_and_replaced(rpc, world, row):
    before = totals(rpc, world)
    assert (before["in_scope"], before["still_here"], before["with_consignees"]) == (10, 6, 4)
    warehouse = rpc("warehouse")
    told = warehouse.call("med.recall", "settle", [world["recall"]],
                          rows=[{**row, "quantity": 3}], evidence="Report 1")
    assert_plain(told)
    assert totals(rpc, world) == {**before, "consumed": 3, "with_consignees": 1}
    told = warehouse.call("med.recall.outcome", "correct", told["outcomes"],
                          reason="One was kept", quantity=2.5)
    assert totals(rpc, world) == {**before, "consumed": 2.5, "with_consignees": 1.5}
    told = warehouse.call("med.recall.outcome", "correct", [told["outcome"]], reason="None was")
    assert told == {"version": 1, "outcome": 0}
    told = warehouse.call("med.recall", "replace", [world["recall"]], lot=world["lot"],
                          consignee=world["clinic"], quantity=1, reference="Call of Monday")
    assert_plain(told)
    assert totals(rpc, world) == {**before, "replaced": before["replaced"] + 1}


def test_who_may_not_settle_settles_nothing(site, rpc, world, row):
    before, recall = outcomes(site, world), [world["recall"]]
    for role in ("nobody", "viewer", "operator", "inspector", "purchasing", "system_admin"):
        assert refused(rpc(role), "med.recall", "settle", recall, rows=[row],
                       evidence="x") == "access"
        assert refused(rpc(role), "med.recall", "replace", recall, lot=world["lot"],
                       consignee=world["clinic"], quantity=1) == "access"
    for kind in ("released", "corrected_here"):
        assert refused(rpc("warehouse"), "med.recall", "settle", recall, evidence="x", rows=[
            {**row, "consignee": 0, "kind": kind}]) == "access"
    assert refused(rpc("warehouse"), "med.recall", "action_part_holds", recall) == "access"
    for method, arguments in (("reconcile", {}), ("settle", {"rows": [row], "evidence": "x"})):
        assert refused(rpc("nobody"), "med.recall", method, recall, **arguments) == "access"
    for method, arguments in (("write", {"vals": {"quantity": 9}}), ("unlink", {})):
        refused(rpc("qa"), "med.recall.outcome", method, [1], **arguments)
    assert outcomes(site, world) == before


def test_a_bad_row_gets_one_sentence_and_nothing_is_recorded(site, rpc, world, row):
    before = outcomes(site, world)
    for arguments in (
            {"rows": "x"}, {"rows": []}, {"rows": [[]]}, {"rows": [{}]}, {"evidence": " "},
            {"evidence": 3}, *({"rows": [row, {**row, **one}]} for one in (
                {"lot": "x"}, {"lot": True}, {"lot": 0}, {"consignee": world["supplier"]},
                {"quantity": 0}, {"quantity": -1}, {"quantity": "1"}, {"quantity": True},
                {"quantity": 1e30}, {"quantity": 4}, {"kind": "eaten"}, {"kind": ["consumed"]},
                {"kind": "passed_on"}, {"kind": "released"}))):
        kind = refused(rpc("qa"), "med.recall", "settle", [world["recall"]],
                       **{"rows": [row], "evidence": "x", **arguments})
        assert kind == "user", arguments
    for arguments in ({"lot": "x"}, {"consignee": 0}, {"quantity": -1}, {"reference": 1}):
        kind = refused(rpc("qa"), "med.recall", "replace", [world["recall"]], **{
            "lot": world["lot"], "consignee": world["clinic"], "quantity": 1, **arguments})
        assert kind == "user", arguments
    assert outcomes(site, world) == before


def test_a_number_is_asked_for(rpc, world):
    for code, answer in (("RPC-SETTLED", "recalled"), ("RPC-NOT-THERE", "none"),
                         ("", "unreadable"), (3, "unreadable")):
        told = rpc("viewer").call("med.recall", "check", code=code)
        assert_plain(told)
        assert (told["answer"], [one["name"] for one in told["recalls"]]) == (
            answer, [world["name"]] if answer == "recalled" else [])
    assert refused(rpc("nobody"), "med.recall", "check", code="RPC-SETTLED") == "access"


def test_a_suspicion_and_a_drill_are_begun_by_who_may(rpc, world):
    lots = [world["suspected"]]
    for role, held in (("warehouse", 1), ("purchasing", 0)):
        told = rpc(role).call("med.recall", "report_suspicion", summary="Open", lots=lots)
        assert_plain(told)
        assert told["held"] == held
    told = rpc("regulatory").call("med.recall", "start_drill", summary="Supposed",
                                  product=world["product"])
    assert_plain(told)
    assert (told["lots"], told["held"]) == (1, 0)
    for role, method in (("nobody", "report_suspicion"), ("viewer", "report_suspicion"),
                         ("warehouse", "start_drill"), ("system_admin", "start_drill")):
        assert refused(rpc(role), "med.recall", method, summary="x", lots=lots) == "access"
    for method, arguments in (("report_suspicion", {"summary": ""}),
                              ("report_suspicion", {"lots": ["x"]}),
                              ("report_suspicion", {"stop": 1}), ("start_drill", {"holds": "x"}),
                              ("start_drill", {"product": -1})):
        assert refused(rpc("qa"), "med.recall", method,
                       **{"summary": "x", **arguments}) == "user", arguments


def test_another_company_sees_nothing(site, rpc, world, row):
    number, key = world["stranger"]
    client = (XmlRpc(site.url, site.database, number, key) if isinstance(rpc("qa"), XmlRpc)
              else JsonTwo(site.url, site.database, key))
    for model in ("med.recall", "med.recall.outcome", "med.recall.baseline", "med.recall.return",
                  "med.recall.destruction", "med.recall.scope.line", "med.recall.delivery"):
        assert client.call(model, "search_count", domain=[]) == 0, model
    assert client.call("med.recall", "check", code="RPC-SETTLED")["answer"] == "none"
    for method, arguments in (
            ("reconcile", {}), ("settle", {"rows": [row], "evidence": "x"}), ("draw", {}),
            ("action_part_holds", {}), ("preview_recall", {}),
            ("replace", {"lot": world["lot"], "consignee": world["clinic"], "quantity": 1})):
        assert refused(client, "med.recall", method, [world["recall"]], **arguments) == "access"
