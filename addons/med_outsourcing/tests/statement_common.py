from decimal import Decimal

from odoo.fields import Command

from .processor_common import ProcessorCase

MARCH, APRIL = "2026-03-01", "2026-04-01"


class StatementCase(ProcessorCase):
    """A processor that was sent sixty stents of a lot, and what happens to them there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "ST-1", quantity=100)
        cls.send((cls.lot, 60))

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-05 09:00:00")

    def statement(self, day=MARCH, period="month", user=None, **kw):
        return self.env["med.outsourcing.statement"].with_user(user or self.anna).create({
            "processor_id": self.processor.id, "date_from": day, "period": period, **kw})

    def issued(self, day=MARCH):
        statement = self.statement(day)
        self.sign(statement, self.anna, "approved")
        return statement

    def send_in(self, unit, lot, quantity):
        self.tick()
        places = {"location_id": self.stock.id, "location_dest_id": self.place.id}
        move = self.env["stock.move"].create({
            "product_id": lot.product_id.id, "product_uom_qty": quantity, "product_uom": unit.id,
            **places, "move_line_ids": [Command.create({
                "product_id": lot.product_id.id, "quantity": quantity, "lot_id": lot.id,
                "product_uom_id": unit.id, **places})]})
        move.picked = True
        move._action_done()
        self.assertEqual(move.state, "done")

    def there(self, lot):
        return Decimal(str(sum(self.env["stock.quant"].search([
            ("lot_id", "=", lot.id), ("location_id", "=", self.place.id)]).mapped("quantity"))))

    def scrap_there(self, lot, quantity):
        self.tick()
        self.env["stock.scrap"].create({
            "product_id": lot.product_id.id, "lot_id": lot.id, "scrap_qty": quantity,
            "location_id": self.place.id}).do_scrap()

    def count_there(self, product, lot, quantity):
        self.tick()
        self.env["stock.quant"].with_context(inventory_mode=True).create({
            "product_id": product.id, "lot_id": lot.id, "location_id": self.place.id,
            "inventory_quantity": quantity}).action_apply_inventory()

    def sums(self, statement, lot=None):
        line = statement.line_ids.filtered(lambda row: row.lot_id == (lot or self.lot))
        return {name: line[name] for name in (
            "opening", "late", "sent", "made", "used", "scrapped", "returned", "adjusted",
            "closing", "difference") if line[name]}
