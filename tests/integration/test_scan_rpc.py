"""Scanning over RPC: another program books labels, and gets one sentence where it cannot.

One table of cases, each over XML-RPC and JSON-2.
"""

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "T9 CN-GSP-3 EU-27-9 P11-10g"

WORLD = """
from odoo.fields import Command
kit, pump = env["product.product"].create([
    {"name": name, "type": "consu", "is_storable": True, "tracking": tracking,
     "med_controlled": True, "purchase_ok": False}
    for name, tracking in (("RPC scan kit", "lot"), ("RPC scan pump", "serial"))])
for product, number in ((kit, "09506000134376"), (pump, "09506000134383")):
    env["med.udi.di"].create({"issuer": "gs1", "name": number, "product_id": product.id}).state = (
        "active")
warehouse = env["stock.warehouse"].search([], limit=1)
suppliers = env.ref("stock.stock_location_suppliers")
customers = env.ref("stock.stock_location_customers")
partner = env["res.partner"].create({"name": "RPC scan supplier"})

def picking(kind, source, target, rows):
    made = env["stock.picking"].create({
        "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
        "partner_id": partner.id, "move_ids": [Command.create({
            "product_id": product.id, "product_uom_qty": quantity,
            "product_uom": product.uom_id.id, "location_id": source.id,
            "location_dest_id": target.id}) for product, quantity in rows]})
    made.action_confirm()
    return made

stock = warehouse.lot_stock_id
receipt = picking(warehouse.in_type_id, suppliers, stock, [(kit, 50), (pump, 50)])
other = env["res.company"].create({"name": "RPC scan other company"})
foreign = env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1) or (
    env["stock.warehouse"].create({
        "name": "RPC scan other", "code": "RSO", "company_id": other.id}))
strange = env["stock.picking"].create({
    "picking_type_id": foreign.in_type_id.id, "location_id": suppliers.id,
    "location_dest_id": foreign.lot_stock_id.id})
ready = picking(warehouse.in_type_id, suppliers, stock, [(kit, 5)])
ready.med_scan(code="(01)09506000134376(17)291231(10)RPC-SCAN-1", quantity=5)
ready._action_done()
delivery = picking(warehouse.out_type_id, stock, customers, [(kit, 3)])
order = env["mrp.production"].create({
    "product_id": pump.id, "product_qty": 5, "bom_id": False,
    "picking_type_id": warehouse.manu_type_id.id, "move_raw_ids": [Command.create({
        "product_id": kit.id, "product_uom_qty": 5, "product_uom": kit.uom_id.id,
        "location_id": stock.id,
        "location_dest_id": pump.with_company(env.company).property_stock_production.id})]})
order.action_confirm()
tell({
    "receipt": receipt.id, "delivery": delivery.id, "order": order.id, "foreign": strange.id,
    "kit": kit.id, "pump": pump.id, "lot": ready.move_line_ids.lot_id.id})
"""

KIT, PUMP = "(01)09506000134376", "(01)09506000134383"


def books(site):
    """A checksum of what scanning may change, for a comparison before and after."""
    return site.sql("SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (" + " UNION ALL ".join(
        f"SELECT t::text AS row FROM {table} t" for table in (
            "stock_move_line", "med_udi_scan", "med_udi_discrepancy", "stock_quant")) + ") rows")


def test_a_label_is_booked_in_one_call_and_taken_back(rpc, world):
    speak = rpc("warehouse").call
    answer = speak("stock.picking", "med_scan", [world["receipt"]],
                   code=f"{KIT}(17)291231(10)RPC-A", quantity=2)
    assert_plain(answer)
    assert answer["version"] == 1
    assert (answer["booked"]["number"], answer["booked"]["quantity"]) == ("RPC-A", 2.0)
    assert answer["booked"]["expiration_date"] == "2029-12-31"
    assert (answer["discrepancies"], answer["choices"], answer["wanted"]) == ([], [], "")
    state = speak("stock.picking", "med_scan_state", [world["receipt"]])
    assert_plain(state)
    [row] = [row for row in state["rows"] if row["product_id"] == world["kit"]]
    assert (row["numbers"], row["ordered"]) == (["RPC-A"], 50.0)
    undone = speak("stock.picking", "med_scan_undo", [world["receipt"]])
    assert_plain(undone)
    assert undone["row"]["done"] == row["done"] - 2


def test_a_separator_travels_as_the_character_that_shows_it(rpc, world):
    answer = rpc("warehouse").call(
        "stock.picking", "med_scan", [world["receipt"]],
        code="0109506000134383" + "10RPC-B\u241d" + "21RPC-S1")
    assert (answer["booked"]["number"], answer["booked"]["batch"]) == ("RPC-S1", "RPC-B")
    rpc("warehouse").call("stock.picking", "med_scan_undo", [world["receipt"]])


def test_a_discrepancy_is_told_and_settled(rpc, world, refused):
    answer = rpc("warehouse").call(
        "stock.picking", "med_scan", [world["receipt"]], code=f"{KIT}(17)200131(10)RPC-OLD")
    assert_plain(answer)
    [found] = answer["discrepancies"]
    assert found["kind"] == "expired"
    arguments = {"conclusion": "rejected", "note": "Sent back"}
    for role in ("warehouse", "operator", "viewer", "regulatory", "nobody", "system_admin"):
        with refused("access"):
            rpc(role).call("med.udi.discrepancy", "med_settle", [found["id"]], **arguments)
    settled = rpc("inspector").call(
        "med.udi.discrepancy", "med_settle", [found["id"]], **arguments)
    assert settled == {"version": 1, "settled": 1}
    with refused("user"):
        rpc("qa").call("med.udi.discrepancy", "med_settle", [found["id"]], **arguments)


