"""Deviations as another program and an attacker see them.

Each call over XML-RPC and JSON-2, attacks as every role.
"""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc

requirement = "ISO-8.3.2 CN-GMP-QA I1 I3 P11-10g"

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "metrology", "system_admin",
         "portal_processor", "portal_dealer")
WRITERS = ("warehouse", "operator", "shift_leader", "inspector", "qa", "regulatory")

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + (
    Path(__file__).resolve().parents[1] / "deviation_flow.py").read_text() + """
flow = Deviations(Flow(env))
permit, used = flow.permit(3), flow.permit(3)
bad = flow.bad(*(f"DEV-{n}" for n in range(2)))
used._med_consume(bad[0], [(flow.stent, bad[0].lot_id, 1)])
tell({"permit": permit.id, "used": used.id, "stent": flow.stent.id, "unit": flow.stent.uom_id.id,
      "bad": bad.ids, "use": used.use_ids.id})
"""


def written(world, **more):
    return {
        "kind": "planned", "grade": "major", "requirement": "WI-7", "description": "Old carton",
        "justification": "New one is late", "risk": "None", "quantity": 5,
        "uom_id": world["unit"], "product_ids": [[6, 0, [world["stent"]]]],
        "date_from": "2020-01-01 00:00:00", "date_to": "2099-01-01 00:00:00", **more}


def make(caller, model, values, **more):
    """Create a record; over XML-RPC the values come by their place."""
    if isinstance(caller, XmlRpc):
        return caller.call(model, "create", [values], **more)[0]
    return caller.call(model, "create", vals_list=[values], **more)[0]


def sign(caller, deviation, login, meaning, **more):
    [row] = caller.call("med.deviation", "med_sign", [deviation], meaning=meaning, login=login,
                        secret=login, **more)["signatures"]
    return row["state"]


