"""Inspections as an instrument, a laboratory program and an attacker see them.

Each call over XML-RPC and JSON-2, attacks as every role.
"""

import base64
from itertools import count
from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "ISO-7.4.3 ISO-8.2.6 SMP-5 SMP-12 SMP-13 I1 I3 P11-10e P11-10g"

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "metrology", "system_admin",
         "portal_processor", "portal_dealer")

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
         for name in ("inspector", "qa", "system_admin", "regulatory")}
people, rights = {}, {}
for login, role, meanings in (("ia_ines", "inspector", ["performed", "rejected"]),
                              ("ia_ivan", "inspector", ["checked"]),
                              ("ia_anna", "qa", ["approved"])):
    people[login] = users[role].copy({"name": login, "login": login, "password": login})
    rights[people[login]] = meanings
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()

def sign(record, user, meaning):
    record.with_user(user).med_sign(meaning, user.login, user.login)

for user, meanings in rights.items():
    for meaning in meanings:
        grant = env["med.signature.grant"].with_user(users["system_admin"]).create({
            "user_id": user.id, "identity_method": "known", "identity_reference": "file 1",
            "meaning_id": env.ref(f"med_signature.med_signature_meaning_{meaning}").id})
        sign(grant, users["system_admin"], "verified")
        sign(grant, user, "acknowledged")
        sign(grant, users["regulatory"], "approved")
supplier = env["res.partner"].create({"name": "Inspection supplier"})
stent, plain = flow.product("Inspected stent"), flow.product("Plain part")
stent.med_controlled = True
mm = env["med.measure.unit"].search([("code", "=", "mm")])
plan = env["med.inspection.plan"].create({
    "name": "Stents", "stage": "incoming",
    "product_tmpl_ids": [Command.set(stent.product_tmpl_id.ids)],
    "class_ids": [Command.create({"defect_class": "major", "method": "full"})],
    "characteristic_ids": [Command.create({
        "key": "len", "name": "Length", "lower": "9.9", "upper": "10.1", "uom_id": mm.id})],
    "document_ids": [Command.create({"name": "Certificate"})]})
