from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..exceptions import ReportRefused
from ..tools import life
from ..tools.share import groups, share

CLOSED = ("done", "cancel")


class MedOutsourcingOrder(models.Model):
    """What orders and events do to stock: transfers out and back, lots made and used."""

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
        for line in order.line_ids:
            move = moves.filtered(lambda one, it=line: one.product_id == it.product_id)
            missing = line.quantity
            for quant in order._med_free_quants(line.lot_id):
                take = min(missing, quant.quantity - quant.reserved_quantity)
                if take > 0 and missing > 1e-9:
                    order._med_line(move, line.lot_id, take, quant.location_id)
                    missing -= take
            if missing > 1e-6:
                raise UserError(self.env._(
                    "%(order)s: of %(lot)s, %(missing)s more would be needed than are free in our "
                    "stock.", order=self.name, lot=line.lot_id.name, missing=f"{missing:g}"))

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
        picking.do_unreserve()
        picking.move_ids.move_line_ids.unlink()
        return picking.move_ids

    def _med_line(self, move, lot, quantity, place=None):
        return self.env["stock.move.line"].create({
            "move_id": move.id, "picking_id": move.picking_id.id, "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id, "lot_id": lot.id, "quantity": quantity,
            "location_id": (place or move.location_id).id,
            "location_dest_id": move.location_dest_id.id, "company_id": self.company_id.id})

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
        for (product, lot), quantity in wanted.items():
            self._med_line(moves.filtered(lambda one, it=product: one.product_id == it),
                           lot, quantity, place)
        return moves.picking_id

    def action_return(self):
        """Prepare the transfer back of all lots that are still with the processor."""
        self.ensure_one()
        self.check_access("write")
        order = self._med_lock().sudo().with_company(self.company_id)
        if order.kind != "process" or order.state not in (
                "released", "acknowledged", "started", "finished", "shipped"):
            raise UserError(self.env._("%(order)s has no lots to bring back.", order=self.name))
        waiting = order._med_way(False).filtered(lambda one: one.state not in CLOSED)
        there = {}
        for line in order.line_ids:
            quantity = sum(line.lot_id.quant_ids.filtered(
                lambda quant, place=order.processor_id.location_id: quant.location_id._child_of(
                    place)).mapped("quantity"))
            if quantity > 1e-6:
                there[line.product_id, line.lot_id] = min(quantity, line.quantity)
        if not there:
            raise UserError(self.env._(
                "By our books, nothing of %(order)s is with the processor.", order=self.name))
        waiting._action_cancel()
        picking = order._med_return(there)
        return {"type": "ir.actions.act_window", "res_model": "stock.picking",
                "view_mode": "form", "res_id": picking.id}

    # ------------------------------------------------------------------ made

    def _med_made(self, event):
        """Bring the subcontracted orders in step with a report of finished lots."""
        if self.kind != "make":
            return
        order = self.sudo().with_company(self.company_id)
        if not order._med_open_receipts():
            raise ReportRefused("/lots", self.env._(
                "Nothing more of %(order)s is waited for: its receipt is posted.",
                order=self.name))
        order._med_fill_receipt()
        order._med_write_used(order.production_ids)

    def _med_open_receipts(self):
        return self.sudo().move_ids.filtered(lambda move: move.state not in CLOSED)

    def _med_lots_told(self, kind, outcomes):
        """Return ``{(product, lot): quantity}`` of the events that count."""
        sums = defaultdict(float)
        for event in self.event_ids.filtered(
                lambda one: one.kind == kind and not one.superseded):
            for row in event.lot_ids.filtered(lambda one: one.outcome in outcomes):
                sums[row.product_id, row.lot_id] += row.quantity
        return sums

    def _med_received(self):
        """Return ``{(product, lot): quantity}`` posted from the processor into our stock."""
        sums = defaultdict(float)
        for move in (self.move_ids | self._med_way(False)).filtered(
                lambda one: one.state == "done"):
            for line in move.move_line_ids:
                sums[line.product_id, line.lot_id] += line.quantity_product_uom
        return sums

    def _med_fill_receipt(self):
        """Write on the receipt how much of which lot is to come: shipped, or else finished."""
        shipped = self._med_lots_told("shipped", ("good", "reject"))
        wanted = shipped or self._med_lots_told("finished", ("good",))
        received = self._med_received()
        wanted = {lot: quantity - received.get((product, lot), 0.0)
                  for (product, lot), quantity in wanted.items() if product == self.product_id}
        wanted = {lot: quantity for lot, quantity in wanted.items() if quantity > 1e-6}
        move = self._med_open_receipts()[:1]
        if not move or not wanted:
            return
        lines = move.move_line_ids
        for lot in [*wanted]:
            if line := lines.filtered(lambda one, it=lot: one.lot_id == it)[:1]:
                quantity = line.product_id.uom_id._compute_quantity(
                    wanted.pop(lot), line.product_uom_id, round=False)
                if line.quantity != quantity:
                    line.write({"quantity": quantity})
                lines -= line
        for lot, quantity in wanted.items():
            self._med_line(move, lot, quantity)
        lines.unlink()

    def _med_write_used(self, productions):
        """Write on open subcontracted orders exactly the lots that the processor used.

        What was reported for several lots together is shared among them by quantity.
        """
        finished = self.event_ids.filtered(
            lambda one: one.kind == "finished" and not one.superseded)
        if not finished.lot_ids.filtered(lambda row: row.outcome == "used"):
            return
        productions = productions.filtered(lambda one: one.state not in CLOSED)
        shipped = self._med_lots_told("shipped", ("good", "reject"))
        for group in groups([self._med_made_and_used(event) for event in finished]):
            closed = self.production_ids.filtered(
                lambda one, it=group: one.state == "done"
                and one.lot_producing_ids[:1].id in it.made)
            left = dict(group.used)
            for line in closed.move_raw_ids.move_line_ids:
                key = line.product_id.id, line.lot_id.id
                if key in left:
                    left[key] -= line.quantity_product_uom
            whole = sum(max(quantity, shipped.get((self.product_id, self.env[
                "stock.lot"].browse(lot)), 0.0)) for lot, quantity in group.made.items())
            whole -= sum(one.product_uom_id._compute_quantity(
                one.qty_produced, one.product_id.uom_id, round=False) for one in closed)
            products = {product for product, _lot in group.used}
            units = {one.id for one in self.env["product.product"].browse(products)
                     if one.tracking == "serial"}
            for production in productions.filtered(
                    lambda one, it=group: one.lot_producing_ids[:1].id in it.made):
                part = production.product_uom_id._compute_quantity(
                    production.product_qty, production.product_id.uom_id, round=False)
                taken = share(left, part, whole, units)
                production._med_set_used(products, taken)
                whole -= part
                for key, quantity in taken.items():
                    left[key] -= quantity

    def _med_made_and_used(self, event):
        made, used = defaultdict(float), defaultdict(float)
        for row in event.lot_ids:
            if row.outcome == "used":
                used[row.product_id.id, row.lot_id.id] += row.quantity
            elif row.outcome == "good" and row.product_id == self.product_id:
                made[row.lot_id.id] += row.quantity
        return made, used

    # ------------------------------------------------------------------ how far it is

    def _med_facts(self):
        """Return what :func:`..tools.life.state_of` asks for."""
        products = self._med_products()
        accounted = ("good", "reject", "scrap") + (("left",) if self.kind == "process" else ())
        returning = ("good", "reject") + (("left",) if self.kind == "process" else ())

        def total(sums):
            return sum(quantity for (product, _lot), quantity in sums.items()
                       if product in products)

        received = {key: quantity for key, quantity in self._med_received().items()
                    if key[0] in products}
        moves = self.move_ids if self.kind == "make" else self._med_way(False)
        lots = self.env["stock.lot"].union(*(lot for _product, lot in received))
        states = set(lots.mapped("med_status"))
        return life.Facts(
            ordered=self._med_ordered(), done=total(self._med_lots_told("finished", accounted)),
            coming=total(self._med_lots_told("finished", returning)),
            shipped=total(self._med_lots_told("shipped", returning)),
            back=sum(received.values()),
            receipts=self.kind == "make",
            open=any(move.state not in CLOSED for move in moves),
            decided=not (states & {"quarantine", False}) and (
                bool(states & {"released", "conditional"}) or not lots))

    def _med_ordered(self):
        """Return how much is ordered, in the products' own units."""
        if self.kind == "process":
            return sum(self.line_ids.mapped("quantity"))
        return self.uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False) if self.uom_id else self.quantity
