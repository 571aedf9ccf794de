"""Closing manufacturing orders, side by side with a database that lacks our addons, and, for orders
of one lot, with two between: what the genealogy stands on, recording nothing, and the genealogy
alone, with no audit trail and no gate.

One order of 500 serials with five serial components each, every part recorded beforehand; and
many orders of one lot. MED_BENCH_UNITS=n makes another number of serials.
"""

import contextlib
import os

import support
from support import say

UNITS, PARTS = int(os.environ.get("MED_BENCH_UNITS", "500")), 5
ROUNDS, WARMING = 80, 5
WORLDS = {"plain": "plain Odoo", "base": "what genealogy stands on", "genealogy": "genealogy alone",
          "ours": "all addons"}


def bench():
    figures = support.Figures("order")
    plain = support.plain_template()
    with support.databases(plain=plain, base=plain, genealogy=plain, ours=support.template()):
        for name, addon in (("base", "med_audit"), ("genealogy", "med_traceability")):
            support.install(name, addon)
        for name in WORLDS:
            support.postgres.sql("VACUUM ANALYZE", database=support.named(name))
        with contextlib.ExitStack() as stack:
            worlds = {name: stack.enter_context(support.open_database(name)) for name in WORLDS}
            for name in ("base", "genealogy"):
                worlds[name].cr.execute("DELETE FROM med_audit_policy")
                worlds[name]["med.audit.policy"].sudo()._apply(complete=True)
                worlds[name].cr.commit()
            figures.about = support.server(worlds["ours"].cr)
            one_lot(figures, worlds)
            serials(figures, worlds["plain"], worlds["ours"])
    figures.show()


# ---------------------------------------------------------------------------------- many serials


def serials(figures, plain, ours):
    say(f"An order of {UNITS} serials with {PARTS} serial components each")
    closing, links = {}, {}
    for name, env in (("plain", plain), ("ours", ours)):
        order, units, parts = serial_order(env)
        if name == "ours":
            recording = record(order, units, parts)
        closing[name], links[name] = close(env, order)
        say(f"  {name}: {closing[name].seconds:.1f} s, {links[name]:,} links in core's table")
    edges = units.med_trace(direction="backward")["edges"]
    assert all(edge["exact"] for edge in edges)
    figures.add("exact edges of the order", len(edges), "edges", f"{UNITS * PARTS:,}",
                len(edges) == UNITS * PARTS)
    figures.add("core's links, plain Odoo", links["plain"], "rows")
    figures.add("core's links, with ours", links["ours"], "rows")
    figures.add("recording all parts in one call", recording.seconds, "s")
    figures.add("closing, plain Odoo", closing["plain"].seconds, "s")
    figures.add("closing, with ours", closing["ours"].seconds, "s")
    ratio = closing["ours"].seconds / closing["plain"].seconds
    figures.add("closing, ours / plain", ratio, "x", "below 1", ratio < 1)
    figures.add("closing, ours / plain, processor time",
                closing["ours"].cpu / closing["plain"].cpu, "x")
    figures.add("recording and closing, ours / plain",
                (closing["ours"].seconds + recording.seconds) / closing["plain"].seconds, "x")


