from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestAudit(ComplianceCase):
    """An audit is made by those who do not answer for it; each finding has a CAPA or a reason."""

    requirement = "ISO-8.2.4 Q12"

    def test_who_answers_for_a_process_does_not_audit_it(self):
        for vals in ({"auditor_id": self.ines.id}, {"team_ids": [Command.set(self.ines.ids)]}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "does not audit it"), (
                    self.cr.savepoint()):
                self.planned_audit(**vals)
        record = self.planned_audit()
        with self.assertRaisesRegex(UserError, "does not audit it"):
            record.team_ids = self.ines
        record.invalidate_recordset()
        self.process.owner_id = self.ivan  # became so later
        with self.assertRaisesRegex(UserError, "does not audit it"):
            record.with_user(self.ivan).med_transition("start")
        record.kind = "authority"  # others audit us, he goes with them
        record.with_user(self.ivan).med_transition("start")
        self.assertEqual(record.state, "under_way")

    def test_questions_are_those_of_the_day_it_began(self):
        record = self.audit()
        self.checklist.question_ids[0].name = "Is nothing checked?"
        self.assertEqual(record.answer_ids.mapped("question"),
                         ["Is the jaw checked?", "Is the log complete?"])
        self.assertEqual(record.answer_ids[0].clause, "ISO 13485 7.5.1")
        with self.assertRaisesRegex(AccessError, "stays as it was"):
            record.answer_ids[0].with_user(self.ivan).question = "Other"
        with self.assertRaisesRegex(UserError, "not deleted"), self.cr.savepoint():
            record.answer_ids[0].sudo().unlink()
        with self.assertRaisesRegex(AccessError, "for its auditors"):
            record.answer_ids[0].with_user(self.olga).answer = "conform"
        with self.assertRaisesRegex(AccessError, "for its auditors"):
            self.found(record, user=self.olga)
        planned = self.planned_audit()
        with self.assertRaisesRegex(UserError, "not under way"):
            planned.answer_ids.create({"audit_id": planned.id, "question": "More?"})

    def test_a_report_has_all_answers_with_evidence_and_findings(self):
        record = self.audit()
        with self.assertRaisesRegex(UserError, "not conform and no finding: Is the log"):
            self.sign(record, self.ivan, "performed")
        self.found(record)
        record.answer_ids[0].with_user(self.ivan).evidence = " "
        with self.assertRaisesRegex(UserError, "without answer or evidence: Is the jaw"):
            self.sign(record, self.ivan, "performed")
        record.answer_ids[0].with_user(self.ivan).evidence = "Log of May"
        with self.assertRaisesRegex(UserError, "another person's"):
            self.sign(record, self.bert, "performed")
        self.sign(record, self.ivan, "performed")
        self.assertEqual(record.state, "reported")
        self.assertEqual(record.finding_ids.activity_ids.user_id, self.ines)
        for step in (lambda: record.answer_ids[0].with_user(self.ivan).write({"answer": "conform"}),
                     lambda: record.finding_ids.with_user(self.anna).write({"grade": "major"}),
                     lambda: self.found(record, user=self.anna),
                     lambda: record.with_user(self.anna).write({"conclusion": "Fine"})):
            with self.assertRaises(UserError), self.cr.savepoint():
                step()
        self.assertEqual(record.med_signature_status, "valid")

    def test_an_audit_closes_when_each_finding_has_a_capa_or_a_signed_reason(self):
        record = self.audit()
        first, second = self.found(record), self.found(record, what="No date")
        with self.assertRaisesRegex(UserError, "not reported yet"):
            first.with_user(self.anna).action_start_capa()
        self.sign(record, self.ivan, "performed")
        with self.assertRaisesRegex(UserError, f"neither a CAPA nor a reason: .*{first.name}"):
            self.sign(record, self.anna, "reviewed")
        with self.assertRaises(AccessError):
            first.with_user(self.ines).action_start_capa()
        capa = self.env["med.capa"].browse(
            first.with_user(self.anna).action_start_capa()["res_id"])
        self.assertRecordValues(capa, [{
            "source": "audit", "summary": "Log is empty", "owner_id": self.ines.id,
            "source_model": "med.quality.finding", "source_id": first.id, "finding_count": 1}])
        self.assertEqual((first.state, first.capa_id), ("in_capa", capa))
        with self.assertRaisesRegex(UserError, "Still to be filled in: Why No CAPA"):
            self.sign(second, self.bert, "approved")
        second.with_user(self.ines).write({"reason": "Date stands on the cover"})
        second.with_user(self.anna).owner_id = self.bert
        with self.assertRaisesRegex(UserError, "another person than “Owner”"):
            self.sign(second, self.bert, "approved")
        self.sign(second, self.anna, "approved")
        self.sign(record, self.anna, "reviewed")
        self.assertEqual((second.state, record.state), ("dismissed", "closed"))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_compliance.report_audit", record.ids)[0].decode()
        for words in ("Is the log complete?", "Page 3 is empty", first.name, capa.name,
                      "Date stands on the cover", "Works but for the log", self.ivan.name):
            self.assertIn(words, html)

    def test_findings_join_a_capa_that_has_not_ended(self):
        finding = self.reported_audit().finding_ids
        capa = self.case()
        with self.assertRaisesRegex(UserError, "there is not"):
            finding.with_user(self.anna).join_capa(capa=0)
        finding.with_user(self.anna).join_capa(capa=capa.id)
        self.assertEqual((finding.state, capa.finding_ids), ("in_capa", finding))
        with self.assertRaisesRegex(UserError, "answered already"):
            finding.with_user(self.anna).action_start_capa()

    def test_what_steps_decide_is_not_written(self):
        finding = self.reported_audit().finding_ids
        capa = self.case()
        for vals in ({"state": "in_capa"}, {"capa_id": capa.id}, {"name": "X"},
                     {"ended_at": "2026-01-01 00:00:00"}):
            for who in (finding.with_user(self.anna), finding.sudo()):
                with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                    who.write(vals)
        audit = self.audit()
        new = self.env["med.quality.finding"].with_user(self.ivan).with_context(
            default_capa_id=capa.id, default_reason="x", default_state="dismissed").create(
                {"audit_id": audit.id, "what": "x", "evidence": "y"})
        self.assertRecordValues(new, [{
            "capa_id": False, "reason": False, "state": "open", "company_id": self.company.id}])
        for record in (new, audit):
            with self.assertRaises(UserError), self.cr.savepoint():
                record.sudo().unlink()
        with self.assertRaises(AccessError):
            new.with_user(self.olga).correction = "x"


@tagged("post_install", "-at_install")
class TestOtherCompany(ComplianceCase):
    """Each company has audits and mock inspections of its own."""

    requirement = "ISO-8.2.4 A1"

    def test_another_company_sees_nothing(self):
        audit = self.audit()
        finding = self.found(audit)
        mock = self.env["med.mock.inspection"].with_user(self.anna).create({})
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for found in (audit, audit.answer_ids, finding, mock):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            audit.sudo().company_id = other
