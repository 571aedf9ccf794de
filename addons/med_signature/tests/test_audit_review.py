from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import SignCase


@tagged("post_install", "-at_install")
class TestAuditReview(SignCase):
    """Who reviewed the trail signs for it (PI 041-1, 9.8; P11-50)."""

    requirement = "P11-10e-1 P11-50 DI-+"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed")
        cls.grant(cls.bert, "reviewed")
        cls.record = cls.env["med.signature.meaning"].search([], limit=1)

    def trail_review(self, **values):
        return self.env["med.audit.review"].with_user(self.anna).create({
            "model": self.record._name, "res_id": self.record.id, "result": "clean", **values})

    def status(self):
        return self.env["med.audit.review"].with_user(self.anna).status(
            model=self.record._name, res_id=self.record.id)

    def test_completion_asks_for_the_signature_of_the_reviewer_over_what_was_read(self):
        review = self.trail_review()
        review.action_complete()
        self.assertEqual(review.state, "done")
        self.assertIn("anna", review.med_signature_next.lower())
        self.assertEqual((self.status()["reviewed"], self.status()["signed"]), (True, False))
        self.sign(review, self.anna, "reviewed")
        self.assertEqual((review.state, review.med_signature_status), ("signed", "valid"))
        self.assertIn(review.digest, review.med_signature_ids.sudo().content)
        self.assertTrue(self.status()["signed"])

    def test_nobody_else_signs_it(self):
        review = self.trail_review()
        review.action_complete()
        with self.assertRaisesRegex(UserError, "another person's"):
            self.sign(review, self.bert, "reviewed")
        self.assertEqual(review.state, "done")

    def test_an_open_review_is_neither_signed_nor_completed_by_another(self):
        review = self.trail_review()
        with self.assertRaisesRegex(UserError, "not asked for now"):
            self.sign(review, self.anna, "reviewed")
        with self.assertRaisesRegex(UserError, "Only anna"):
            review.with_user(self.bert).med_transition("complete")
        with self.assertRaisesRegex(UserError, "result"):
            self.trail_review(result=False).med_transition("complete")
        self.assertFalse(review.digest)

    def test_neither_state_nor_content_is_written_once_it_is_read(self):
        review = self.trail_review()
        review.action_complete()
        for record in (review, review.sudo()):
            for state in ("signed", "draft"):
                with self.assertRaises(AccessError):
                    record.write({"state": state})
            with self.assertRaisesRegex(UserError, "completed review is not changed"):
                record.write({"result": "findings", "findings": "later"})
            with self.assertRaisesRegex(UserError, "by its button"):
                record.write({"state": "signed", "digest": "0"})

    def test_a_content_changed_beside_the_programs_makes_the_signature_invalid(self):
        review = self.trail_review()
        review.action_complete()
        self.sign(review, self.anna, "reviewed")
        self.env.cr.execute(
            "UPDATE med_audit_review SET entry_count = 4711 WHERE id = %s", [review.id])
        self.env.invalidate_all()
        self.assertEqual(review.med_signature_status, "invalid")
        self.assertFalse(self.status()["signed"])
