"""Back-fill of a history, forward and backward traces beside core's own, and a longer history.

MED_BENCH_BLOCKS=n makes the long history n years instead of ten.
"""

import os

import dataset
import support
from support import say

BLOCKS = int(os.environ.get("MED_BENCH_BLOCKS", "10"))
ROUNDS = 9
RESERVED = 97
"""Roots are taken so far apart, so that no two rounds ask for the same lot."""
ASKED = ["consignees", "events"]
"""Deliveries, with quantities and partners: what core's answer and more is compared with."""


def bench():
    figures = support.Figures("trace")
    with support.databases(year=support.template()):
        history = prepare(figures)
        forward_and_core(figures, history)
        with support.databases(decade=support.named("year")):
            longer(figures, history)
    figures.show()


# ---------------------------------------------------------------------------------- the history


def prepare(figures):
    """Make the history and back-fill its genealogy."""
    with support.open_database("year", user=1) as env:
        figures.about = support.server(env.cr)
        env.cr.execute("SELECT count(*), min(id) FROM stock_lot")
        lots, first = env.cr.fetchone()
        if lots:
            say("The history of an earlier run is used again; its back-fill is not measured")
            return dataset.Dataset(first)
        with support.step(f"Making {dataset.LINES:,} done move lines"):
            history = dataset.make(env)
    support.postgres.sql("VACUUM ANALYZE", database=support.named("year"))
    backfill(figures)
    support.postgres.sql("VACUUM ANALYZE", database=support.named("year"))
    return history


def backfill(figures):
    with support.open_database("year", user=1) as env, support.step("Back-filling the genealogy"):
        env["med.genealogy"]._sql_orders()
        support.reset_peak()
        before, _peak, backend_before = support.resident(env.cr)

        def run():
            env["med.genealogy"]._backfill()
            env.cr.commit()
        work = support.timed(env.cr, run)
        _after, peak, backend = support.resident(env.cr)
        env.cr.execute("SELECT count(*) FROM med_genealogy_line")
        [lines] = env.cr.fetchone()
        assert lines == dataset.LINES, lines
    figures.add("back-filled move lines", lines, "lines")
    figures.add("back-fill", work.seconds, "s", "at most 60", work.seconds <= 60)
    figures.add("back-fill, processor time", work.cpu, "s")
    figures.add("Odoo's memory, growth at its peak", peak - before, "MB", "flat",
                peak - before < 50)
    if backend:
        figures.add("PostgreSQL's process, growth", backend - backend_before, "MB")


# ---------------------------------------------------------------------------------- the traces


def forward_and_core(figures, history):
    say("A raw lot to its 1,200 deliveries, beside core")
    with support.open_database("year") as env:
        check(env, history)
        works = support.side_by_side(
            env.cr, ROUNDS,
            ours=lambda number: trace(env, history, number),
            asked=lambda number: trace(env, history, number, ASKED),
            scope=lambda number: fresh(env)["med.genealogy.walk"].sudo()._reachable(
                [history.raw(number * RESERVED)], True),
            core=lambda number: core(env, history, number),
            core_and_more=lambda number: core_with_quantities(env, history, number))
        seconds = {name: support.median(work.seconds for work in those)
                   for name, those in works.items()}
        cpu = {name: support.median(work.cpu for work in those) for name, those in works.items()}
        figures.add("core: deliveries alone", seconds["core"] * 1000, "ms")
        figures.add("core, then quantities and partners", seconds["core_and_more"] * 1000, "ms")
        figures.add("ours: the whole answer", seconds["ours"] * 1000, "ms")
        figures.add("ours: deliveries, consignees, quantities", seconds["asked"] * 1000, "ms")
        figures.add("ours: which lots alone", seconds["scope"] * 1000, "ms")
        ratio = ratios(works["core"], works["asked"])
        figures.add("core / ours, deliveries, consignees, quantities", ratio, "x", "at least 20",
                    ratio >= 20)
        figures.add("the same, processor time", cpu["core"] / cpu["asked"], "x")
        figures.add("core with quantities and partners / the same",
                    ratios(works["core_and_more"], works["asked"]), "x")
        figures.add("core / ours, whole answer", ratios(works["core"], works["ours"]), "x")
        figures.add("core / ours, which lots alone", ratios(works["core"], works["scope"]), "x")

        say("A finished lot back to its suppliers")
        works = support.side_by_side(env.cr, 5 * ROUNDS, back=lambda number: fresh(env)[
            "stock.lot"].browse(history.finished(number * 4321)).med_trace(direction="backward"))
        back = support.median(work.seconds for work in works["back"]) * 1000
        figures.add("backward trace of a finished lot", back, "ms", "at most 20", back <= 20)

        say("An answer of 100,000 edges")
        roots = env["stock.lot"].browse([history.raw(number) for number in range(80)])
        works = support.side_by_side(env.cr, 3, large=lambda number: roots.with_env(
            fresh(env)).med_trace(direction="forward"))
        large = works["large"][-1].result
        figures.add("edges of the large answer", len(large["edges"]), "edges")
        figures.add("lots of the large answer", len(large["lots"]), "lots")
        figures.add("events of the large answer", len(large["events"]), "events")
        took = support.median(work.seconds for work in works["large"])
        figures.add("the large answer", took, "s", "at most 2", took <= 2)


