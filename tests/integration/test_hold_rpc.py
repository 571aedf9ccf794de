"""Holds and statuses as another program sees them, and as one that would get past them.

Each call over XML-RPC and JSON-2, attacks as every role.
"""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "ISO-7.5.8 ISO-8.2.6 ISO-8.3.1 P11-10g T2 T3 SMP-2"

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "system_admin")

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
         for name in ("qa", "system_admin", "regulatory")}
signer = users["qa"].copy({"name": "Who lifts", "login": "test_lifts", "password": "test_lifts"})
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()

def sign(record, user, meaning):
    record.with_user(user).med_sign(meaning, user.login, user.login)

grant = env["med.signature.grant"].with_user(users["system_admin"]).create({
    "user_id": signer.id, "identity_method": "known", "identity_reference": "file 1",
    "meaning_id": env.ref("med_signature.med_signature_meaning_approved").id})
sign(grant, users["system_admin"], "verified")
sign(grant, signer, "acknowledged")
sign(grant, users["regulatory"], "approved")
supplier, clinic = env["res.partner"].create([{"name": "Hold supplier"}, {"name": "Hold clinic"}])
stent = flow.product("Hold stent")
stent.med_controlled = True
env["med.gate"].create({"product_tmpl_id": stent.product_tmpl_id.id, "mode": "enforce"})
lots = flow.lots(stent, *(f"HOLD-{n}" for n in range(12)))
flow.receive([(lot, 5) for lot in lots], supplier)
deliveries = [flow.picking([(lot, 1)], clinic).id for lot in lots[:2]]
quants = lots.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
tell({"lots": lots.ids, "stent": stent.id, "deliveries": deliveries, "quants": quants.ids,
      "template": stent.product_tmpl_id.id, "customers": flow.customers.id})
"""


@pytest.fixture
def lot(world):
    """A lot in quarantine that no test has had."""
    return world["lots"].pop()


def status(site, lot):
    return site.sql(f"SELECT med_status, med_hold_count FROM stock_lot WHERE id = {lot}")[0]


def test_a_program_places_a_hold_and_a_person_lifts_it(site, rpc, world, lot):
    told = rpc("inspector").call("med.hold", "place", lots=[lot], reason="Seal open",
                                 source="inspection")
    assert_plain(told)
    assert (told["version"], told["held"], told["unreserved"]) == (1, 1, 0)
    assert told["name"].startswith("HOLD/")
    assert status(site, lot) == ["quarantine", "1"]
    answer = rpc("qa").call("med.hold", "lift", [told["hold"]], login="test_lifts",
                            secret="test_lifts", conclusion="Seal was closed")
    assert answer["signatures"][0]["state"] == "lifted"
    assert status(site, lot) == ["quarantine", "0"]


def test_a_hold_is_not_lifted_by_a_key_or_by_another_role(site, rpc, lot):
    hold = rpc("qa").call("med.hold", "place", lots=[lot], reason="Seal open")["hold"]
    for role, login, secret in (
            ("qa", "test_lifts", site.users["qa"]["api_key"]), ("qa", "test_lifts", "wrong"),
            ("warehouse", "test_lifts", "test_lifts"),
            ("system_admin", "test_system_admin", "test_system_admin")):
        with pytest.raises(RpcError):
            rpc(role).call("med.hold", "lift", [hold], login=login, secret=secret,
                           conclusion="fine")
    assert status(site, lot)[1] == "1"


@pytest.mark.parametrize("role", ROLES)
def test_no_role_writes_a_status_a_hold_or_stock(site, rpc, world, role):
    """Whatever the refusal is, nothing has changed after it."""
    lot, quant = world["lots"][0], world["quants"][0]
    forged = {"med_use": {"name": "move", "mode": "observe"}, "default_med_status": "released",
              "skip_expired": True, "mail_notrack": True}
    before = (status(site, lot), site.sql(f"SELECT quantity FROM stock_quant WHERE id = {quant}"),
              site.sql("SELECT count(*) FROM med_hold"), site.sql("SELECT mode FROM med_gate"),
              site.sql("SELECT string_agg(forbidden::text, ',' ORDER BY id) FROM med_status_rule"))
    caller = rpc(role)
    refused = 0
    for model, method, ids, arguments in (
            ("stock.lot", "write", [lot], {"vals": {"med_status": "released"}}),
            ("stock.lot", "write", [lot], {"vals": {"med_hold_count": -1}}),
            ("stock.quant", "write", [quant], {"vals": {"location_id": world["customers"]}}),
            ("stock.quant", "write", [quant], {"vals": {"quantity": 99}}),
            ("stock.quant", "create", [], {"vals_list": [{
                "product_id": world["stent"], "location_id": world["customers"], "lot_id": lot,
                "quantity": 5, "inventory_quantity": 0}]}),
            ("med.hold", "create", [], {"vals_list": [{"reason": "x"}]}),
            ("med.hold.line", "write", [1], {"vals": {"open": False}}),
            ("med.gate.event", "create", [], {"vals_list": [{"lot_id": lot, "use": "ship"}]})):
        try:
            caller.call(model, method, *([ids] if ids else []), **arguments, context=forged)
        except RpcError:
            refused += 1
    assert refused == 8
    after = (status(site, lot), site.sql(f"SELECT quantity FROM stock_quant WHERE id = {quant}"),
             site.sql("SELECT count(*) FROM med_hold"), site.sql("SELECT mode FROM med_gate"),
             site.sql("SELECT string_agg(forbidden::text, ',' ORDER BY id) FROM med_status_rule"))
    assert after == before


def test_what_is_in_quarantine_is_not_delivered_whoever_validates(site, rpc, world):
    for role in ("warehouse", "admin"):
        with pytest.raises(RpcError, match="Ship to a Consignee"):
            rpc(role).call("stock.picking", "button_validate", [world["deliveries"][0]],
                           context={"skip_backorder": True, "skip_expired": True,
                                    "med_use": {"name": "move", "mode": "observe"}})
    [[state]] = site.sql(
        f"SELECT state FROM stock_picking WHERE id = {world['deliveries'][0]}")
    assert state != "done"


def test_a_sampling_plan_over_both_protocols(rpc):
    plan = rpc("viewer").call("med.sampling", "plan", lot_size=150, level="II", aql="1.5",
                              severity="normal", standard="gb_t_2828_1_2012")
    assert_plain(plan)
    assert (plan["plan_letter"], plan["sample_size"], plan["accept"], plan["reject"]) == (
        "G", 32, 1, 2)
    with pytest.raises(RpcError, match="“aql” must be one of"):
        rpc("viewer").call("med.sampling", "plan", lot_size=150, aql="1.51")
    with pytest.raises(RpcError):
        rpc("nobody").call("med.sampling", "plan", lot_size=150, aql="1.5")
