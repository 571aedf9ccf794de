from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .processor_common import ProcessorCase


@tagged("post_install", "-at_install")
class TestReleaseReports(ProcessorCase):
    """Our release reads what processors reported, and a processor releases what it reported."""

    requirement = "R4 V5 V6 CN-GMP-OUT ISO-7.4.3 ISO-8.3.2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed")
        cls.grant(cls.carl, "authored")
        cls.kit = cls.product("Kit", med_controlled=True)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.kit.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(cls.works.id)],
            "bom_line_ids": [Command.create({"product_id": cls.case_part.id, "product_qty": 1})]})
        cls.identified(cls.kit)
        cls.send((cls.part, 100))
        cls.said = 0

    # ------------------------------------------------------------------ orders and reports

    def ordered(self, quantity=10):
        """Return the order that a confirmed purchase of kits makes, begun at the processor."""
        purchase = self.env["purchase.order"].create({
            "partner_id": self.works.id, "order_line": [Command.create({
                "product_id": self.kit.id, "product_qty": quantity, "price_unit": 1})]})
        purchase.button_confirm()
        order = purchase.picking_ids.move_ids.med_outsourcing_order_id
        return self.begun(order)

    def begun(self, order):
        order._med_store({"date_released": fields.Datetime.now() - timedelta(days=2)})
        self.tell(order, "acknowledged", 9)
        self.tell(order, "started", 8)
        return order

    def tell(self, order, kind, hours=1, lots=(), used=(), **more):
        type(self).said += 1
        return order._med_report({
            "kind": kind, "reference": f"A{self.said}", "revision": order.revision,
            "time": fields.Datetime.now() - timedelta(hours=hours), "person": "Li",
            "lots": [{"lot": lot, "quantity": quantity, "outcome": outcome}
                     for lot, quantity, outcome in lots],
            "used": [{"product": self.case_part.id, "lot": "PART-1", "quantity": used}]
            if used else [], **more}, "api")

    def back(self, order, *rows):
        """Finish and ship lots, and post what comes."""
        total = sum(quantity for _lot, quantity, _outcome in rows)
        self.tell(order, "finished", 5, rows, total if order.kind == "make" else ())
        self.tell(order, "shipped", 4, rows)
        picking = order.move_ids.picking_id or order.back_picking_ids
        picking.move_ids.picked = True
        self.assertIs(picking.button_validate(), True, "what comes back is always posted")
        return order.production_ids.med_release_ids

    def processed(self, name="PUMP-2"):
        """Return our production release, and an order by which its lot is processed."""
        release = self.made(name)
        self.produce(release)
        self.works.write({"med_quarantine_agreement": "QA-17",
                          "med_quarantine_until": "2030-01-01"})
        order = self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "kind": "process", "process": "assembly",
            "line_ids": [Command.create({"lot_id": release.line_ids.lot_id.id, "quantity": 10})]})
        order.action_release()
        order.send_picking_ids.move_ids.picked = True
        order.send_picking_ids.button_validate()
        return release, self.begun(order)

    def signs(self, order, **lots):
        theirs = self.theirs(order, {name.replace("_", "-"): quantity
                                     for name, quantity in lots.items()}, order.revision)
        self.portal_sign(theirs, "released")
        return theirs

    def none(self, problem):
        """Quality assurance finds, and signs, that it is no nonconformity."""
        problem.with_user(self.anna).conclusion = "The gauge was wrong"
        self.sign(problem, self.anna, "reviewed", transition="cancel")

    def evaluated(self, problem):
        problem.with_user(self.anna).write({
            "defect_class": "minor", "evaluation": "Three leak", "investigation": "not_needed",
            "investigation_reason": "Known"})
        self.sign(problem, self.anna, "reviewed", transition="evaluate")
        return problem

    # ------------------------------------------------------------------ bad reports

    def test_a_failed_result_waits_until_its_nonconformity_is_decided(self):
        order = self.ordered()
        failed = self.tell(order, "result", 6, [("KIT-1", 10, "good")],
                           parameters=[{"name": "Leak test", "value": "fail"}])
        problem = failed.nonconformity_ids
        self.assertEqual((problem.source, problem.line_ids.lot_id.name), ("processor", False))
        release = self.back(order, ("KIT-1", 10, "good"))
        lot = release._med_output_lots()
        self.assertEqual((problem.line_ids.lot_id, lot.med_hold_count), (lot, 1))
        self.signs(order, KIT_1=10)
        [text] = self.texts(self.check(release, "reports"))
        self.assertIn("Leak test", text)
        with self.assertRaisesRegex(UserError, "Leak test"):
            self.produce(release)
        self.none(problem)
        self.assertEqual((self.check(release, "reports")["state"], lot.med_hold_count), ("ok", 0))
        self.produce(release)
        self.market(release)

    def test_a_value_outside_is_let_pass_by_a_deviation_that_names_the_order_alone(self):
        order, other = self.ordered(), self.ordered()
        wide = [{"name": "Current", "value": "900", "unit": "A", "low": "10", "high": "20"}]
        release = None
        for number, one in enumerate((order, other)):
            if not number:
                self.permit(one)
            step = self.tell(one, "step", 7, operation="Weld", parameters=wide)
            self.assertTrue(step.deviates)
            release = self.back(one, (f"KIT-{number}", 10, "good"))
            row = self.check(release, "reports")
            self.assertEqual((row["state"], bool(step.nonconformity_ids)),
                             ("missing", True) if number else ("excepted", False))
        # What failed, no deviation makes good.
        self.permit(other)
        self.tell(other, "result", 3, parameters=[{"name": "Leak test", "value": "fail"}])
        row = self.check(release, "reports")
        self.assertEqual(sorted(one["state"] for one in row["items"]), ["excepted", "missing"])

    def permit(self, order):
        permit = self.env["med.deviation"].with_user(self.carl).create({
            "kind": "planned", "grade": "minor", "requirement": "Current", "legal_ok": True,
            "description": "Thicker sheet", "justification": "Tried", "risk": "None",
            "product_ids": [Command.set(self.kit.ids)], "quantity": 10,
            "uom_id": self.kit.uom_id.id, "date_from": "2026-01-01", "date_to": "2030-01-01",
            "med_outsourcing_order_ids": [Command.set(order.ids)], "company_id": self.company.id})
        self.sign(permit, self.carl, "authored")
        self.sign(permit, self.anna, "approved")

    def test_a_corrected_report_counts_no_more(self):
        order = self.ordered()
        wrong = self.tell(order, "step", 7, operation="Weld", parameters=[
            {"name": "Current", "value": "900", "unit": "A", "low": "10", "high": "20"}])
        self.tell(order, "step", 7, operation="Weld", supersedes=wrong.reference)
        release = self.back(order, ("KIT-1", 10, "good"))
        self.assertEqual(self.check(release, "reports")["state"], "ok")
        # That it was no nonconformity is said by a person of ours.
        self.assertEqual(wrong.nonconformity_ids.state, "reported")

    def test_a_reject_after_our_release_holds_exactly_its_lot(self):
        order = self.ordered()
        release = self.back(order, ("KIT-1", 6, "good"), ("KIT-2", 4, "good"))
        self.signs(order, KIT_1=6, KIT_2=4)
        self.produce(release[0])
        self.market(release[0])
        one, two = self.env["stock.lot"].search([("product_id", "=", self.kit.id)], order="name")
        self.assertEqual(one.med_status, "released")
        event = self.tell(order, "result", 1, [("KIT-1", 6, "reject")])
        self.assertEqual(event.nonconformity_ids.line_ids.lot_id, one)
        self.assertEqual((one.med_hold_count, two.med_hold_count), (1, 0))
        with self.assertRaises(UserError):
            self.move([(self.kit, one, 1)], self.stock, self.customers, partner=self.works)

    def test_what_is_rejected_when_finished_and_sent_back_is_one_nonconformity(self):
        order = self.ordered()
        self.back(order, ("KIT-1", 7, "good"), ("KIT-1", 3, "reject"))
        [problem] = order.nonconformity_ids
        told = order.event_ids.filtered("nonconformity_ids")
        self.assertEqual(sorted(told.mapped("kind")), ["finished", "shipped"])
        action = order.with_user(self.anna).action_nonconformities()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), problem)

    # ------------------------------------------------------------------ steps

    def test_a_step_of_the_routing_that_nobody_reported_is_missing(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.env["mrp.bom"].create({
            "product_tmpl_id": self.kit.product_tmpl_id.id, "type": "normal",
            "operation_ids": [Command.create({"name": name, "workcenter_id": center.id})
                              for name in ("Weld", "Leak test")]})
        order = self.ordered()
        self.tell(order, "step", 7, operation="weld")
        release = self.back(order, ("KIT-1", 10, "good"))
        self.signs(order, KIT_1=10)
        [text] = self.texts(self.check(release, "reports"))
        self.assertIn("“Leak test”", text)
        with self.assertRaisesRegex(UserError, "nobody reported the step"):
            self.produce(release)
        self.tell(order, "step", 7, [("KIT-1", 10, "good")], operation="Leak test")
        self.produce(release)

    # ------------------------------------------------------------------ rejected units

    def test_a_lot_that_is_rejected_wholly_is_not_released(self):
        order = self.ordered()
        release = self.back(order, ("KIT-1", 10, "reject"))
        with self.assertRaisesRegex(UserError, "nothing of it is reported as finished and good"):
            self.theirs(order, {"KIT-1": 10}, order.revision)
        texts = " ".join(self.texts(self.check(release, "reports")))
        self.assertIn("10 of it are not reported as good", texts)
        with self.assertRaises(UserError):
            self.produce(release)

    def test_more_received_than_reported_as_good_is_missing(self):
        order = self.ordered()
        self.tell(order, "finished", 5, [("KIT-1", 8, "good")], 8)
        picking = order.move_ids.picking_id
        picking.move_ids.move_line_ids.quantity = 10
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        release = order.production_ids.med_release_ids[:1]
        self.signs(order, KIT_1=8)
        self.assertIn("2 of it are not reported as good", " ".join(
            self.texts(self.check(release, "reports"))))

    def test_rejected_units_in_the_same_lot_leave_it_first(self):
        release, order = self.processed()
        self.back(order, ("PUMP-2", 7, "good"), ("PUMP-2", 3, "reject"))
        lot = release.line_ids.lot_id
        problem = order.nonconformity_ids
        self.assertEqual((problem.line_ids.lot_id, lot.med_hold_count), (lot, 1))
        self.signs(order, PUMP_2=7)
        with self.assertRaisesRegex(UserError, "3 of it are not reported as good"):
            self.market(release)
        # The part that was rejected gets a number of its own, and is scrapped.
        self.evaluated(problem)
        part = self.env["med.nonconformity.line"].browse(
            problem.line_ids.with_user(self.anna).split(3)["line"])
        part.with_user(self.anna).decision = "scrap"
        self.assertIn("Have it decided", " ".join(self.texts(
            self.check(release, "processed_reports", "market"))))
        (problem.line_ids - part).with_user(self.anna).unlink()
        hold = lot.med_hold_line_ids.hold_id.filtered(lambda one: one.state == "open")
        self.sign(problem, self.anna, "approved")
        self.assertEqual(part.lot_id.med_status, "rejected")
        self.assertEqual(lot.med_hold_count, 1, "quality assurance lifts it with a signature")
        hold.with_user(self.anna).conclusion = "The three leaking ones are out"
        self.sign(hold[:1], self.anna, "approved")
        self.assertEqual(self.texts(self.check(release, "processed_reports", "market")), [])
        self.tell(order, "note", 1, note="All well")
        self.assertEqual(order.nonconformity_ids, problem, "what is decided stays decided")
        self.market(release)
        self.assertEqual(lot.med_status, "released")
        self.assertEqual(sum(lot.quant_ids.filtered(
            lambda one: one.location_id.usage == "internal").mapped("quantity")), 7)

    def test_what_came_back_unprocessed_is_not_released_before_it_is_done(self):
        release, order = self.processed("PUMP-3")
        self.back(order, ("PUMP-3", 8, "good"), ("PUMP-3", 2, "left"))
        self.assertFalse(order.nonconformity_ids)
        self.signs(order, PUMP_3=8)
        with self.assertRaisesRegex(UserError, "2 of it are not reported as good"):
            self.market(release)
        again = self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "kind": "process", "process": "assembly",
            "line_ids": [Command.create({"lot_id": release.line_ids.lot_id.id, "quantity": 2})]})
        again.action_release()
        again.send_picking_ids.move_ids.picked = True
        again.send_picking_ids.button_validate()
        self.back(self.begun(again), ("PUMP-3", 2, "good"))
        self.signs(again, PUMP_3=2)
        self.market(release)

    # ------------------------------------------------------------------ what they release

    def test_nothing_is_released_before_it_is_reported_as_finished(self):
        order = self.ordered()
        with self.assertRaisesRegex(UserError, "nothing of it is reported"):
            self.theirs(order, {"KIT-1": 10}, order.revision)
        self.tell(order, "finished", 5, [("KIT-1", 6, "good")], 6)
        for lots, words in (({"KIT-2": 1}, "nothing of it is reported"),
                            ({"KIT-1": 1e9}, "but 6 are reported"),
                            ({"KIT-1": 7}, "7 released, but 6 are reported")):
            with self.assertRaisesRegex(UserError, words) as caught, self.env.cr.savepoint():
                self.theirs(order, lots, order.revision)
            self.assertTrue(caught.exception.pointer.startswith("/lots/0/"))
        self.signs(order, KIT_1=4)
        with self.assertRaisesRegex(UserError, "8 released, but 6"):
            self.theirs(order, {"KIT-1": 4}, order.revision)
        self.signs(order, KIT_1=2)

    def test_a_correction_makes_a_release_invalid(self):
        order = self.ordered()
        told = self.tell(order, "finished", 5, [("KIT-1", 10, "good")], 10)
        theirs = self.signs(order, KIT_1=10)
        self.assertTrue(theirs.valid)
        self.tell(order, "finished", 5, [("KIT-1", 7, "good"), ("KIT-1", 3, "reject")], 10,
                  supersedes=told.reference)
        self.assertEqual((theirs.state, theirs.valid), ("released", False))

    def test_what_is_sent_back_as_rejected_is_not_good(self):
        order = self.ordered()
        self.tell(order, "finished", 5, [("KIT-1", 10, "good")], 10)
        theirs = self.signs(order, KIT_1=10)
        self.tell(order, "shipped", 4, [("KIT-1", 8, "good"), ("KIT-1", 2, "reject")])
        self.assertFalse(theirs.valid)
        self.assertTrue(order.nonconformity_ids)
        lines = order.move_ids.move_line_ids
        self.assertEqual((lines.lot_id.name, sum(lines.mapped("quantity"))), ("KIT-1", 10))
