from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from ..exceptions import ReportRefused
from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestTold(OrderCase):
    """What is said beside making: of lots that are there, no finer than the books, and asked about
    where the books and the words differ."""

    requirement = "V4 V5 V7 TRC-1 Q6"

    def asked(self, order, words):
        return order.activity_ids.filtered(lambda one: words in (one.summary or ""))

    def finish(self, order, quantity=10):
        return self.report(order, "finished", [("DEV-1", quantity, "good")], used=[
            (self.body, "B-1", quantity), (self.screw, "S-1", 2 * quantity)])

    # ------------------------------------------------------------------ which lot

    def test_a_step_or_result_of_material_is_of_the_material(self):
        order = self.started()
        for kind in ("step", "result", "note"):
            row = self.report(order, kind, [("B-1", 3, "good")]).lot_ids
            self.assertEqual((row.product_id, row.lot_id), (self.body, self.bodies))

    def test_a_lot_that_nobody_made_or_sent_is_no_result_of_a_finished_order(self):
        order = self.started()
        self.finish(order)
        for kind in ("step", "result", "note"):
            with self.subTest(kind), self.assertRaisesRegex(ReportRefused, "GHOST-1: nothing"):
                self.report(order, kind, [("GHOST-1", 1, "good")], hours=0.5)
        row = self.report(order, "result", [("DEV-1", 1, "good")], hours=0.5).lot_ids
        self.assertEqual(row.product_id, self.device)

    def test_a_lot_that_is_in_our_stock_already_has_steps_and_results(self):
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.made_order()
        picking = order.move_ids.picking_id
        picking.move_ids.move_line_ids.lot_name = "DEV-1"
        self.post(picking)
        self.begun(order)
        self.assertEqual(order.state, "received")
        for kind in ("step", "result"):
            row = self.report(order, kind, [("DEV-1", 1, "good")]).lot_ids
            self.assertEqual(row.product_id, self.device)
            with self.subTest(kind), self.assertRaisesRegex(ReportRefused, "GHOST-1: nothing"):
                self.report(order, kind, [("GHOST-1", 1, "good")])

    def test_a_step_of_a_lot_to_be_made_is_taken_and_asked_about_if_it_never_is(self):
        order = self.started()
        for name in ("DEV-1", "GHOST-1"):
            self.report(order, "step", [(name, 1, "good")], hours=3)
        self.assertFalse(self.asked(order, "never made"))
        self.finish(order)
        self.assertIn("never made: GHOST-1.", self.asked(order, "never made").summary)

    # ------------------------------------------------------------------ how much

    def test_a_quantity_finer_than_the_books_is_refused(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "FI-1")))
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for quantity in (0.0000004, 10 ** -(digits + 1), 1 + 10 ** -(digits + 1)):
            for kind in ("result", "finished"):
                with self.subTest(quantity), self.assertRaisesRegex(
                        ReportRefused, "decimal places") as caught:
                    self.report(order, kind, [("FI-1", quantity, "good")])
                self.assertEqual(caught.exception.pointer, "/lots/0/quantity")
        self.report(order, "finished", [("FI-1", 10 ** -digits, "good"), ("FI-1", 0.3, "good")])

    def test_what_no_database_keeps_is_refused(self):
        order = self.process_order(self.in_stock(self.stent, "NU-1"))
        for more in ({"note": "a\0b"}, {"person": "\ud800"}, {"equipment": "\0"}):
            with self.subTest(more), self.assertRaises(ReportRefused):
                self.report(order, "acknowledged", **more)

    def test_scrap_that_is_posted_and_then_corrected_to_less_is_asked_about(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "SC-1")))
        first = self.report(order, "finished", [("SC-1", 6, "good"), ("SC-1", 4, "scrap")])
        order.scrap_ids.action_validate()
        self.assertFalse(self.asked(order, "Posted as scrap"))
        self.report(order, "finished", [("SC-1", 9, "good"), ("SC-1", 1, "scrap")],
                    supersedes=first.reference)
        self.assertIn("SC-1 (3)", self.asked(order, "Posted as scrap").summary)

    # ------------------------------------------------------------------ nobody said anything

    def test_goods_of_an_order_that_nobody_confirmed_are_asked_about(self):
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        self.company.med_gate_mode = "enforce"
        order = self.made_order()
        picking = order.move_ids.picking_id
        picking.move_ids.move_line_ids.lot_name = "DEV-9"
        self.post(picking)
        self.assertEqual(order.state, "received")
        self.assertIn("Acknowledged, Finished", self.asked(order, "did not report").summary)

    def test_goods_that_were_reported_are_asked_about_by_nobody(self):
        order = self.started()
        self.finish(order)
        self.report(order, "shipped", [("DEV-1", 10, "good")])
        self.post(order.move_ids.picking_id)
        self.assertFalse(self.asked(order, "did not report"))

    def test_an_order_to_make_that_is_written_by_hand_says_where_it_is_ordered(self):
        order = self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "kind": "make", "process": "assembly",
            "product_id": self.device.id, "quantity": 5})
        with self.assertRaisesRegex(UserError, "by a purchase or a receipt"):
            order.action_release()

    # ------------------------------------------------------------------ deviations

    def under(self, order, *args, **more):
        return self.report(order, *args, **{"revision": "V0", "deviation": self.permit.name,
                                            **more})

    def test_a_correction_books_a_deviation_as_often_as_it_was_used(self):
        lots = self.in_stock(self.stent, "CO-1", "CO-2")
        order = self.process_order(lots)
        self.permit = self.approved(lot_ids=[Command.set(lots.ids)], quantity=10)
        self.under(order, "acknowledged", hours=6)
        self.under(order, "started", hours=5)
        first = self.under(order, "finished", [("CO-1", 10, "good")], hours=3)
        self.assertEqual(self.permit.used, 10)
        second = self.under(order, "finished", [("CO-1", 9, "good"), ("CO-1", 1, "scrap")],
                            hours=3, supersedes=first.reference)
        self.assertEqual(self.permit.used, 9)
        # All of it is used up; the truth is another lot.
        third = self.under(order, "finished", [("CO-2", 10, "good")], hours=3,
                           supersedes=second.reference)
        self.assertEqual(self.permit.used, 10)
        # And it was made as ordered after all.
        self.report(order, "finished", [("CO-2", 10, "good")], hours=3,
                    supersedes=third.reference)
        self.assertEqual(self.permit.used, 0)
        self.assertEqual(sum(self.permit.use_ids.mapped("quantity")), 0)
