"""A recall found and decided while goods ship; a server and a database killed in the middle."""

import random
import threading
from pathlib import Path

import pytest

from lib.rpc import RpcError

requirement = "CN-RC-4 ISO-8.3.3 TRC-6 C2"

TESTS = Path(__file__).resolve().parents[1]
WORLD = "".join((TESTS / name).read_text() for name in ("trace_flow.py", "recall_flow.py")) + """
flow, people = Flow(env), RecallFlow(env)
supplier, clinic = env["res.partner"].create([
    {"name": "Race supplier"}, {"name": "Race clinic", "country_id": env.ref("base.cn").id}])
stent = flow.product("Race stent")
stent.med_controlled = True
env["med.gate"].create({"product_tmpl_id": stent.product_tmpl_id.id, "mode": "observe"})

def ready(name, count):
    lots = flow.lots(stent, *(f"{name}-{n}" for n in range(count)))
    flow.receive([(lot, 5) for lot in lots], supplier)
    return {"lots": lots.ids, "recall": people.assessed(lots).id,
            "pickings": [flow.picking([(lot, 1)], clinic).id for lot in lots]}

many = env["stock.lot"].create([
    {"name": f"MASS-{n}", "product_id": stent.id} for n in range(3000)])
tell({"meets": ready("MEETS", 1), "met": ready("MET", 1),
      "races": [ready(f"RACE{n}", 4) for n in range(6)], "many": people.assessed(many).id})
"""


def call(client, method, recall, **arguments):
    return client("regulatory").call("med.recall", method, [recall], **arguments)


def decide(client, recall):
    return call(client, "med_sign", recall, meaning="approved", login="recall_decider",
                secret="recall_decider", transition="decide")


def ship(client, picking):
    """Post a delivery; return whether it went, or what refused it."""
    try:
        client("admin").call("stock.picking", "button_validate", [picking])
        return True
    except RpcError as error:
        return error.message


def frozen(site, recall):
    """State of the recall, and what its frozen scope says was shipped."""
    [[state, shipped]] = site.sql(f"""
        SELECT r.state, (SELECT COALESCE(sum(d.shipped), 0) FROM med_recall_delivery d
            JOIN med_recall_scope s ON s.id = d.scope_id AND s.state = 'frozen'
           WHERE s.recall_id = r.id) FROM med_recall r WHERE r.id = {recall}""")
    return state, float(shipped)


def left(site, lots):
    """What really left of these lots."""
    return float(site.sql(
        "SELECT COALESCE(sum(l.quantity_product_uom), 0) FROM stock_move_line l"
        " JOIN stock_location d ON d.id = l.location_dest_id WHERE l.state = 'done'"
        f" AND d.usage = 'customer' AND l.lot_id IN ({', '.join(map(str, lots))})")[0][0])


def test_a_shipment_that_meets_lots_being_found_is_refused(site, client, world, beside):
    one = world["meets"]
    told = beside(f"env['med.recall'].browse({one['recall']}).draw()",
                  lambda: ship(client, one["pickings"][0]))
    assert "Held" in told
    decide(client, one["recall"])
    assert frozen(site, one["recall"]) == ("decided", 0) and left(site, one["lots"]) == 0


def test_a_shipment_that_finding_meets_is_in_the_scope_before_that_is_frozen(
        site, client, world, beside):
    one = world["met"]
    beside(f"env['stock.picking'].browse({one['pickings'][0]}).button_validate()",
           lambda: call(client, "draw", one["recall"]))
    try:  # found before the shipment was there to be seen: the decision sees it
        decide(client, one["recall"])
    except RpcError as error:
        assert "have come since" in error.message
        call(client, "draw", one["recall"])
        decide(client, one["recall"])
    assert frozen(site, one["recall"]) == ("decided", 1) and left(site, one["lots"]) == 1


def test_no_shipment_is_lost_however_it_meets_the_recall(site, client, world):
    pick = random.Random(7)
    for one in world["races"]:
        went, delays = [], [pick.uniform(0, 0.5) for _picking in one["pickings"]]

        def later(delay, picking, went=went):
            threading.Event().wait(delay)
            went.append(ship(client, picking))
        threads = [threading.Thread(target=later, args=row)
                   for row in zip(delays, one["pickings"], strict=True)]
        for thread in threads:
            thread.start()
        for _try in range(8):
            try:
                call(client, "draw", one["recall"])
                decide(client, one["recall"])
                break
            except RpcError as error:
                assert "have come since" in error.message, error.message
        for thread in threads:
            thread.join(60)
        assert all(told is True or "Held" in told for told in went), went
        assert frozen(site, one["recall"]) == ("decided", went.count(True))
        assert left(site, one["lots"]) == went.count(True)


def whole(site, recall):
    """Whether what a recall has written belongs together; and how many versions it has."""
    [[versions, torn, held, state, halves]] = site.sql(f"""
        SELECT count(s.id), count(s.id) FILTER (WHERE s.lot_count <> (
                   SELECT count(*) FROM med_recall_scope_line l WHERE l.scope_id = s.id)),
               (SELECT count(*) FROM med_hold_line n JOIN med_hold h ON h.id = n.hold_id
                 WHERE h.source_model = 'med.recall' AND h.source_id = {recall} AND n.open),
               (SELECT state FROM med_recall WHERE id = {recall}),
               (SELECT count(*) FROM stock_lot l WHERE coalesce(med_hold_count, 0) <> (
                   SELECT count(*) FROM med_hold_line h WHERE h.lot_id = l.id AND h.open))
          FROM med_recall_scope s WHERE s.recall_id = {recall}""")
    assert (torn, halves) == ("0", "0")
    assert int(held) == (3000 if int(versions) else 0)
    [[consistent]] = site.sql(f"""
        SELECT (state = 'decided') = EXISTS (SELECT 1 FROM med_recall_scope WHERE recall_id = r.id
                    AND state = 'frozen')
           AND (state = 'decided') = EXISTS (SELECT 1 FROM med_signature WHERE res_id = r.id
                    AND res_model = 'med.recall' AND transition = 'decide')
          FROM med_recall r WHERE id = {recall}""")
    assert consistent == "t"
    return state, int(versions)


def server_dies(site):
    site.kill()
    return site.start


def database_dies(site):
    site.cut_sessions()
    return lambda: None


@pytest.mark.parametrize(("dies", "delay"), [
    (server_dies, 0.3), (database_dies, 0.6), (server_dies, 1.0)])
@pytest.mark.parametrize("step", ["draw", "decide"])
def test_a_recall_killed_half_way_has_done_all_of_a_step_or_nothing(
        site, client, world, step, dies, delay):
    recall = world["many"]

    def take():
        try:
            if step == "draw":
                call(client, "draw", recall)
            else:
                decide(client, recall)
        except (RpcError, OSError):
            return  # the server is gone, the step is done already, or its time has not come
    before = whole(site, recall)
    taking = threading.Thread(target=take)
    taking.start()
    taking.join(delay)
    again = dies(site)
    taking.join(60)
    again()
    after = whole(site, recall)
    assert after[1] - before[1] in (0, 1)
    for _try in range(3):  # a call may still meet a session that was cut
        take()
    state, versions = whole(site, recall)
    assert versions == 1
    assert state == ("decided" if step == "decide" else before[0])