def test_a_program_writes_people_sign_and_it_reads_the_box(site, rpc, world):
    shop, office = rpc("inspector"), rpc("qa")
    deviation = make(shop, "med.deviation", written(world))
    with pytest.raises(RpcError, match="not asked for now"):
        sign(office, deviation, "dev_anna", "approved")
    assert sign(shop, deviation, "dev_ines", "authored") == "submitted"
    assert sign(office, deviation, "dev_anna", "approved") == "approved"
    told = shop.call("med.deviation", "med_box", [deviation])
    assert_plain(told)
    [row] = told["rows"]
    assert row.pop("name").startswith("DEV/")
    assert row == {
        "deviation": deviation, "kind": "planned", "state": "approved", "in_force": True,
        "limited": True, "quantity": 5.0, "used": 0.0, "left": 5.0, "unit": "Units",
        "from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}
    office.call("med.deviation", "write", [deviation], vals={"conclusion": "Nothing was used"})
    assert sign(office, deviation, "dev_anna", "verified") == "closed"


def test_an_inspection_uses_it_by_its_number(site, rpc, world):
    inspection, office = world["bad"].pop(), rpc("qa")
    [row] = office.call("med.deviation", "med_box", [world["permit"]])["rows"]
    for reference, words in (("By word of mouth", "choose the approved"), (row["name"], "")):
        office.call("med.inspection", "write", [inspection], vals={
            "concession_reference": reference})
        signing = {"meaning": "approved", "login": "dev_anna", "secret": "dev_anna"}
        if words:
            with pytest.raises(RpcError, match=words):
                office.call("med.inspection", "med_sign", [inspection], **signing)
        else:
            office.call("med.inspection", "med_sign", [inspection], **signing)
    [after] = office.call("med.deviation", "med_box", [world["permit"]])["rows"]
    assert (after["used"], after["left"]) == (row["used"] + 1, row["left"] - 1)


@pytest.mark.parametrize("role", ROLES)
def test_who_writes_and_who_reads(site, rpc, world, role):
    caller = rpc(role)
    if role in WRITERS:
        made = make(caller, "med.deviation", written(world))
        caller.call("med.deviation", "med_transition", [made], name="drop", reason="Not needed")
    else:
        with pytest.raises(RpcError):
            make(caller, "med.deviation", written(world))
    if role in ("nobody", "system_admin", "portal_processor", "portal_dealer"):
        with pytest.raises(RpcError):
            caller.call("med.deviation", "med_box", [world["permit"]])
    elif role != "auditor":
        assert caller.call("med.deviation", "med_box", [world["permit"]])["version"] == 1


@pytest.mark.parametrize("role", (*ROLES, "admin"))
def test_no_role_changes_what_is_approved_or_used(site, rpc, world, role):
    """Whatever the refusal is, nothing has changed after it."""
    permit, used, use = world["permit"], world["used"], world["use"]
    forged = {"default_state": "approved", "med_step": "approve", "mail_notrack": True,
              "tracking_disable": True, "default_counted": -1, "med_reason": "because"}

    def told():
        return [site.sql(query) for query in (
            "SELECT state, quantity, date_to, approved_at, use_count, legal_ok, name "
            f"FROM med_deviation WHERE id IN ({permit}, {used}) ORDER BY id",
            "SELECT count(*), sum(counted), sum(quantity) FROM med_deviation_use",
            "SELECT count(*) FROM med_deviation_stock_lot_rel")]

    before, caller = told(), rpc(role)
    row = {"deviation_id": permit, "company_id": 1, "product_id": world["stent"], "quantity": -9,
           "counted": -9, "user_id": 1, "date": "2026-01-01 00:00:00"}
    attacks = [("med.deviation", "write", [permit], {"vals": vals}) for vals in (
        {"state": "draft"}, {"quantity": 1000}, {"date_to": "2100-01-01 00:00:00"},
        {"approved_at": "2020-01-01 00:00:00"}, {"use_count": 0}, {"name": "DEV/X"},
        {"use_ids": [[0, 0, row]]}, {"use_ids": [[2, use, 0]]}, {"use_ids": [[5, 0, 0]]},
        {"product_ids": [[5, 0, 0]]}, {"med_signature_round": 7})]
    attacks += [
        ("med.deviation", "write", [used], {"vals": {"use_ids": [[1, use, {"counted": 0}]]}}),
        ("med.deviation", "unlink", [permit], {}),
        ("med.deviation", "med_transition", [permit], {"name": "close"}),
        ("med.deviation", "_med_consume", [permit], {"document": 1, "lots_quantities": []}),
        ("med.deviation", "_store", [permit], {"vals": {"use_count": 0}}),
        ("med.deviation.use", "write", [use], {"vals": {"counted": 0}}),
        ("med.deviation.use", "unlink", [use], {})]
    if role not in ("qa", "admin"):  # who sets the database up may have given himself QA
        attacks.append(("med.deviation", "med_transition", [permit], {
            "name": "withdraw", "reason": "x"}))
    for model, method, records, arguments in attacks:
        with pytest.raises(RpcError):
            caller.call(model, method, records, **arguments, context=forged)
    for model, values in (("med.deviation", written(world, state="approved")),
                          ("med.deviation.use", row)):
        with pytest.raises(RpcError):
            make(caller, model, values, context=forged)
    assert told() == before


def test_an_api_key_or_another_s_secret_approves_nothing(site, rpc, world):
    deviation = make(rpc("inspector"), "med.deviation", written(world))
    sign(rpc("inspector"), deviation, "dev_ines", "authored")
    for login, secret in (("dev_anna", site.users["qa"]["api_key"]), ("dev_anna", "dev_ines"),
                          ("dev_ines", "dev_ines")):
        with pytest.raises(RpcError):
            rpc("qa").call("med.deviation", "med_sign", [deviation], meaning="approved",
                           login=login, secret=secret)
    assert site.sql(f"SELECT state FROM med_deviation WHERE id = {deviation}") == [["submitted"]]
