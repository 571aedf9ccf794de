"""Documents for black-box tests: source that ``site.shell`` runs inside Odoo, never imported.

``Flow(env)`` makes receipts, orders and deliveries through Odoo's own API.
"""

from odoo.fields import Command


class Flow:
    """Documents in the main warehouse of the superuser's company."""

    def __init__(self, env):
        self.env = env
        self.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1)
        self.stock = self.warehouse.lot_stock_id
        self.suppliers = env.ref("stock.stock_location_suppliers")
        self.customers = env.ref("stock.stock_location_customers")

    def product(self, name, tracking="lot"):
        return self.env["product.product"].create({
            "name": name, "type": "consu", "is_storable": True, "tracking": tracking})

    def lots(self, product, *names):
        return self.env["stock.lot"].create([
            {"name": name, "product_id": product.id} for name in names])

    def picking(self, rows, partner, incoming=False):
        """A receipt or delivery of (lot, quantity) rows, ready to be posted."""
        kind = self.warehouse.in_type_id if incoming else self.warehouse.out_type_id
        source, target = ((self.suppliers, self.stock) if incoming
                          else (self.stock, self.customers))
        picking = self.env["stock.picking"].create({
            "picking_type_id": kind.id, "partner_id": partner.id, "location_id": source.id,
            "location_dest_id": target.id})
        for lot, quantity in rows:
            self.env["stock.move"].create({
                "picking_id": picking.id, "product_id": lot.product_id.id,
                "product_uom_qty": quantity, "picked": True, "location_id": source.id,
                "location_dest_id": target.id, "move_line_ids": [Command.create({
                    "picking_id": picking.id, "product_id": lot.product_id.id, "lot_id": lot.id,
                    "quantity": quantity, "location_id": source.id,
                    "location_dest_id": target.id})]})
        picking.action_confirm()
        return picking

    def receive(self, rows, partner):
        picking = self.picking(rows, partner, incoming=True)
        picking._action_done()
        assert picking.state == "done", picking.state
        return picking

    def order(self, product, quantity, rows, lots=None):
        """An order ready to be closed; rows are (product, lot or None, quantity)."""
        needs = {}
        for part, _lot, amount in rows:
            needs[part] = needs.get(part, 0) + amount
        order = self.env["mrp.production"].create({
            "product_id": product.id, "product_qty": quantity, "bom_id": False,
            "move_raw_ids": [Command.create({
                "product_id": part.id, "product_uom_qty": amount, "location_id": self.stock.id,
                "location_dest_id": product.property_stock_production.id})
                for part, amount in needs.items()]})
        order.action_confirm()
        for move in order.move_raw_ids:
            move.move_line_ids.unlink()
            move.move_line_ids = [Command.create({
                "product_id": part.id, "lot_id": lot.id if lot else False, "quantity": amount,
                "location_id": move.location_id.id, "location_dest_id": move.location_dest_id.id})
                for part, lot, amount in rows if part == move.product_id]
            move.picked = True
        if lots:
            order.lot_producing_ids = lots
        order.qty_producing = quantity
        return order

    def close(self, order):
        order.with_context(skip_consumption=True).button_mark_done()
        assert order.state == "done", order.state
        return order
