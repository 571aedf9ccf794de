"""What the audit trail costs a writer, side by side with no trail and with OCA's auditlog.

Four databases: our addons with capture taken off three tables, the same with capture, and the same
without capture but with a rule of OCA auditlog, fast (no old values) and full.
MED_BENCH_ROWS=n writes another number of single rows a round.
"""

import functools
import multiprocessing
import os
import time

import support
from support import say

ROWS = int(os.environ.get("MED_BENCH_ROWS", "40"))
ROUNDS, IMPORTED = 12, 10_000
WRITERS, SECONDS, TURNS = 8, 3, 12
MODELS = ("res.partner", "stock.lot", "mrp.production")
TABLES = tuple(model.replace(".", "_") for model in MODELS)
KINDS = {"none": "no trail", "ours": "med_audit", "fast": "auditlog fast", "full": "auditlog full"}


def bench():
    figures = support.Figures("audit")
    with support.databases(**dict.fromkeys(KINDS, support.template())):
        for kind in ("fast", "full"):
            support.install(kind, "auditlog")
        worlds = {kind: prepare(kind) for kind in KINDS}
        with support.open_database("none") as env:
            figures.about = support.server(env.cr)
        for model, field in (("res.partner", "ref"), ("stock.lot", "ref"),
                             ("mrp.production", "origin")):
            single_rows(figures, worlds, model, field)
        bulk(figures)
        parallel(figures)
    figures.show()


def prepare(kind):
    """Set up one database; return ``{model: values of a new record}`` and records to write on."""
    with support.open_database(kind) as env:
        if kind != "ours":  # without its policy, or each process would put the triggers on again
            env.cr.execute("DELETE FROM med_audit_policy WHERE model = ANY(%s)", [list(MODELS)])
            env["med.audit.policy"].sudo()._apply(complete=True)
        else:
            env.cr.execute("SELECT tbl FROM med_audit.target WHERE tbl = ANY(%s)", [list(TABLES)])
            assert env.cr.rowcount == len(TABLES), env.cr.fetchall()
        if kind in ("fast", "full"):
            for model in MODELS:
                env["auditlog.rule"].create({
                    "name": model, "model_id": env["ir.model"]._get_id(model), "log_type": kind,
                    "log_create": True, "log_write": True, "log_unlink": False,
                    "log_read": False}).set_to_confirmed()
        product = env["product.product"].create(
            {"name": "Kit", "is_storable": True, "tracking": "lot"})
        values = {
            "res.partner": {"name": "A clinic", "street": "Street 1", "city": "City",
                            "email": "clinic@test.example", "phone": "+86 10 5555 0000"},
            "stock.lot": {"product_id": product.id},
            "mrp.production": {"product_id": product.id, "product_qty": 10},
        }
        records = {model: env[model].create([
            vals | ({"name": f"W-{number}"} if model != "mrp.production" else {})
            for number in range(ROWS)]).ids for model, vals in values.items()}
        env.cr.commit()
        return values, records


def single_rows(figures, worlds, model, field):
    say(f"{model}: {ROWS} single creates and writes, {ROUNDS} rounds in turn")
    what = {"write": write_rows, "create": create_rows}
    taken = {name: {kind: [] for kind in KINDS} for name in what}
    for number in range(ROUNDS + 1):
        for kind in sorted(KINDS, reverse=bool(number % 2)):
            values, records = worlds[kind]
            with support.open_database(kind) as env:
                for name, function in what.items():
                    work = support.timed(env.cr, functools.partial(
                        function, env, model, field, values[model], records[model], number))
                    if number:
                        taken[name][kind].append(work.seconds / ROWS * 1000)
                env.cr.rollback()
    for name in what:
        told = f"{model}, one {name}"
        for kind in KINDS:
            figures.add(f"{told}, {KINDS[kind]}", support.median(taken[name][kind]), "ms")
        for kind in ("ours", "fast", "full"):
            ratio = support.median(mine / plain for mine, plain in zip(
                taken[name][kind], taken[name]["none"], strict=True))
            asked = ("at most 1.2", ratio <= 1.2) if kind == "ours" else ()
            figures.add(f"{told}, {KINDS[kind]} / no trail", ratio, "x", *asked)
        if name == "write":  # one row; a create writes several
            more = support.median(mine - plain for mine, plain in zip(
                taken[name]["ours"], taken[name]["none"], strict=True))
            figures.add(f"{told}, what our trail adds", more, "ms", "at most 0.2", more <= 0.2)


