"""One method for each kind of document, done by the person whose work it is.

Nothing is written into stock tables: an order is confirmed, a transfer validated, a wizard's
question answered, as on screen. What cannot be done raises `CannotPost`, so that a history is
either complete or not there.
"""

from odoo.fields import Command

QUIET = {"mail_create_nosubscribe": True, "mail_auto_subscribe_no_notify": True,
         "mail_notify_force_send": False, "tracking_disable": True, "skip_sms": True}


class CannotPost(Exception):
    """Odoo asked something that the history has no answer for."""


class Documents:

    def __init__(self, env, clock, master):
        self.clock, self.master = clock, master
        self.env = env(context=dict(env.context, **QUIET))

    # -- who, where, what ---------------------------------------------------------------------

    def as_person(self, login, company="lanheng"):
        """The environment of `login` at work in `company`."""
        user = self.master.users[login]
        return self.env(user=user.id, su=False, context=dict(
            self.env.context, allowed_company_ids=[self.master.companies[company].id],
            lang="en_US", tz=user.tz))

    def product(self, key):
        return self.master.products[key].with_env(self.env)

    def lot(self, key, name, supplier_lot="", expires=None):
        """The lot `name` of product `key`, made if it is new."""
        product = self.product(key)
        lot = self.env["stock.lot"].search(
            [("product_id", "=", product.id), ("name", "=", name)], limit=1)
        if not lot:
            vals = {"name": name, "product_id": product.id}
            if supplier_lot:
                vals["ref"] = supplier_lot
                if "med_supplier_lot" in lot._fields:
                    vals["med_supplier_lot"] = supplier_lot
            if expires:
                vals["expiration_date"] = expires
            lot = lot.create(vals)
        return lot

    def free(self, key, company="lanheng", location=None, lot=None):
        """Quantity of product `key` that is neither reserved nor elsewhere."""
        location = location or self.master.warehouses[company].lot_stock_id
        return self.env["stock.quant"].sudo()._get_available_quantity(
            self.product(key), location.with_env(self.env), lot_id=lot)

    # -- transfers ----------------------------------------------------------------------------

    def _lines(self, move, lots):
        """Say which lots `move` takes: [(lot, quantity)]; what is not there cannot be taken."""
        if move.location_id.usage == "internal" and not move.is_subcontract:
            for lot, quantity in lots:
                held = sum(self.env["stock.quant"].sudo()._gather(
                    move.product_id, move.location_id, lot_id=lot).mapped("quantity"))
                if held < quantity:
                    raise CannotPost(f"{lot.name}: {quantity} wanted, {held} there")
        if len(lots) == len(move.move_line_ids) == 1:
            (lot, quantity), line = lots[0], move.move_line_ids
            vals = {"lot_id": lot.id, "quantity": quantity, "picked": True}
            line.write({key: value for key, value in vals.items()
                        if line._fields[key].convert_to_write(line[key], line) != value})
            return
        move.move_line_ids.unlink()
        self.env["stock.move.line"].with_env(move.env).create([{
            "move_id": move.id, "picking_id": move.picking_id.id, "product_id": move.product_id.id,
            "product_uom_id": move.product_uom.id, "lot_id": lot.id, "quantity": quantity,
            "location_id": move.location_id.id, "location_dest_id": move.location_dest_id.id,
        } for lot, quantity in lots])
        move.picked = True

    def _validate(self, picking):
        """Validate and answer yes when asked for a backorder; returns the backorder, if any."""
        picking.move_ids.filtered("quantity").picked = True
        answer = picking.button_validate()
        if isinstance(answer, dict) and answer.get("res_model") == "stock.backorder.confirmation":
            answer = self.env[answer["res_model"]].with_env(picking.env).with_context(
                **answer["context"]).create({}).process()
        if answer is not True or picking.state != "done":
            raise CannotPost(f"{picking.name} ({picking.state}): {answer}")
        return picking.backorder_ids

    def purchase(self, buyer, seller, lines, company="lanheng"):
        """Confirm an order of [(product, quantity)] and return it."""
        env = self.as_person(buyer, company)
        order = env["purchase.order"].create({
            "partner_id": self.master.partners[seller].id,
            "company_id": self.master.companies[company].id,
            "picking_type_id": self.master.warehouses[company].in_type_id.id,
            "date_order": self.clock.now,
            "order_line": [Command.create({
                "product_id": self.product(key).id, "product_qty": quantity,
                "price_unit": self.product(key).list_price * 0.6}) for key, quantity in lines],
        })
        order.button_confirm()
        return order

    def receive(self, picking, lots, receiver="warehouse", company="lanheng"):
        """Receive {product: [(lot, quantity)]}; returns the backorder of what did not come."""
        picking = picking.with_env(self.as_person(receiver, company))
        for move in picking.move_ids:
            key = self._key(move.product_id)
            self._lines(move, lots.get(key, []))
        return self._validate(picking)

    def _key(self, product):
        return next(key for key, p in self.master.products.items() if p.id == product.id)

    def sell(self, consignee, lines, company="lanheng", reference=""):
        """Confirm a sales order of [(product, quantity)]; returns its delivery."""
        env = self.as_person("sales", company)
        order = env["sale.order"].create({
            "partner_id": self.master.partners[consignee].id,
            "company_id": self.master.companies[company].id,
            "warehouse_id": self.master.warehouses[company].id, "client_order_ref": reference,
            "date_order": self.clock.now,
            "order_line": [Command.create({
                "product_id": self.product(key).id, "product_uom_qty": quantity,
            }) for key, quantity in lines],
        })
        order.action_confirm()
        return order.picking_ids

    def ship(self, picking, lots=None, company="lanheng"):
        """Validate a delivery with the lots Odoo reserved, or with `lots` as in `receive`."""
        picking = picking.with_env(self.as_person("warehouse", company))
        if picking.state in ("confirmed", "waiting"):
            picking.action_assign()
        for key, taken in (lots or {}).items():
            product = self.product(key)
            self._lines(picking.move_ids.filtered_domain([("product_id", "=", product.id)]), taken)
        return self._validate(picking)

    def give_back(self, picking, product, lots, company="lanheng"):
        """Take goods of a done transfer back; returns the return."""
        env = self.as_person("warehouse", company)
        wizard = env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking").create({})
        for line in wizard.product_return_moves:
            line.quantity = (sum(quantity for _lot, quantity in lots)
                             if line.product_id.id == self.product(product).id else 0)
        back = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in back.move_ids:
            self._lines(move, lots)
        self._validate(back)
        return back

    def move(self, product, lots, source, destination, company="lanheng", partner=None,
             kind="int_type_id", origin=""):
        """A transfer without an order, as between stock and a consignment shelf."""
        env = self.as_person("warehouse", company)
        picking = env["stock.picking"].create({
            "picking_type_id": self.master.warehouses[company][kind].id,
            "location_id": source.id, "location_dest_id": destination.id, "origin": origin,
            "partner_id": self.master.partners[partner].id if partner else False,
            "move_ids": [Command.create({
                "product_id": self.product(product).id,
                "product_uom": self.product(product).uom_id.id,
                "product_uom_qty": sum(quantity for _lot, quantity in lots),
                "location_id": source.id, "location_dest_id": destination.id})],
        })
        picking.action_confirm()
        self._lines(picking.move_ids, lots)
        self._validate(picking)
        return picking

    def scrap(self, product, lot, quantity, reason):
        scrap = self.as_person("shift_leader")["stock.scrap"].create({
            "product_id": self.product(product).id, "lot_id": lot.id, "scrap_qty": quantity,
            "origin": reason, "location_id": self.master.warehouses["lanheng"].lot_stock_id.id})
        scrap.action_validate()
        if scrap.state != "done":
            raise CannotPost(f"scrap of {lot.name}")
        return scrap

    # -- manufacturing ------------------------------------------------------------------------

    def order(self, product, quantity):
        """Plan and confirm a manufacturing order."""
        order = self.as_person("shift_leader")["mrp.production"].create({
            "product_id": self.product(product).id, "product_qty": quantity,
            "bom_id": self.master.boms[product].id, "date_start": self.clock.now})
        order.action_confirm()
        order.action_assign()
        return order

    def make(self, order, lots=(), quantity=None, picks=None, by_products=None, operators=()):
        """Post `order`, or `quantity` of it; returns the backorder, if any.

        :param lots: the finished lot, or the serial numbers
        :param picks: {component: [(lot, quantity)]} where Odoo's choice is not wanted
        :param by_products: {product: [(lot, quantity)]}
        :param operators: who runs the work orders, in turn
        """
        leader = order.with_env(self.as_person("shift_leader"))
        if lots:
            leader.lot_producing_ids = [Command.set([lot.id for lot in lots])]
        leader.qty_producing = quantity or leader.product_qty
        leader.set_qty_producing()
        chosen = (picks or {}) | (by_products or {})
        for move in leader.move_raw_ids | leader.move_byproduct_ids:
            key = self._key(move.product_id)
            if key in chosen:
                self._lines(move, chosen[key])
        for position, work in enumerate(leader.workorder_ids):
            person = operators[position % len(operators)]
            work = work.with_env(self.as_person(person))
            work.button_start()
            self.clock.later(minutes=min(round(work.duration_expected) or 5, 150))
            work.button_finish()
        answer = leader.button_mark_done()
        if isinstance(answer, dict) and answer.get("res_model") == "mrp.production.backorder":
            answer = self.env[answer["res_model"]].with_env(leader.env).with_context(
                **answer["context"]).create({}).action_backorder()
        if leader.state != "done":
            raise CannotPost(f"{leader.name} ({leader.state}): {answer}")
        return leader.production_group_id.production_ids.filtered(
            lambda o: o.state not in ("done", "cancel"))

    def outsource(self, processor, product, quantity, lots=None):
        """Order processing and send the components; returns the order.

        :param lots: {component: [(lot, quantity)]} to send; what is missing is Odoo's choice
        """
        order = self.purchase("purchasing", processor, [(product, quantity)])
        for picking in order._get_subcontracting_resupplies():
            self.ship(picking, lots)
        return order

    def receive_processed(self, picking, product, lots, used=None):
        """Receive [(lot, quantity)] from a processor, who used `used`[lot name] of components."""
        picking = picking.with_env(self.as_person("warehouse"))
        move = picking.move_ids.filtered(lambda m: m.product_id.id == self.product(product).id)
        self._lines(move, lots)
        for order in move.sudo()._get_subcontract_production():
            for raw in order.move_raw_ids:
                taken = (used or {}).get(order.lot_producing_ids.name)
                if taken and self._key(raw.product_id) in taken:
                    self._lines(raw, taken[self._key(raw.product_id)])
        return self._validate(picking)

    def unbuild(self, order, lot, quantity):
        unbuild = self.as_person("shift_leader")["mrp.unbuild"].create({
            "mo_id": order.id, "product_id": order.product_id.id, "lot_id": lot.id,
            "product_qty": quantity, "product_uom_id": order.product_uom_id.id})
        unbuild.action_validate()
        if unbuild.state != "done":
            raise CannotPost(f"unbuild of {lot.name}")
        return unbuild

    def repair(self, product, lot, added, removed, owner):
        """Repair `lot` and swap parts: `added` and `removed` are [(product, lot)]."""
        env = self.as_person("shift_leader")
        kinds = [("add", row) for row in added] + [("remove", row) for row in removed]
        repair = env["repair.order"].create({
            "product_id": self.product(product).id, "lot_id": lot.id, "product_qty": 1,
            "partner_id": self.master.partners[owner].id,
            "move_ids": [Command.create({
                "repair_line_type": kind, "product_id": self.product(part).id,
                "product_uom_qty": 1}) for kind, (part, _lot) in kinds],
        })
        repair.action_validate()
        repair.action_repair_start()
        for move, (_kind, (_part, part_lot)) in zip(repair.move_ids, kinds, strict=True):
            self._lines(move, [(part_lot, 1)])
        self.clock.later(minutes=75)
        repair.action_repair_end()
        if repair.state != "done":
            raise CannotPost(f"repair of {lot.name}")
        return repair

    def relabel(self, lot, name, quantity, reason, company):
        """Give `quantity` of `lot` another lot number (needs med_traceability)."""
        document = self.as_person("warehouse", company)["med.repack"].create({
            "kind": "relabel", "reason": reason,
            "location_id": self.master.warehouses[company].lot_stock_id.id,
            "input_ids": [Command.create({"lot_id": lot.id, "quantity": quantity})],
            "output_ids": [Command.create({
                "product_id": lot.product_id.id, "lot_name": name, "quantity": quantity})],
        })
        document.action_post()
        return document