def test_an_order_takes_what_is_scanned(rpc, world):
    speak = rpc("operator").call
    answer = speak("mrp.production", "med_scan", [world["order"]], code="RPC-SCAN-1")
    assert_plain(answer)
    assert (answer["row"]["role"], answer["booked"]["quantity"]) == ("used", 1.0)
    speak("mrp.production", "med_scan_undo", [world["order"]])


def test_a_lot_is_found_and_traced_by_its_udi(rpc, world):
    code = f"{KIT}(17)291231(10)RPC-SCAN-1"
    answer = rpc("viewer").call("stock.lot", "med_find", code=code)
    assert_plain(answer)
    assert [lot["id"] for lot in answer["lots"]] == [world["lot"]]
    traced = rpc("viewer").call("stock.lot", "med_trace_by", criteria={"udi": code})
    assert_plain(traced)
    assert traced["roots"] == [world["lot"]]
    assert traced["heads"][0]["name"] == "RPC-SCAN-1"


BAD = {
    "unreadable": ("receipt", {"code": "010950600013437110X"}),
    "empty": ("receipt", {"code": " "}),
    "code of wrong type": ("receipt", {"code": 7}),
    "quantity below nought": ("receipt", {"code": KIT, "quantity": -1}),
    "quantity of wrong type": ("receipt", {"code": KIT, "quantity": "two"}),
    "product of wrong type": ("receipt", {"code": KIT, "product_id": "kit"}),
    "product of another document": ("receipt", {"code": "X", "product_id": 2 ** 31 - 1}),
    "unknown source": ("receipt", {"code": KIT, "source": "telepathy"}),
    "not on the delivery": ("delivery", {"code": f"{PUMP}(21)RPC-S9"}),
    "unknown lot": ("delivery", {"code": f"{KIT}(10)RPC-NOWHERE"}),
    "more than there is": ("delivery", {"code": f"{KIT}(10)RPC-SCAN-1", "quantity": 40}),
    "other date than on file": ("delivery", {"code": f"{KIT}(17)281231(10)RPC-SCAN-1"}),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence_and_books_nothing(case, rpc, world, site):
    document, arguments = BAD[case]
    before = books(site)
    with pytest.raises(RpcError) as caught:
        rpc("warehouse").call("stock.picking", "med_scan", [world[document]], **arguments)
    assert caught.value.kind == "user", caught.value.message[-600:]
    assert 10 < len(caught.value.message) < 400
    assert books(site) == before


@pytest.mark.parametrize("role", [
    "viewer", "auditor", "qa", "nobody", "system_admin", "portal_processor", "portal_dealer"])
def test_only_the_warehouse_scans_into_a_receipt(role, rpc, world, refused, site):
    before = books(site)
    for method, arguments in (("med_scan", {"code": f"{KIT}(10)X"}), ("med_scan_undo", {})):
        with refused("access"):
            rpc(role).call("stock.picking", method, [world["receipt"]], **arguments)
    assert books(site) == before


@pytest.mark.parametrize("role", ["nobody", "portal_processor", "portal_dealer"])
def test_strangers_find_nothing(role, rpc, world, refused):
    with refused("access"):
        rpc(role).call("stock.lot", "med_find", code="RPC-SCAN-1")
    with refused("access"):
        rpc(role).call("stock.picking", "med_scan_state", [world["receipt"]])


def test_another_company_s_receipt_is_out_of_reach(rpc, world, refused):
    for method, arguments in (("med_scan", {"code": f"{KIT}(10)X"}), ("med_scan_state", {})):
        with refused("access"):
            rpc("warehouse").call("stock.picking", method, [world["foreign"]], **arguments)


@pytest.mark.parametrize("model", ["med.udi.scan", "med.udi.discrepancy"])
@pytest.mark.parametrize("role", ["admin", "warehouse", "qa"])
def test_nobody_writes_evidence_of_scanning(model, role, rpc, world, refused, site):
    rpc("warehouse").call("stock.picking", "med_scan", [world["receipt"]],
                          code=f"{KIT}(17)200131(10)RPC-KEPT")
    before = books(site)
    some = int(site.sql(f"SELECT max(id) FROM {model.replace('.', '_')}")[0][0])
    for method, records, arguments in (
            ("write", [some], {"vals": {"quantity": 9} if model == "med.udi.scan"
                               else {"state": "settled"}}),
            ("unlink", [some], {}),
            ("write", [some], {"vals": {"hri": "x"} if model == "med.udi.scan"
                               else {"note": "x"}, "context": {"med_permit": True}}),
            ("create", None, {"vals_list": [{"hri": "x", "message": "x"}]})):
        with pytest.raises(RpcError) as caught:
            rpc(role).call(model, method, records, **arguments)
        assert caught.value.kind in ("access", "user")
    assert books(site) == before


def test_private_methods_are_out_of_reach(rpc, world):
    for model, method in (("stock.picking", "_med_take"), ("med.udi.discrepancy", "_med_record"),
                          ("med.udi.discrepancy", "_med_withdraw"), ("med.scan", "med_scan")):
        with pytest.raises(RpcError):
            rpc("admin").call(model, method, [world["receipt"]], code="x")
