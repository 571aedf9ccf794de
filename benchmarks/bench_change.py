"""Where-used of a raw material in 1,000 bills of materials, beside core's search level by level."""

import support
from odoo.fields import Command
from support import say

BOMS, ROUNDS = 1000, 5


def bench():
    figures = support.Figures("change")
    with support.databases(change=support.template()), \
            support.open_database("change", 1) as env:
        figures.about = support.server(env.cr)
        steel = made(env)
        ours = env["med.change"].where_used(products=steel.ids)
        mine = {row["id"] for row in ours["rows"] if row["kind"] == "bom"}
        assert mine == set(core(env, steel)) and len(mine) == 2 * BOMS, len(mine)
        works = support.side_by_side(
            env.cr, ROUNDS,
            ours=lambda _number: fresh(env)["med.change"].where_used(products=steel.ids),
            boms=lambda _number: fresh(env)["med.change"]._med_uses(
                steel.ids, tuple(env.companies.ids), 30),
            core=lambda _number: core(fresh(env), steel))
        seconds = {name: support.median(work.seconds for work in those)
                   for name, those in works.items()}
        figures.add("bills of materials found", len(mine), "BoMs")
        figures.add("rows of the whole answer", len(ours["rows"]), "rows")
        figures.add("whole answer: all kinds, named", seconds["ours"], "s", "at most 1",
                    seconds["ours"] <= 1)
        figures.add("bills of materials and products alone", seconds["boms"] * 1000, "ms")
        figures.add("core: bills of materials alone, level by level", seconds["core"] * 1000, "ms")
        figures.add("core / ours, bills of materials alone", seconds["core"] / seconds["boms"],
                    "x")
    figures.show()


def made(env):
    """Return a material used in 1,000 products, each of them used in one more."""
    say(f"Making {2 * BOMS:,} bills of materials")
    steel = env["product.product"].create({"name": "Bench steel", "is_storable": True})
    parts = env["product.product"].create([
        {"name": f"Bench part {number}", "is_storable": True} for number in range(BOMS)])
    goods = env["product.product"].create([
        {"name": f"Bench device {number}", "is_storable": True} for number in range(BOMS)])
    for products, lines in ((parts, [steel] * BOMS), (goods, parts)):
        env["mrp.bom"].create([{
            "product_tmpl_id": product.product_tmpl_id.id,
            "bom_line_ids": [Command.create({"product_id": line.id, "product_qty": 1})]}
            for product, line in zip(products, lines, strict=True)])
    env.cr.commit()
    return steel


def fresh(env):
    """Return the environment with nothing cached, as a request of its own finds it."""
    env.invalidate_all()
    return env


def core(env, steel):
    """Return the ids of what core's own records say, one search a product, as its report does."""
    found, level = {}, steel
    while level:
        above = env["product.product"]
        for product in level:
            boms = env["mrp.bom.line"].search([("product_id", "=", product.id)]).bom_id
            for bom in boms:
                if bom.active and bom.id not in found:
                    found[bom.id] = bom
                    above |= bom.product_id or bom.product_tmpl_id.product_variant_ids
        level = above
    return list(found)


support.main(bench)
