from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestRuns(OrderCase):
    """A load that a processor reports is a run here, for its own quantities alone (V4, R4)."""

    requirement = "V4 R4 CN-OUT-2 ISO-7.5.5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_a, cls.lot_b = cls.in_stock(cls.body, "A-1", "A-2", quantity=10)
        cls.order = cls.begun(cls.process_order(cls.lot_a | cls.lot_b))

    def load(self, *lots, **more):
        event = self.report(self.order, "finished", lots, **{
            "hours": 2, "equipment": "EO-3", "operation": "Cycle 7", **more})
        return event, self.order.batch_ids.filtered(
            lambda one: one.med_outsourcing_event_id == event)

    def test_what_went_through_well_is_a_run_to_be_recorded_and_accepted_here(self):
        self.report(self.order, "step", hours=3, parameters=[
            {"name": "Temperature", "value": "54", "unit": "°C", "low": "", "high": ""}])
        event, run = self.load(("A-1", 10, "good"), ("A-2", 6, "good"), ("A-2", 4, "reject"))
        self.assertEqual((run.state, run.process, run.partner_id, run.number, run.equipment,
                          run.cycle, run.ended_at), (
            "open", "sterilisation_eo", self.site, event.reference, "EO-3", "Cycle 7",
            event.event_time))
        self.assertEqual({line.lot_id.name: line.quantity for line in run.line_ids},
                         {"A-1": 10, "A-2": 6})
        self.assertIn("Temperature", str(run.message_ids.mapped("body")))
        self.assertEqual(run.med_outsourcing_order_id, self.order)

    def test_nothing_that_failed_alone_makes_no_run(self):
        _event, run = self.load(("A-1", 10, "reject"))
        self.assertFalse(run)

    def test_the_same_again_makes_no_second_run_and_a_correction_takes_the_first_back(self):
        told = self.told(self.order, "finished", [("A-1", 10, "good")], hours=2)
        for _twice in range(2):
            self.order._med_report(told, "api")
        run = self.order.batch_ids
        self.assertEqual((len(run), run.state), (1, "open"))
        _event, corrected = self.load(("A-1", 8, "good"), ("A-1", 2, "reject"),
                                      supersedes=told["reference"])
        self.assertEqual((run.state, corrected.state, corrected.line_ids.quantity),
                         ("cancelled", "open", 8))

    def test_a_signed_run_is_not_taken_back_quality_assurance_is_asked(self):
        _event, run = self.load(("A-1", 10, "good"))
        self.env.cr.execute("UPDATE med_process_batch SET state = 'processed' WHERE id = %s",
                            [run.id])
        run.invalidate_recordset()
        self.load(("A-1", 8, "good"), supersedes=_event.reference)
        self.assertEqual(run.state, "processed")
        self.assertIn(run.name, str(self.order.activity_ids.mapped("summary")))

    def test_a_page_gives_no_number_of_a_load(self):
        told = self.told(self.order, "finished", [("A-1", 10, "good")], hours=2)
        self.order._med_report(told, "portal")
        self.assertFalse(self.order.batch_ids.number)

    def test_who_reports_loads_by_records_of_their_own_has_no_second_one(self):
        self.env["med.process.batch"].create({
            "process": "sterilisation_eo", "partner_id": self.site.id, "number": "L-1",
            "line_ids": [(0, 0, {"lot_id": self.lot_a.id, "quantity": 10})]})
        _event, run = self.load(("A-1", 10, "good"))
        self.assertFalse(run)

    def test_nobody_says_that_a_run_is_of_an_order(self):
        _event, run = self.load(("A-1", 10, "good"))
        for call in (
                lambda: run.with_user(self.anna).write({"med_outsourcing_order_id": False}),
                lambda: self.env["med.process.batch"].with_user(self.anna).create(
                    {"med_outsourcing_order_id": self.order.id})):
            with self.assertRaises(AccessError):
                call()
