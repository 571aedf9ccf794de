"""Two orders of one processor whose reports use the same lot at the same moment."""

from pathlib import Path

requirement = "V5 Q6 X3 CN-GMP-OUT"

TESTS = Path(__file__).resolve().parents[1]
WORLD = "".join((TESTS / name).read_text() for name in (
    "trace_flow.py", "recall_flow.py", "exchange_flow.py", "outsourcing_flow.py")) + """
flow, people = Flow(env), RecallFlow(env)
out = OutsourcingFlow(env, people)
works = out.processor("FAULT-ASM", ["assembly"])
partner = env["res.partner"].browse(works["contact"])
tube, kit = flow.product("Fault tube"), flow.product("Fault kit")
(tube | kit).med_controlled = True
env["med.gate"].create([{"product_tmpl_id": one.product_tmpl_id.id, "mode": "warn"}
                        for one in tube | kit])
env["mrp.bom"].create({
    "product_tmpl_id": kit.product_tmpl_id.id, "type": "subcontract",
    "subcontractor_ids": [Command.link(partner.id)],
    "bom_line_ids": [Command.create({"product_id": tube.id, "product_qty": 1})]})
[lot] = flow.lots(tube, "FAULT-T1")
env["stock.quant"].sudo()._update_available_quantity(
    tube, env["stock.location"].browse(works["place"]), 10, lot_id=lot)
orders = []
for _number in range(2):
    purchase = env["purchase.order"].create({"partner_id": partner.id, "order_line": [
        Command.create({"product_id": kit.id, "product_qty": 5, "price_unit": 1})]})
    purchase.button_confirm()
    orders.append(purchase.order_line.move_ids.med_outsourcing_order_id)
now = fields.Datetime.now().replace(microsecond=0)
for order in orders:
    for kind in ("acknowledged", "started"):
        order._med_report({"kind": kind, "reference": kind, "revision": order.revision,
                           "time": now}, "own")
tell({"orders": [order.id for order in orders], "lot": lot.id, "tube": tube.id})
"""
WORLD = "from odoo import fields\n" + WORLD
FINISH = """
from odoo import fields

def finish(env, number):
    order = env["med.outsourcing.order"].browse({orders}[number])
    order._med_report({{
        "kind": "finished", "reference": f"F{{number}}", "revision": order.revision,
        "time": fields.Datetime.now().replace(microsecond=0),
        "lots": [{{"lot": f"FAULT-K{{number}}", "quantity": 5.0, "outcome": "good"}}],
        "used": [{{"product": {tube}, "lot": "FAULT-T1", "quantity": 6.0}}]}}, "own")
    env.flush_all()
"""


def test_two_reports_at_once_use_no_more_of_a_lot_than_is_there(site, world):
    told = site.told(FINISH.format(orders=world["orders"], tube=world["tube"]) + """
from psycopg2.errors import SerializationFailure
with env.registry.cursor() as one, env.registry.cursor() as two:
    rival = env(cr=two)
    rival["stock.quant"].search_count([])  # both know the lot as it was before
    finish(env(cr=one), 0)
    one.commit()
    try:
        finish(rival, 1)
        outcome = "beside the first"
    except SerializationFailure:
        outcome = "again"
    two.rollback()
with env.registry.cursor() as two:  # as Odoo does, which repeats the request
    try:
        finish(env(cr=two), 1)
        second = "taken"
    except Exception as error:
        second = str(error)
    two.rollback()
tell([outcome, second])
""")
    assert told[0] == "again"
    assert "12 were used" in told[1] and "10 are there" in told[1]
    [[used]] = site.sql(f"""
        SELECT sum(r.quantity)::float FROM med_outsourcing_event_lot r
          JOIN med_outsourcing_event e ON e.id = r.event_id
         WHERE r.lot_id = {world["lot"]} AND r.outcome = 'used'
           AND NOT coalesce(e.superseded, false)""")
    assert float(used) == 6