def record(order, units, parts):
    """Record every part of an order in one call; return the Work."""
    rows = [{"unit": units[number // PARTS].id, "part": part.id}
            for number, part in enumerate(parts)]
    work = support.timed(order.env.cr, lambda: order.med_record_parts(parts=rows))
    assert work.result["recorded"] == len(rows) and not work.result["open"], work.result
    order.env.cr.commit()
    return work


def serial_order(env):
    """Return an order that only has to be closed, its serials, and their parts in order."""
    unit, part = env["product.product"].create([
        {"name": name, "is_storable": True, "tracking": "serial"} for name in ("Pump", "Board")])
    units = env["stock.lot"].create([
        {"name": f"PUMP-{number:06}", "product_id": unit.id} for number in range(UNITS)])
    parts = env["stock.lot"].create([
        {"name": f"BOARD-{number:06}", "product_id": part.id}
        for number in range(UNITS * PARTS)])
    put_in_stock(env, parts, 1)
    order = make_order(env, unit, UNITS, {part: UNITS * PARTS})
    order.lot_producing_ids = units
    order.qty_producing = UNITS
    order.move_raw_ids.picked = True
    env.cr.commit()
    return order, units, parts


def close(env, order):
    """Close an order; return the Work and the rows core wrote into its table of links."""
    env.invalidate_all()

    def run():
        order.button_mark_done()
        env.cr.commit()
    work = support.timed(env.cr, run)
    assert order.state == "done"
    env.cr.execute(
        """
        SELECT count(*) FROM stock_move_line_consume_rel r
          JOIN stock_move_line line ON line.id = r.consume_line_id
          JOIN stock_move move ON move.id = line.move_id WHERE move.production_id = %s
        """, [order.id])
    return work, env.cr.fetchone()[0]


# ---------------------------------------------------------------------------------- one lot


def one_lot(figures, environments):
    say(f"Orders of one lot, {ROUNDS} in each database in turn")
    worlds = {}
    for name, env in environments.items():
        product = env["product.product"].create(
            {"name": "Kit", "is_storable": True, "tracking": "lot"})
        needs = env["product.product"].create([
            {"name": f"Component {number}", "is_storable": True, "tracking": "lot"}
            for number in range(4)])
        lots = env["stock.lot"].create([
            {"name": f"C-{need.id}", "product_id": need.id} for need in needs])
        put_in_stock(env, lots, 1_000_000)
        env.cr.commit()
        worlds[name] = (env, product, needs)
    whole, closing = {name: [] for name in worlds}, {name: [] for name in worlds}
    for number in range(ROUNDS + WARMING):
        for name in list(worlds)[::-1 if number % 2 else 1]:
            env, product, needs = worlds[name]
            env.invalidate_all()
            begun = support.timed(env.cr, lambda env=env, product=product, needs=needs: lot_order(
                env, product, needs))
            ended = support.timed(env.cr, lambda env=env, order=begun.result: finish(env, order))
            if number >= WARMING:
                closing[name].append(ended)
                whole[name].append(support.Work(begun.seconds + ended.seconds,
                                                begun.cpu + ended.cpu))
    for what, works in (("closing an order of one lot", closing),
                        ("the whole order of one lot", whole)):
        for name, whose in WORLDS.items():
            figures.add(f"{what}, {whose}", 1000 * support.median(
                work.seconds for work in works[name]), "ms")
        for name, other in (("base", "plain"), ("genealogy", "base"), ("genealogy", "plain"),
                            ("ours", "plain")):
            ratio = support.median(mine.seconds / theirs.seconds for mine, theirs in zip(
                works[name], works[other], strict=True))
            asked = ("at most 1.05", ratio <= 1.05) if name == "genealogy" else ()
            pair = f"{what}, {WORLDS[name]} / {WORLDS[other]}"
            figures.add(pair, ratio, "x", *asked)
            cpu = [sum(work.cpu for work in works[one]) for one in (name, other)]
            figures.add(f"{pair}, processor time", cpu[0] / cpu[1], "x")


def lot_order(env, product, needs):
    """Return a confirmed and reserved order of ten of one lot, ready to close."""
    order = make_order(env, product, 10, dict.fromkeys(needs, 10))
    order.lot_producing_ids = env["stock.lot"].create(
        {"name": order.name, "product_id": product.id})
    order.qty_producing = 10
    order.move_raw_ids.picked = True
    env.cr.commit()
    return order


def finish(env, order):
    """Close an order as a request of its own would: with a cold cache, and committed."""
    env.invalidate_all()
    order.button_mark_done()
    env.cr.commit()


# ---------------------------------------------------------------------------------- both


def make_order(env, product, quantity, needs):
    """Return a confirmed and reserved order.

    :param needs: ``{component: quantity}``
    """
    order = env["mrp.production"].create({
        "product_id": product.id, "product_qty": quantity,
        "move_raw_ids": [(0, 0, {"product_id": need.id, "product_uom_qty": much})
                         for need, much in needs.items()]})
    order.action_confirm()
    order.action_assign()
    return order


def put_in_stock(env, lots, quantity):
    """Put so much of each lot in stock, as quants alone: what it took is not measured here."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, quantity,
               reserved_quantity, in_date)
        SELECT product_id, %s, %s, id, %s, 0, now() AT TIME ZONE 'UTC' FROM stock_lot
         WHERE id = ANY(%s)
        """, [env.company.id, warehouse.lot_stock_id.id, quantity, lots.ids])
    env.invalidate_all()


support.main(bench)
