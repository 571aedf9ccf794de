"""A killed server and concurrent postings: stock and genealogy never part ways."""

import threading
import time
from pathlib import Path

import pytest

from lib.rpc import RpcError

requirement = "T1 TRC-1 TRC-3"

FLOW = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + """
flow = Flow(env)
supplier, first, second = env["res.partner"].create([
    {"name": "Fault supplier"}, {"name": "Fault clinic"}, {"name": "Fault hospital"}])
"""


def ask(site, source):
    """Run source in ``odoo shell`` after the flow's set-up; return what it told."""
    return site.told(FLOW + source)


def differences(site):
    return ask(site, "tell(env['med.genealogy']._differences())")


def at_once(*calls):
    """Run calls in threads that start together; return what each returned or raised."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        gate.wait()
        try:
            results[number] = call()
        except (RpcError, OSError) as error:
            results[number] = error
    threads = [threading.Thread(target=run, args=row) for row in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return results


def closing(client, order):
    return lambda: client("admin").call(
        "mrp.production", "button_mark_done", [order], context={"skip_consumption": True})


@pytest.mark.parametrize("delay", [0.3, 1.0, 2.5])
def test_order_killed_while_it_is_closed_is_posted_wholly_or_not_at_all(site, client, delay):
    order, unit, part = ask(site, f"""
board, pump = flow.product("Kill board", "serial"), flow.product("Kill pump", "serial")
boards = flow.lots(board, *(f"KB-{delay}-{{n}}" for n in range(90)))
pumps = flow.lots(pump, *(f"KP-{delay}-{{n}}" for n in range(30)))
flow.receive([(part, 1) for part in boards], supplier)
order = flow.order(pump, 30, [(board, part, 1) for part in boards], pumps)
order.med_assign_parts()
tell([order.id, pumps[0].id, boards[0].id])
""")
    outcome = []
    caller = threading.Thread(target=lambda: outcome.extend(at_once(closing(client, order))))
    caller.start()
    time.sleep(delay)
    site.kill()
    caller.join(60)
    site.start()
    assert differences(site) == []
    state, lines, links = site.sql(f"""
        SELECT state, (SELECT count(*) FROM med_genealogy_line l JOIN med_genealogy_event e
                           ON e.id = l.event_id AND e.res_model = 'mrp.production'
                          AND e.res_id = p.id WHERE l.active),
               (SELECT count(*) FROM med_genealogy_link k WHERE k.production_id = p.id
                   AND k.event_id IS NOT NULL) FROM mrp_production p WHERE id = {order}""")[0]
    assert (state, lines, links) in ((("done", "120", "90")), ("to_close", "0", "0"),
                                     ("progress", "0", "0"), ("confirmed", "0", "0"))
    if state != "done":
        assert not isinstance(closing(client, order)(), RpcError)
    answer = client("qa").call("stock.lot", "med_trace", [unit], direction="backward")
    assert answer["totals"]["exact"] == 4, "the unit and its own three parts"
    assert part in {row["id"] for row in answer["lots"]}
    assert differences(site) == []


def test_untracked_stock_made_by_two_orders_at_once_keeps_both_origins(site, client):
    for number in range(3):
        one, two, raws, rows = ask(site, f"""
raw, tube = flow.product("Pool raw"), flow.product("Pool tube", "none")
lots = flow.lots(raw, "PR-{number}-1", "PR-{number}-2", "PR-{number}-0")
flow.receive([(lot, 10) for lot in lots], supplier)
flow.close(flow.order(tube, 1, [(raw, lots[2], 1)]))
orders = [flow.order(tube, 5, [(raw, lot, 5)]) for lot in lots[:2]]
tell([orders[0].id, orders[1].id, lots.ids, tube.id])
""")
        results = at_once(closing(client, one), closing(client, two))
        assert not [error for error in results if isinstance(error, Exception)], results
        kit = ask(site, f"""
tube, kit = env["product.product"].browse({rows}), flow.product("Pool kit")
lot = flow.lots(kit, "PK-{number}")
flow.close(flow.order(kit, 1, [(tube, None, 9)], lot))
tell(lot.id)
""")
        answer = client("qa").call("stock.lot", "med_trace", [kit], direction="backward")
        assert {row["id"] for row in answer["lots"] if row["id"] > 0} == {kit, *raws}
    assert differences(site) == []


def test_untracked_stock_consumed_by_two_orders_at_once_is_traced_to_both(site, client):
    one, two, raw, kits = ask(site, """
