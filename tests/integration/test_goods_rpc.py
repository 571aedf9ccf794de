"""Check-out review, proof of delivery and parts of lots as another program sees them.

Each call over XML-RPC and JSON-2; and as one that would send goods past them.
"""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "CN-GSP-4 CN-GSP-5 I5 T2 T6"

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "system_admin")

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
picker = env["res.users"].search([("login", "=", "test_operator")])
supplier, clinic = env["res.partner"].create([{"name": "Goods supplier"}, {"name": "Goods clinic"}])
stent = flow.product("Goods stent")
stent.med_controlled = True
template = stent.product_tmpl_id.id
env["med.gate"].create([{"product_tmpl_id": template, "mode": "observe"},
                        {"product_tmpl_id": template, "mode": "enforce", "use": "checkout"}])
lots = flow.lots(stent, *(f"GOODS-{n}" for n in range(20)))
flow.receive([(lot, 5) for lot in lots], supplier)
deliveries = []
for lot in lots[:16]:
    delivery = flow.picking([(lot, 2)], clinic)
    env.cr.execute("DELETE FROM med_stock_picking_picker_rel WHERE stock_picking_id = %s",
                   [delivery.id])
    env.cr.execute("INSERT INTO med_stock_picking_picker_rel VALUES (%s, %s)",
                   [delivery.id, picker.id])
    deliveries.append([delivery.id, lot.id, lot.name])
tell({"deliveries": deliveries, "spare": [[lot.id, lot.name] for lot in lots[16:]],
      "template": template, "stent": stent.id})
"""


@pytest.fixture
def delivery(world):
    """A delivery that no test has had: its id, its lot's id, its lot's name."""
    return world["deliveries"].pop()


def state(site, picking):
    return site.sql(f"SELECT state FROM stock_picking WHERE id = {picking}")[0][0]


def post(caller, picking, **context):
    return caller.call("stock.picking", "button_validate", [picking], context={
        "skip_backorder": True, "skip_expired": True, **context})


def test_a_delivery_is_reviewed_posted_received_and_partly_refused(site, rpc, delivery):
    picking, lot, name = delivery
    worker = rpc("warehouse")
    opened = worker.call("stock.picking", "med_checkout", [picking])
    assert_plain(opened)
    assert opened["state"] == "open"
    assert opened["second"] is True
    with pytest.raises(RpcError, match="no closed check-out review"):
        post(worker, picking)
    review = opened["review"]
    scanned = worker.call("med.checkout.review", "med_scan", [review], code=name, quantity=2)
    assert_plain(scanned)
    assert (scanned["rest"], scanned["row"]["complete"]) == (0.0, True)
    assert_plain(worker.call("med.checkout.review", "med_scan_state", [review]))
    worker.call("med.checkout.review", "med_transition", [review], name="record")
    post(worker, picking)
    assert state(site, picking) == "done"
    proof = worker.call(
        "stock.picking", "med_proof", [picking], person="Dr. Weiss", temperature="5.5",
        event_time="2026-01-31T08:15:00Z", lines=[{"lot": lot, "refused": 1, "reason": "damaged"}])
    assert_plain(proof)
    assert (proof["version"], proof["outcome"]) == (1, "partly")
    assert state(site, proof["return"]) == "assigned"


def test_a_part_is_held_in_one_call(site, rpc, world):
    lot, name = world["spare"].pop()
    told = rpc("operator").call("stock.lot", "med_split", [lot], quantity=2, reason="Wet",
                                hold=True, source="excursion")
    assert_plain(told)
    assert told["name"] == f"{name}-1"
    assert site.sql(f"SELECT med_hold_count FROM stock_lot WHERE id IN ({lot}, {told['lot']}) "
                    "ORDER BY id") == [["0"], ["1"]]
    with pytest.raises(RpcError, match="“quantity” must be"):
        rpc("operator").call("stock.lot", "med_split", [lot], quantity=-1, reason="Wet")


def test_who_picked_does_not_review_over_rpc_either(site, rpc, delivery):
    picking, _lot, name = delivery
    opened = rpc("warehouse").call("stock.picking", "med_checkout", [picking])
    site.sql(f"UPDATE med_stock_picking_picker_rel SET res_users_id = "
             f"{site.users['warehouse']['id']} WHERE stock_picking_id = {picking}")
    with pytest.raises(RpcError, match="Another person confirms it"):
        rpc("warehouse").call("med.checkout.review", "med_scan", [opened["review"]], code=name,
                              context={"default_user_id": site.users["qa"]["id"]})


@pytest.mark.parametrize("role", ROLES)
def test_no_role_sends_goods_past_the_review(site, rpc, world, role):
    """Whatever the refusal is, nothing has changed after it."""
    picking, lot, name = world["deliveries"][0]
    review = rpc("warehouse").call("stock.picking", "med_checkout", [picking])["review"]
    forged = {"default_state": "done", "default_checkout_id": review, "med_permit": True,
              "skip_sanity_check": True, "default_med_proof_id": 1, "med_step": "record",
              "skip_expired": True, "skip_backorder": True, "cancel_backorder": True}
    person = site.users["warehouse"]["id"]

    def seen():
        return (state(site, picking), site.sql(
            f"SELECT state, reviewed_by_id FROM med_checkout_review WHERE id = {review}"),
            site.sql(f"SELECT count(*) FROM med_udi_scan WHERE checkout_id = {review}"),
            site.sql("SELECT res_users_id FROM med_stock_picking_picker_rel "
                     f"WHERE stock_picking_id = {picking}"),
            site.sql("SELECT count(*) FROM med_delivery_proof"),
            site.sql(f"SELECT med_checkout FROM product_template WHERE id = {world['template']}"))

    before, caller, refused = seen(), rpc(role), 0
    attacks = (
        ("stock.picking", "button_validate", [picking], {}),
        ("stock.picking", "write", [picking], {"vals": {"med_picker_ids": [[5]]}}),
        ("stock.picking", "write", [picking], {"vals": {"med_proof_id": False}}),
        ("stock.picking", "create", [], {"vals_list": [{"med_picker_ids": [[4, person]]}]}),
        ("med.checkout.review", "write", [review], {"vals": {"state": "done"}}),
        ("med.checkout.review", "write", [review], {"vals": {"scan_ids": [[0, 0, {
            "product_id": world["stent"], "lot_id": lot, "quantity": 2, "hri": name,
            "source": "rpc", "company_id": 1, "user_id": person}]]}}),
        ("med.checkout.review", "create", [], {"vals_list": [{"picking_id": picking}]}),
        ("med.checkout.review", "unlink", [review], {}),
        ("med.checkout.review", "med_transition", [review], {"name": "record"}),
        ("med.udi.scan", "create", [], {"vals_list": [{
            "product_id": world["stent"], "lot_id": lot, "quantity": 2, "hri": name,
            "source": "rpc", "company_id": 1, "checkout_id": review, "user_id": person}]}),
        ("med.delivery.proof", "create", [], {"vals_list": [{"picking_id": picking}]}),
        ("stock.picking", "med_proof", [picking], {
            "person": "x", "event_time": "2026-01-31T08:15:00Z"}))
    for model, method, ids, arguments in attacks:
        try:
            caller.call(model, method, *([ids] if ids else []), **arguments, context=forged)
        except RpcError:
            refused += 1
    assert refused == len(attacks)
    assert seen() == before
