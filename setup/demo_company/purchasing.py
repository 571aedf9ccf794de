"""What the maker buys, and the lots it comes in."""

from .catalogue import SOURCES

# What is bought when stock and orders fall below `minimum`: product -> (minimum, order quantity).
REORDER = {
    "tpu": (2, 4), "wire": (620, 1200), "needle": (620, 1200), "pouch": (620, 1500),
    "label": (620, 3000), "bar": (4, 6), "pcb": (12, 25), "mcu": (12, 25), "sensor": (12, 20),
    "motor": (12, 25), "housing": (12, 25),
}


class Purchasing:

    def reorder(self):
        wanted = {}
        for key, (minimum, quantity) in REORDER.items():
            if self.docs.free(key) + self.on_order.get(key, 0) < minimum:
                wanted.setdefault(SOURCES[key][0], []).append((key, quantity))
        for seller, lines in wanted.items():
            self._buy(seller, lines)

    def _buy(self, seller, lines, wait=None, supplier_lot="", then=None, whole=False):
        """Order, and receive after `wait` working days: all of it if `whole`, else as it comes."""
        order = self.docs.purchase("purchasing", seller, lines)
        for key, quantity in lines:
            self.on_order[key] = self.on_order.get(key, 0) + quantity
        in_parts = self.rng.random() < 0.12 and not whole
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
