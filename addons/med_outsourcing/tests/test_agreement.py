import base64
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common import OutsourcingCase


class PaperCase(OutsourcingCase):
    def new(self, number, date_from="2028-01-01", date_to="2028-12-31", **values):
        return self.env["med.quality.agreement"].with_user(self.anna).create({
            "name": number, "processor_id": self.file.id, "date_from": date_from,
            "date_to": date_to, "their_name": "Mr Zhang", "their_date": "2027-12-01", **values})

    @contextmanager
    def refused_by_database(self, error):
        with self.assertRaises(error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            yield
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestAgreement(PaperCase):
    """The written quality agreement, clause by clause, one in force at a time."""

    requirement = "ISO-4.1.5 ISO-7.4.2 CN-GMP-63 CN-OUT-2"

    def test_the_clause_set_is_filled_in_once_and_only_into_a_draft(self):
        agreement = self.new("QA-SET")
        agreement.action_use_clauses()
        topics = agreement.clause_ids.mapped("topic")
        for topic in ("change", "retention", "access", "release", "events", "subcontracting",
                      "materials", "training", "data", "nonconforming", "storage",
                      "confidentiality", "term"):
            self.assertIn(topic, topics)
        self.assertFalse(agreement.missing)
        count = len(agreement.clause_ids)
        agreement.action_use_clauses()
        self.assertEqual(len(agreement.clause_ids), count)
        agreement.clause_ids.filtered(lambda one: one.topic == "training").unlink()
        self.assertEqual(agreement.missing, "Training")
        self.sign(agreement, self.anna, "approved")
        with self.assertRaisesRegex(UserError, "no draft any more"):
            agreement.action_use_clauses()

    def test_an_agreement_of_one_side_or_silent_about_a_duty_is_not_put_in_force(self):
        agreement = self.new("QA-ONE", their_name=False)
        agreement.action_use_clauses()
        with self.assertRaisesRegex(UserError, "Signed for the Processor By"):
            self.sign(agreement, self.anna, "approved")
        agreement.their_name = "Mr Zhang"
        for topic, label in (("change", "Notice of Changes"), ("release", "Release"),
                             ("events", "Adverse Events and Recall")):
            row = agreement.clause_ids.filtered(lambda one, it=topic: one.topic == it)
            row.topic = "other"
            with self.subTest(topic), self.assertRaisesRegex(UserError, f"nothing about: {label}"):
                self.sign(agreement, self.anna, "approved")
            row.topic = topic
        self.sign(agreement, self.anna, "approved")
        self.assertEqual(agreement.state, "agreed")

    def test_clauses_come_in_the_language_of_the_agreement(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        row = self.env.ref("med_outsourcing.med_quality_clause_template_change")
        row.with_context(lang="zh_CN").title = "变更告知"
        agreement = self.new("QA-ZH", lang="zh_CN")
        agreement.action_use_clauses()
        self.assertIn("变更告知", agreement.clause_ids.mapped("title"))

    def test_one_agreement_is_in_force_a_day(self):
        second = self.new("QA-2", "2027-12-31")
        second.action_use_clauses()
        with self.assertRaisesRegex(UserError, "is in force until 12/31/2027"):
            self.sign(second, self.anna, "approved")
        second.date_from = "2028-01-01"
        self.sign(second, self.anna, "approved")
        self.assertEqual(second.state, "agreed")

    def test_what_is_in_force_is_not_changed_and_not_deleted(self):
        agreement = self.agreement.with_user(self.anna)
        for call in (lambda: agreement.write({"date_to": "2040-01-01"}),
                     lambda: agreement.clause_ids.write({"text": "Other"}),
                     agreement.clause_ids.unlink,
                     lambda: agreement.write({"processor_id": self.draft(
                         self.supplier, ["assembly"]).id})):
            with self.assertRaisesRegex(UserError, "is signed and is not"):
                call()
        for user in (self.anna, self.env.user):
            with self.assertRaises(UserError):
                agreement.with_user(user).unlink()
        agreement.write({"their_name": "Mr Zhang", "their_date": "2026-03-01"})

    def test_numbers_are_unique_and_dates_in_order(self):
        with self.refused_by_database(UniqueViolation):
            self.new(self.agreement.name)
        with self.refused_by_database(CheckViolation):
            self.new("QA-DATES", "2028-02-01", "2028-01-01")
        with self.refused_by_database(CheckViolation):
            self.env["med.processor.certificate"].create({
                "processor_id": self.file.id, "number": "1", "date_from": "2026-02-01",
                "date_to": "2026-01-01"})

    def test_a_signature_that_no_longer_fits_ends_its_force(self):
        self.assertEqual(self.file._med_obstacles("assembly", self.device), [])
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_quality_agreement_clause SET text = 'Nothing' "
                            "WHERE agreement_id = %s", [self.agreement.id])
        self.env.invalidate_all()
        self.assertRegex(" ".join(self.file._med_obstacles("assembly", self.device)),
                         "agreement")

    def test_the_paper_has_both_sides_every_clause_and_room_to_sign(self):
        agreement = self.new("QA/PAPER 1", their_name="Mr Zhang")
        agreement.action_use_clauses()
        self.authenticate("anna", "anna-secret")
        answer = self.url_open(f"/med/quality_agreement.pdf?agreement_id={agreement.id}")
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertEqual(answer.content[:5], b"%PDF-")
        html = self.env["med.document"]._page("med_outsourcing.agreement_document", {
            **self._values(agreement)})
        for text in ("Assembly works", "Seal of", "Mr Zhang", "No subcontracting", "Draft",
                     "For the processor", "For the registrant"):
            self.assertIn(text, html)
        for wrong in ("", "x", "0", "999999999"):
            self.assertEqual(self.url_open(
                f"/med/quality_agreement.pdf?agreement_id={wrong}").status_code, 403)

    def _values(self, agreement):
        caught = {}

        def render(_self, template, values, attachments=()):
            caught.update(values)
            return b""
        self.patch(type(self.env["med.document"]), "_render_pdf", render)
        agreement._med_pdf()
        return caught

    def test_the_list_of_approved_processors(self):
        self.draft(self.supplier, ["coating"])
        self.file.with_user(self.anna).med_transition("suspend", "Fire")
        caught = {}

        def render(_self, template, values, attachments=()):
            caught.update(values)
            return b""
        self.patch(type(self.env["med.document"]), "_render_pdf", render)
        self.env["med.processor"].with_user(self.anna)._med_list_pdf()
        [row] = [row for row in caught["rows"] if row["name"] == "Assembly works"]
        self.assertIn("Assembly", row["processes"])
        self.assertIn("Suspended", row["standing"])
        self.assertNotIn(self.supplier.name, [row["name"] for row in caught["rows"]])

    def test_papers_are_for_those_who_may_read_them(self):
        self.user("", login="clerk", password="clerk-secret")
        self.portal_user(self.maker, "porter")
        for login in ("clerk", "porter"):
            self.authenticate(login, f"{login}-secret")
            for path in (f"quality_agreement.pdf?agreement_id={self.agreement.id}",
                         "approved_processors.pdf"):
                with self.subTest(login=login, path=path):
                    answer = self.url_open(f"/med/{path}", allow_redirects=False)
                    self.assertNotEqual(answer.content[:5], b"%PDF-")


@tagged("post_install", "-at_install")
class TestCertificate(PaperCase):
    """Certificates and papers are kept."""

    requirement = "ISO-4.1.5 ISO-7.4.1 CN-GMP-63 V1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper = cls.env["med.processor.certificate"].with_user(cls.anna).create({
            "processor_id": cls.file.id, "number": "L-1", "kind": "licence",
            "date_from": "2026-01-01", "date_to": "2030-01-01",
            "scan": base64.b64encode(b"paper")})

    def test_a_certificate_is_archived_and_not_deleted(self):
        for user in (self.anna, self.env.user):
            with self.assertRaises(UserError):
                self.paper.with_user(user).unlink()
        self.paper.active = False

    def test_its_scan_and_its_processor_stay(self):
        with self.assertRaisesRegex(UserError, "scan of a certificate stays"):
            self.paper.scan = base64.b64encode(b"other")
        other = self.draft(self.supplier, ["assembly"])
        with self.assertRaisesRegex(UserError, "stays with its processor"):
            self.paper.processor_id = other
        with self.assertRaisesRegex(UserError, "stays with its processor's file"):
            self.draft(self.hospital, ["assembly"]).scope_ids.processor_id = other
        scan = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", self.paper._name), ("res_id", "=", self.paper.id),
            ("res_field", "=", "scan")])
        self.assertEqual(scan.raw, b"paper")
        for user in (self.anna, self.env.user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                scan.with_user(user).write({"raw": b"other"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                scan.with_user(user).with_context(_force_unlink=True).unlink()

    def test_what_is_attached_to_an_agreement_stays(self):
        kept = self.env["ir.attachment"].with_user(self.anna).create({
            "name": "signed.pdf", "raw": b"signed", "res_model": "med.quality.agreement",
            "res_id": self.agreement.id})
        for call in (kept.unlink, lambda: kept.write({"raw": b"x"}),
                     lambda: kept.write({"res_id": 0})):
            with self.assertRaises(AccessError):
                call()

    def test_portal_users_of_a_connection(self):
        with self.assertRaises(ValidationError):
            self.file.with_user(self.anna).user_ids += self.bert
