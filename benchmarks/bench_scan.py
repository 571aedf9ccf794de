"""Scanning into a receipt: what one scan costs on the server, beside core's own line made by hand.

Receipts of 100 and of 500 lines; every scan is a transaction of its own with cold caches, as a
request is: label read, line booked, everything computed and committed. MED_BENCH_SCANS=n makes
another number of scans.
"""

import os
import statistics
import time

import support
from odoo.fields import Command
from support import say

SCANS, LIMIT = int(os.environ.get("MED_BENCH_SCANS", "40")), 300


def bench():
    figures = support.Figures("scan")
    with support.databases(scan=support.template()), support.open_database("scan") as env:
        figures.about = support.server(env.cr)
        for lines in (100, 500):
            measure(env, lines, figures)
    figures.show()


def measure(env, lines, figures):
    """Scan lots into one receipt of so many lines, with and without a discrepancy."""
    from odoo.addons.med_traceability.tools.udi import UdiError, build, check_di
    say(f"A receipt of {lines} lines, {SCANS} scans")
    products = env["product.product"].create([{
        "name": f"Bench scan {number}", "is_storable": True, "tracking": "lot",
        "med_controlled": True} for number in range(lines)])

    def gtin(number):
        for check in "0123456789":
            try:
                return check_di("gs1", f"0{number:012}{check}")
            except UdiError:
                continue
        raise AssertionError(number)

    numbers = [gtin(product.id) for product in products[:SCANS]]
    env["med.udi.di"].sudo().create([
        {"issuer": "gs1", "name": number, "product_id": product.id, "state": "active"}
        for number, product in zip(numbers, products, strict=False)])
    receipt = new_receipt(env, products)
    codes = {
        "one scan, new line": [build("gs1", [("01", number), ("17", "391231"), ("10", "A")])
                               for number in numbers],
        "one scan, lot known": [build("gs1", [("01", number), ("17", "391231"), ("10", "A")])
                                for number in numbers],
        "one scan, with a discrepancy": [
            build("gs1", [("01", number), ("17", "200131"), ("10", "B")]) for number in numbers],
    }
    for what, labels in codes.items():
        report(figures, f"{what}, {lines} lines", [
            took(env, lambda label=label: receipt.med_scan(code=label)) for label in labels], True)
    plain = new_receipt(env, products)
    report(figures, f"core, a line by hand, {lines} lines", [
        took(env, lambda move=move: move.env["stock.move.line"].create({
            "move_id": move.id, "picking_id": plain.id, "product_id": move.product_id.id,
            "quantity": 1, "lot_name": "A", "picked": True, "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id}))
        for move in plain.move_ids[:SCANS]], False)


def new_receipt(env, products):
    warehouse = env["stock.warehouse"].search([], limit=1)
    places = {"location_id": env.ref("stock.stock_location_suppliers").id,
              "location_dest_id": warehouse.lot_stock_id.id}
    receipt = env["stock.picking"].create({
        "picking_type_id": warehouse.in_type_id.id, **places,
        "partner_id": env["res.partner"].create({"name": "Bench supplier"}).id,
        "move_ids": [Command.create({
            "product_id": product.id, "product_uom_qty": 10, **places}) for product in products]})
    receipt.action_confirm()
    env.cr.commit()
    return receipt


def took(env, function):
    """Return the milliseconds of one transaction with cold caches."""
    env.invalidate_all()
    start = time.perf_counter()
    function()
    env.flush_all()
    env.cr.commit()
    return (time.perf_counter() - start) * 1000


def report(figures, what, times, asked):
    times.sort()
    high = times[int(len(times) * 0.95) - 1]
    figures.add(f"{what}, median", statistics.median(times), "ms")
    figures.add(f"{what}, 95 of 100", high, "ms", *(
        (f"at most {LIMIT}", high <= LIMIT) if asked else ()))


support.main(bench)
