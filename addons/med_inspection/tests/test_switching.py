from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestSwitching(InspectCase):
    """Severity per supplier, product and class follows from decided inspections alone."""

    requirement = "SMP-5 SMP-6 SMP-7 SMP-8 SMP-10 SMP-11 ISO-7.4.3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()

    @classmethod
    def make_plan(cls, **kw):
        return cls.plan(classes=[{
            "defect_class": "major", "method": "aql", "aql": "6.5", "level": "II"}], **kw)

    def lot(self, good, partner=None):
        """Return a decided inspection of a lot of eight (n 2, Ac 0 on normal)."""
        self.number = getattr(self, "number", 0) + 1
        inspection = self.inspected(f"W-{self._testMethodName[-8:]}-{self.number}", 8,
                                    partner=partner)
        units = tuple(inspection.sample_ids.mapped("unit"))
        return self.finish(inspection, bad=() if good else units,
                           decide="accept" if good else "reject")

    def series(self, partner=None):
        return self.env["med.switching"].search([
            ("partner_id", "=", (partner or self.supplier).id)])

    def decide_series(self, series, kind, **values):
        change = self.env["med.switching.change"].with_user(self.anna).create({
            "switching_id": series.id, "kind": kind, **values})
        self.sign(change, self.anna, "approved")
        return change

    def test_two_of_five_tighten_five_accepted_relax_and_each_step_says_why(self):
        first = self.lot(True)
        self.assertEqual(first.severity, "Normal")
        self.lot(False)
        self.lot(False)
        series = self.series()
        self.assertEqual(series.severity, "tightened")
        self.assertEqual(series.step_ids[0].code, "tightened")
        self.assertIn("not_accepted 2", series.step_ids[0].detail)
        tight = self.lot(True)
        self.assertEqual(tight.severity, "Tightened")
        self.assertEqual(len(tight.sample_ids), 3)
        for _lot in range(4):
            self.lot(True)
        self.assertEqual((series.severity, series.step_ids[0].code), ("normal", "relaxed"))
        self.assertEqual(len(series.step_ids), 8)
        self.assertFalse(self.series(self.other_supplier))
        self.lot(True, self.other_supplier)
        self.assertEqual(self.series(self.other_supplier).severity, "normal")

    def test_stopped_acceptance_is_taken_up_again_on_tightened_after_action(self):
        for _lot in range(7):
            self.lot(False)
        series = self.series()
        self.assertEqual((series.severity, series.step_ids[0].code), ("stopped", "stopped"))
        inspection = self.finish(self.inspected("W-STOP", 8), decide=None)
        self.assertEqual(inspection.frozen["classes"]["major"]["plan"]["severity"], "tightened")
        with self.assertRaisesRegex(UserError, "Acceptance of these lots is stopped"):
            self.accept(inspection)
        for kind, words in (("reduce", "follows normal"), ("normal", "in place of reduced"),
                            ("tightened", "Acceptance is stopped")):
            with self.assertRaisesRegex(UserError, words):
                self.decide_series(series, kind, grounds="x", steady=True)
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.decide_series(series, "resume")
        change = self.decide_series(series, "resume", grounds="CAPA-7")
        self.env.invalidate_all()
        self.assertEqual((series.severity, series.step_ids[0].change_id), ("tightened", change))
        self.accept(inspection)

    def test_reduced_is_earned_by_the_score_and_needs_steadiness_and_a_signature(self):
        for _lot in range(14):
            self.lot(True)
        series = self.series()
        self.assertFalse(series.may_reduce)
        with self.assertRaisesRegex(UserError, "do not earn"):
            self.decide_series(series, "reduce", grounds="x", steady=True)
        self.lot(True)
        self.assertEqual((series.severity, series.may_reduce), ("normal", True))
        with self.assertRaisesRegex(UserError, "production is steady"):
            self.decide_series(series, "reduce", grounds="15 lots")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            change = self.env["med.switching.change"].create({
                "switching_id": series.id, "kind": "reduce", "grounds": "x", "steady": True})
            self.grant(self.ines, "approved")
            self.sign(change, self.ines, "approved")
        self.decide_series(series, "reduce", grounds="15 lots", steady=True)
        self.assertEqual(series.severity, "reduced")
        self.assertEqual(self.lot(True).severity, "Reduced")
        self.lot(False)
        self.assertEqual((series.severity, series.step_ids[0].code), ("normal", "reduced_failed"))

    def test_normal_is_ordered_from_reduced_and_never_from_tightened(self):
        self.lot(True)
        series = self.series()
        self.decide_series(series, "tightened", grounds="Complaints")
        self.assertEqual((series.severity, series.step_ids[0].code), ("tightened", "directed"))
        with self.assertRaisesRegex(UserError, "in place of reduced"):
            self.decide_series(series, "normal", grounds="They are nice")

    def test_tightened_is_not_ordered_anew_to_forget_the_lots_that_count_to_a_stop(self):
        for _lot in range(6):
            self.lot(False)
        series = self.series()
        self.assertEqual(series.severity, "tightened")
        with self.assertRaisesRegex(UserError, "tightened already"):
            self.decide_series(series, "tightened", grounds="They are nice")
        self.env.invalidate_all()
        self.lot(False)
        self.assertEqual(series.severity, "stopped")

    def test_rejecting_before_all_is_measured_counts_as_not_accepted(self):
        for number in range(2):
            inspection = self.inspected(f"W-EARLY-{number}", 8)
            self.reject(inspection, conclusion="Crushed")
        self.assertEqual(self.series().severity, "tightened")

    def test_a_concession_counts_as_what_was_found(self):
        for number in range(2):
            inspection = self.inspected(f"W-CON-{number}", 8)
            self.finish(inspection, bad=tuple(inspection.sample_ids.mapped("unit")), decide=None)
            self.concede(inspection)
        self.assertEqual(self.series().severity, "tightened")

    def test_a_new_version_of_the_plan_continues_the_series(self):
        self.lot(False)
        plan = self.env["med.inspection.plan"].search([("code", "=", self.series().code)])
        self.env["med.inspection.plan"].browse(
            plan.with_user(self.bert).action_new_version()["res_id"])
        draft = self.env["med.inspection.plan"].search([("previous_id", "=", plan.id)])
        self.sign(draft, self.anna, "approved")
        self.lot(False)
        self.assertEqual(self.series().severity, "tightened")

    def test_another_aql_begins_anew_but_not_laxer(self):
        self.lot(False)
        self.lot(False)
        old = self.env["med.inspection.plan"].search([("code", "=", self.series().code)])
        draft = self.env["med.inspection.plan"].browse(
            old.with_user(self.bert).action_new_version()["res_id"])
        draft.class_ids.aql = "10"
        self.sign(draft, self.anna, "approved")
        self.lot(True)
        self.assertEqual((self.series().severity, self.series().aql), ("tightened", "10"))

    def test_series_and_history_are_written_by_nobody(self):
        self.lot(True)
        series = self.series()
        step = series.step_ids
        for attack in (
                lambda: series.sudo().write({"severity": "reduced"}),
                lambda: series.sudo().write({"state": {}}),
                lambda: series.sudo().write({"step_ids": [Command.clear()]}),
                lambda: series.sudo().unlink(), lambda: series.copy(),
                lambda: series.with_user(self.anna).write({"may_reduce": True}),
                lambda: step.sudo().write({"code": "relaxed"}), lambda: step.sudo().unlink(),
                lambda: step.sudo().copy()):
            with self.assertRaises(AccessError):
                attack()
        self.assertEqual(series.severity, "normal")