def check(env, history):
    """Both tell the same deliveries, before anything is timed."""
    lot = env["stock.lot"].browse(history.raw(0))
    theirs = lot._find_delivery_ids_by_lot_iterative()
    ours = lot.med_trace(direction="forward")
    mine = {event["res_id"] for event in ours["events"] if event["kind"] == "delivery"}
    assert mine == set(theirs[lot.id]) and len(mine) == 1200, (len(mine), len(theirs[lot.id]))
    assert len(ours["lots"]) == len(theirs) == 1261
    assert sum(row["shipped"] for row in ours["consignees"]) == 12_000
    asked = lot.med_trace(direction="forward", parts=ASKED)
    assert asked["consignees"] == ours["consignees"]
    assert mine == {event["res_id"] for event in asked["events"]}


def fresh(env):
    """Return the environment with nothing cached, as a request of its own finds it."""
    env.invalidate_all()
    return env


def trace(env, history, number, parts=()):
    return fresh(env)["stock.lot"].browse(history.raw(number * RESERVED)).med_trace(
        direction="forward", parts=parts)


def core(env, history, number):
    return fresh(env)["stock.lot"].browse(
        history.raw(number * RESERVED))._find_delivery_ids_by_lot_iterative()


def core_with_quantities(env, history, number):
    """Core's answer, and what else ours tells of the deliveries: lots, quantities, partners."""
    found = core(env, history, number)
    deliveries = env["stock.picking"].browse(found[history.raw(number * RESERVED)])
    return [(line.lot_id.name, line.quantity_product_uom, line.picking_id.partner_id.name)
            for line in deliveries.move_line_ids if line.lot_id.id in found]


def ratios(theirs, ours):
    """Return the median of the ratios of runs that stood side by side."""
    return support.median(one.seconds / other.seconds
                          for one, other in zip(theirs, ours, strict=True))


def longer(figures, history):
    """The same answer in a database that holds `BLOCKS` times the history."""
    with support.open_database("decade", user=1) as env:
        env.cr.execute("SELECT count(*) FROM med_genealogy_line")
        if env.cr.fetchone()[0] == dataset.LINES:
            with support.step(f"Making {BLOCKS} times the history"):
                dataset.grow(env, BLOCKS, say)
    support.postgres.sql("VACUUM ANALYZE", database=support.named("decade"))
    say("The same answer on the longer history")
    with support.open_database("year") as year, support.open_database("decade") as decade:
        decade.cr.execute("SELECT count(*) FROM med_genealogy_line")
        figures.add("genealogy lines of the longer history", decade.cr.fetchone()[0], "lines")
        assert trace(year, history, 1)["totals"] == trace(decade, history, 1)["totals"]
        works = support.side_by_side(
            decade.cr, 2 * ROUNDS, short=lambda number: trace(year, history, number),
            long=lambda number: trace(decade, history, number))
        ratio = ratios(works["long"], works["short"])
        figures.add("ten times the history / once" if BLOCKS == 10 else
                    f"{BLOCKS} times the history / once", ratio, "x", "at most 1.3", ratio <= 1.3)


support.main(bench)
