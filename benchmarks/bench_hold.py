"""Holds and gates: what they cost where stock moves, side by side with plain Odoo.

A transfer of 500 lots reserved and validated with and without our addons; a hold on 10,000 serials
reserved in 20 transfers, beside core's own removal of such lines. MED_BENCH_SERIALS=n makes another
number of serials.
"""

import os

import support
from odoo.fields import Command
from support import say

LOTS, SERIALS, TRANSFERS, ROUNDS = 500, int(os.environ.get("MED_BENCH_SERIALS", "10000")), 20, 5


def bench():
    figures = support.Figures("hold")
    with support.databases(plain=support.plain_template(), ours=support.template()), \
            support.open_database("plain") as plain, support.open_database("ours") as ours:
        figures.about = support.server(ours.cr)
        transfers(figures, plain, ours)
        hold(figures, plain, ours)
    figures.show()


def stocked(env, count, tracking, controlled, shelves=1):
    """Return lots of a new product, each in stock; released where they are controlled.

    :param shelves: how many places below the stock they are spread over, evenly
    """
    product = env["product.product"].create({
        "name": f"Bench {tracking}", "is_storable": True, "tracking": tracking,
        **({"med_controlled": True} if controlled else {})})
    lots = env["stock.lot"].create([
        {"name": f"{product.id}-{number:06}", "product_id": product.id} for number in range(count)])
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    places = env["stock.location"].create([
        {"name": f"Shelf {number}", "location_id": stock.id} for number in range(shelves)])
    env["stock.quant"].sudo().create([{
        "product_id": product.id, "location_id": places[number * shelves // count].id,
        "lot_id": lot.id, "quantity": 1, "in_date": "2026-01-01"}
        for number, lot in enumerate(lots)])
    if controlled:
        lots._med_set_status("released")
    env.cr.commit()
    return product, lots, places


def delivery(env, product, quantity, place):
    """Return a confirmed delivery, not reserved."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    warehouse.out_type_id.reservation_method = "manual"
    picking = env["stock.picking"].create({
        "picking_type_id": warehouse.out_type_id.id, "location_id": place.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
        "move_ids": [Command.create({
            "product_id": product.id, "product_uom_qty": quantity,
            "location_id": place.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id})]})
    picking.action_confirm()
    env.cr.commit()
    return picking


def transfers(figures, plain, ours):
    """With everything installed: the same goods marked as controlled, gates closed, and not."""
    say(f"A transfer of {LOTS} lots, {ROUNDS} rounds in turn")
    ours.company.med_gate_mode = "enforce"
    ours.cr.commit()
    took = {"plain": [], "not controlled": [], "controlled": []}
    for _round in range(ROUNDS):
        for name, env, controlled in (("plain", plain, False), ("not controlled", ours, False),
                                      ("controlled", ours, True)):
            product, _lots, places = stocked(env, LOTS, "lot", controlled)
            picking = delivery(env, product, LOTS, places)
            env.invalidate_all()

            def run(env=env, picking=picking):
                picking.action_assign()
                picking.move_ids.picked = True
                picking.button_validate()
                env.cr.commit()
            took[name].append(support.timed(env.cr, run))
            assert picking.state == "done", picking.state
    middle = {name: support.median(work.seconds for work in works) for name, works in took.items()}
    for name, seconds in middle.items():
        figures.add(f"reserve and validate {LOTS} lots, {name}", seconds, "s")
    figures.add("controlled behind closed gates / not controlled, by the clock",
                middle["controlled"] / middle["not controlled"], "x")
    ratio = support.median(mine.cpu / theirs.cpu for mine, theirs in zip(
        took["controlled"], took["not controlled"], strict=True))
    figures.add("controlled behind closed gates / not controlled, processor time", ratio, "x",
                "at most 1.05", ratio <= 1.05)
    figures.add("all our addons / plain Odoo", middle["controlled"] / middle["plain"], "x")


def hold(figures, plain, ours):
    say(f"A hold on {SERIALS:,} serials reserved in {TRANSFERS} transfers")
    work = {}
    for name, env in (("plain", plain), ("ours", ours)):
        product, lots, places = stocked(env, SERIALS, "serial", name == "ours", TRANSFERS)
        for place in places:
            delivery(env, product, SERIALS // TRANSFERS, place).action_assign()
            env.cr.commit()
        lines = env["stock.move.line"].search([("lot_id", "in", lots.ids)])
        assert len(lines) == SERIALS, len(lines)
        env.invalidate_all()

        def run(env=env, name=name, lines=lines, lots=lots):
            if name == "ours":
                env["med.hold"].sudo().place(lots=lots.ids, reason="Bench")
            else:
                lines.unlink()
            env.cr.commit()
        work[name] = support.timed(env.cr, run)
    seconds = work["ours"].seconds
    figures.add(f"hold on {SERIALS:,} serials, with unreserving", seconds, "s", "at most 5",
                seconds <= 5)
    figures.add("core's removal of such lines", work["plain"].seconds, "s")
    ratio = work["plain"].seconds / seconds
    figures.add("core's removal / our hold", ratio, "x", "at least 20", ratio >= 20)


support.main(bench)
