"""Kits, plates and pumps: who makes what, from which lots, and the stories in between."""

from datetime import timedelta

OPERATORS = ["operator", "operator2", "operator3"]
KITS, TUBING_RUN, SPARE_BODIES, RETAINED = 300, 200, 6, 3

# Which batch of kits, plates or pumps carries which story.
PARTIAL, TWO_LOADS, TWO_SUPPLIERS, SHARED_LOAD, UNBUILT, REWORKED, DAMAGED = 2, 3, 5, 7, 9, 11, 13
TEN_PUMPS = 2


class Production:

    def _operators(self):
        return self.rng.sample(OPERATORS, 2)

    # -- catheter kits ------------------------------------------------------------------------

    def _postpone(self, action):
        self._after(2, 9, action, minute=30)

    def make_bodies(self, batch):
        """Extrude if tubing is short, then make the catheter bodies of a batch."""
        need = (KITS + SPARE_BODIES) * 0.25
        if self.docs.free("tubing") < need:
            if self.docs.free("tpu") < TUBING_RUN / 50:
                self._postpone(lambda: self.make_bodies(batch))
                return
            run = self.docs.order("tubing", TUBING_RUN)
            self.docs.make(run, operators=self._operators())
            if "untracked_intermediate" not in self.stories:
                lots = run.move_raw_ids.lot_ids
                self.tell("untracked_intermediate",
                          "TPU pellets became tubing, which has no lot number, and the tubing "
                          "catheter bodies: the chain goes through a pool", lots, [run])
        order = self.docs.order("body", KITS + SPARE_BODIES)
        self.docs.make(order, [self.docs.lot("body", self._number("BDY"))],
                       operators=self._operators())
        if batch == TWO_SUPPLIERS:
            self._buy_same_number_twice()
        self._after(1, 9, lambda: self.assemble(batch))

    def _buy_same_number_twice(self):
        """Needles of two makers who both call their lot 2408-15."""
        arrived = []

        def then(picking, coming):
            arrived.append((picking, coming["needle"][0][0]))
            if len(arrived) == 2:
                self.supplier_lots["2408-15"] = [lot for _picking, lot in arrived]
                self.tell("same_supplier_lot",
                          "Two suppliers delivered needles under the same lot number 2408-15",
                          [lot for _picking, lot in arrived], [p for p, _lot in arrived])

        self.on_order.setdefault("needle", 0)
        for seller in ("juyuan", "xilan"):
            self._buy(seller, [("needle", KITS // 2)], wait=1, supplier_lot="2408-15", then=then,
                      whole=True)

    def assemble(self, batch):
        parts = ("body", "wire", "needle", "pouch", "label")
        if any(self.docs.free(part) < KITS for part in parts):
            self._postpone(lambda: self.assemble(batch))
            return
        picks = {}
        if batch == TWO_SUPPLIERS:
            if len(self.supplier_lots.get("2408-15", ())) < 2:
                self._postpone(lambda: self.assemble(batch))
                return
            picks["needle"] = [(lot, KITS / 2) for lot in self.supplier_lots["2408-15"]]
        lot = self.docs.lot("kit_ns", self._number("CVC"))
        order = self.docs.order("kit_ns", KITS)
        if batch == PARTIAL:
            backorder = self.docs.make(order, [lot], quantity=180, operators=self._operators())
            self.tell("partial_posting", "An order posted in two parts: 180 kits, then its "
                      "backorder of 120 into the same lot", [lot], order | backorder)
            self._after(1, 10, lambda: self._finish_backorder(backorder, batch, lot))
            return
        self.docs.make(order, [lot], picks=picks, operators=self._operators())
        if batch == TWO_SUPPLIERS:
            self.tell("several_component_lots", "One order that took several lots of a component",
                      [lot], [order])
        if batch == UNBUILT:
            unbuild = self.docs.unbuild(order, lot, 20)
            self.tell("lot_unbuilt", "20 kits whose pouches had failed were taken apart",
                      [lot], [order, unbuild])
        elif batch == REWORKED:
            self._after(1, 8, lambda: self._rework(order, lot))
        self._after(2, 9, lambda: self.sterilise(batch, lot))

    def _finish_backorder(self, backorder, batch, lot):
        self.docs.make(backorder, [lot], operators=self._operators())
        self._after(2, 9, lambda: self.sterilise(batch, lot))

    def _rework(self, order, lot):
        """Take 15 kits apart and pack the same parts again under the same lot number."""
        unbuild = self.docs.unbuild(order, lot, 15)
        back = {}
        for line in unbuild.produce_line_ids.move_line_ids:
            if line.product_id != order.product_id:
                back.setdefault(self.docs._key(line.product_id), []).append(
                    (line.lot_id, line.quantity))
        again = self.docs.order("kit_ns", 15)
        self.docs.make(again, [lot], picks=back, operators=self._operators())
        self.tell("rework_loop", "15 kits were taken apart and packed again into the same lot: "
                  "the genealogy runs in a circle", [lot], [order, unbuild, again])

    def sterilise(self, batch, lot):
        """Send a lot to the steriliser: in one load, in two, or together with the next one."""
        quantity = self.docs.free("kit_ns", lot=lot)
        if batch == TWO_LOADS:
            half = quantity // 2
            self._send_load([(lot, half)], story="split")
            self._after(2, 9, lambda: self._send_load([(lot, quantity - half)], story="split"))
        elif batch == SHARED_LOAD:
            self.waiting_load = [(lot, quantity)]
        else:
            load, self.waiting_load = [*self.waiting_load, (lot, quantity)], []
            self._send_load(load, story="shared" if len(load) > 1 else "",
                            damaged=batch == DAMAGED)

    def _send_load(self, lots, story="", damaged=False):
        order = self.docs.outsource("sterile", "kit", sum(q for _lot, q in lots), {"kit_ns": lots})
        order.sudo().partner_ref = self._number("EO-LOAD-")
        self._after(self.rng.randint(5, 7), 10,
                    lambda: self._receive_load(order, lots, story, damaged))

    def _receive_load(self, order, lots, story, damaged):
        expires = None
        if self._is_short_dated():
            expires = self.timeline.end + timedelta(days=38)
        kits = [(self.docs.lot("kit", lot.name, expires=expires), quantity)
                for lot, quantity in lots]
        receipt = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        self.docs.receive_processed(receipt, "kit", kits, used={
            kit.name: {"kit_ns": [(lot, quantity)]}
            for (kit, _q), (lot, quantity) in zip(kits, lots, strict=True)})
        for kit, _quantity in kits:
            if not self.docs.free("kit", location=self.master.locations["retained"], lot=kit):
                self.docs.move("kit", [(kit, RETAINED)], self._shelf("lanheng"),
                               self.master.locations["retained"], origin="Retained samples")
        if expires:
            self.tell("near_expiry", "Kits that expire within six weeks, limited by their pouch, "
                      "still in stock", [kit for kit, _q in kits], [order])
        if story == "split":
            told = self.stories.get("split_sterilisation", {}).get("documents", [])
            documents = [self.docs.env[d["model"]].browse(d["id"]) for d in told]
            self.tell("split_sterilisation", "One lot of kits sterilised in two loads",
                      [kits[0][0]], [*documents, order])
        elif story == "shared":
            self.tell("shared_load", "Two lots of kits sterilised in the same load",
                      [kit for kit, _q in kits], [order])
        if damaged:
            scrap = self.docs.scrap("kit", kits[0][0], 8, "Carton crushed in the store")
            self.tell("scrapped", "8 kits of a lot were scrapped", [kits[0][0]], [scrap])

    def _is_short_dated(self):
        """The first load of the last month: late enough to be still in stock at the end."""
        return ("near_expiry" not in self.stories
                and self.timeline.end - self.clock.now <= timedelta(days=31))

    def _shelf(self, company):
        return self.master.warehouses[company].lot_stock_id

    # -- plates -------------------------------------------------------------------------------

    def order_blanks(self, batch):
        if self.docs.free("bar") < 2:
            self._postpone(lambda: self.order_blanks(batch))
            return
        order = self.docs.outsource("machine", "blank", 10)
        self._after(self.rng.randint(6, 9), 9, lambda: self._receive_blanks(batch, order))

    def _receive_blanks(self, batch, order):
        lot = self.docs.lot("blank", self._number("BLK"))
        receipt = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        self.docs.receive_processed(receipt, "blank", [(lot, 10)])
        self._after(1, 9, lambda: self.finish_plates(batch))

    def finish_plates(self, batch):
        if self.docs.free("blank") < 10:
            self._postpone(lambda: self.finish_plates(batch))
            return
        plates = [self.docs.lot("plate", self._number("TP", 4)) for _unit in range(10)]
        coupon = self.docs.lot("coupon", self._number("CPN"))
        order = self.docs.order("plate", 10)
        self.docs.make(order, plates, by_products={"coupon": [(coupon, 1)]},
                       operators=self._operators())
        if "by_product" not in self.stories:
            self.tell("by_product", "An order of plates that left a test coupon with a lot of its "
                      "own", [coupon, *plates], [order])

    # -- pumps --------------------------------------------------------------------------------

    def order_boards(self, batch):
        count = 10 if batch == TEN_PUMPS else 5
        if min(self.docs.free("pcb"), self.docs.free("mcu")) < count:
            self._postpone(lambda: self.order_boards(batch))
            return
        order = self.docs.outsource("electronics", "board", count)
        self._after(self.rng.randint(6, 10), 9, lambda: self._receive_boards(batch, count, order))

    def _receive_boards(self, batch, count, order):
        receipt = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        boards = [(self.docs.lot("board", self._number("CTL", 4)), 1) for _unit in range(count)]
        self.docs.receive_processed(receipt, "board", boards)
        self._after(2, 8, lambda: self.build_pumps(batch, count))

    def build_pumps(self, batch, count):
        if min(self.docs.free(p) for p in ("board", "sensor", "motor", "housing")) < count:
            self._postpone(lambda: self.build_pumps(batch, count))
            return
        pumps = [self.docs.lot("pump", self._number("LP2-", 4)) for _unit in range(count)]
        order = self.docs.order("pump", count)
        self.docs.make(order, pumps, operators=self._operators())
        recorded = {TEN_PUMPS: 6}.get(batch, count if batch % 2 == 0 else 0)
        self._record_parts(order, pumps[:recorded])
        if batch == TEN_PUMPS:
            self.tell("ten_pumps", "One order of ten pumps with two serial boards each; which "
                      "boards went into which pump was recorded for six of them", pumps, [order])

    def _record_parts(self, order, pumps):
        """Say which boards went into which pump, as the scanner at the bench would."""
        if "med.genealogy.event" not in self.docs.env.registry or not pumps:
            return
        parts = []
        for key in ("board", "sensor"):
            move = order.move_raw_ids.filtered_domain(
                [("product_id", "=", self.docs.product(key).id)])
            used = move.move_line_ids.lot_id.sorted("name")
            parts += [{"unit": pump.name, "part": part.name, "product_id": part.product_id.id,
                       "quantity": 1.0} for pump, part in zip(pumps, used, strict=False)]
        order.with_env(self.docs.as_person("operator")).med_record_parts(parts=parts, source="scan")
