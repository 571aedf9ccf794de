from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestReport(OrderCase):
    """What a processor says is taken whole, once and in order, or refused (V5, V6)."""

    requirement = "V5 V6 ISO-7.4.2 CN-GMP-OUT"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.process_order(cls.in_stock(cls.stent, "P-1", "P-2"))

    def refused(self, pointer, words, *args, order=None, **kw):
        order = order or self.order
        count, state = len(order.event_ids), order.state
        with self.assertRaisesRegex(ReportRefused, words) as told, self.env.cr.savepoint():
            self.report(order, *args, **kw)
        order.invalidate_recordset()
        self.assertEqual((told.exception.pointer, len(order.event_ids), order.state),
                         (pointer, count, state))

    def test_an_order_lives_from_release_to_acceptance(self):
        order = self.order
        lots = [("P-1", 10, "good"), ("P-2", 10, "good")]
        self.assertEqual(order.state, "released")
        self.begun(order)
        self.assertEqual(order.state, "started")
        self.report(order, "step", lots=lots, operation="Load 7", equipment="EO-3")
        self.report(order, "finished", lots=lots[:1])
        self.assertEqual(order.state, "started", "half of it is not all of it")
        self.report(order, "finished", lots=lots[1:])
        self.assertEqual(order.state, "finished")
        self.report(order, "shipped", lots=lots)
        self.assertEqual(order.state, "shipped")
        self.assertEqual({line.lot_id.name: line.quantity for line
                          in order.back_picking_ids.move_line_ids}, {"P-1": 10, "P-2": 10})
        self.post(order.back_picking_ids)
        self.assertEqual(order.state, "received")
        self.assertEqual(set(order.line_ids.lot_id.mapped("med_status")), {"quarantine"})
        self.decide(order.line_ids.lot_id[0], "released")
        self.assertEqual(order.state, "received")
        self.decide(order.line_ids.lot_id[1], "rejected")
        self.assertEqual(order.state, "accepted")

    def test_out_of_order_is_refused(self):
        lots = [("P-1", 10, "good")]
        for kind in ("started", "step", "result", "finished", "shipped"):
            with self.subTest(kind=kind):
                self.refused("/kind", "is not reported now", kind, lots=lots)
        self.report(self.order, "acknowledged", hours=6)
        self.refused("/kind", "is not reported now", "acknowledged")
        self.refused("/kind", "is not reported now", "finished", lots=lots)
        self.report(self.order, "started", hours=5)
        self.refused("/time", "comes only after", "finished", lots=lots, hours=7)
        self.refused("/time", "comes only after", "shipped", lots=lots)

    def test_late_entry_is_taken_and_the_future_and_the_past_before_release_are_not(self):
        self.refused("/time", "in the future", "acknowledged", hours=-1)
        self.refused("/time", "before the order was released", "acknowledged", hours=100)
        event = self.report(self.order, "acknowledged", hours=30)
        self.assertLess(event.event_time, event.create_date)

    def test_the_same_again_has_no_second_effect_and_other_content_is_refused(self):
        told = self.told(self.order, "acknowledged")
        event = self.order._med_report(told, "api")
        self.assertEqual(self.order._med_report(dict(told), "portal"), event)
        with self.assertRaisesRegex(ReportRefused, "other content") as error:
            self.order._med_report({**told, "person": "Another"}, "api")
        self.assertEqual(error.exception.pointer, "/reference")

    def test_another_revision_is_refused(self):
        self.refused("/revision", "Say to which revision", "acknowledged", revision="")
        self.refused("/revision", "under an approved deviation", "acknowledged", revision="V0")
        self.refused("/deviation", "no deviation", "acknowledged", revision="V0",
                     deviation="DEV/0")

    def test_another_revision_needs_a_deviation_in_force_that_names_the_lots(self):
        lots = self.order.line_ids.lot_id
        other = self.approved(lot_ids=[(6, 0, self.lots.ids)])
        self.refused("/deviation", "is not for lot", "acknowledged", revision="V0",
                     deviation=other.name)
        draft = self.submitted(lot_ids=[(6, 0, lots.ids)])
        self.refused("/deviation", "is not approved", "acknowledged", revision="V0",
                     deviation=draft.name)
        mine = self.approved(lot_ids=[(6, 0, lots.ids)], quantity=50)
        event = self.report(self.order, "acknowledged", revision="V0", deviation=mine.name,
                            hours=6)
        self.assertEqual(event.deviation_id, mine)
        self.report(self.order, "started", revision="V0", deviation=mine.name, hours=5)
        self.report(self.order, "finished", [("P-1", 10, "good")], revision="V0",
                    deviation=mine.name)
        self.assertEqual(mine.used, 10)

    def test_a_deviation_that_names_no_order_and_not_the_lots_covers_nothing(self):
        wide = self.approved(quantity=50)
        self.refused("/deviation", "names neither", "acknowledged", revision="V0",
                     deviation=wide.name)
        other = self.process_order(self.in_stock(self.stent, "P-9"))
        elsewhere = self.approved(quantity=50, med_outsourcing_order_ids=[(6, 0, other.ids)])
        self.refused("/deviation", f"is for {other.name}, not for {self.order.name}",
                     "acknowledged", revision="V0", deviation=elsewhere.name)
        mine = self.approved(quantity=15, med_outsourcing_order_ids=[(6, 0, self.order.ids)])
        self.assertIn(mine, self.order.deviation_ids)
        with self.assertRaisesRegex(UserError, "is signed and is not changed"):
            elsewhere.med_outsourcing_order_ids = self.order
        under = {"revision": "V0", "deviation": mine.name}
        self.report(self.order, "acknowledged", hours=6, **under)
        self.report(self.order, "started", hours=5, **under)
        self.report(self.order, "finished", [("P-1", 10, "good")], **under)
        self.refused("/deviation", "5 Units are left", "finished", [("P-2", 10, "good")], **under)
        self.report(self.order, "finished", [("P-2", 5, "good")], **under)
        self.assertEqual((mine.used, mine.left), (15, 0))
        # Nothing more is used by what was finished under it.
        event = self.report(self.order, "shipped", [("P-1", 10, "good")], hours=0, **under)
        self.assertEqual((event.deviation_id, mine.used), (mine, 15))
        mine.with_user(self.anna).med_transition("withdraw", "The old drawing is wrong")
        self.refused("/deviation", "is not approved", "shipped", [("P-2", 5, "good")], **under)

    def test_an_order_to_make_is_named_before_its_lots_exist(self):
        self.at_processor(self.body, "B-1", quantity=10)
        order = self.made_order(10)
        mine = self.approved(
            product_ids=[(6, 0, self.device.ids)], quantity=10,
            med_outsourcing_order_ids=[(6, 0, order.ids)])
        under = {"revision": "V0", "deviation": mine.name}
        for kind, hours in (("acknowledged", 6), ("started", 5)):
            self.assertEqual(
                self.report(order, kind, hours=hours, **under).deviation_id, mine)
        event = self.report(order, "finished", [("M-1", 10, "good")], **under)
        self.assertEqual((event.lot_ids.lot_id.name, mine.used), ("M-1", 10))

    def test_lots_of_another_order_and_more_than_were_sent_are_refused(self):
        self.begun(self.order)
        self.refused("/lots/0/lot", "is not of", "finished", [("D-1", 1, "good")])
        self.refused("/lots/0/quantity", "more than", "finished", [("P-1", 11, "good")])
        self.refused("/lots/1/quantity", "more than", "finished",
                     [("P-2", 5, "good"), ("P-1", 6, "good"), ("P-1", 5, "reject")])
        self.report(self.order, "finished", [("P-1", 6, "good"), ("P-1", 1, "scrap")])
        self.refused("/lots/0/quantity", "more than", "finished", [("P-1", 4, "good")])
        self.refused("/lots/0/quantity", "more than", "shipped", [("P-1", 7, "good")])
        self.refused("/used/0", "nothing is used", "finished", [("P-1", 1, "good")],
                     used=[(self.tube, "X", 1)])

    def test_what_has_not_the_form_of_a_report_is_refused(self):
        for changes, pointer in (
                ({"kind": "begun"}, "/kind"), ({"reference": " "}, "/reference"),
                ({"time": "2026-01-01"}, "/time"), ({"lots": "P-1"}, "/lots"),
                ({"lots": [{"lot": "P-1", "quantity": float("nan")}]}, "/lots/0/quantity"),
                ({"lots": [{"lot": "P-1", "quantity": True}]}, "/lots/0/quantity"),
                ({"lots": [{"quantity": 1}]}, "/lots/0/lot"), ({"state": "done"}, "/state"),
                ({"parameters": [{"value": "1"}]}, "/parameters/0/name")):
            with self.subTest(changes=changes), self.assertRaises(ReportRefused) as told:
                self.order._med_report({**self.told(self.order, "acknowledged"), **changes}, "api")
            self.assertEqual(told.exception.pointer, pointer)

    def test_a_correction_takes_the_place_of_a_report_and_its_quantities(self):
        self.begun(self.order)
        first = self.report(self.order, "finished", [("P-1", 10, "good"), ("P-2", 10, "good")])
        self.assertEqual(self.order.state, "finished")
        second = self.report(self.order, "finished", [("P-1", 4, "good")],
                             supersedes=first.reference)
        self.assertTrue(first.superseded)
        self.assertEqual((self.order.state, second.supersedes_id), ("started", first))
        self.refused("/supersedes", "corrected already", "finished", [("P-1", 5, "good")],
                     supersedes=first.reference)
        self.refused("/supersedes", "no report", "finished", [("P-1", 5, "good")],
                     supersedes="nothing")
        self.report(self.order, "finished", [("P-1", 6, "good"), ("P-2", 10, "good")])
        self.assertEqual(self.order.state, "finished")

    def test_events_are_neither_changed_nor_deleted_nor_written_by_hand(self):
        event = self.report(self.order, "acknowledged")
        for user in (self.env.ref("base.user_admin"), self.anna):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"note": "Other"})
            with self.assertRaises(AccessError):
                event.with_user(user).with_context(med_store=True).copy()
        with self.assertRaises(AccessError):
            event.with_user(self.anna).write({"superseded": True})
        with self.assertRaises(UserError):
            event.unlink()
        with self.assertRaises(AccessError):
            self.order.sudo().write({"state": "accepted"})
        with self.assertRaisesRegex(UserError, "is released"):
            self.order.line_ids[0].quantity = 3
        with self.assertRaisesRegex(UserError, "is released"):
            self.order.process = "coating"
        with self.assertRaises(UserError):
            self.order.unlink()

    def test_what_is_not_as_ordered_is_marked_and_quality_is_asked(self):
        plan = self.plan("process", product_tmpl_ids=[(6, 0, self.tube.product_tmpl_id.ids)])
        order = self.begun(self.process_order(self.in_stock(self.tube, "T-1")))
        self.assertEqual(order.contract["products"][0]["plans"][0]["code"], plan.code)
        good = self.report(order, "step", parameters=[
            {"name": "Length", "value": "10.0", "unit": "mm"}])
        self.assertFalse(good.deviates)
        bad = self.report(order, "step", parameters=[
            {"name": "Length", "value": "12.0", "unit": "mm"},
            {"name": "Heat", "value": "1"}])
        self.assertIn("12.0 is outside 9.9 – 10.1 mm", bad.deviates)
        self.assertIn("no parameter", bad.deviates)
        self.assertIn("Not as ordered", order.activity_ids.mapped("summary")[-1])
