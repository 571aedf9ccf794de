from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReportCase


@tagged("post_install", "-at_install")
class TestClocks(ReportCase):
    """Which clock runs from when to when, in whose days; who is told, and what ends it."""

    requirement = "CN-RC-2 CN-RC-3 CN-RC-6 CN-RC-9 FDA-806.10 FDA-7.53 FDA-821 EU-87 EU-87-8"

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-02 08:00:00")

    def test_notices_are_due_1_3_and_7_local_days_after_a_decision_at_ten_to_midnight(self):
        for level, due in (("cn_1", "2026-03-07"), ("cn_2", "2026-03-09"), ("cn_3", "2026-03-13")):
            record = self.levelled(level)
            self.assertEqual(self.clock_of(record, "notify").status, "waiting")
            record._med_store({"decided_at": "2026-03-06 15:50:00"})  # Friday, 23:50 in Shanghai
            self.assertEqual(self.due(record, "notify"), [f"{due} 15:59:59"])
            self.assertEqual(self.clock_of(record, "notify").local,
                             f"{due} 23:59:59 Asia/Shanghai")
            self.assertEqual(self.due(record, "publication"), [f"{due} 15:59:59"])
            self.assertEqual(self.due(record, "form"), ["2026-03-06 15:59:59"])

    def test_the_plan_counts_working_days_with_the_days_off_and_the_made_up_ones(self):
        record = self.levelled("cn_2")
        record._med_store({"decided_at": "2026-09-30 15:50:00"})  # 8, 9, made up 10, 12, 13 October
        self.assertEqual(self.due(record, "plan"), ["2026-10-13 15:59:59"])
        record._med_store({"completed_at": "2026-09-30 16:10:00"})  # it is 1 October there
        self.assertEqual(self.due(record, "summary"), ["2026-10-20 15:59:59"])

    def test_the_eve_of_the_holidays_is_counted_by_the_local_day_for_each_level(self):
        for level, due in (("cn_1", "2026-10-01"), ("cn_2", "2026-10-03"), ("cn_3", "2026-10-07")):
            record = self.levelled(level)
            record._med_store({"decided_at": "2026-09-30 15:50:00"})  # no holiday stops these days
            self.assertEqual(self.due(record, "notify"), [f"{due} 15:59:59"])
            self.assertEqual(self.due(record, "plan"), ["2026-10-13 15:59:59"])

    def test_a_correction_is_reported_within_ten_working_days_of_its_start(self):
        record = self.levelled("us_2")
        record._med_store({"initiated_at": "2026-11-21 03:00:00"})  # Friday there; Thanksgiving
        self.assertEqual(self.due(record, "report"), ["2026-12-08 04:59:59"])
        record.requested_at = "2026-11-21 03:00:00"
        self.assertEqual(self.due(record, "trace"), ["2026-11-26 04:59:59", "2026-12-08 04:59:59"])

    def test_a_withdrawal_is_not_reported(self):
        record = self.levelled("us_3")
        record.level_ids.kind = "withdrawal"
        record._med_store({"initiated_at": "2026-11-21 03:00:00"})
        self.assertFalse(self.due(record, "report"))
        self.assertEqual(set(record.clock_ids.mapped("state")), {"unneeded"})

    def test_an_incident_is_reported_2_10_or_15_days_after_knowing_of_it(self):
        for incident, due in (("threat", 4), ("death", 12), ("serious", 17)):
            record = self.levelled("eu_1", incident=incident, aware_at="2026-03-02 22:30:00")
            self.assertEqual(self.due(record, "incident"), [f"2026-03-{due:02d} 22:59:59"])
        record.aware_at = "2026-03-02 23:30:00"  # it is the next day in Brussels
        self.assertEqual(self.due(record, "incident"), ["2026-03-18 22:59:59"])

    def test_notices_before_the_report_of_a_field_action_make_it_late_but_stop_nobody(self):
        record = self.levelled("eu_1", "cn_1")
        record._med_store({"decided_at": fields.Datetime.now()})
        clock = self.clock_of(record, "fsca")
        self.assertEqual((clock.status, clock.due_at), ("running", False))
        self.assertEqual(len(record._med_notice_warnings()), 1)
        record._med_store({"initiated_at": fields.Datetime.now()})
        self.tick()
        clock.invalidate_recordset()
        self.assertEqual((clock.status, record.late_count), ("late", 1))
        self.assertIn("not reported yet", "".join(record.message_ids.mapped("body")))
        clock.with_user(self.rana).waive(reason="Urgent: patients at risk tonight")
        self.assertEqual((clock.state, record.fsca_missing), ("unneeded", False))
        self.assertFalse(record._med_notice_warnings())
        record._med_clock_reckon()
        self.assertEqual(clock.state, "unneeded")

    def test_a_new_version_of_the_scope_is_amended_and_told(self):
        lot, other = self.in_stock(self.stent, "L-1", "L-2")
        record = self.levelled("us_2", lots=lot)
        record.draw()
        record.scope_ids._med_freeze()
        self.assertFalse(self.due(record, "amend"))
        self.tick()
        record.criterion_ids.lot_ids |= other
        record.draw()
        newest = record.scope_ids.filtered(lambda one: one.state == "drawn")
        newest._med_freeze()
        clock = self.clock_of(record, "amend")
        self.assertEqual((clock.scope_id, clock.state), (newest, "running"))
        newest._med_store({"frozen_at": "2026-06-26 15:00:00"})  # the 3rd of July is observed
        record._med_clock_reckon()
        self.assertEqual(self.due(record, "amend"), ["2026-07-14 03:59:59"])

    def test_clocks_are_set_once_however_often_they_are_reckoned(self):
        record = self.levelled("cn_1", "us_1", "eu_1", incident="death")
        now = fields.Datetime.now()
        record._med_store({"decided_at": now, "initiated_at": now})
        before = record.clock_ids.read(["rule_id", "start", "due_at", "state", "write_date"])
        record._med_clock_reckon()
        self.assertEqual(
            record.clock_ids.read(["rule_id", "start", "due_at", "state", "write_date"]), before)

    def test_a_year_that_nobody_knows_is_told_and_stops_nothing(self):
        record = self.levelled("cn_1")
        record._med_store({"decided_at": "2031-03-02 08:00:00"})
        clock = self.clock_of(record, "plan")
        self.assertIn("does not know the days off", clock.problem)
        self.assertEqual((clock.state, clock.due_at), ("running", False))
        record._med_store({"decided_at": "2026-03-02 08:00:00"})
        self.assertEqual((clock.problem, str(clock.due_at)), (False, "2026-03-09 15:59:59"))

    def test_half_the_time_the_last_day_and_lateness_ring_once_each(self):
        record = self.levelled("cn_3")
        record._med_store({"decided_at": fields.Datetime.now()})
        clock = self.clock_of(record, "notify")
        (record.clock_ids - clock)._med_store({"state": "unneeded"})
        for days, alarm in ((1, 0), (4, 1), (7, 2), (8, 3)):
            self.clock.move_to(fields.Datetime.from_string("2026-03-02 08:00:00")
                               + timedelta(days=days))
            for _twice in range(2):
                self.env["med.recall"]._med_clock_ring()
            self.assertEqual((clock.alarm, len(record.activity_ids)), (alarm, alarm))
        self.assertIn("late since", record.activity_ids.sorted("id")[-1].summary)
        self.assertIn(record.owner_id.partner_id, record.message_ids.notified_partner_ids)

    def test_a_person_ends_a_clock_with_evidence_and_no_other_way(self):
        record = self.levelled("cn_1")
        record._med_store({"decided_at": fields.Datetime.now()})
        told = self.clock_of(record, "notify")
        for wrong in (lambda: told.with_user(self.olga).finish(evidence="x"),
                      lambda: told.sudo().write({"state": "done"}),
                      lambda: told.sudo().copy(), told.sudo().unlink):
            with self.assertRaises(UserError), self.cr.savepoint():
                wrong()
        mine = told.with_user(self.rana)
        for wrong, words in ((lambda: mine.finish(evidence=" "), "one sentence"),
                             (lambda: mine.finish(evidence="x", at="2026-03-03"), "in the future"),
                             (lambda: self.clock_of(record, "plan").with_user(self.rana).finish(
                                 evidence="x"), "is submitted")):
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                wrong()
        mine.finish(evidence="Letters 1 to 5")
        self.assertEqual((told.status, told.done_by_id), ("done", self.rana))
        with self.assertRaisesRegex(UserError, "not run any more"):
            mine.finish(evidence="again")

    def test_not_all_are_told_while_the_notices_say_so(self):
        record = self.levelled("cn_1")
        record._med_store({"decided_at": fields.Datetime.now()})
        self.patch(self.registry["med.recall"], "_med_figures",
                   lambda recall: {"consignees": 2, "sent": 3, "told": 1})
        with self.assertRaisesRegex(UserError, "1 of 2 consignees"):
            self.clock_of(record, "notify").with_user(self.rana).finish(evidence="x")

    def test_what_is_no_recall_has_no_clocks_but_those_of_an_incident(self):
        record = self.levelled("cn_1", incident="death", conclusion="Seal was cut on purpose")
        self.sign(record, self.rana, "approved", transition="refuse")
        self.assertEqual({one.due: one.state for one in record.clock_ids}["notify"], "unneeded")
        self.assertEqual(self.clock_of(record, "incident").state, "running")

    def test_another_program_reads_the_clocks(self):
        record = self.levelled("cn_1")
        record._med_store({"decided_at": fields.Datetime.now()})
        told = record.with_user(self.anna).clocks()["clocks"]
        [row] = [one for one in told if one["kind"] == "notify"]
        self.assertEqual(
            (row["due"], row["status"], row["jurisdiction"], row["remaining_seconds"]),
            ("2026-03-03T15:59:59+00:00", "running", "CN", 115199))
