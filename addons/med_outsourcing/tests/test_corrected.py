from datetime import timedelta

from odoo import fields
from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestCorrected(OrderCase):
    """A correction turns nothing round, and after our receipt it moves nothing (V4, V5)."""

    requirement = "V4 V5 V7 CN-OUT-2 ISO-7.4.3 P4"

    def used(self, quantity=10, screws=20):
        return [(self.body, "B-1", quantity), (self.screw, "S-1", screws)]

    def test_a_correction_does_not_turn_the_order_of_life_round(self):
        order = self.process_order(self.in_stock(self.stent, "L-1"))
        events = {kind: self.report(order, kind, lots, hours=hours) for kind, hours, lots in (
            ("acknowledged", 10, ()), ("started", 8, ()), ("step", 7, ()),
            ("finished", 6, [("L-1", 10, "good")]), ("shipped", 4, [("L-1", 10, "good")]))}
        for kind, hours, lots in (("acknowledged", 7.9, ()), ("started", 6.9, ()),
                                  ("finished", 3.9, [("L-1", 10, "good")])):
            with self.subTest(kind=kind), self.assertRaisesRegex(
                    ReportRefused, "earlier time") as caught, self.cr.savepoint():
                self.report(order, kind, lots, hours=hours, supersedes=events[kind].reference)
            self.assertEqual(caught.exception.pointer, "/time")
        self.report(order, "started", hours=7.5, supersedes=events["started"].reference)
        self.report(order, "acknowledged", hours=7.8, supersedes=events["acknowledged"].reference)
        self.assertEqual(order.state, "shipped")

    def test_after_the_receipt_a_correction_is_kept_and_quality_adjusts(self):
        order = self.started()
        first = self.report(order, "finished", [("DEV-1", 10, "good")], self.used(), hours=3)
        shipped = self.report(order, "shipped", [("DEV-1", 10, "good")])
        self.post(order.move_ids.picking_id)
        self.assertEqual(order.state, "received")
        lines = self.env["stock.move.line"].search([], order="id desc", limit=50)
        before = lines.mapped(lambda line: (line.id, line.quantity, line.lot_id.id, line.date))
        event = self.report(order, "finished", [("DEV-1", 10, "good")], self.used(99, 25),
                            hours=3, supersedes=first.reference)
        self.assertTrue(first.superseded)
        for words in ("Body, lot B-1, Used: 99 instead of 10", "S-1, Used: 25 instead of 20"):
            self.assertIn(words, event.deviates)
        self.assertIn("adjust the stock", " ".join(order.activity_ids.mapped("summary")))
        self.assertEqual((order.state, self.there(self.bodies)), ("received", 90))
        self.assertFalse(order.scrap_ids)
        self.assertEqual(before, self.env["stock.move.line"].search(
            [], order="id desc", limit=50).mapped(
                lambda line: (line.id, line.quantity, line.lot_id.id, line.date)))
        self.report(order, "shipped", [("DEV-1", 9, "good"), ("DEV-1", 1, "reject")],
                    supersedes=shipped.reference)
        self.assertEqual(order.state, "received")
        order.move_ids.move_line_ids.lot_id._med_set_status("released")
        self.assertEqual(order.state, "accepted")
        self.assertFalse(order.scrap_ids, "the correction proposes no posting either")
        started = order.event_ids.filtered(lambda one: one.kind == "started")
        event = self.report(order, "started", hours=5, supersedes=started.reference)
        self.assertIn(f"compare it with report {started.reference}", event.deviates)

    def test_a_new_report_after_the_receipt_is_refused_as_before(self):
        order = self.started()
        self.report(order, "finished", [("DEV-1", 10, "good")], self.used())
        self.post(order.move_ids.picking_id)
        with self.assertRaisesRegex(ReportRefused, "not reported now"):
            self.report(order, "finished", [("DEV-1", 1, "good")])

    def test_what_was_used_is_told_first_after_the_goods_came(self):
        order = self.started()
        [other] = self.at_processor(self.body, "B-2")
        receipt = order.move_ids.picking_id
        receipt.move_ids.move_line_ids.lot_name = "DEV-1"
        self.post(receipt)
        taken = order.production_ids.move_raw_ids.move_line_ids.filtered(
            lambda line: line.product_id == self.body).lot_id.name
        right = {"B-1": "B-2", "B-2": "B-1"}[taken]
        there = self.there(self.bodies), self.there(other)
        event = self.report(order, "finished", [("DEV-1", 10, "good")], [
            (self.body, right, 10), (self.screw, "S-1", 20)])
        for words in (f"lot {right}, Used: 10 instead of 0", f"lot {taken}, Used: 0 instead of 10"):
            self.assertIn(words, event.deviates)
        self.assertNotIn("S-1", event.deviates)
        self.assertFalse(order.scrap_ids)
        self.assertEqual((self.there(self.bodies), self.there(other)), there)

    def test_lots_that_came_back_are_where_they_are(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "W-1")))
        first = self.report(order, "finished", [("W-1", 10, "good")])
        self.report(order, "shipped", [("W-1", 10, "good")])
        self.post(order.back_picking_ids)
        event = self.report(order, "finished", [("W-1", 9, "good"), ("W-1", 1, "reject")],
                            supersedes=first.reference)
        self.assertIn("lot W-1, Rejected: 1 instead of 0", event.deviates)
        self.assertEqual((order.state, len(order.back_picking_ids)), ("received", 1))

    def test_a_correction_of_a_part_that_was_posted_moves_the_rest_alone(self):
        order = self.started()
        first = self.report(order, "finished", [("DEV-1", 4, "good"), ("DEV-2", 6, "good")],
                            self.used(), hours=3)
        self.report(order, "shipped", [("DEV-1", 4, "good")], hours=2)
        receipt = order.move_ids.picking_id
        receipt.move_ids.picked = True
        receipt.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        event = self.report(
            order, "finished", [("DEV-1", 4, "good"), ("DEV-2", 5, "good"), ("DEV-2", 1, "scrap")],
            self.used(), hours=3, supersedes=first.reference)
        self.assertIn("lot DEV-2, Good: 5 instead of 6", event.deviates)
        self.report(order, "shipped", [("DEV-2", 5, "good")])
        rest = order.move_ids.picking_id - receipt
        self.assertEqual(rest.move_ids.move_line_ids.mapped("quantity"), [5])

    def test_before_anything_is_posted_nothing_is_marked(self):
        order = self.started()
        first = self.report(order, "finished", [("DEV-1", 10, "good")], self.used())
        event = self.report(order, "finished", [("DEV-1", 10, "good")], self.used(11),
                            supersedes=first.reference)
        self.assertFalse(event.deviates)
        self.assertGreater(event.event_time, fields.Datetime.now() - timedelta(hours=2))
