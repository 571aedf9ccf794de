from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import MedCase


@tagged("post_install", "-at_install")
class TestClockRule(MedCase):
    """The clocks of the law are data, each with its source."""

    requirement = "CN-RC-2 CN-RC-3 CN-RC-9 CN-GSP-1 FDA-806.10 FDA-821 FDA-7.53 EU-87 EU-87-8"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["med.calendar"].search([])._load_years([2026])
        cls.Clock = cls.env["med.clock.rule"].with_user(cls.user("viewer"))

    def test_each_clock_gives_the_deadline_an_auditor_expects(self):
        start = "2026-03-06T17:00:00+00:00"  # Friday: Saturday 01:00 in Shanghai, noon in New York
        expected = {
            "cn_recall_notify_1": "2026-03-08T23:59:59+08:00",
            "cn_recall_notify_2": "2026-03-10T23:59:59+08:00",
            "cn_recall_notify_3": "2026-03-14T23:59:59+08:00",
            "cn_recall_plan": "2026-03-13T23:59:59+08:00",
            "cn_recall_summary": "2026-03-20T23:59:59+08:00",
            "cn_event_death": "2026-03-14T23:59:59+08:00",
            "cn_event_serious": "2026-03-27T23:59:59+08:00",
            "cn_event_group_call": "2026-03-07T13:00:00+08:00",
            "cn_event_group_report": "2026-03-08T01:00:00+08:00",
            "cn_gsp_self_inspection": "2026-03-31T23:59:59+08:00",
            "us_correction_report": "2026-03-20T23:59:59-04:00",
            "us_correction_amend": "2026-03-20T23:59:59-04:00",
            "us_mdr_30": "2026-04-05T23:59:59-04:00",
            "us_mdr_5": "2026-03-13T23:59:59-04:00",
            "us_recall_status": "2026-04-03T23:59:59-04:00",
            "us_tracking_distributor": "2026-03-11T23:59:59-04:00",
            "us_tracking_patient": "2026-03-20T23:59:59-04:00",
            "us_gudid_correct": "2026-03-20T23:59:59-04:00",
            "eu_incident_threat": "2026-03-08T23:59:59+01:00",
            "eu_incident_death": "2026-03-16T23:59:59+01:00",
            "eu_incident_serious": "2026-03-21T23:59:59+01:00",
            "eu_fsca_report": "2026-03-06T18:00:00+01:00",
        }
        for code, local in expected.items():
            answer = self.Clock.med_due(code, start)
            self.assertEqual(answer["local"], local, code)
            self.assertTrue(answer["source"], code)
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "med_base"), ("model", "=", "med.clock.rule")])
        self.assertEqual({f"med_clock_rule_{code}" for code in expected},
                         set(shipped.mapped("name")), "every clock is tried")

    def test_rule_in_force_at_the_event_is_used(self):
        rule = self.env.ref("med_base.med_clock_rule_cn_recall_plan")
        later = rule.copy({"valid_from": "2026-07-01", "number": 3, "source": "New order"})
        rule.valid_to = "2026-07-01"
        old = self.Clock.med_due("cn_recall_plan", "2026-06-30T23:59:00+08:00")
        new = self.Clock.med_due("cn_recall_plan", "2026-07-01T00:00:00+08:00")
        self.assertEqual((old["source"], new["source"]), (rule.source, later.source))
        with self.assertRaisesRegex(UserError, "in force"):
            self.Clock.med_due("cn_recall_plan", "2016-01-01")

    def test_stricter_rule_of_the_company_goes_first(self):
        rule = self.env.ref("med_base.med_clock_rule_us_mdr_30")
        own = rule.copy({"company_id": self.env.company.id, "number": 10})
        self.assertEqual(self.Clock.med_due("us_mdr_30", "2026-03-06")["limit"], own.limit)

    def test_python_callers_get_naive_utc(self):
        rule = self.env.ref("med_base.med_clock_rule_cn_recall_notify_1")
        self.assertEqual(rule._due(datetime(2026, 3, 6, 17)), datetime(2026, 3, 8, 15, 59, 59))

    def test_unknown_clock_is_named(self):
        with self.assertRaisesRegex(UserError, "no_such_clock"):
            self.Clock.med_due("no_such_clock", "2026-03-06")

    def test_impossible_rules_are_refused(self):
        annual = self.env.ref("med_base.med_clock_rule_cn_gsp_self_inspection")
        with self.assertRaises(ValidationError):
            annual.write({"annual_month": 2, "annual_day": 29})
        rule = self.env.ref("med_base.med_clock_rule_us_mdr_30")
        for values in ({"number": -1}, {"valid_to": rule.valid_from}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), \
                    self.env.cr.savepoint():
                rule.write(values)
                rule.flush_recordset()

    def test_change_of_a_number_stays_visible(self):
        rule = self.env.ref("med_base.med_clock_rule_us_mdr_30")
        rule.with_context(tracking_disable=False, mail_notrack=False).with_user(
            self.user("regulatory")).write({"number": 25})
        self.flush_tracking()
        tracked = rule.message_ids.sudo().tracking_value_ids
        self.assertEqual((tracked.old_value_integer, tracked.new_value_integer), (30, 25))

    def flush_tracking(self):
        """Tracking values are written before the commit that a test never makes."""
        self.env.flush_all()
        self.cr.precommit.run()
