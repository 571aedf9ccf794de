from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestSerials(OrderCase):
    """Units that a processor makes leave nothing reserved that is not there (V4, T2)."""

    requirement = "V4 V5 T2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.product("Unit", "serial", med_controlled=True)
        cls.plain = cls.product("Plain unit", "serial")
        for product in (cls.unit, cls.plain):
            cls.env["mrp.bom"].create({
                "product_tmpl_id": product.product_tmpl_id.id, "type": "subcontract",
                "subcontractor_ids": [(4, cls.site.id)],
                "bom_line_ids": [(0, 0, {"product_id": cls.body.id, "product_qty": 1})]})

    def ghosts(self, *products):
        """Return quants that are reserved and hold less than that, or nothing at all."""
        self.env.flush_all()
        self.env["stock.quant"]._quant_tasks()  # as whoever opens the stock does
        self.env.invalidate_all()
        return [(quant.product_id.name, quant.location_id.name, quant.lot_id.name,
                 quant.quantity, quant.reserved_quantity)
                for quant in self.env["stock.quant"].search([
                    ("product_id", "in", [one.id for one in products])])
                if quant.reserved_quantity and quant.reserved_quantity > max(quant.quantity, 0)
                or quant.location_id.usage == "internal" and quant.quantity < 0]

    def ordered(self, product, quantity):
        purchase = self.env["purchase.order"].create({
            "partner_id": self.site.id, "order_line": [(0, 0, {
                "product_id": product.id, "product_qty": quantity, "price_unit": 1})]})
        purchase.button_confirm()
        return purchase.picking_ids

    def test_units_reported_one_by_one_leave_nothing_reserved(self):
        self.at_processor(self.body, "B-1", quantity=20)
        order = self.begun(self.made_order(4, product=self.unit))
        self.assertEqual(self.ghosts(self.unit, self.body), [])
        for number in range(4):
            self.report(order, "finished", [(f"U-{number}", 1, "good")],
                        used=[(self.body, "B-1", 1)])
        self.assertEqual(self.ghosts(self.unit, self.body), [])
        self.report(order, "shipped", [(f"U-{number}", 1, "good") for number in range(3)])
        self.post(order.move_ids.picking_id)
        self.assertEqual(self.ghosts(self.unit, self.body), [])

    def test_units_reported_together_leave_nothing_reserved(self):
        self.at_processor(self.body, "B-1", quantity=20)
        order = self.begun(self.made_order(4, product=self.unit))
        lots = [(f"U-{number}", 1, "good") for number in range(4)]
        self.report(order, "finished", lots, used=[(self.body, "B-1", 4)])
        self.report(order, "shipped", lots)
        self.post(order.move_ids.picking_id)
        self.assertEqual(self.ghosts(self.unit, self.body), [])

    def test_what_is_to_be_made_is_not_reserved_whoever_looks_at_the_stock(self):
        """Odoo's own fault: products that are not controlled had it as well."""
        self.at_processor(self.body, "B-1", quantity=20)
        for product in (self.plain, self.unit):
            picking = self.ordered(product, 4)
            lots = self.env["stock.lot"].create([
                {"name": f"{product.name}-{number}", "product_id": product.id}
                for number in range(4)])
            move = picking.move_ids
            self.assertEqual(self.ghosts(product, self.body), [])
            move.lot_ids = lots
            self.assertEqual(self.ghosts(product, self.body), [])
            self.post(picking)
            self.assertEqual(self.ghosts(product, self.body), [])
