"""A hold and a shipment at the same moment, in both orders; a server killed in a mass hold."""

import threading
from pathlib import Path

import pytest

from lib.rpc import RpcError

requirement = "ISO-8.3.1 T2 CN-GSP-4"

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
supplier, clinic = env["res.partner"].create([{"name": "Race supplier"}, {"name": "Race clinic"}])
stent = flow.product("Race stent")
stent.med_controlled = True
lots = flow.lots(stent, "RACE-1", "RACE-2")
flow.receive([(lot, 5) for lot in lots], supplier)
pickings = [flow.picking([(lot, 1)], clinic).id for lot in lots]
many = env["stock.lot"].create([
    {"name": f"MASS-{n}", "product_id": stent.id} for n in range(4000)])
tell({"lots": lots.ids, "pickings": pickings, "many": many.ids})
"""


def state(site, picking):
    return site.sql(f"SELECT state FROM stock_picking WHERE id = {picking}")[0][0]


def holds(site, lot):
    return int(site.sql(f"SELECT med_hold_count FROM stock_lot WHERE id = {lot}")[0][0] or 0)


def test_a_shipment_that_meets_a_hold_being_placed_is_refused(site, client, world, beside):
    lot, picking = world["lots"][0], world["pickings"][0]

    def ship():
        try:
            return client("admin").call("stock.picking", "button_validate", [picking])
        except RpcError as error:
            return error.message
    told = beside(f"""
env["med.hold"]._place(env["stock.lot"].browse({lot}), "Race", "other")
""", ship)
    assert "Held" in told
    assert (holds(site, lot), state(site, picking) == "done") == (1, False)


def test_a_hold_that_meets_a_shipment_comes_after_it_and_tells_of_it(site, client, world, beside):
    lot, picking = world["lots"][1], world["pickings"][1]
    told = beside(f"""
env["stock.picking"].browse({picking}).button_validate()
""", lambda: client("qa").call("med.hold", "place", lots=[lot], reason="Race"))
    assert state(site, picking) == "done"
    assert holds(site, lot) == 1
    assert told["held"] == 1
    # What the shipment took is with the consignee: told at once, or by the next question.
    again = client("qa").call("med.hold", "place", lots=[lot], reason="Race, again")
    assert again["gone"] == [{"lot": lot, "quantity": 1.0}]


@pytest.mark.parametrize("delay", [0.2, 0.8, 1.6])
def test_a_mass_hold_is_placed_wholly_or_not_at_all(site, client, world, delay):
    before = int(site.sql("SELECT count(*) FROM med_hold_line")[0][0])

    def place():
        try:
            client("qa").call("med.hold", "place", lots=world["many"], reason="Mass")
        except (RpcError, OSError):
            return  # the server is gone
    placing = threading.Thread(target=place)
    placing.start()
    placing.join(delay)
    site.kill()
    placing.join(60)
    site.start()
    new = int(site.sql("SELECT count(*) FROM med_hold_line")[0][0]) - before
    assert new in (0, 4000)
    [[different]] = site.sql("""
        SELECT count(*) FROM stock_lot l WHERE coalesce(med_hold_count, 0) <> (
            SELECT count(*) FROM med_hold_line h WHERE h.lot_id = l.id AND h.open)""")
    assert different == "0"