sign(plan, people["ia_anna"], "approved")
lots = flow.lots(stent, *(f"INSP-{n}" for n in range(40)))
flow.receive([(lot, 2) for lot in lots], supplier)
free = flow.lots(plain, "INSP-PLAIN")
found = env["med.inspection"].search([("plan_id", "=", plan.id)], order="id")
tell({"inspections": found.ids, "lots": lots.ids, "plan": plan.id, "free": free.id})
"""


@pytest.fixture
def inspection(world):
    """An open inspection that no test has had."""
    return world["inspections"].pop()


def values(value="10.0", **more):
    return [{"characteristic": "len", "unit": unit, "value": value, **more} for unit in "12"]


def sign(rpc, inspection, login, meaning, role="inspector", **more):
    return rpc(role).call("med.inspection", "med_sign", [inspection], meaning=meaning,
                          login=login, secret=login, **more)["signatures"][0]["state"]


def state(site, inspection):
    return site.sql(f"SELECT state, verdict FROM med_inspection WHERE id = {inspection}")[0]


def test_an_instrument_enters_values_and_people_sign(site, rpc, inspection):
    lab = rpc("inspector")
    sheet = lab.call("med.inspection", "sheet", [inspection])
    assert_plain(sheet)
    assert (sheet["version"], sheet["inspection"]["state"], sheet["inspection"]["quantity"]) == (
        1, "open", 2)
    assert [row["unit"] for row in sheet["samples"]] == ["1", "2"]
    told = lab.call("med.inspection", "enter", [inspection], values=[
        {"characteristic": "len", "unit": "1", "value": 10.05},
        {"characteristic": "len", "unit": "2", "value": "0.3937", "uom": "in"}],
        event_time="2026-01-31T08:15:00Z")
    assert_plain(told)
    assert [row["outcome"] for row in told["readings"]] == ["pass", "pass"]
    assert told["readings"][0]["time"] == "2026-01-31T08:15:00Z"
    assert (told["verdict"]["outcome"], told["verdict"]["complete"]) == ("accepted", True)
    again = lab.call("med.inspection", "enter", [inspection], values=[
        {"characteristic": "len", "unit": "1", "value": "10.05"}])
    assert again["readings"][0]["id"] == told["readings"][0]["id"]
    paper = sheet["documents"][0]["id"]
    attached = lab.call("med.inspection.document", "attach", [paper], filename="coa.pdf",
                        data=base64.b64encode(b"%PDF").decode())
    assert_plain(attached)
    assert_plain(lab.call("med.inspection.document", "check", [paper]))
    assert sign(rpc, inspection, "ia_ines", "performed") == "submitted"
    assert sign(rpc, inspection, "ia_ivan", "checked") == "accepted"
    assert state(site, inspection) == ["accepted", "accepted"]


def test_a_retest_needs_its_record(site, rpc, inspection):
    lab = rpc("inspector")
    bad = lab.call("med.inspection", "enter", [inspection], values=values("12"))["readings"][0]
    retest = values(retest_of=bad["id"])[:1]
    with pytest.raises(RpcError, match="needs the number"):
        lab.call("med.inspection", "enter", [inspection], values=retest)
    with pytest.raises(RpcError, match="say the reason"):
        lab.call("med.inspection", "enter", [inspection], values=values()[:1])
    record = lab.call("med.inspection", "open_oos", [inspection], reading=bad["id"],
                      cause="The gauge slipped")
    assert_plain(record)
    told = lab.call("med.inspection", "enter", [inspection],
                    values=[{**retest[0], "record": record["record"]}])
    assert told["verdict"]["outcome"] == "not_accepted"
    with pytest.raises(RpcError, match="one record, one retest"):
        lab.call("med.inspection", "enter", [inspection], values=[
            {**retest[0], "record": record["record"], "value": "10.01"}])


@pytest.mark.parametrize(("change", "words"), [
    ({"values": []}, "list of readings"), ({"values": [5]}, "only these names"),
    ({"values": values("ten")}, "must be a number"), ({"values": values("")}, "is empty"),
    ({"values": values(True)}, "a text or a number"), ({"values": values("NaN")}, "a number"),
    ({"values": values(uom="kg")}, "cannot be converted"),
    ({"values": [{**values()[0], "unit": "9"}]}, "was not drawn"),
    ({"values": [{**values()[0], "place": 3}]}, "from 0 to 0"),
    ({"values": [{**values()[0], "outcome": "pass"}]}, "only these names"),
    ({"values": values() + values()}, "stands twice"),
    ({"event_time": "2999-01-01T00:00:00Z"}, "in the future"),
    ({"event_time": "soon"}, "must be a time")])
def test_a_bad_argument_is_told_in_a_sentence_and_changes_nothing(site, rpc, world, change, words):
    inspection = world["inspections"][0]
    with pytest.raises(RpcError, match=words) as caught:
        rpc("inspector").call("med.inspection", "enter", [inspection],
                              **{"values": values(), **change})
    assert "Traceback" not in str(caught.value)
    assert site.sql(
        f"SELECT count(*) FROM med_reading WHERE inspection_id = {inspection}") == [["0"]]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_enter_request_and_see(site, rpc, world, role):
    caller, inspection = rpc(role), world["inspections"][1]
    outsider = role in ("nobody", "system_admin", "portal_processor", "portal_dealer")
    if outsider:
        with pytest.raises(RpcError):
            caller.call("med.inspection", "sheet", [inspection])
    elif role != "auditor":
        assert caller.call("med.inspection", "sheet", [inspection])["version"] == 1
    if role in ("inspector", "qa"):
        return
    before = state(site, inspection)
    for method, arguments in (
            ("enter", {"values": values()}), ("open_oos", {"reading": 1, "cause": "x"})):
        with pytest.raises(RpcError):
            caller.call("med.inspection", method, [inspection], **arguments)
    with pytest.raises(RpcError):
        caller.call("med.inspection", "request", lot=world["lots"][0], stage="incoming")
    assert state(site, inspection) == before
    assert site.sql(
        f"SELECT count(*) FROM med_reading WHERE inspection_id = {inspection}") == [["0"]]


@pytest.mark.parametrize("role", ("inspector", "operator", "qa", "qa_release", "system_admin",
                                  "admin"))
def test_no_role_writes_verdicts_states_plans_readings_or_severities(site, rpc, world, role):
    """Whatever the refusal is, nothing has changed after it."""
    inspection, plan, lot = world["inspections"][2], world["plan"], world["lots"][0]
    rpc("qa").call("med.inspection", "enter", [inspection], values=values("12"))
    forged = {"default_verdict": "accepted", "default_state": "accepted", "med_step": "accept",
              "default_outcome": "pass", "mail_notrack": True, "med_reason": "because"}

    def told():
        return [site.sql(query) for query in (
            f"SELECT state, verdict, frozen_digest, seed, blocking FROM med_inspection "
            f"WHERE id = {inspection}",
            "SELECT count(*), max(value), max(outcome) FROM med_reading",
            "SELECT count(*) FROM med_inspection_sample",
            f"SELECT state, date_to, version FROM med_inspection_plan WHERE id = {plan}",
            f"SELECT upper FROM med_characteristic WHERE plan_id = {plan}",
            "SELECT count(*) FROM med_switching", "SELECT count(*) FROM med_switching_step")]

    before, caller = told(), rpc(role)
    reading = int(site.sql("SELECT max(id) FROM med_reading")[0][0])
    attacks = (
        ("med.inspection", "write", [inspection], {"vals": {"state": "accepted"}}),
        ("med.inspection", "write", [inspection], {"vals": {"verdict": "accepted"}}),
        ("med.inspection", "write", [inspection], {"vals": {"frozen": {}, "seed": "0" * 32}}),
        ("med.inspection", "write", [inspection], {"vals": {"blocking": False}}),
        ("med.inspection", "unlink", [inspection], {}),
        ("med.inspection", "create", [], {"vals_list": [{"stage": "incoming", "plan_id": plan}]}),
        ("med.inspection", "med_transition", [inspection], {"name": "accept"}),
        ("med.reading", "write", [reading], {"vals": {"value": "10"}}),
        ("med.reading", "unlink", [reading], {}),
        ("med.reading", "create", [], {"vals_list": [{
            "inspection_id": inspection, "characteristic": "len", "unit": "1", "value": "10"}]}),
        ("med.inspection.sample", "create", [], {"vals_list": [{
            "inspection_id": inspection, "unit": "3", "classes": "major"}]}),
        ("med.inspection.plan", "write", [plan], {"vals": {"state": "retired"}}),
        ("med.inspection.plan", "write", [plan], {"vals": {"date_to": "2020-01-01"}}),
        ("med.inspection.oos", "create", [], {"vals_list": [{
            "inspection_id": inspection, "reading_id": reading}]}),
        ("med.switching", "create", [], {"vals_list": [{"code": "x", "severity": "reduced"}]}),
        ("med.switching.step", "create", [], {"vals_list": [{"code": "reduced"}]}))
    for model, method, ids, arguments in attacks:
        with pytest.raises(RpcError):
            caller.call(model, method, *([ids] if ids else []), **arguments, context=forged)
    assert told() == before
    assert lot


def test_an_api_key_or_another_s_password_signs_nothing(site, rpc, inspection):
    rpc("inspector").call("med.inspection", "enter", [inspection], values=values())
    for role, login, secret in (
            ("inspector", "ia_ines", site.users["inspector"]["api_key"]),
            ("inspector", "ia_ines", "ia_ivan"), ("warehouse", "ia_ines", ""),
            ("admin", "admin", "admin")):
        with pytest.raises(RpcError):
            rpc(role).call("med.inspection", "med_sign", [inspection], meaning="performed",
                           login=login, secret=secret)
    assert state(site, inspection)[0] == "open"


def test_a_rejected_lot_is_held_and_inspected_again_for_quality_alone(site, rpc, inspection):
    lab = rpc("inspector")
    lab.call("med.inspection", "enter", [inspection], values=values("12"))
    lab.call("med.inspection", "write", [inspection], vals={"conclusion": "Too long"})
    assert sign(rpc, inspection, "ia_ines", "rejected") == "rejected"
    [[lot, holds]] = site.sql(
        "SELECT l.id, l.med_hold_count FROM stock_lot l JOIN med_inspection i ON i.lot_id = l.id "
        f"WHERE i.id = {inspection}")
    assert holds == "1"
    with pytest.raises(RpcError, match="quality assurance has it inspected again"):
        lab.call("med.inspection", "request", lot=int(lot), stage="incoming")
    told = rpc("qa").call("med.inspection", "request", lot=int(lot), stage="incoming")
    assert_plain(told)
    with pytest.raises(RpcError, match="not decided yet"):
        rpc("qa").call("med.inspection", "request", lot=int(lot), stage="incoming")
    lines = site.sql(f"SELECT resubmission_of_id FROM med_inspection WHERE id = "
                     f"{told['inspection']}")
    assert lines == [[str(inspection)]]


def test_requests_are_refused_in_a_sentence(rpc, world):
    serial = next(count(10 ** 8))
    for arguments, words in (
            ({"lot": serial, "stage": "incoming"}, "there is not"),
            ({"lot": world["free"], "stage": "final"}, "controlled"),
            ({"lot": world["lots"][0], "stage": "sometimes"}, "“stage” must be one of"),
            ({"lot": world["lots"][0], "stage": "final"}, "No approved plan")):
        with pytest.raises(RpcError, match=words):
            rpc("qa").call("med.inspection", "request", **arguments)
