from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestGuards(CapaCase):
    """What follows from steps is written by no other way; what is signed stays."""

    requirement = "ISO-8.5.2 ISO-8.5.3 CN-GMP-QA SMP-2"

    def test_what_steps_decide_is_not_written(self):
        record = self.case()
        other = self.case()
        for vals in ({"state": "effective"}, {"name": "X"}, {"cycle": 9}, {"risk_class": "low"},
                     {"previous_id": other.id}, {"date_due": "2030-01-01"}, {"source_id": 1},
                     {"escalation_level": 2}, {"step_at": "2020-01-01 00:00:00"}):
            for who in (record.with_user(self.anna), record.sudo()):
                with self.subTest(vals), self.assertRaises(AccessError), self.cr.savepoint():
                    who.write(vals)

    def test_a_new_case_begins_at_the_beginning_whatever_the_caller_sends(self):
        other = self.case()
        sent = {"cycle": 9, "previous_id": other.id, "result": "effective", "finding": "Fine",
                "date_due": "2030-01-01", "risk_class": "low", "escalation_level": 2,
                "no_harm": "x", "source_model": "res.users", "source_id": 1}
        Capa = self.env["med.capa"].with_user(self.anna)
        hostile = Capa.with_context(**{f"default_{name}": value for name, value in sent.items()})
        for record in (Capa.create({"summary": "x", **sent}), hostile.create({"summary": "x"})):
            self.assertRecordValues(record, [{
                "cycle": 1, "previous_id": False, "result": False, "finding": False,
                "risk_class": False, "escalation_level": 0, "no_harm": False,
                "source_model": False, "source_id": 0, "state": "open"}])
        with self.assertRaises(AccessError):
            Capa.create({"summary": "x", "state": "effective"})

    def test_what_is_analysed_and_planned_stays(self):
        record = self.planned()
        for user in (self.anna, self.ines):
            for vals in ({"cause": "x"}, {"severity": "1"}, {"criterion": "Less"},
                         {"effect_date": "2026-03-20"}, {"owner_id": self.anna.id},
                         {"product_ids": [Command.clear()]},
                         {"why_ids": [Command.create({"question": "Why?"})]}):
                with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                    record.with_user(user).write(vals)
        self.assertEqual(record.med_signature_status, "valid")

    def test_questions_are_asked_until_the_cause_is_reviewed(self):
        record = self.case(why_ids=[Command.create({"question": "Why open?", "answer": "Cold"})])
        self.sign(record, self.anna, "reviewed", transition="analyse")
        line = record.why_ids.with_user(self.anna)
        for step in (lambda: line.write({"answer": "Warm"}), line.unlink,
                     lambda: line.create({"capa_id": record.id, "question": "More?"})):
            with self.assertRaisesRegex(UserError, "is analysed"), self.cr.savepoint():
                step()

    def test_a_question_is_not_moved_into_what_is_analysed(self):
        record = self.analysed()
        other = self.case(why_ids=[Command.create({"question": "Why open?"})])
        with self.assertRaisesRegex(UserError, "is analysed"):
            other.why_ids.with_user(self.anna).capa_id = record

    def test_a_case_is_for_its_owner_and_quality_assurance(self):
        record = self.case()
        record.with_user(self.ines).scope = "Line 2 and 3"
        for step in (lambda: record.with_user(self.ivan).write({"scope": "x"}),
                     lambda: self.env["med.capa.why"].with_user(self.ivan).create(
                         {"capa_id": record.id, "question": "Why?"}),
                     lambda: self.env["med.capa"].with_user(self.ivan).create({"summary": "x"})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                step()

    def test_nothing_is_deleted(self):
        with self.assertRaises(UserError):
            self.case().unlink()

    def test_a_row_of_a_company_replaces_the_matrix_of_all(self):
        self.env["med.capa.risk"].create({
            "company_id": self.company.id, "risk_class": "high", "number_from": 2,
            "source": "SOP-9"})
        self.assertEqual(self.case().risk_class, "high")
        blind = self.case(severity="1", occurrence="1", detection="1")
        self.assertFalse(blind.risk_class)
        with self.assertRaisesRegex(UserError, "Still to be filled in: Risk"):
            self.sign(blind, self.anna, "reviewed", transition="analyse")

    def test_risk_chooses_among_stored_rules(self):
        self.assertEqual(self.case()._med_risk_class(), "medium")


@tagged("post_install", "-at_install")
class TestOtherCompany(CapaCase):
    """Each company has cases of its own."""

    requirement = "ISO-8.5.2 A1"

    def test_another_company_sees_nothing_and_gets_nothing(self):
        record = self.planned()
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for found in (record, record.action_ids):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))
        mine = record.with_user(self.anna).with_context(allowed_company_ids=self.company.ids)
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            mine.company_id = other
        foreign = self.env["med.nonconformity"].with_company(other).report(summary="Far away")
        both = self.reported(user=self.env.user) | self.env["med.nonconformity"].browse(
            foreign["nonconformity"])
        with self.assertRaisesRegex(UserError, "of one company"):
            both.action_start_capa()
