"""Lots in stock and deliveries of them, through Odoo's own API."""

from odoo.fields import Command


def stocked(env, count, tracking, controlled, shelves=1):
    """Return lots of a new product, each in stock; released where they are controlled.

    :param shelves: how many places below the stock they are spread over, evenly
    :return: the product, its lots, the places
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
