"""Inspection: entering values one by one, deciding 1,000 units, receiving 500 lots.

One entry is a transaction of its own with cold caches, as a request is: value judged and stored,
the whole inspection's verdict made anew, committed.
"""

import statistics
import time

import support
from odoo.fields import Command
from support import say

ENTRIES, UNITS, LOTS, ROUNDS = 200, 1000, 500, 5


def bench():
    figures = support.Figures("inspection")
    with support.databases(inspection=support.template()), \
            support.open_database("inspection", 1) as env:
        figures.about = support.server(env.cr)
        product = approved(env)
        entering(env, figures, product)
        deciding(env, figures, product)
        receiving(env, figures, product)
    figures.show()


def approved(env):
    """Return a product with a plan in force, every unit measured."""
    from odoo.addons.med_signature.models.med_signable_state import set_state
    product = env["product.product"].create({
        "name": "Bench stent", "is_storable": True, "tracking": "lot", "med_controlled": True})
    plan = env["med.inspection.plan"].create({
        "name": "Bench", "stage": "incoming",
        "product_tmpl_ids": [Command.set(product.product_tmpl_id.ids)],
        "class_ids": [Command.create({"defect_class": "major", "method": "full"})],
        "characteristic_ids": [Command.create({
            "key": "len", "name": "Length", "lower": "9.9", "upper": "10.1",
            "uom_id": env["med.measure.unit"].search([("code", "=", "mm")]).id})]})
    set_state(plan, "approved")  # the benchmark needs no signer
    env.cr.commit()
    return product


def receive(env, product, quantities):
    """Receive lots; return how long posting took, with the lots."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    places = {"location_id": env.ref("stock.stock_location_suppliers").id,
              "location_dest_id": warehouse.lot_stock_id.id}
    lots = env["stock.lot"].create([
        {"name": f"{product.id}-{time.time_ns()}-{number}", "product_id": product.id}
        for number in range(len(quantities))])
    picking = env["stock.picking"].create({
        "picking_type_id": warehouse.in_type_id.id, **places,
        "move_ids": [Command.create({
            "product_id": product.id, "product_uom_qty": sum(quantities), **places,
            "picked": True, "move_line_ids": [Command.create({
                "product_id": product.id, "lot_id": lot.id, "quantity": quantity, **places})
                for lot, quantity in zip(lots, quantities, strict=True)]})]})
    picking.action_confirm()
    env.cr.commit()
    env.invalidate_all()
    start = time.perf_counter()
    picking._action_done()
    env.cr.commit()
    return time.perf_counter() - start, lots


def inspection(env, product, quantity):
    _seconds, lot = receive(env, product, [quantity])
    return env["med.inspection"].search([("lot_ids", "in", lot.ids)])


def values(one):
    return [{"characteristic": "len", "unit": sample.unit, "value": "10.0"}
            for sample in one.sample_ids]


def timed(env, call):
    env.invalidate_all()
    start = time.perf_counter()
    call()
    env.cr.commit()
    return time.perf_counter() - start


def entering(env, figures, product):
    say(f"{ENTRIES} values, one by one")
    one = inspection(env, product, ENTRIES)
    times = sorted(timed(env, lambda row=row: one.enter(values=[row])) for row in values(one))
    high = times[int(len(times) * 0.95) - 1]
    figures.add("one entry of 200, median", statistics.median(times) * 1000, "ms")
    figures.add("one entry of 200, 95 of 100", high * 1000, "ms", "at most 200", high <= 0.2)
    figures.add("one entry of 200, longest", times[-1] * 1000, "ms")


def deciding(env, figures, product):
    say(f"{UNITS} units entered and decided at once")
    entered, decided = [], []
    for _round in range(ROUNDS):
        one = inspection(env, product, UNITS)
        rows = values(one)
        entered.append(timed(env, lambda one=one, rows=rows: one.enter(values=rows)))
        decided.append(timed(env, lambda one=one: decide(one)))
        assert one.state == "accepted", one.state
    figures.add("1,000 values entered at once", statistics.median(entered), "s")
    figures.add("1,000 units submitted and accepted", statistics.median(decided), "s",
                "at most 1", max(decided) <= 1)


def decide(one):
    """Take both steps with all their checks; only the passwords are left out."""
    from odoo.addons.med_signature.models.med_signable_step import perform
    for name in ("submit", "accept"):
        perform(one, one._med_check_step(name, ""), "")


def receiving(env, figures, product):
    say(f"A receipt of {LOTS} lots, with and without inspections")
    plain = env["product.product"].create({
        "name": "Bench without a plan", "is_storable": True, "tracking": "lot",
        "med_controlled": True})
    with_plan, without = [], []
    for _round in range(ROUNDS):
        with_plan.append(receive(env, product, [8] * LOTS)[0])
        without.append(receive(env, plain, [8] * LOTS)[0])
    figures.add("receipt of 500 lots, an inspection each", statistics.median(with_plan), "s")
    figures.add("receipt of 500 lots, no plan", statistics.median(without), "s")


support.main(bench)
