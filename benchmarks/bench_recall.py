"""Recall: a scope found, shown, held and frozen, beside plain Odoo's way to the same answer.

On the history of `dataset.py`: the preview of one raw lot, and of 100,000 units; and 10,000 serials
found, held and unreserved by one call, then frozen. MED_BENCH_SERIALS=n makes another number.
"""

import os

import dataset
import support
from goods import delivery, stocked
from odoo.fields import Command
from support import say

ROUNDS, RESERVED, UNITS = 9, 97, 100_000
SERIALS, TRANSFERS = int(os.environ.get("MED_BENCH_SERIALS", "10000")), 20


def bench():
    figures = support.Figures("recall")
    with support.databases(recall=support.template()):
        history = prepare(figures)
        with support.open_database("recall") as env:
            one_lot(figures, env, history)
            many(figures, env, history)
            stop(figures, env)
    figures.show()


def prepare(figures):
    with support.open_database("recall", user=1) as env:
        figures.about = support.server(env.cr)
        with support.step(f"Making {dataset.LINES:,} done move lines"):
            history = dataset.make(env)
    support.postgres.sql("VACUUM ANALYZE", database=support.named("recall"))
    with support.open_database("recall", user=1) as env, support.step("Back-filling the genealogy"):
        env["med.genealogy"]._backfill()
        for role in ("regulatory", "warehouse"):  # who looks, and who delivers
            env.ref("base.user_admin").group_ids += env.ref(f"med_base.med_base_group_{role}")
        env.cr.commit()
    support.postgres.sql("VACUUM ANALYZE", database=support.named("recall"))
    return history


def preview(env, roots):
    env.invalidate_all()
    return env["med.recall"].preview([{"lot_ids": roots}])


def plain(env, root):
    """Walk with core's own method, then read quantities and partners of what it found."""
    env.invalidate_all()
    found = env["stock.lot"].browse(root)._find_delivery_ids_by_lot_iterative()
    sums = {}
    for line in env["stock.picking"].browse(found[root]).move_line_ids:
        if line.lot_id.id in found:
            key = line.picking_id.partner_id.name, line.lot_id.name
            sums[key] = sums.get(key, 0.0) + line.quantity_product_uom
    return sums


def one_lot(figures, env, history):
    say("A raw lot that went to 1,200 deliveries")
    ours, theirs = preview(env, [history.raw(0)]), plain(env, history.raw(0))
    assert ours["totals"]["lots"] == 1261, ours["totals"]
    assert sum(row["shipped"] for one in ours["consignees"] for row in one["products"]) == sum(
        theirs.values()) == 12_000
    works = support.side_by_side(
        env.cr, ROUNDS, ours=lambda number: preview(env, [history.raw(number * RESERVED)]),
        plain=lambda number: plain(env, history.raw(number * RESERVED)))
    seconds = {name: support.median(work.seconds for work in those)
               for name, those in works.items()}
    figures.add("consignees of the raw lot", ours["totals"]["consignees"], "")
    figures.add("preview of a raw lot", seconds["ours"] * 1000, "ms", "at most 300",
                seconds["ours"] <= 0.3)
    figures.add("plain Odoo: lots and consignees alone", seconds["plain"] * 1000, "ms")
    figures.add("plain Odoo / preview", support.median(
        one.seconds / other.seconds for one, other in zip(
            works["plain"], works["ours"], strict=True)), "x")


def many(figures, env, history):
    say(f"A scope of {UNITS:,} units")
    roots = [history.raw(number) for number in range(120)]
    works = support.side_by_side(env.cr, 3, ours=lambda _number: preview(env, roots))
    took = support.median(work.seconds for work in works["ours"])
    totals = works["ours"][-1].result["totals"]
    assert totals["lots"] >= UNITS, totals
    figures.add("lots of the large scope", totals["lots"], "lots")
    figures.add("preview of the large scope", took, "s", "at most 5", took <= 5)


def stop(figures, env):
    say(f"{SERIALS:,} serials reserved in {TRANSFERS} transfers")
    product, lots, places = stocked(env, SERIALS, "serial", True, TRANSFERS)
    for place in places:
        delivery(env, product, SERIALS // TRANSFERS, place).action_assign()
        env.cr.commit()
    recall = env["med.recall"].sudo().create({
        "summary": "Bench", "criterion_ids": [Command.create({
            "product_id": product.id, "serial_from": lots[0].name, "serial_to": lots[-1].name})]})
    env.cr.commit()
    env.invalidate_all()

    def draw():
        told = recall.draw()
        env.cr.commit()
        return told

    def freeze():
        recall._med_check_decide()
        recall.scope_id._med_freeze()
        env.cr.commit()
    drawn = support.timed(env.cr, draw)
    told = drawn.result
    assert (told["held"], told["unreserved"]) == (SERIALS, SERIALS), told
    env.invalidate_all()
    frozen = support.timed(env.cr, freeze)
    figures.add(f"find, write down, hold and unreserve {SERIALS:,} serials", drawn.seconds, "s")
    figures.add("find again and freeze them at the decision", frozen.seconds, "s")
    both = drawn.seconds + frozen.seconds
    figures.add("both", both, "s", "at most 10", both <= 10)


support.main(bench)
