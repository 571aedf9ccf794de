"""A delivery of needles is inspected by a plan of GB/T 2828.1, and rejected."""

import random

from odoo.fields import Command

NEEDLES, BAD, LOT = 1200, 2, "NDL-0652"


def inspect_needles(env, users, sign, report):
    """Receive needles, draw and measure the sample, reject the lot.

    :param users: login → user; the inspector may sign ``performed`` and ``rejected``
    :param sign: called with a record, a login and a meaning
    :return: what the report tells: ``{"text", "lots": [{"id", "name", "product"}]}``
    """
    needle = env["product.product"].search(
        [("name", "=like", "Introducer needle%"), ("med_controlled", "=", True)], limit=1)
    plan = env["med.inspection.plan"].create({
        "name": "Introducer needle, incoming", "stage": "incoming",
        "company_id": users["qa"].company_id.id,
        "product_tmpl_ids": [Command.set(needle.product_tmpl_id.ids)],
        "class_ids": [Command.create({
            "defect_class": "major", "method": "aql", "standard": "gb_t_2828_1_2012",
            "level": "II", "aql": "0.65"})],
        "characteristic_ids": [Command.create({
            "key": "od", "name": "Outer diameter", "kind": "measured", "nominal": "1.27",
            "lower": "1.25", "upper": "1.29", "decimals": "2", "gauge_kind": "Micrometer",
            "uom_id": env["med.measure.unit"].search([("code", "=", "mm")]).id})]})
    sign(plan, "qa", "approved")

    lot = _received(env(user=users["warehouse"]), needle)
    inspection = env["med.inspection"].with_user(users["inspector"]).search(
        [("lot_ids", "in", lot.ids)])
    units, chance = inspection.sample_ids.mapped("unit"), random.Random(1200)
    wide = set(chance.sample(units, BAD))
    told = inspection.enter(values=[{
        "characteristic": "od", "unit": unit, "gauge": "MIC-07",
        "value": "1.31" if unit in wide else f"{1.27 + chance.choice((-.01, 0, .01)):.2f}"}
        for unit in units])["verdict"]["classes"][0]
    inspection.conclusion = "Too wide for the sheath"
    sign(inspection, "inspector", "rejected")
    record = env["med.nonconformity"].with_user(users["qa"]).search(
        [("source_model", "=", inspection._name), ("source_id", "=", inspection.id)])
    sisters = record.propose()["proposed"]
    report(f"{inspection.name}: {len(units)} of {NEEDLES} needles measured, lot rejected and held")
    return {
        "text": f"{NEEDLES:,} needles, GB/T 2828.1 level II, AQL 0.65: {len(units)} measured, "
                f"{told['found']} too wide (Ac {told['accept']}, Re {told['reject']}): "
                f"{inspection.state}, {lot.med_hold_count} hold; {record.name} opened by itself, "
                f"{sisters} other lots may share the cause",
        "documents": [],
        "lots": [{"id": lot.id, "name": lot.name, "product": needle.display_name}]}


def _received(env, needle):
    """Return a received lot of needles."""
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", env.user.company_id.id)], limit=1)
    places = {"location_id": env.ref("stock.stock_location_suppliers").id,
              "location_dest_id": warehouse.lot_stock_id.id}
    picking = env["stock.picking"].create({
        "picking_type_id": warehouse.in_type_id.id, **places,
        "partner_id": needle.sudo().seller_ids[:1].partner_id.id,
        "move_ids": [Command.create({
            "product_id": needle.id, "product_uom_qty": NEEDLES, **places,
            "move_line_ids": [Command.create({
                "product_id": needle.id, "lot_name": LOT, "quantity": NEEDLES,
                **places})]})]})
    picking.action_confirm()
    picking.move_ids.picked = True
    picking._action_done()
    return env["stock.lot"].search([("name", "=", LOT), ("product_id", "=", needle.id)])
