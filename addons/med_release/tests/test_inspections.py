from odoo.addons.med_inspection.tests.common import InspectCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestInspections(ReleaseCase, InspectCase):
    """No batch is released before its inspections, parameters and process batches."""

    requirement = "ISO-8.2.6 ISO-7.5.1 R3 T3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock.move_to("2026-03-02 12:00:00")

    def planned(self, stage, **values):
        """Return an approved plan for pumps: one length on every unit."""
        return self.plan(stage, product_tmpl_ids=[
            Command.set(self.pump.product_tmpl_id.ids)], date_from="2026-01-01", **values)

    def inspections(self, release):
        return release.sudo()._med_inspections()

    def key(self, stage):
        return {"process": "parameters", "in_process": "in_process", "clearance": "in_process",
                "environment": "parameters", "final": "final"}[stage]

    def test_each_stage_is_missed_until_it_is_accepted(self):
        for stage in ("in_process", "clearance", "environment", "process", "final"):
            with self.subTest(stage):
                plan = self.planned(stage)
                release = self.made(f"ST-{stage}", 3)
                [one] = self.inspections(release)
                row = self.check(release, self.key(stage))
                self.assertEqual((row["state"], row["model"], row["res_id"]),
                                 ("missing", "med.inspection", one.id))
                with self.assertRaisesRegex(UserError, f"Not yet: {row['label']}.*{one.name}"):
                    self.produce(release)
                self.finish(one)
                self.assertEqual(self.check(release, self.key(stage))["state"], "ok")
                self.produce(release)
                self.market(release)
                self.assertEqual(release._med_output_lots().med_status, "released")
                self.env.cr.execute(
                    "UPDATE med_inspection_plan SET state = 'retired' WHERE id = %s", [plan.id])
                self.env.invalidate_all()

    def test_a_rejected_inspection_is_missed_until_a_second_one_is_accepted(self):
        self.planned("final")
        release = self.made("RJ-1", 3)
        [one] = self.inspections(release)
        self.finish(one, bad=["1"], decide="reject")
        self.assertEqual(self.check(release, "final")["state"], "missing")
        with self.assertRaisesRegex(UserError, "Not yet"):
            self.produce(release)
        lot = release._med_output_lots()
        for hold in lot.med_hold_line_ids.hold_id:
            hold.with_user(self.anna).conclusion = "Sorted"
            self.sign(hold, self.anna, "approved")
        told = self.env["med.inspection"].with_user(self.anna).request(lot=lot.id, stage="final")
        self.finish(self.env["med.inspection"].browse(told["inspection"]))
        row = self.check(release, "final")
        self.assertEqual((row["state"], [item["state"] for item in row["items"]]), ("ok", ["note"]))
        self.produce(release)

    def test_a_concession_is_an_exception_with_its_document(self):
        self.planned("final")
        release = self.made("CO-1", 3)
        [one] = self.inspections(release)
        self.finish(one, bad=["1"], decide=None)
        self.concede(one)
        row = self.check(release, "final")
        self.assertEqual((row["state"], row["exception"]), ("excepted", "DEV-1"))
        self.assertIn("1 units", row["items"][0]["text"])
        self.produce(release)
        self.market(release)
        self.assertEqual(release.exception_count, 1)
        [told] = release._med_certificate(None)["exceptions"]
        self.assertEqual(told["exception"], "DEV-1")

    def test_a_cancelled_inspection_on_the_floor_is_none_and_is_begun_again(self):
        self.planned("clearance")
        release = self.made("CA-1", 3)
        [one] = self.inspections(release)
        one.with_user(self.ines).med_transition("cancel", reason="No time")
        row = self.check(release, "in_process")
        self.assertEqual((row["state"], row["model"]), ("missing", "med.inspection.plan"))
        with self.assertRaisesRegex(UserError, "was not done"):
            self.produce(release)
        with self.assertRaises(AccessError):
            release.with_user(self.olga).action_begin_inspections()
        release.with_user(self.anna).action_begin_inspections()
        again = self.inspections(release) - one
        self.assertEqual(len(again), 1)
        self.finish(again)
        self.assertEqual(self.check(release, "in_process")["state"], "ok")
        with self.assertRaisesRegex(UserError, "No inspection is lacking"):
            release.with_user(self.anna).action_begin_inspections()

    def test_a_plan_approved_after_the_order_began_is_not_asked_for(self):
        release = self.made("LATE-1", 3)
        plan = self.planned("clearance")
        self.assertEqual(self.check(release, "in_process")["state"], "missing")
        self.env.cr.execute("UPDATE med_inspection_plan SET date_from = '2026-03-20' WHERE id = %s",
                            [plan.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.check(release, "in_process")["state"], "ok")

    def test_a_plan_that_was_replaced_since_is_still_asked_for(self):
        plan = self.planned("clearance")
        release = self.made("REPLACED-1", 3)
        [one] = self.inspections(release)
        one.with_user(self.ines).med_transition("cancel", reason="No time")
        self.clock.move_to("2026-03-05 12:00:00")
        newer = self.env["med.inspection.plan"].browse(plan.action_new_version()["res_id"])
        self.sign(newer, self.anna, "approved")
        self.env.registry.clear_cache()
        self.assertEqual((plan.state, str(plan.date_to)), ("retired", "2026-03-05"))
        row = self.check(release, "in_process")
        self.assertEqual((row["state"], row["res_id"]), ("missing", plan.id))
        release.with_user(self.anna).action_begin_inspections()
        self.assertEqual((self.inspections(release) - one).plan_id, plan)

    def test_an_inspection_that_is_not_blocking_does_not_block(self):
        self.planned("final", blocking=False)
        release = self.made("NB-1", 3)
        row = self.check(release, "final")
        self.assertEqual((row["state"], row["items"][0]["state"]), ("ok", "note"))
        self.produce(release)

    def test_a_lot_that_needs_a_process_batch_waits_for_its_accepted_run(self):
        self.pump.product_tmpl_id.med_batch_process = "sterilisation_other"
        release = self.made("ST-1", 5)
        row = self.check(release, "batches")
        self.assertEqual(row["state"], "missing")
        self.assertIn("ST-1: 5 went through no accepted run", self.texts(row)[0])
        with self.assertRaisesRegex(UserError, "Not yet: Process batches"):
            self.produce(release)

    def test_a_corrected_reading_is_read_and_confirmed_before_the_release(self):
        self.planned("process")
        release = self.made("TR-1", 3)
        [one] = self.inspections(release)
        rows = self.values(one)
        self.enter(one, rows)
        self.enter(one, [{**rows[0], "value": "10.05", "reason": "Typing error"}])
        self.submit(one)
        self.accept(one)
        self.assertEqual(self.check(release, "trail")["state"], "missing")
        told = release.with_user(self.anna).trail()
        [change] = told["changes"]
        self.assertEqual((change["old"], change["new"], change["reason"]),
                         ("10.0", "10.05", "Typing error"))
        self.ines.group_ids += self.env.ref("med_base.med_base_group_qa")
        with self.assertRaisesRegex(UserError, "your own"):
            release.with_user(self.ines).review_trail(digest=told["digest"])
        release.with_user(self.anna).review_trail(digest=told["digest"])
        self.assertEqual(self.check(release, "trail")["state"], "ok")
        readings = next(row["rows"] for row in release.batch_record()["sections"]
                        if row["key"] == "readings")
        self.assertEqual([row["change"] for row in readings if row["change"]],
                         ["corrected", "corrects: Typing error"])
        self.assertEqual({row["limits"] for row in readings}, {"9.9 … 10.1 mm"})

    def test_what_is_released_by_its_order_is_not_proposed_lot_by_lot(self):
        self.planned("final", release_on_accept=True)
        release = self.made("PR-1", 3)
        self.finish(self.inspections(release))
        lot = release._med_output_lots()
        self.assertFalse(self.env["med.disposition.line"].search([("lot_id", "=", lot.id)]))