raw, tube, kit = flow.product("Both raw"), flow.product("Both tube", "none"), flow.product("Kit")
lot, kits = flow.lots(raw, "BR-1"), flow.lots(kit, "BK-1", "BK-2")
flow.receive([(lot, 10)], supplier)
flow.close(flow.order(tube, 10, [(raw, lot, 10)]))
orders = [flow.order(kit, 1, [(tube, None, 5)], made) for made in kits]
tell([orders[0].id, orders[1].id, lot.id, kits.ids])
""")
    results = at_once(closing(client, one), closing(client, two))
    assert not [error for error in results if isinstance(error, Exception)], results
    answer = client("qa").call("stock.lot", "med_trace", [raw], direction="forward")
    assert {row["id"] for row in answer["lots"] if row["id"] > 0} == {raw, *kits}
    assert differences(site) == []


def test_second_inflow_waits_for_the_first_and_then_starts_again(site):
    """The race itself: two transactions that both know the same last inflow of a pool."""
    assert ask(site, """
from psycopg2 import OperationalError
tube = flow.product("Race tube", "none")
raw = flow.product("Race raw")
lots = flow.lots(raw, "RR-1", "RR-2")
flow.receive([(lot, 10) for lot in lots], supplier)
orders = [flow.order(tube, 5, [(raw, lot, 5)]) for lot in lots]
env.cr.commit()
with env.registry.cursor() as one, env.registry.cursor() as two:
    rival = env(cr=two)
    rival["mrp.production"].browse(orders[1].id).state
    flow.close(env(cr=one)["mrp.production"].browse(orders[0].id))
    env(cr=one).flush_all()
    two.execute("SET LOCAL lock_timeout = '2s'")
    outcome = "posted beside the first"
    try:
        flow.close(rival["mrp.production"].browse(orders[1].id))
        rival.flush_all()
    except OperationalError as error:
        outcome = error.pgcode
    two.rollback()
    one.commit()
tell(outcome)
""") in ("55P03", "40001")


def test_one_lot_delivered_twice_at_once_balances(site, client):
    lot, one, two = ask(site, """
raw = flow.product("Delivered raw")
lot = flow.lots(raw, "DR-1")
flow.receive([(lot, 10)], supplier)
pickings = [flow.picking([(lot, quantity)], partner)
            for quantity, partner in ((4, first), (5.5, second))]
tell([lot.id, *(picking.id for picking in pickings)])
""")
    results = at_once(*(
        lambda picking=picking: client("admin").call("stock.picking", "button_validate", [picking])
        for picking in (one, two)))
    assert not [error for error in results if isinstance(error, Exception)], results
    answer = client("qa").call("stock.lot", "med_trace", [lot], direction="forward")
    assert sorted(row["net"] for row in answer["consignees"]) == [4, 5.5]
    [row] = client("qa").call("stock.lot", "med_balance", [lot])["lots"]
    assert (row["shipped"], row["on_hand"], row["balanced"]) == (9.5, 0.5, True)
    assert differences(site) == []


def test_parts_of_one_unit_recorded_by_two_at_once_are_not_recorded_twice(site, client):
    order = ask(site, """
board, pump = flow.product("Twice board", "serial"), flow.product("Twice pump", "serial")
boards, pumps = flow.lots(board, "TB-1", "TB-2"), flow.lots(pump, "TP-1", "TP-2")
flow.receive([(part, 1) for part in boards], supplier)
order = flow.close(flow.order(pump, 2, [(board, part, 1) for part in boards], pumps))
tell(order.id)
""")

    def record(unit):
        return lambda: client("operator").call(
            "mrp.production", "med_record_parts", [order], parts=[{"unit": unit, "part": "TB-1"}])
    results = at_once(record("TP-1"), record("TP-2"), record("TP-1"))
    assert any(not isinstance(result, Exception) for result in results)
    assert site.sql("SELECT count(*) FROM med_genealogy_link WHERE active AND production_id = "
                    f"{order}") == [["1"]], "a serial part is in one unit"
