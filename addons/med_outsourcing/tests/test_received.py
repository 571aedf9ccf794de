from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestReceived(OrderCase):
    """What arrived at the processor is what was sent to it, lot by lot (V5, V7)."""

    requirement = "V5 V7 CN-OUT-2 ISO-7.5.9 TRC-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bodies = cls.at_processor(cls.body, "B-1")
        cls.screws = cls.at_processor(cls.screw, "S-1")
        cls.order = cls.made_order()
        cls.order.user_id = cls.anna

    def refused(self, pointer, words, *lots, order=None, **kw):
        with self.assertRaisesRegex(ReportRefused, words) as caught, self.cr.savepoint():
            self.report(order or self.order, "received", lots, **kw)
        self.assertEqual(caught.exception.pointer, pointer)

    def asked(self, order):
        return [one.summary for one in order.activity_ids if "Less arrived" in one.summary]

    def test_what_arrives_for_making_is_the_material(self):
        event = self.report(self.order, "received", [("B-1", 100, "good"), ("S-1", 100, "good")])
        self.assertEqual(event.lot_ids.mapped("product_id"), self.body | self.screw)
        self.assertEqual(event.lot_ids.lot_id, self.bodies | self.screws)
        self.assertFalse(self.asked(self.order))

    def test_what_was_never_sent_does_not_arrive(self):
        self.in_stock(self.body, "B-OURS")
        self.refused("/lots/0/lot", "was not sent", ("NO-SUCH", 1, "good"))
        self.refused("/lots/1/lot", "was not sent", ("B-1", 1, "good"), ("B-OURS", 1, "good"))
        self.refused("/lots/0/quantity", "100", ("B-1", 101, "good"))
        self.refused("/lots/0/outcome", "none of", ("B-1", 1, "left"))
        self.report(self.order, "received", [("B-1", 60, "good")])
        self.refused("/lots/0/quantity", "40", ("B-1", 30, "good"), ("B-1", 11, "reject"))

    def test_two_components_with_one_number_are_told_apart_by_the_product(self):
        self.at_processor(self.screw, "B-1", quantity=7)
        self.refused("/lots/0/product", "say of which", ("B-1", 1, "good"))
        told = self.told(self.order, "received", [("B-1", 7, "good")])
        told["lots"][0]["product"] = self.screw.id
        self.assertEqual(self.order._med_report(told, "api").lot_ids.product_id, self.screw)

    def test_less_than_was_sent_is_asked_about(self):
        self.report(self.order, "received", [("B-1", 60, "good"), ("S-1", 100, "good")])
        self.assertIn("B-1: 60 of 100", self.asked(self.order)[0])
        self.assertIn(self.anna, self.order.activity_ids.filtered(
            lambda one: "Less arrived" in one.summary).user_id)
        other = self.process_order(self.in_stock(self.stent, "L-1", "L-2"))
        self.report(other, "received", [("L-1", 7, "good")])
        self.assertIn("L-1: 7 of 10, L-2: 0 of 10", self.asked(other)[0])
        self.refused("/lots/0/quantity", "3", ("L-1", 4, "good"), order=other)
        self.report(other, "received", [("L-1", 3, "good"), ("L-2", 10, "good")])
        self.assertEqual(len(self.asked(other)), 1)

    def test_what_is_left_over_of_what_arrived_comes_back(self):
        self.report(self.order, "received", [("B-1", 100, "good"), ("S-1", 100, "good")])
        order = self.begun(self.order)
        lots = [("DEV-1", 10, "good"), ("B-1", 90, "left")]
        event = self.report(order, "finished", lots, used=[
            (self.body, "B-1", 10), (self.screw, "S-1", 20)])
        self.assertEqual(event.lot_ids.filtered(
            lambda row: row.outcome == "left").lot_id, self.bodies)
        self.report(order, "shipped", lots)
        back = order.back_picking_ids - order.move_ids.picking_id
        self.assertEqual((back.move_line_ids.lot_id, back.move_line_ids.quantity),
                         (self.bodies, 90))

    def test_what_was_used_by_now_had_arrived(self):
        order = self.begun(self.order)
        self.report(order, "finished", [("DEV-1", 4, "good")], used=[
            (self.body, "B-1", 60), (self.screw, "S-1", 8)])
        receipt = order.move_ids.picking_id
        receipt.move_ids.picked = True
        receipt.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        self.refused("/lots/0/quantity", "100", ("B-1", 101, "good"))
        self.report(order, "received", [("B-1", 100, "good")])

    def test_its_own_transfers_say_what_was_sent(self):
        self.bom.bom_line_ids.product_id.product_tmpl_id.route_ids = [
            (4, self.env.ref("mrp_subcontracting.route_resupply_subcontractor_mto").id)]
        order = self.made_order()
        send = order.send_picking_ids
        for product, name, quantity in ((self.body, "B-7", 10), (self.screw, "S-7", 20)):
            [lot] = self.in_stock(product, name, quantity=quantity)
            self._set_lines(send.move_ids.filtered(
                lambda move, it=product: move.product_id == it), [(product, lot, quantity)])
        for one in send:
            self.post(one)
        self.refused("/lots/0/quantity", "10", ("B-7", 11, "good"), order=order)
        self.report(order, "received", [("B-7", 10, "good")])
        self.assertIn("S-7: 0 of 20", self.asked(order)[0])
