"""Eighteen months of the demonstration company, and the stories one looks for in them."""

import gc
from datetime import timedelta

from .clock import at_hour
from .master_data import SOURCES

# What is bought when stock and orders fall below `minimum`: product -> (minimum, order quantity).
REORDER = {
    "tpu": (2, 4), "wire": (620, 1200), "needle": (620, 1200), "pouch": (620, 1500),
    "label": (620, 3000), "bar": (4, 6), "pcb": (12, 25), "mcu": (12, 25), "sensor": (12, 20),
    "motor": (12, 25), "housing": (12, 25),
}
OPERATORS = ["operator", "operator2", "operator3"]
HOSPITALS = ["zhuhe", "yanting", "yunzhan", "lanpu"]
KITS, TUBING_RUN, SPARE_BODIES, RETAINED = 300, 200, 6, 3

# Which batch of kits, plates or pumps carries which story.
PARTIAL, TWO_LOADS, TWO_SUPPLIERS, SHARED_LOAD, UNBUILT, REWORKED, DAMAGED = 2, 3, 5, 7, 9, 11, 13
TEN_PUMPS = 2


class History:

    def __init__(self, docs, timeline, days, rng, start, progress):
        self.docs, self.timeline, self.days, self.rng = docs, timeline, days, rng
        self.master, self.clock = docs.master, docs.clock
        self.start, self.progress = start, progress
        self.stories, self.on_order, self.counters = {}, {}, {}
        self.waiting_load = []
        self.supplier_lots = {}

    # -- helpers ------------------------------------------------------------------------------

    def run(self):
        self._plan_everything()
        month = None
        gc.freeze()
        for moment, action in self.timeline:
            if (moment.year, moment.month) != month:
                month = (moment.year, moment.month)
                self.progress(f"{moment:%B %Y}")
                self.docs.env.invalidate_all()
            self.clock.at(moment)
            action()
            self._settle()
        gc.unfreeze()
        self._find_late_stories()
        return self.stories

    def _settle(self):
        """Let Odoo do at the document's own time what it keeps for the end of a transaction.

        Each new environment is compared with all that are alive, so the dead ones go at once.
        """
        env = self.docs.env
        env.flush_all()
        env.cr.precommit.run()
        gc.collect()

    def tell(self, key, text, lots=(), documents=()):
        self.stories[key] = {
            "text": text,
            "lots": [{"id": lot.id, "name": lot.name, "product": lot.product_id.name}
                     for lot in lots],
            "documents": [{"model": d._name, "id": d.id, "name": d.name} for d in documents],
        }

    def _number(self, prefix, width=3):
        """The next number of a series that starts anew each year, as `CVC26-007`."""
        series = f"{prefix}{self.clock.now:%y}-"
        self.counters[series] = self.counters.get(series, 0) + 1
        return f"{series}{self.counters[series]:0{width}d}"

    def _after(self, working_days, hour, action, minute=0):
        day = self.days.add((self.clock.now + timedelta(hours=8)).date(), working_days)
        self.timeline.plan(at_hour(day, hour, minute), action)

    def _later_today(self, hours, action):
        self.timeline.plan(self.clock.now + timedelta(hours=hours), action)

    def _every(self, first_day, step_days, hour, action, minute=0):
        """Plan `action` for `first_day` days after the start and each `step_days` from then on."""
        day = self.start + timedelta(days=first_day)
        while day <= self.timeline.end.date():
            self.timeline.plan(at_hour(self.days.on_or_after(day), hour, minute), action)
            day += timedelta(days=step_days)

    def _batches(self, first_day, step_days, hour, action):
        index = 0
        day = self.start + timedelta(days=first_day)
        while day <= self.timeline.end.date():
            self.timeline.plan(at_hour(self.days.on_or_after(day), hour),
                               lambda i=index: action(i))
            index += 1
            day += timedelta(days=step_days)

    def _plan_everything(self):
        self._every(0, 7, 8, self.reorder)
        self._batches(14, 21, 9, self.make_bodies)
        self._batches(17, 42, 9, self.order_blanks)
        self._batches(18, 42, 10, self.order_boards)
        self._every(38, 28, 13, self.supply_ninglan)
        self._every(45, 42, 14, self.supply_europe)
        self._every(52, 42, 14, lambda: self.sell_abroad("dealer_us"), 30)
        self._every(59, 42, 14, lambda: self.sell_abroad("dealer_my"), 45)
        self._every(44, 7, 10, self.supply_hospital)
        self._every(46, 11, 15, self.supply_hospital)
        self._every(73, 18, 16, self.sell_in_germany)
        self._every(75, 56, 11, self.fill_consignment)
        self._every(80, 21, 16, self.implant)
        self._every(100, 10_000, 9, self.return_and_reship)
        self._every(140, 90, 9, self.ordinary_return)
        self._every(115, 30, 9, self.repair_pump)
        self._every(108, 10_000, 11, self.split_delivery)

    def _operators(self):
        return self.rng.sample(OPERATORS, 2)

    # -- purchasing ---------------------------------------------------------------------------

    def reorder(self):
        wanted = {}
        for key, (minimum, quantity) in REORDER.items():
            if self.docs.free(key) + self.on_order.get(key, 0) < minimum:
                wanted.setdefault(SOURCES[key][0], []).append((key, quantity))
        for seller, lines in wanted.items():
            self._buy(seller, lines)

    def _buy(self, seller, lines, wait=None, supplier_lot="", then=None):
        order = self.docs.purchase("purchasing", seller, lines)
        for key, quantity in lines:
            self.on_order[key] = self.on_order.get(key, 0) + quantity
        in_parts = self.rng.random() < 0.12
        self._after(wait or self.rng.randint(3, 8), 9, lambda: self._receive(
            order, order.picking_ids[0], lines, in_parts, supplier_lot, then),
            minute=self.rng.randint(0, 50))

    def _receive(self, order, picking, lines, in_parts, supplier_lot="", then=None):
        """Receive an order, in two parts if `in_parts` says so."""
        coming = {}
        for key, quantity in lines:
            part = max(1, quantity // 2) if in_parts else quantity
            coming[key] = self._incoming_lots(key, part, supplier_lot)
            self.on_order[key] -= part
        backorder = self.docs.receive(picking, coming)
        rest = [(key, quantity - sum(q for _lot, q in coming[key])) for key, quantity in lines]
        rest = [(key, quantity) for key, quantity in rest if quantity > 0]
        if backorder and rest:
            self._after(4, 10, lambda: self._receive(order, backorder, rest, False))
        if then:
            then(picking, coming)

    def _incoming_lots(self, key, quantity, supplier_lot=""):
        if self.docs.product(key).tracking == "serial":
            return [(self.docs.lot(key, self._number("SEN", 4)), 1) for _unit in range(quantity)]
        number = supplier_lot or f"{self.rng.randint(10, 99)}{self.rng.randint(1000, 9999)}"
        return [(self.docs.lot(key, self._number(f"R-{key.upper()}"), number), quantity)]

    # -- catheter kits ------------------------------------------------------------------------

    def _postpone(self, action):
        self._after(2, 9, action, minute=30)

    def make_bodies(self, batch):
        """Extrude if tubing is short, then make the catheter bodies of a batch."""
        need = (KITS + SPARE_BODIES) * 0.25
        if self.docs.free("tubing") < need:
            if self.docs.free("tpu") < TUBING_RUN / 50:
                return self._postpone(lambda: self.make_bodies(batch))
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
            self._buy(seller, [("needle", 150)], wait=1, supplier_lot="2408-15", then=then)

    def assemble(self, batch):
        parts = ("body", "wire", "needle", "pouch", "label")
        if any(self.docs.free(part) < KITS for part in parts):
            return self._postpone(lambda: self.assemble(batch))
        picks = {}
        if batch == TWO_SUPPLIERS:
            if len(self.supplier_lots.get("2408-15", ())) < 2:
                return self._postpone(lambda: self.assemble(batch))
            picks["needle"] = [(lot, KITS / 2) for lot in self.supplier_lots["2408-15"]]
        lot = self.docs.lot("kit_ns", self._number("CVC"))
        order = self.docs.order("kit_ns", KITS)
        if batch == PARTIAL:
            backorder = self.docs.make(order, [lot], quantity=180, operators=self._operators())
            self.tell("partial_posting", "An order posted in two parts: 180 kits, then its "
                      "backorder of 120 into the same lot", [lot], order | backorder)
            self._after(1, 10, lambda: self._finish_backorder(backorder, batch, lot))
            return None
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
        return None

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
        quantity = self.docs.free("kit_ns")
        if batch == TWO_LOADS:
            half = quantity // 2
            self._send_load([(lot, half)], story="split")
            self._after(2, 9, lambda: self._send_load([(lot, quantity - half)], story="split"))
        elif batch == SHARED_LOAD:
            self.waiting_load = [(lot, quantity)]
        else:
            load = [*self.waiting_load,
                    (lot, quantity - sum(q for _lot, q in self.waiting_load))]
            self.waiting_load = []
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
        left = self.timeline.end - self.clock.now
        return timedelta(days=14) < left <= timedelta(days=28)

    def _shelf(self, company):
        return self.master.warehouses[company].lot_stock_id

    # -- plates -------------------------------------------------------------------------------

    def order_blanks(self, batch):
        if self.docs.free("bar") < 2:
            return self._postpone(lambda: self.order_blanks(batch))
        order = self.docs.outsource("machine", "blank", 10)
        self._after(self.rng.randint(6, 9), 9, lambda: self._receive_blanks(batch, order))
        return None

    def _receive_blanks(self, batch, order):
        lot = self.docs.lot("blank", self._number("BLK"))
        receipt = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        self.docs.receive_processed(receipt, "blank", [(lot, 10)])
        self._after(1, 9, lambda: self.finish_plates(batch))

    def finish_plates(self, batch):
        if self.docs.free("blank") < 10:
            return self._postpone(lambda: self.finish_plates(batch))
        plates = [self.docs.lot("plate", self._number("TP", 4)) for _unit in range(10)]
        coupon = self.docs.lot("coupon", self._number("CPN"))
        order = self.docs.order("plate", 10)
        self.docs.make(order, plates, by_products={"coupon": [(coupon, 1)]},
                       operators=self._operators())
        if "by_product" not in self.stories:
            self.tell("by_product", "An order of plates that left a test coupon with a lot of its "
                      "own", [coupon, *plates], [order])
        return None

    # -- pumps --------------------------------------------------------------------------------

    def order_boards(self, batch):
        count = 10 if batch == TEN_PUMPS else 5
        if min(self.docs.free("pcb"), self.docs.free("mcu")) < count:
            return self._postpone(lambda: self.order_boards(batch))
        order = self.docs.outsource("electronics", "board", count)
        self._after(self.rng.randint(6, 10), 9, lambda: self._receive_boards(batch, count, order))
        return None

    def _receive_boards(self, batch, count, order):
        receipt = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        boards = [(self.docs.lot("board", self._number("CTL", 4)), 1) for _unit in range(count)]
        self.docs.receive_processed(receipt, "board", boards)
        self._after(2, 8, lambda: self.build_pumps(batch, count))

    def build_pumps(self, batch, count):
        if min(self.docs.free(p) for p in ("board", "sensor", "motor", "housing")) < count:
            return self._postpone(lambda: self.build_pumps(batch, count))
        pumps = [self.docs.lot("pump", self._number("LP2-", 4)) for _unit in range(count)]
        order = self.docs.order("pump", count)
        self.docs.make(order, pumps, operators=self._operators())
        recorded = {TEN_PUMPS: 6}.get(batch, count if batch % 2 == 0 else 0)
        self._record_parts(order, pumps[:recorded])
        if batch == TEN_PUMPS:
            self.tell("ten_pumps", "One order of ten pumps with two serial boards each; which "
                      "boards went into which pump was recorded for six of them", pumps, [order])
        return None

    def _record_parts(self, order, pumps):
        """Say which boards went into which pump, as the scanner at the bench would."""
        if "med.genealogy.event" not in self.docs.env.registry or not pumps:
            return
        parts = []
        for key in ("board", "sensor"):
            move = order.move_raw_ids.filtered(
                lambda m, p=self.docs.product(key): m.product_id == p)
            used = move.move_line_ids.lot_id.sorted("name")
            parts += [{"unit": pump.name, "part": part.name, "product_id": part.product_id.id,
                       "quantity": 1.0} for pump, part in zip(pumps, used, strict=False)]
        order.with_env(self.docs.as_person("operator")).med_record_parts(parts=parts, source="scan")

    # -- distribution -------------------------------------------------------------------------

    def _affordable(self, company, wanted):
        """`wanted` {product: quantity} cut down to what is free; small remainders are left."""
        lines = []
        for key, quantity in wanted.items():
            quantity = min(quantity, int(self.docs.free(key, company)))
            if quantity >= (5 if key == "kit" else 1):
                lines.append((key, quantity))
        return lines

    def _sell(self, consignee, wanted, company="lanheng"):
        lines = self._affordable(company, wanted)
        if not lines:
            return None
        picking = self.docs.sell(consignee, lines, company)
        self.docs.ship(picking, company=company)
        return picking

    def _supply_sister(self, company, wanted, transport_days):
        """Sell to another company of the group, which orders, receives and stocks the same lots."""
        lines = self._affordable("lanheng", wanted)
        if not lines:
            return
        order = self.docs.purchase(
            "purchasing", "lanheng", [(key, quantity) for key, quantity in lines], company)
        picking = self.docs.sell(company, lines, "lanheng", reference=order.name)
        self.docs.ship(picking)
        sent = {}
        for line in picking.move_line_ids:
            sent.setdefault(self.docs._key(line.product_id), []).append(
                (line.lot_id, line.quantity))
        self._after(transport_days, 11, lambda: self.docs.receive(
            order.picking_ids, sent, company=company))

    def supply_ninglan(self):
        self._supply_sister("ninglan", {"kit": 240, "plate": 6, "pump": 3}, 2)

    def supply_europe(self):
        self._supply_sister("europe", {"kit": 130, "plate": 3, "pump": 2}, 15)

    def sell_abroad(self, dealer):
        self._sell(dealer, {"kit": self.rng.randint(30, 60), "plate": 2, "pump": 1})

    def supply_hospital(self):
        hospital = self.rng.choice(HOSPITALS)
        wanted = {"kit": self.rng.randint(12, 38)}
        if hospital != "yanting" and self.rng.random() < 0.3:
            wanted["pump"] = 1
        if self.rng.random() < 0.25:
            wanted["plate"] = 1
        self._sell(hospital, wanted, "ninglan")

    def sell_in_germany(self):
        self._sell("dealer_de", {"kit": self.rng.randint(20, 40), "plate": self.rng.randint(0, 2),
                                 "pump": self.rng.randint(0, 1)}, "europe")

    def split_delivery(self):
        """An order of 60 kits that leaves in two deliveries."""
        lines = self._affordable("ninglan", {"kit": 40})
        if not lines or lines[0][1] < 40:
            return self._postpone(self.split_delivery)
        picking = self.docs.sell("yunzhan", [("kit", 40)], "ninglan")
        line = picking.move_line_ids[0]
        backorder = self.docs.ship(picking, {"kit": [(line.lot_id, min(15, line.quantity))]},
                                   "ninglan")
        self.tell("split_delivery", "An order that left in two deliveries",
                  picking.move_line_ids.lot_id, picking | backorder)
        self._after(3, 11, lambda: self.docs.ship(backorder, company="ninglan"))
        return None

    def _last_delivery(self, company, key, consignee=None):
        """The newest delivery of `key` by `company` that has not been returned."""
        domain = [("picking_type_id", "=", self.master.warehouses[company].out_type_id.id),
                  ("state", "=", "done"), ("return_ids", "=", False),
                  ("move_ids.product_id", "=", self.docs.product(key).id),
                  ("partner_id", "not in", [c.partner_id.id
                                            for c in self.master.companies.values()])]
        if consignee:
            domain.append(("partner_id", "=", self.master.partners[consignee].id))
        return self.docs.env["stock.picking"].search(domain, order="date_done desc, id desc",
                                                     limit=1)

    def _delivered_lot(self, picking, key):
        return picking.move_line_ids.filtered(
            lambda line: line.product_id == self.docs.product(key))[:1]

    def return_and_reship(self):
        """A hospital sends kits back unopened; two hours later they go to another one."""
        picking = self._last_delivery("ninglan", "kit", "zhuhe")
        if not picking:
            return self._postpone(self.return_and_reship)
        line = self._delivered_lot(picking, "kit")
        lot, quantity = line.lot_id, min(10, line.quantity)
        back = self.docs.give_back(picking, "kit", [(lot, quantity)], "ninglan")

        def reship():
            again = self.docs.sell("yunzhan", [("kit", quantity)], "ninglan")
            self.docs.ship(again, {"kit": [(lot, quantity)]}, "ninglan")
            self.tell("returned_and_shipped_again",
                      "Kits delivered to one hospital came back and went to another",
                      [lot], [picking, back, again])

        self._later_today(2, reship)
        return None

    def ordinary_return(self):
        picking = self._last_delivery("europe", "kit", "dealer_de")
        if picking:
            line = self._delivered_lot(picking, "kit")
            self.docs.give_back(picking, "kit", [(line.lot_id, min(4, line.quantity))], "europe")

    def fill_consignment(self):
        """Put plates on the shelf in the orthopaedic hospital; they stay the distributor's."""
        count = min(4, int(self.docs.free("plate", "ninglan")))
        if not count:
            return
        shelf = self._shelf("ninglan")
        plates = self.docs.env["stock.quant"].search(
            [("product_id", "=", self.docs.product("plate").id), ("location_id", "=", shelf.id),
             ("quantity", ">", 0), ("reserved_quantity", "=", 0)], order="in_date, id", limit=count)
        picking = self.docs.move(
            "plate", [(quant.lot_id, 1) for quant in plates], shelf,
            self.master.locations["consignment"], "ninglan", "yanting", origin="Consignment")
        self.tell("consignment", "Plates on consignment in a hospital, delivered when implanted",
                  plates.lot_id, [picking])

    def implant(self):
        shelf = self.master.locations["consignment"]
        plate = self.docs.env["stock.quant"].search(
            [("location_id", "=", shelf.id), ("quantity", ">", 0)], order="in_date, id", limit=1)
        if plate and self.docs.free("plate", location=shelf) > 1:
            self.docs.move(
                "plate", [(plate.lot_id, 1)], shelf,
                self.docs.env.ref("stock.stock_location_customers"), "ninglan", "yanting",
                kind="out_type_id", origin="Implanted from consignment")

    def repair_pump(self):
        """A dealer's pump comes back, gets another sensor board and is sent out again."""
        if "pump_repaired" in self.stories:
            return
        picking = self._last_delivery("lanheng", "pump")
        if not picking or self.docs.free("sensor") < 1:
            return
        pump = self._delivered_lot(picking, "pump").lot_id
        made = self.docs.env["stock.move.line"].search(
            [("lot_id", "=", pump.id), ("move_id.production_id", "!=", False)],
            limit=1).move_id.production_id
        old = made.move_raw_ids.filtered(
            lambda m: m.product_id == self.docs.product("sensor")).move_line_ids.lot_id.sorted("name")
        old = old[list(made.lot_producing_ids.sorted("name")).index(pump)]
        new = self.docs.env["stock.quant"].search(
            [("product_id", "=", self.docs.product("sensor").id), ("quantity", ">", 0),
             ("location_id", "=", self._shelf("lanheng").id), ("reserved_quantity", "=", 0)],
            order="in_date, id", limit=1).lot_id
        dealer = next(k for k, p in self.master.partners.items() if p == picking.partner_id)
        back = self.docs.give_back(picking, "pump", [(pump, 1)])
        repair = self.docs.repair("pump", pump, [("sensor", new)], [("sensor", old)], dealer)

        def send():
            again = self.docs.sell(dealer, [("pump", 1)])
            self.docs.ship(again, {"pump": [(pump, 1)]})
            self.tell("pump_repaired",
                      f"A pump came back, its sensor board {old.name} was replaced by {new.name}, "
                      "and it was delivered again", [pump, old, new], [back, repair, again])

        self._later_today(5, send)

    # -- the end ------------------------------------------------------------------------------

    def _find_late_stories(self):
        """Stories that only the whole history can tell."""
        env = self.docs.env
        env.cr.execute("""
            SELECT line.lot_id
              FROM stock_move_line line
              JOIN stock_picking picking ON picking.id = line.picking_id
              JOIN stock_location destination ON destination.id = line.location_dest_id
             WHERE line.state = 'done' AND destination.usage = 'customer' AND line.product_id = %s
          GROUP BY line.lot_id
          ORDER BY count(DISTINCT picking.company_id) DESC, count(DISTINCT picking.partner_id) DESC,
                   line.lot_id
             LIMIT 1""", [self.docs.product("kit").id])
        lot = env["stock.lot"].browse(env.cr.fetchone()[0])
        self.tell("sold_between_companies", "A lot that the maker sold to its distributor and its "
                  "importer, who each sold it on", [lot])
        self.tell("main_finished", "The lot the demonstration asks about", [lot])
        self.tell("main_raw", "The raw lot the demonstration takes for bad",
                  env["stock.lot"].search([("product_id", "=", self.docs.product("tpu").id)],
                                          order="id", limit=2)[-1:])
