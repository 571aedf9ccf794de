"""Holds and gates: what they cost where stock moves, side by side with plain Odoo.

A transfer of 500 lots reserved and validated with and without our addons; a hold on 10,000 serials
reserved in 20 transfers, beside core's own removal of such lines, and beside the four statements of
bare SQL that change the same rows: what PostgreSQL, its checks and the audit trail take by
themselves. MED_BENCH_SERIALS=n makes another number of serials.
"""

import os

import support
from goods import delivery, stocked
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
    does = {"plain": lambda lots, lines: lines.unlink(), "floor": change_rows,
            "ours": lambda lots, lines: lots.env["med.hold"].sudo().place(
                lots=lots.ids, reason="Bench")}
    for name, env in (("plain", plain), ("floor", ours), ("ours", ours)):
        product, lots, places = stocked(env, SERIALS, "serial", env is ours, TRANSFERS)
        for place in places:
            delivery(env, product, SERIALS // TRANSFERS, place).action_assign()
            env.cr.commit()
        lines = env["stock.move.line"].search([("lot_id", "in", lots.ids)])
        assert len(lines) == SERIALS, len(lines)
        env.invalidate_all()

        def run(env=env, name=name, lines=lines, lots=lots):
            does[name](lots, lines)
            env.cr.commit()
        work[name] = support.timed(env.cr, run)
        env.cr.execute("SELECT sum(reserved_quantity) FROM stock_quant WHERE lot_id = ANY(%s)",
                       [lots.ids])
        assert not env.cr.fetchone()[0] and not lines.exists()
    seconds = work["ours"].seconds
    figures.add(f"hold on {SERIALS:,} serials, with unreserving", seconds, "s", "at most 5",
                seconds <= 5)
    figures.add("core's removal of such lines", work["plain"].seconds, "s")
    ratio = work["plain"].seconds / seconds
    figures.add("core's removal / our hold", ratio, "x", "at least 20", ratio >= 20)
    figures.add("the same rows by bare SQL", work["floor"].seconds, "s")
    figures.add("core's removal / bare SQL", work["plain"].seconds / work["floor"].seconds, "x")


def change_rows(lots, lines):
    """Change the rows that a hold changes, and nothing else."""
    env = lots.env
    hold = env["med.hold"].sudo().create({"reason": "Bench", "lot_count": len(lots)})
    env.flush_all()
    for statement in (
            "DELETE FROM stock_move_line WHERE id = ANY(%(lines)s)",
            "INSERT INTO med_hold_line (hold_id, lot_id, open, create_uid, create_date, write_uid, "
            "write_date) SELECT %(hold)s, id, true, 1, now(), 1, now() FROM stock_lot "
            "WHERE id = ANY(%(lots)s)",
            "UPDATE stock_lot SET med_hold_count = 1 WHERE id = ANY(%(lots)s)",
            "UPDATE stock_quant SET reserved_quantity = 0 WHERE lot_id = ANY(%(lots)s) "
            "AND reserved_quantity > 0"):
        env.cr.execute(statement, {"lines": lines.ids, "lots": lots.ids, "hold": hold.id})


support.main(bench)
