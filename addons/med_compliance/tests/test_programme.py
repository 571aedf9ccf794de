from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestProgramme(ComplianceCase):
    """The programme of a year says how often by risk, is approved, and plans the audits."""

    requirement = "ISO-8.2.4 Q12"

    def programme(self):
        return self.env["med.quality.audit.programme"].with_user(self.anna).create({
            "name": "2026", "year": 2026, "scope": "All", "basis": "Risk",
            "line_ids": [Command.create({
                "process_id": self.process.id, "times": 2, "month": 3,
                "auditor_id": self.ivan.id,
                "checklist_ids": [Command.set(self.checklist.ids)]})]})

    def test_an_approved_programme_plans_each_audit_once(self):
        record = self.programme()
        self.assertNotIn(self.process, record.left_out_ids)
        self.assertIn(self.env.ref("med_compliance.med_quality_process_14"), record.left_out_ids)
        with self.assertRaisesRegex(UserError, "is not approved"):
            record.plan_audits()
        with self.assertRaisesRegex(UserError, "another person than “Owner”"):
            self.sign(record, self.anna, "approved")
        self.sign(record, self.bert, "approved")
        self.assertEqual(record.plan_audits(), {"version": 1, "planned": 2})
        self.assertRecordValues(record.audit_ids.sorted("date_from"), [
            {"scope": "Sealing", "auditor_id": self.ivan.id, "process_ids": self.process.ids,
             "checklist_ids": self.checklist.ids, "state": "planned"}] * 2)
        self.assertEqual([str(day) for day in sorted(record.audit_ids.mapped("date_from"))],
                         ["2026-03-01", "2026-09-01"])
        self.assertEqual(record.plan_audits()["planned"], 0)
        with self.assertRaisesRegex(UserError, "not changed any more"):
            record.line_ids.times = 1

    def test_a_programme_is_for_quality_assurance(self):
        record = self.programme()
        self.sign(record, self.bert, "approved")
        with self.assertRaises(AccessError):
            record.with_user(self.ivan).plan_audits()