def write_rows(env, model, field, _values, ids, number):
    for record in env[model].browse(ids):
        record.write({field: f"R{number}"})
        env.flush_all()


def create_rows(env, model, _field, values, _ids, number):
    for row in range(ROWS):
        name = {} if model == "mrp.production" else {"name": f"C-{number}-{row}"}
        env[model].create(values | name)
        env.flush_all()


def bulk(figures):
    say(f"Importing {IMPORTED:,} partners")
    rows = [[f"Import {row}", f"import{row}@test.example", "Street", "City"]
            for row in range(IMPORTED)]
    taken = {"none": [], "ours": []}
    for number in range(3):
        for kind in sorted(taken, reverse=bool(number % 2)):
            with support.open_database(kind) as env:
                taken[kind].append(support.timed(env.cr, lambda env=env: env["res.partner"].load(
                    ["name", "email", "street", "city"], rows)))
                assert not taken[kind][-1].result["messages"]
                env.flush_all()
                env.cr.rollback()
    ratio = support.median(mine.seconds / plain.seconds
                           for mine, plain in zip(taken["ours"], taken["none"], strict=True))
    figures.add(f"import of {IMPORTED:,} partners, no trail",
                support.median(work.seconds for work in taken["none"]), "s")
    figures.add(f"import of {IMPORTED:,} partners, med_audit / no trail", ratio, "x",
                "at most 1.25", ratio <= 1.25)


def parallel(figures):
    say(f"{WRITERS} parallel writers, {SECONDS} s in each of two databases in turn, {TURNS} times")
    context = multiprocessing.get_context("spawn")
    with context.Pool(WRITERS, meet, [context.Barrier(WRITERS)]) as pool:
        done = pool.starmap(writer, [(who,) for who in range(WRITERS)], chunksize=1)
    rates = {kind: [sum(turns) / SECONDS for turns in zip(
        *(rows[kind] for rows, _refused in done), strict=True)] for kind in ("none", "ours")}
    ratio = support.median(mine / plain
                           for mine, plain in zip(rates["ours"], rates["none"], strict=True))
    figures.add(f"{WRITERS} writers, no trail", support.median(rates["none"]), "rows/s")
    figures.add(f"{WRITERS} writers, med_audit", support.median(rates["ours"]), "rows/s")
    figures.add(f"{WRITERS} writers, med_audit / no trail", ratio, "x", "at least 0.9",
                ratio >= 0.9)
    failures = sum(refused for _rows, refused in done)
    figures.add(f"{WRITERS} writers, serialisation failures", failures, "", "0", not failures)


def meet(barrier):
    """Give a writer's process what it waits for the others with."""
    writer.barrier = barrier


def writer(who):
    """Write single rows, each in a transaction of its own, in both databases in turn.

    :return: ({kind: [rows written in each turn]}, transactions refused by PostgreSQL)
    """
    import psycopg2
    rows, refused = {"none": [], "ours": []}, 0
    with support.open_database("none") as none, support.open_database("ours") as ours:
        partners = {}
        for kind, env in (("none", none), ("ours", ours)):
            partners[kind] = env["res.partner"].create({"name": f"Writer {who}"})
            env.cr.commit()
        for turn in range(TURNS + 1):
            for kind in sorted(rows, reverse=bool(turn % 2)):
                partner, written = partners[kind], 0
                writer.barrier.wait()
                until = time.monotonic() + SECONDS
                while time.monotonic() < until:
                    try:
                        partner.write({"ref": f"R{turn}-{written}"})
                        partner.env.cr.commit()
                        written += 1
                    except psycopg2.OperationalError:
                        partner.env.cr.rollback()
                        refused += 1
                if turn:
                    rows[kind].append(written)
        for partner in partners.values():
            partner.unlink()
            partner.env.cr.commit()
    return rows, refused


if __name__ == "__main__":
    support.main(bench)
