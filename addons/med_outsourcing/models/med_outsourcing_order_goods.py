from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .med_outsourcing_order import OPEN

CLOSED = ("done", "cancel")


class MedOutsourcingOrder(models.Model):
    """Transfers of an order: out to the processor, and back from it."""

    _inherit = "med.outsourcing.order"

    transfer_ids = fields.One2many(
        "stock.move", "med_outsourcing_transfer_id", "Sent and Brought Back", readonly=True)
    production_ids = fields.Many2many(
        "mrp.production", string="Subcontracted Orders", compute="_compute_documents",
        compute_sudo=True)
    send_picking_ids = fields.Many2many(
        "stock.picking", string="To the Processor", compute="_compute_documents",
        compute_sudo=True)
    back_picking_ids = fields.Many2many(
        "stock.picking", string="From the Processor", compute="_compute_documents",
        compute_sudo=True)

    @api.depends("move_ids.move_orig_ids.production_id", "transfer_ids.picking_id")
    def _compute_documents(self):
        for order in self:
            order.production_ids = order.move_ids._get_subcontract_production()
            order.send_picking_ids = order._med_send_pickings()
            order.back_picking_ids = order._med_back_pickings()

    def _med_way(self, out):
        """Return the moves out to the processor, or back from it, that this order made."""
        return self.sudo().transfer_ids.filtered(
            lambda move: bool(move.location_dest_id.is_subcontract()) == out)

    def _med_send_pickings(self):
        return self._med_way(True).picking_id | self.sudo().move_ids._get_subcontract_production(
            ).picking_ids.filtered(lambda one: one.location_dest_id.is_subcontract())

    def _med_back_pickings(self):
        return self._med_way(False).picking_id | self.sudo().move_ids.picking_id

    def _med_warehouse(self):
        lots = self.line_ids.lot_id.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.usage == "internal")
        return lots.location_id.warehouse_id[:1] or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1)

    # ------------------------------------------------------------------ what belongs to it

    event_count = fields.Integer("Reports", compute="_compute_event_count")

    @api.depends("event_ids")
    def _compute_event_count(self):
        for order in self:
            order.event_count = len(order.event_ids)

    def _med_window(self, name, model, domain, views="list,form"):
        return {"type": "ir.actions.act_window", "name": name, "res_model": model,
                "view_mode": views, "domain": domain}

    def action_events(self):
        """Open what was reported of these orders."""
        return self._med_window(self.env._("Reports"), "med.outsourcing.event",
                                [("order_id", "in", self.ids)])

    def action_lots(self):
        """Open the lots of these orders: sent, made and used."""
        lots = self.line_ids.lot_id | self.event_ids.lot_ids.lot_id
        return self._med_window(self.env._("Lots"), "stock.lot", [("id", "in", lots.ids)])

    def action_transfers(self):
        """Open the transfers to the processor and back."""
        pickings = self.send_picking_ids | self.back_picking_ids
        return self._med_window(self.env._("Transfers"), "stock.picking",
                                [("id", "in", pickings.ids)])

    # ------------------------------------------------------------------ out

    def _med_send(self):
        """Make and reserve the transfer of the lots to the processor's place.

        :raise UserError: there is not as much of a lot free in our stock
        """
        order = self.sudo().with_company(self.company_id)
        warehouse = order._med_warehouse()
        moves = order._med_transfer(
            warehouse.subcontracting_resupply_type_id or warehouse.int_type_id,
            warehouse.lot_stock_id, order.processor_id.location_id,
            {(line.product_id, line.lot_id): line.quantity for line in order.line_ids})
        by_product, rows = moves.grouped("product_id"), []
        for line in order.line_ids:
            missing = line.quantity
            for quant in order._med_free_quants(line.lot_id):
                take = min(missing, quant.quantity - quant.reserved_quantity)
                if take > 0 and missing > 1e-9:
                    rows.append((by_product[line.product_id], line.lot_id, take,
                                 quant.location_id))
                    missing -= take
            if missing > 1e-6:
                raise UserError(self.env._(
                    "%(order)s: of %(lot)s, %(missing)s more would be needed than are free in our "
                    "stock.", order=self.name, lot=line.lot_id.name, missing=f"{missing:g}"))
        order._med_lines(rows)

    def _med_free_quants(self, lot):
        return lot.quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal"
            and quant.company_id == self.company_id
            and not quant.location_id.is_subcontract()).sorted("id")

    def _med_transfer(self, kind, source, target, wanted):
        """Return confirmed moves, without lines, one a product.

        :param wanted: (product, lot) → quantity in the product's unit
        """
        sums = defaultdict(float)
        for (product, _lot), quantity in wanted.items():
            sums[product] += quantity
        picking = self.env["stock.picking"].create({
            "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
            "partner_id": self.partner_id.id, "origin": self.name,
            "company_id": self.company_id.id, "move_ids": [Command.create({
                "product_id": product.id, "product_uom": product.uom_id.id,
                "product_uom_qty": quantity, "location_id": source.id,
                "location_dest_id": target.id, "company_id": self.company_id.id,
                "med_outsourcing_transfer_id": self.id}) for product, quantity in sums.items()]})
        picking.location_dest_id = target  # Odoo works it out from the contact
        picking.action_confirm()
        return picking.move_ids

    def _med_lines(self, rows):
        """Make the lines of moves, reserved where they leave our stock.

        :param rows: [(move, lot, quantity in the product's unit, place it is taken from)]
        """
        return self.env["stock.move.line"].create([{
            "move_id": move.id, "picking_id": move.picking_id.id, "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id, "lot_id": lot.id, "quantity": quantity,
            "location_id": place.id, "location_dest_id": move.location_dest_id.id,
            "company_id": self.company_id.id} for move, lot, quantity, place in rows])

    # ------------------------------------------------------------------ back

    def _med_prepare_back(self):
        """Bring receipts and return transfers in step with what is reported as shipped."""
        order = self.sudo().with_company(self.company_id)
        shipped = order._med_lots_told("shipped", ("good", "reject", "left"))
        if order.kind == "make":
            order._med_fill_receipt()
            shipped = {key: quantity for key, quantity in shipped.items()
                       if key[0] != order.product_id}
        moves = order._med_way(False)
        for move in moves.filtered(lambda one: one.state == "done"):
            for line in move.move_line_ids:
                key = line.product_id, line.lot_id
                shipped[key] = shipped.get(key, 0.0) - line.quantity_product_uom
        wanted = {key: quantity for key, quantity in shipped.items() if quantity > 1e-6}
        waiting = moves.filtered(lambda one: one.state not in CLOSED)
        if waiting:
            # What is prepared is prepared anew, so that a correction leaves nothing behind.
            waiting._action_cancel()
        if wanted:
            order._med_return(wanted)

    def _med_return(self, wanted):
        """Prepare the transfer of lots from the processor's place into our stock."""
        warehouse, place = self._med_warehouse(), self.processor_id.location_id
        moves = self._med_transfer(warehouse.in_type_id, place, warehouse.lot_stock_id, wanted)
        by_product = moves.grouped("product_id")
        self._med_lines([(by_product[product], lot, quantity, place)
                         for (product, lot), quantity in wanted.items()])
        return moves.picking_id

    def _med_lying(self):
        """Return ``{(product, lot): quantity}`` of our lots of this order at its processor."""
        place, there = self.sudo().processor_id.location_id, {}
        for line in self.sudo().line_ids:
            quantity = sum(line.lot_id.quant_ids.filtered(
                lambda quant: quant.location_id._child_of(place)).mapped("quantity"))
            if quantity > 1e-6:
                there[line.product_id, line.lot_id] = min(quantity, line.quantity)
        return there

    def action_return(self):
        """Prepare the transfer back of all lots that are still with the processor."""
        self.ensure_one()
        self.check_access("write")
        order = self._med_lock().sudo().with_company(self.company_id)
        if order.kind != "process" or order.state not in (*OPEN, "declined"):
            raise UserError(self.env._("%(order)s has no lots to bring back.", order=self.name))
        waiting = order._med_way(False).filtered(lambda one: one.state not in CLOSED)
        there = order._med_lying()
        if not there:
            raise UserError(self.env._(
                "By our books, nothing of %(order)s is with the processor.", order=self.name))
        waiting._action_cancel()
        picking = order._med_return(there)
        return {"type": "ir.actions.act_window", "res_model": "stock.picking",
                "view_mode": "form", "res_id": picking.id}
