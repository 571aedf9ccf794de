"""Sales, the sister companies, returns, consignment and repair."""

HOSPITALS = ["zhuhe", "yanting", "yunzhan", "lanpu"]


class Distribution:

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
        if lines:
            self.docs.ship(self.docs.sell(consignee, lines, company), company=company)

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
        self._supply_sister("ninglan", {"kit": 220, "plate": 6, "pump": 2}, 2)

    def supply_europe(self):
        self._supply_sister("europe", {"kit": 95, "plate": 3, "pump": 1}, 15)

    def sell_abroad(self, dealer):
        self._sell(dealer, {"kit": self.rng.randint(60, 110), "plate": 2, "pump": 1})

    def supply_hospital(self):
        hospital = self.rng.choice(HOSPITALS)
        wanted = {"kit": self.rng.randint(20, 50)}
        if hospital != "yanting" and self.rng.random() < 0.4:
            wanted["pump"] = 1
        if self.rng.random() < 0.25:
            wanted["plate"] = 1
        self._sell(hospital, wanted, "ninglan")

    def sell_in_germany(self):
        self._sell("dealer_de", {"kit": self.rng.randint(30, 60), "plate": self.rng.randint(0, 2),
                                 "pump": self.rng.randint(0, 1)}, "europe")

    def split_delivery(self):
        """An order of 40 kits that leaves in two deliveries."""
        lines = self._affordable("ninglan", {"kit": 40})
        if not lines or lines[0][1] < 40:
            self._postpone(self.split_delivery)
            return
        picking = self.docs.sell("yunzhan", [("kit", 40)], "ninglan")
        line = picking.move_line_ids[0]
        backorder = self.docs.ship(picking, {"kit": [(line.lot_id, min(15, line.quantity))]},
                                   "ninglan")
        self.tell("split_delivery", "An order that left in two deliveries",
                  picking.move_line_ids.lot_id, picking | backorder)
        self._after(3, 11, lambda: self.docs.ship(backorder, company="ninglan"))

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
        """A hospital sends kits back unopened; they go to another one before anyone takes them."""
        picking = self._last_delivery("ninglan", "kit", "zhuhe")
        if not picking:
            self._postpone(self.return_and_reship)
            return
        line = self._delivered_lot(picking, "kit")
        lot, quantity = line.lot_id, min(10, line.quantity)
        back = self.docs.give_back(picking, "kit", [(lot, quantity)], "ninglan")

        def reship():
            again = self.docs.sell("yunzhan", [("kit", quantity)], "ninglan")
            self.docs.ship(again, {"kit": [(lot, quantity)]}, "ninglan")
            self.tell("returned_and_shipped_again",
                      "Kits delivered to one hospital came back and went to another",
                      [lot], [picking, back, again])

        self._later_today(reship, minutes=20)

    def ordinary_return(self):
        picking = self._last_delivery("europe", "kit", "dealer_de")
        if picking:
            line = self._delivered_lot(picking, "kit")
            self.docs.give_back(picking, "kit", [(line.lot_id, min(4, line.quantity))], "europe")

    def relabel(self):
        """The importer gives some kits a lot number of its own language version."""
        if "med.repack" not in self.docs.env.registry:
            return
        quant = self.docs.env["stock.quant"].search(
            [("product_id", "=", self.docs.product("kit").id), ("quantity", ">=", 12),
             ("location_id", "=", self._shelf("europe").id), ("reserved_quantity", "=", 0)],
            order="in_date, id", limit=1)
        if not quant:
            self._postpone(self.relabel)
            return
        document = self.docs.relabel(
            quant.lot_id, f"{quant.lot_id.name}-DE", 12, "German instructions for use", "europe")
        self.tell("relabelled", "12 kits that the importer gave another lot number",
                  [quant.lot_id, document.output_ids.lot_id], [document])

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

    def _sensor_of(self, pump):
        """The sensor board of a pump, by the order in which the bench takes them."""
        made = self.docs.env["stock.move.line"].search(
            [("lot_id", "=", pump.id), ("move_id.production_id", "!=", False)],
            limit=1).move_id.production_id
        sensor = self.docs.product("sensor")
        used = made.move_raw_ids.filtered(lambda m: m.product_id == sensor)
        place = list(made.lot_producing_ids.sorted("name")).index(pump)
        return used.move_line_ids.lot_id.sorted("name")[place]

    def repair_pump(self):
        """A dealer's pump comes back, gets another sensor board and is sent out again."""
        if "pump_repaired" in self.stories:
            return
        picking = self._last_delivery("lanheng", "pump")
        if not picking or self.docs.free("sensor") < 1:
            return
        pump = self._delivered_lot(picking, "pump").lot_id
        old = self._sensor_of(pump)
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

        self._later_today(send, minutes=100)
