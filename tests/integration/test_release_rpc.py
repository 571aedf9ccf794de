"""Releases as another program sees them, and as one that would get past them.

Each call over XML-RPC and JSON-2, attacks as every role.
"""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "ISO-8.2.6 CN-GMP-REL CN-GMP-OUT P11-10g R1 R3 T3"

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "system_admin")

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
         for name in ("qa", "qa_release", "system_admin", "regulatory")}
for login in ("test_maker", "test_registrant"):
    users[login] = users["qa_release"].copy({"name": login, "login": login, "password": login})
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()

def sign(record, user, meaning):
    record.with_user(user).med_sign(meaning, user.login, user.login)

def grant(user, *codes):
    for code in codes:
        given = env["med.signature.grant"].with_user(users["system_admin"]).create({
            "user_id": user.id, "identity_method": "known", "identity_reference": "file 1",
            "meaning_id": env["med.signature.meaning"].search([("code", "=", code)]).id})
        sign(given, users["system_admin"], "verified")
        sign(given, user, "acknowledged")
        sign(given, users["regulatory"], "approved")

grant(users["test_maker"], "released", "market_released")
grant(users["test_registrant"], "market_released")
pump, part = flow.product("Release pump"), flow.product("Release part")
(pump | part).med_controlled = True
env["mrp.bom"].create({"product_tmpl_id": pump.product_tmpl_id.id, "product_qty": 1})
pump.product_tmpl_id.med_release_level = "market"
supplier = env["res.partner"].create({"name": "Release supplier"})
[used] = flow.lots(part, "REL-PART")
flow.receive([(used, 1000)], supplier)
decision = env["med.disposition"].with_user(users["test_maker"]).create({
    "note": "fine", "line_ids": [Command.create({"lot_id": used.id, "status": "released"})]})
sign(decision, users["test_maker"], "released")
made = []
for number in range(16):
    [lot] = flow.lots(pump, f"REL-{number}")
    order = flow.close(flow.order(pump, 5, [(part, used, 5)], lots=lot))
    env.cr.commit()
    made.append({"release": order.med_release_ids.id, "lot": lot.id, "order": order.id,
                 "line": order.move_finished_ids.move_line_ids.id})
