"""Processors: the statement of a year, set-based, beside the way that reads it line by line.

10,000 lots were sent to one processor within a year, each used in part, scrapped in part, returned
in part; the rest is there. MED_BENCH_LOTS=n makes another number.
"""

import os
from collections import defaultdict
from decimal import Decimal

import support
from support import say

LOTS, ROUNDS = int(os.environ.get("MED_BENCH_LOTS", "10000")), 3


def bench():
    figures = support.Figures("outsourcing")
    with support.databases(outsourcing=support.template()):
        with support.open_database("outsourcing", user=1) as env:
            figures.about = support.server(env.cr)
            with support.step(f"{LOTS:,} lots at a processor, {4 * LOTS:,} posted lines"):
                processor = prepare(env)
        support.postgres.sql("VACUUM ANALYZE", database=support.named("outsourcing"))
        with support.open_database("outsourcing", user=1) as env:
            measure(figures, env, env["med.processor"].browse(processor))
    figures.show()


def prepare(env):
    """Write the history into core's own tables, as core leaves it; return the processor."""
    processor, place = processor_with_place(env)
    warehouse = env["stock.warehouse"].search([], limit=1)
    product = env["product.product"].create(
        {"name": "Bench part", "is_storable": True, "tracking": "lot"})
    env.flush_all()
    cr, told = env.cr, {
        "product": product.id, "unit": product.uom_id.id, "company": processor.company_id.id,
        "stock": warehouse.lot_stock_id.id, "place": place.id, "lots": LOTS,
        "production": product.property_stock_production.id,
        "scrap": env["stock.location"].search([("usage", "=", "inventory")], limit=1).id}
    cr.execute("""
        INSERT INTO stock_lot (name, product_id, company_id, create_date)
        SELECT 'BO-' || n, %(product)s, %(company)s, '2025-01-01'
          FROM generate_series(1, %(lots)s) n""", told)
    cr.execute("""
        INSERT INTO stock_move (company_id, date, location_id, location_dest_id, procure_method,
                                product_id, product_uom, product_uom_qty, quantity, state, picked,
                                raw_material_production_id, reference)
        SELECT %(company)s, '2025-01-01', source, target, 'make_to_stock', %(product)s, %(unit)s,
               100, 100, 'done', true, NULL, name
          FROM (VALUES ('bench sent', %(stock)s, %(place)s), ('bench used', %(place)s,
                %(production)s), ('bench scrapped', %(place)s, %(scrap)s),
                ('bench returned', %(place)s, %(stock)s)) AS kinds (name, source, target)
    """, told)
    cr.execute("""
        INSERT INTO stock_move_line (company_id, date, location_id, location_dest_id,
                                     product_id, product_uom_id, quantity, quantity_product_uom,
                                     lot_id, move_id, state, picked)
        SELECT %(company)s, timestamp '2025-01-02' + (l.id %% 360) * interval '1 day'
               + k.later * interval '1 hour',
               m.location_id, m.location_dest_id, %(product)s, %(unit)s, k.quantity, k.quantity,
               l.id, m.id, 'done', true
          FROM stock_lot l
         CROSS JOIN (VALUES ('bench sent', 0, 100.0), ('bench used', 5, 60.0),
               ('bench scrapped', 6, 3.0), ('bench returned', 9, 30.0)) AS k (name, later, quantity)
          JOIN stock_move m ON m.reference = k.name
         WHERE l.product_id = %(product)s""", told)
    cr.execute("""
        INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, quantity,
                                 reserved_quantity, in_date)
        SELECT %(product)s, %(company)s, %(place)s, id, 7, 0, '2025-01-02'
          FROM stock_lot WHERE product_id = %(product)s""", told)
    cr.commit()
    return processor.id


def processor_with_place(env):
    """Return an approved processor's file and its place; nobody measures how it was approved."""
    company = env.company
    place = env["stock.location"].create({
        "name": "Bench works", "usage": "internal",
        "location_id": company.subcontracting_location_id.id})
    processor = env["med.processor"].create({
        "partner_id": env["res.partner"].create({"name": "Bench works", "is_company": True}).id})
    env.flush_all()
    env.cr.execute("UPDATE med_processor SET location_id = %s, state = 'approved' WHERE id = %s",
                   [place.id, processor.id])
    env.invalidate_all()
    return processor, place


def ours(env, processor, number):
    """Compute and write down the statement of the year."""
    statement = env["med.outsourcing.statement"].create({
        "processor_id": processor.id, "period": "year", "date_from": "2025-01-01"})
    env.flush_all()
    return statement


def plain(env, processor):
    """Read every line that came or left through the ORM, and add it up; nothing is kept."""
    env.invalidate_all()
    place, sums = processor.location_id, defaultdict(lambda: defaultdict(Decimal))
    domain = [("state", "=", "done"), ("date", ">=", "2025-01-01"), ("date", "<", "2026-01-01")]
    Line = env["stock.move.line"]
    for line in Line.search([*domain, ("location_dest_id", "child_of", place.id)]):
        column = "made" if line.move_id.production_id else "sent"
        sums[line.lot_id.id][column] += Decimal(str(line.quantity_product_uom))
    for line in Line.search([*domain, ("location_id", "child_of", place.id)]):
        target, move = line.location_dest_id, line.move_id
        if move.scrap_id or target.usage == "inventory":
            column = "scrapped"
        elif move.raw_material_production_id or target.usage == "production":
            column = "used"
        else:
            column = "returned"
        sums[line.lot_id.id][column] += Decimal(str(line.quantity_product_uom))
    for quant in env["stock.quant"].search([("location_id", "child_of", place.id)]):
        sums[quant.lot_id.id]["there"] += Decimal(str(quant.quantity))
    return {lot: dict(row) for lot, row in sums.items()}


def measure(figures, env, processor):
    say("The statement of the year, and the same sums read by the ORM")
    kept, theirs = ours(env, processor, 0), plain(env, processor)
    assert kept.line_count == len(theirs) == LOTS, (kept.line_count, len(theirs))
    assert not kept.difference_count
    line = kept.line_ids[0]
    assert (line.sent, line.returned, line.closing) == (100, 30, 7), line.read()
    assert theirs[line.lot_id.id]["returned"] == 30
    env.cr.rollback()

    def statement(number):
        made = ours(env, processor, number).id
        env.cr.rollback()
        return made
    works = support.side_by_side(
        env.cr, ROUNDS, ours=statement, plain=lambda _number: plain(env, processor),
        sums=lambda number: env["med.outsourcing.statement"].new({
            "processor_id": processor.id, "company_id": processor.company_id.id,
            "date_from": "2025-01-01", "date_to": "2025-12-31"})._med_sums())
    seconds = {name: support.median(work.seconds for work in those)
               for name, those in works.items()}
    figures.add("lots of the year's statement", LOTS, "lots")
    figures.add("statement computed, written down and audited", seconds["ours"], "s",
                "at most 5", seconds["ours"] <= 5)
    figures.add("of that, the sums alone", seconds["sums"], "s")
    figures.add("line by line through the ORM, nothing written", seconds["plain"], "s")
    figures.add("through the ORM / the sums alone", support.median(
        one.seconds / other.seconds for one, other in zip(
            works["plain"], works["sums"], strict=True)), "x")


support.main(bench)
