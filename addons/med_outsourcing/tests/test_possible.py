from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestPossible(OrderCase):
    """Where nobody said which lots were used, the trace is not certain (TRC-1, V4)."""

    requirement = "TRC-1 TRC-3 V4 V7 CN-OUT-2 ISO-7.5.9"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bodies = cls.at_processor(cls.body, "B-1", "B-2")
        cls.screws = cls.at_processor(cls.screw, "S-1")

    def received(self, order, used=(), names=("DEV-1",)):
        self.begun(order)
        for name in names:
            self.report(order, "finished", [(name, 10 / len(names), "good")], used)
        self.post(order.move_ids.picking_id)
        return order.production_ids.lot_producing_ids

    def backward(self, lot):
        return {row["name"]: row["exact"] for row in lot.med_trace("backward")["lots"]}

    def test_every_lot_that_was_there_is_possible_and_quality_is_asked(self):
        order = self.made_order()
        lot = self.received(order)
        self.assertEqual(self.backward(lot),
                         {"DEV-1": True, "B-1": False, "B-2": False, "S-1": True})
        for body in self.bodies:
            self.assertEqual({row["name"]: row["exact"] for row in body.med_trace(
                "forward")["lots"]}, {body.name: True, "DEV-1": False})
        words = " ".join(order.activity_ids.mapped("summary"))
        self.assertIn("nobody reported which lots of Body, Screw were used", words)
        self.assertIn("B-1, B-2, S-1", words)
        self.assertEqual(order.state, "received", "receipts always post")

    def test_what_was_reported_is_certain_and_the_rest_possible(self):
        self.at_processor(self.screw, "S-2")
        lot = self.received(self.made_order(), [(self.body, "B-2", 10)])
        self.assertEqual(self.backward(lot),
                         {"DEV-1": True, "B-2": True, "S-1": False, "S-2": False})
        self.assertFalse(lot.med_trace("backward").get("wrong"))

    def test_reported_in_full_nothing_is_merely_possible(self):
        order = self.made_order()
        lot = self.received(order, [(self.body, "B-2", 10), (self.screw, "S-1", 20)])
        self.assertEqual(self.backward(lot), {"DEV-1": True, "B-2": True, "S-1": True})
        self.assertFalse(order.activity_ids)
        self.assertFalse(order.production_ids.med_possible_lot_ids)

    def test_a_lot_that_has_left_since_the_release_was_there_too(self):
        order = self.made_order()
        self.move([(self.body, self.bodies[1], 100)], self.place, self.stock)
        self.assertIn("B-2", self.backward(self.received(order)))

    def test_a_lot_that_was_elsewhere_is_not_possible(self):
        self.in_stock(self.body, "B-OURS")
        self.assertNotIn("B-OURS", self.backward(self.received(self.made_order())))

    def test_the_possible_stays_when_the_genealogy_is_built_anew(self):
        lot = self.received(self.made_order())
        told = self.backward(lot)
        self.assertEqual(self.env["med.genealogy"]._differences(), [])
        event = self.env["med.genealogy.event"].search([
            ("res_model", "=", "mrp.production"), ("kind", "=", "subcontract")], limit=1)
        lines = len(event.line_ids)
        self.env["med.genealogy"]._settle(event.ids)
        self.env["med.genealogy"]._rebuild()
        self.assertEqual((self.backward(lot), len(event.line_ids)), (told, lines))