tell({"made": made, "template": pump.product_tmpl_id.id})
"""


@pytest.fixture
def batch(world):
    """A finished order that no test has had: ids of its release, lot, order and line."""
    return world["made"].pop()


def status(site, batch):
    return site.sql(
        "SELECT r.state, l.med_status FROM med_release r, stock_lot l "
        f"WHERE r.id = {batch['release']} AND l.id = {batch['lot']}")[0]


def produce(rpc, batch, login="test_maker"):
    return rpc("qa_release").call("med.release", "med_sign", [batch["release"]],
                                  meaning="released", login=login, secret=login)


def market(rpc, batch, login="test_registrant"):
    return rpc("qa_release").call("med.release", "med_sign", [batch["release"]],
                                  meaning="market_released", login=login, secret=login)


def test_two_persons_release_and_the_lot_is_released(site, rpc, batch):
    assert status(site, batch) == ["open", "quarantine"]
    assert produce(rpc, batch)["signatures"][0]["state"] == "production_released"
    assert status(site, batch) == ["production_released", "quarantine"]
    with pytest.raises(RpcError, match="another person"):
        market(rpc, batch, "test_maker")
    market(rpc, batch)
    assert status(site, batch) == ["market_released", "released"]


def test_the_registrant_does_not_come_first(site, rpc, batch):
    with pytest.raises(RpcError, match="not asked for now"):
        market(rpc, batch)
    assert status(site, batch) == ["open", "quarantine"]


def test_the_batch_record_is_plain_data(rpc, batch):
    told = rpc("viewer").call("med.release", "batch_record", [batch["release"]])
    assert_plain(told)
    assert (told["version"], told["release"]["id"]) == (1, batch["release"])
    keys = [section["key"] for section in told["sections"]]
    assert {"order", "checks", "lots", "materials", "readings", "signatures"} <= set(keys)
    materials = next(row["rows"] for row in told["sections"] if row["key"] == "materials")
    assert [row["lot"] for row in materials] == ["REL-PART"]
    for ids in ([], [batch["release"], 1]):
        with pytest.raises(RpcError):
            rpc("viewer").call("med.release", "batch_record", ids)
    with pytest.raises(RpcError):
        rpc("nobody").call("med.release", "batch_record", [batch["release"]])


def test_a_change_after_the_order_was_done_is_reviewed_first(site, rpc, batch):
    """The trail is read from committed transactions: what closed the order is no change."""
    assert rpc("qa").call("med.release", "trail", [batch["release"]])["changes"] == []
    site.told(f"env['stock.move.line'].browse({batch['line']}).quantity = 4\ntell(0)")
    told = rpc("qa").call("med.release", "trail", [batch["release"]])
    assert_plain(told)
    assert ("5", "4") in [(row["old"][:1], row["new"][:1]) for row in told["changes"]]
    with pytest.raises(RpcError, match="Audit trail"):
        produce(rpc, batch)
    with pytest.raises(RpcError, match="other changes"):
        rpc("qa").call("med.release", "review_trail", [batch["release"]], digest="0" * 64)
    answer = rpc("qa").call("med.release", "review_trail", [batch["release"]],
                            digest=told["digest"])
    assert answer == {"version": 1, "reviewed": 1}
    produce(rpc, batch)
    assert status(site, batch)[0] == "production_released"


@pytest.mark.parametrize("role", ROLES)
def test_no_role_gets_past_the_release(site, rpc, world, role):
    """Whatever the refusal is, nothing has changed after it."""
    batch, caller = world["made"][0], rpc(role)
    forged = {"default_state": "market_released", "med_step": "market", "med_use": True,
              "default_kind": "release", "default_release_id": batch["release"],
              "install_mode": True, "mail_notrack": True}
    before = (status(site, batch), site.sql("SELECT count(*) FROM med_release_line"),
              site.sql("SELECT count(*) FROM med_release"), site.sql(
                  "SELECT med_release_level FROM product_template "
                  f"WHERE id = {world['template']}"))
    refused = 0
    release, line = [batch["release"]], {"release_id": batch["release"], "lot_id": batch["lot"],
                                         "quantity": 5}
    attacks = (
        ("med.release", "write", release, {"vals": {"state": "market_released"}}),
        ("med.release", "write", release, {"vals": {"production_frozen": {"en_US": []}}}),
        ("med.release", "write", release, {"vals": {"trail_digest": "0" * 64}}),
        ("med.release", "write", release, {"vals": {"production_id": batch["order"] - 1}}),
        ("med.release", "create", [], {"vals_list": [{"production_id": batch["order"]}]}),
        ("med.release", "unlink", release, {}),
        ("med.release", "med_transition", release, {"name": "market"}),
        ("med.release", "med_sign", release, {"meaning": "released", "login": f"test_{role}",
                                              "secret": f"test_{role}"}),
        ("med.release.line", "create", [], {"vals_list": [line]}),
        ("stock.lot", "write", [batch["lot"]], {"vals": {"med_status": "released"}}),
        ("med.disposition", "create", [], {"vals_list": [{"kind": "release"}]}),
        ("med.release", "_med_freeze", release, {"stage": "market"}))
    for model, method, ids, arguments in attacks:
        try:
            caller.call(model, method, *([ids] if ids else []), **arguments, context=forged)
        except RpcError:
            refused += 1
    assert refused == len(attacks)
    if role not in ("qa", "admin"):
        with pytest.raises(RpcError):
            caller.call("product.template", "write", [world["template"]],
                        vals={"med_release_level": "none"}, context=forged)
    after = (status(site, batch), site.sql("SELECT count(*) FROM med_release_line"),
             site.sql("SELECT count(*) FROM med_release"), site.sql(
                 "SELECT med_release_level FROM product_template "
                 f"WHERE id = {world['template']}"))
    assert after == before


def test_a_signed_decision_does_not_release_what_was_made_here(site, rpc, batch):
    decision = site.told(f"""
env = env(user=env["res.users"].search([("login", "=", "test_maker")]).id)
decision = env["med.disposition"].create({{"kind": "opening", "note": "x", "line_ids": [
    (0, 0, {{"lot_id": {batch['lot']}, "status": "released"}})]}})
tell(decision.id)
""")
    with pytest.raises(RpcError, match="release of their order alone"):
        rpc("qa_release").call("med.disposition", "med_sign", [decision], meaning="released",
                               login="test_maker", secret="test_maker")
    assert status(site, batch) == ["open", "quarantine"]
