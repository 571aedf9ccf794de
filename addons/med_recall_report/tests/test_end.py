from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReportCase


@tagged("post_install", "-at_install")
class TestEnd(ReportCase):
    """A recall ends when everything is answered, reported and accounted for; a drill is timed."""

    requirement = "FDA-7.55 CN-RC-8 CN-RC-9 CN-RC-10 FDA-806.20 TRC-7 C6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recall = cls.decided(
            cls.shipped("L-1"), level="cn_3", origin="authority", origin_partner_id=cls.supplier.id,
            origin_reference="Order 5", effect="Everything came back", conclusion="New seal")
        cls.figures = {"unaccounted": 0, "told": 2}
        told = cls.registry["med.recall"]._med_figures
        cls.classPatch(cls.registry["med.recall"], "_med_figures",
                       lambda recall: {**told(recall), **cls.figures})
        cls.classPatch(cls.registry["med.recall"], "_med_check_complete", lambda recall: None)
        cls.sign(cls.recall, cls.rana, "verified", transition="complete")

    def end(self):
        self.sign(self.recall, self.anna, "approved", transition="terminate")

    def answer(self, result="yes", **values):
        self.recall.check_ids.with_user(self.rana).write({
            "result": result, "evidence": "File 7", **values})

    def test_the_questions_are_those_of_the_jurisdictions(self):
        asked = self.recall.check_ids.item_id
        self.assertEqual(asked.jurisdiction_id, self.recall.level_ids.jurisdiction_id)
        self.assertGreater(len(asked.filtered(lambda one: not one.jurisdiction_id)), 3)
        self.assertEqual(len(self.clock_of(self.recall, "summary")), 1)

    def test_it_ends_when_all_is_answered_accounted_for_and_reported(self):
        with self.assertRaisesRegex(UserError, "not answered with evidence"):
            self.end()
        self.answer(result="no")
        with self.assertRaisesRegex(UserError, "answered with no"):
            self.end()
        self.answer()
        self.figures["unaccounted"] = 2
        self.addCleanup(self.figures.update, {"unaccounted": 0})
        with self.assertRaisesRegex(UserError, "not accounted for"):
            self.end()
        self.recall.unaccounted_note = "Hospital One burned down"
        with self.assertRaisesRegex(UserError, "still due: .*Summary and evaluation"):
            self.end()
        for kind in ("cn_form", "cn_plan", "cn_summary"):
            self.submitted(self.recall, kind)
        mine = self.recall.clock_ids.filtered(lambda one: one.state == "running")
        mine.with_user(self.rana).finish(evidence="Letters and press")
        self.recall.invalidate_recordset()
        self.end()
        self.assertEqual(self.recall.state, "terminated")
        self.assertFalse(self.recall.clock_ids.filtered(
            lambda one: one.state in ("waiting", "running")))
        with self.assertRaisesRegex(UserError, "until it ends"):
            self.answer()

    def test_records_are_kept_by_the_rules_and_what_is_not_known_is_kept(self):
        record = self.levelled("cn_3")
        record._med_store({"terminated_at": "2026-03-02 08:00:00"})
        self.assertEqual((record.keep_status, record.keep_missing), ("unknown", "class_1"))
        record.keep_class_1 = "yes"
        self.assertEqual((record.keep_status, str(record.keep_until)), ("until", "2031-03-02"))
        record.write({"keep_class_1": "no", "keep_certificate_end": "2030-06-30"})
        self.assertEqual(str(record.keep_until), "2035-06-30")

    def test_who_answers_is_written_down_and_nobody_else_answers(self):
        self.answer()
        self.assertEqual(self.recall.check_ids.answered_by_id, self.rana)
        check = self.recall.check_ids[:1]
        for user, vals in ((self.olga, {"result": "yes"}), (self.rana, {"item_id": 1}),
                           (self.rana, {"answered_by_id": self.anna.id})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                check.with_user(user).write(vals)

    def test_drills_are_timed_and_compared(self):
        lot = self.shipped("L-2")
        drill = self.opened(lot, drill=True).with_env(self.env)
        self.clock.tick(1800)
        self.env.flush_all()
        drill.draw()
        drill._med_store({"initiated_at": self.now()})
        self.assertAlmostEqual(drill.located_hours, 0.5, 2)
        self.assertAlmostEqual(drill.notified_hours, 0.5, 2)
        self.assertEqual((drill.units_in_scope, drill.located_share), (10, 100))
        slow = self.opened(lot, drill=True).with_env(self.env)
        self.clock.tick(25 * 3600)
        slow.draw()
        self.assertEqual(slow.located_share, 0)
        self.assertEqual(self.env["med.recall"]._med_drills(self.company)[:2], slow | drill)
        self.assertEqual(slow._med_drill_pdf()[:5], b"%PDF-")
        with self.assertRaisesRegex(UserError, "not a drill"):
            self.recall._med_drill_pdf()

    def test_nothing_is_accounted_for_before_a_list_is_frozen(self):
        before = self.assessed(self.shipped("L-2")).with_env(self.env)
        before.draw()
        before.invalidate_recordset()
        self.assertGreater(before.units_in_scope, 0)
        self.assertEqual((before.accounted_percent, before.units_accounted), (0, 0))

    def test_the_overview_says_what_is_due_next_and_how_far_it_is(self):
        before = dict(self.figures)
        self.addCleanup(lambda: (self.figures.clear(), self.figures.update(before)))
        self.figures |= {"told": 1, "responded": 1, "unaccounted": 1, "still_here": 2,
                         "with_consignees": 2}
        self.recall.invalidate_recordset()
        self.assertEqual(
            (self.recall.notified_percent, self.recall.units_in_scope,
             self.recall.accounted_percent, self.recall.next_clock_id.due),
            (50, 10, 50, "form"))
