from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .processor_common import PDF, ProcessorCase


@tagged("post_install", "-at_install")
class TestProcessorSignature(ProcessorCase):
    """A processor signs itself: nobody of ours can do it in its place (R4, CN-GMP-OUT)."""

    requirement = "R4 CN-GMP-OUT CN-OUT-2 P4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "SIG-1")
        cls.order = cls.processing((cls.lot, 10))
        cls.subject = cls.theirs(cls.order, {"SIG-1": 10})

    def rows(self):
        return self.env["med.processor.signature"].search([("res_id", "=", self.subject.id), (
            "res_model", "=", self.subject._name)])

    # ------------------------------------------------------------------ portal

    def test_a_portal_user_signs_with_his_own_password(self):
        row = self.portal_sign(self.subject, "released", note="All well")
        self.assertRecordValues(row, [{
            "person": self.pia.name, "method": "portal", "components": "password",
            "user_id": self.pia.id, "status": "valid", "note": "All well"}])
        self.assertEqual(self.subject.state, "released")
        self.assertTrue(self.subject.valid)
        self.assertTrue(row.with_user(self.anna).med_verify()["signatures"])

    def test_a_wrong_password_signs_nothing_and_is_counted(self):
        before = self.env["med.signature.attempt"].search_count([("user_id", "=", self.pia.id)])
        with self.assertRaisesRegex(UserError, "Nothing was signed"):
            self.portal_sign(self.subject, "released", secret="guess")
        self.env.invalidate_all()
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM med_signature_attempt WHERE user_id = %s",
                       [self.pia.id])
            self.assertEqual(cr.fetchone()[0], before + 1)
        self.assertFalse(self.rows())
        self.assertEqual(self.subject.state, "draft")

    def test_a_session_alone_does_not_sign(self):
        with self.assertRaisesRegex(UserError, "your login and your secret"):
            self.portal_sign(self.subject, "released", secret="")

    def test_our_own_people_do_not_sign_for_the_processor(self):
        self.env.cr.execute("INSERT INTO med_processor_res_users_rel VALUES (%s, %s)",
                            [self.processor.id, self.anna.id])
        self.env.invalidate_all()
        self.assertIn(self.anna, self.processor.user_ids)
        with self.assertRaisesRegex(AccessError, "processor's own people"):
            self.portal_sign(self.subject, "released", self.anna)

    def test_another_processors_people_do_not_sign(self):
        stranger = self.approved(self.env["res.partner"].create({"name": "Coaters"}))
        paul = self.portal("paul", stranger)
        with self.assertRaisesRegex(AccessError, "processor's own people"):
            self.portal_sign(self.subject, "released", paul)
        with self.assertRaisesRegex(AccessError, "not this processor's"):
            self.portal_sign(self.subject, "released", paul, stranger)

    def test_what_is_signed_is_signed_once(self):
        self.portal_sign(self.subject, "released")
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.portal_sign(self.subject, "released")

    def test_unknown_ways_and_meanings_are_refused(self):
        for kw in ({"method": "telepathy"}, {"meaning": "market_released"}):
            with self.subTest(kw), self.assertRaisesRegex(UserError, "There is no signature"):
                self.processor._med_sign(self.subject, **{"meaning": "released", **kw})

    # ------------------------------------------------------------------ message

    def test_a_message_counts_when_the_exchange_knows_it_as_signed(self):
        given = {"method": "message", "message": 17, "key_name": "their-key-1", "person": "Li"}
        with self.assertRaisesRegex(AccessError, "No message"):
            self.processor.sudo()._med_sign(self.subject, "released", **given)
        with patch.object(type(self.processor), "_med_message_signed",
                          lambda _self, message, key: (message, key) == (17, "their-key-1")):
            with self.assertRaisesRegex(AccessError, "No message"):
                self.processor.with_user(self.anna)._med_sign(self.subject, "released", **given)
            with self.assertRaisesRegex(AccessError, "No message"):
                self.processor.sudo()._med_sign(
                    self.subject, "released", **{**given, "key_name": "other"})
            row = self.processor.sudo()._med_sign(self.subject, "released", **given)
        self.assertRecordValues(row, [{
            "message_res_id": 17, "key_name": "their-key-1", "person": "Li", "status": "valid"}])

    # ------------------------------------------------------------------ scan

    def test_a_stamped_paper_counts_once_a_second_person_has_verified_it(self):
        paper = self.paper(self.subject)
        self.assertFalse(self.rows())
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(paper, self.carl, "verified")
        self.assertFalse(self.rows())
        self.sign(paper, self.anna, "verified")
        row = self.rows()
        self.assertRecordValues(row, [{
            "method": "scan", "person": "Mr. Li", "user_id": self.carl.id, "scan_id": paper.id,
            "verified_user_id": self.anna.id, "scan_sha256": paper.sha256, "status": "valid"}])
        self.assertEqual(paper.signature_id, row)
        self.assertEqual(self.subject.state, "released")

    def test_an_unverified_paper_proves_nothing(self):
        paper = self.paper(self.subject)
        for scan in (paper, None, self.env["med.processor.scan"]):
            with self.assertRaisesRegex(AccessError, "No stamped paper"):
                self.processor.sudo()._med_sign(
                    self.subject, "released", method="scan", scan=scan)

    def test_a_paper_of_something_else_proves_nothing(self):
        other = self.theirs(self.order, {"SIG-1": 9})
        paper = self.paper(self.subject)
        self.sign(paper, self.anna, "verified")
        with self.assertRaisesRegex(AccessError, "No stamped paper"):
            self.processor.sudo()._med_sign(other, "released", method="scan", scan=paper)

    def test_a_paper_of_what_has_changed_since_is_not_verified(self):
        paper = self.paper(self.subject)
        self.subject.sudo().note = "Printed before this"
        with self.assertRaisesRegex(UserError, "has changed since"):
            self.sign(paper, self.anna, "verified")

    def test_the_file_is_a_paper_and_stays(self):
        with self.assertRaisesRegex(UserError, "PDF, PNG or JPEG"):
            self.paper(self.subject, file="SGFsbG8=")
        paper = self.paper(self.subject, digest="sha256:0", sha256="0", user_id=self.anna.id)
        self.assertEqual(paper.user_id, self.carl)
        self.assertEqual(paper.digest, self.subject.paper_digest)
        for vals in ({"file": PDF}, {"sha256": "0"}, {"user_id": self.anna.id}):
            with self.subTest(vals), self.assertRaises(AccessError):
                paper.with_user(self.carl).write(vals)
        with self.assertRaises(UserError):
            paper.sudo().unlink()
        for vals in ({"meaning": "agreed"}, {"note": "x"}, {"person": "x"},
                     {"signed_on": "2026-01-01"}):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "Who entered the paper"):
                paper.with_user(self.anna).write(vals)
        paper.with_user(self.carl).person = "Mr. Li himself"
        self.sign(paper, self.anna, "verified")
        with self.assertRaisesRegex(UserError, "not changed any more"):
            paper.with_user(self.carl).person = "Somebody"

    # ------------------------------------------------------------------ nothing changes

    def test_a_signature_is_not_made_changed_or_removed(self):
        row = self.portal_sign(self.subject, "released")
        told = row.sudo().read([])[0]
        for user in (self.env.ref("base.user_root"), self.anna, self.keeper):
            own = row.with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    own.with_context(med_permit=True).write({"person": "Somebody"})
                with self.assertRaises(AccessError):
                    own.unlink()
                with self.assertRaises(AccessError):
                    own.create({name: told[name] for name in (
                        "res_model", "res_name", "meaning", "digest", "content")})
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "not changed"), \
                self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE med_processor_signature SET person = 'X' WHERE id = %s", [row.id])
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "not changed"), \
                self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM med_processor_signature WHERE id = %s", [row.id])

    def test_an_altered_row_and_changed_content_show(self):
        row = self.portal_sign(self.subject, "released")
        self.env.cr.execute("UPDATE med_processor_release_line SET quantity = 9"
                            " WHERE release_id = %s", [self.subject.id])
        self.env.invalidate_all()
        self.assertEqual(row.status, "changed")
        self.assertFalse(self.subject.valid)
        self.env.cr.execute(
            "ALTER TABLE med_processor_signature DISABLE TRIGGER med_processor_signature_row")
        self.env.cr.execute(
            "UPDATE med_processor_signature SET person = 'X' WHERE id = %s", [row.id])
        self.env.invalidate_all()
        self.assertEqual(row.status, "altered")

    def test_fields_of_any_record_can_be_signed(self):
        agreement = self.env["med.quality.agreement"].create({
            "name": "QA-1", "processor_id": self.processor.id})
        row = self.portal_sign(agreement, "agreed", content=("name", "date_to"))
        self.assertEqual(row.status, "valid")
        agreement.date_to = "2031-01-01"
        self.assertEqual(row._get_status(), "changed")

    # ------------------------------------------------------------------ who sees it

    def test_who_reads_and_who_does_not(self):
        row = self.portal_sign(self.subject, "released")
        self.assertTrue(row.with_user(self.user("purchasing")).read(["person"]))
        for role in ("system_admin", "portal_processor", ""):
            stranger = self.user(role, login=f"stranger_{role}")
            with self.subTest(role), self.assertRaises(AccessError):
                row.with_user(stranger).read(["person"])
        foreign = self.env["res.company"].create({"name": "Second"})
        other = self.user("qa", login="elsewhere", company_id=foreign.id,
                          company_ids=[(6, 0, foreign.ids)])
        with self.assertRaises(AccessError):
            row.with_user(other).read(["person"])
        with self.assertRaises(AccessError):
            self.subject.with_user(other).read(["name"])
