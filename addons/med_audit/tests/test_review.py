import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestReview(AuditCase):
    """DI-MHRA-1: the trail is read by somebody responsible, and what he read stays known."""

    requirement = "DI-MHRA-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qa = cls.user("qa")
        cls.Review = cls.env["med.audit.review"].with_user(cls.qa)
        cls.partner = cls.env["res.partner"].create({"name": "Acme"})
        cls.env.flush_all()

    def review(self, **vals):
        return self.Review.create({
            "model": "res.partner", "res_id": self.partner.id,
            **vals})

    def bodies(self):
        self.env.cr.execute("SELECT body FROM med_audit.entry WHERE model = 'res.partner'"
                            " AND res_id = %s ORDER BY id", [self.partner.id])
        return [body for [body] in self.env.cr.fetchall()]

    def status(self):
        return self.Review.with_user(self.user_viewer).status("res.partner", self.partner.id)

    @property
    def user_viewer(self):
        if not hasattr(self, "_viewer"):
            self._viewer = self.user("viewer")
        return self._viewer

    def test_completion_keeps_what_was_read(self):
        with self.person(self.qa):
            self.partner.phone = "1"
            self.env.flush_all()
        review = self.review(result="clean")
        review.action_complete()
        bodies = self.bodies()
        self.assertEqual(review.state, "done")
        self.assertEqual(review.entry_count, len(bodies))
        self.assertEqual(review.own_count, 1)
        self.assertEqual(review.digest, hashlib.sha256(
            "".join(f"{body}\n" for body in bodies).encode()).hexdigest())

    def test_a_result_is_needed_and_findings_are_described_by_the_reviewer(self):
        with self.assertRaisesRegex(UserError, "result"):
            self.review().action_complete()
        with self.assertRaisesRegex(UserError, "findings"):
            self.review(result="findings", findings="  ").action_complete()
        other = self.user("regulatory")
        with self.assertRaisesRegex(UserError, "Only"):
            self.review(result="clean").with_user(other).action_complete()
        with self.assertRaises(UserError):
            self.review(reviewer_id=other.id)

    def test_completed_review_is_not_changed_or_deleted_by_anybody(self):
        review = self.review(result="clean")
        review.action_complete()
        for mine in (review, review.sudo()):
            with self.assertRaises(UserError):
                mine.write({"result": "findings"})
            with self.assertRaises(UserError):
                mine.action_complete()
            with self.assertRaises(UserError):
                mine.unlink()
        with self.assertRaises(UserError):
            review.with_context(_force_unlink=True).unlink()

    def test_nobody_writes_the_state_or_the_snapshot(self):
        review = self.review(result="clean")
        for vals in ({"state": "done"}, {"digest": "x"}, {"entry_count": 5}, {"entry_last": "9"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                review.sudo().write(vals)
            with self.assertRaises(UserError):
                self.review(**vals)

    def test_status_tells_release_whether_anything_is_newer(self):
        self.assertFalse(self.status()["reviewed"])
        self.review(result="clean").action_complete()
        status = self.status()
        self.assertTrue(status["reviewed"])
        self.assertEqual((status["reviewer"], status["newer"]), (self.qa.name, 0))
        self.partner.phone = "2"
        self.env.flush_all()
        status = self.status()
        self.assertFalse(status["reviewed"])
        self.assertEqual(status["newer"], 1)

    def test_a_period_is_reviewed_too_and_needs_bounds(self):
        with self.assertRaises(UserError):
            self.Review.create({"result": "clean"}).action_complete()
        now = self.env.cr.now().replace(microsecond=0)
        review = self.Review.create({"result": "clean", "date_from": now})
        review.action_complete()
        self.assertGreater(review.entry_count, 0)

    def test_only_quality_and_regulatory_review(self):
        for role in ("auditor", "system_admin", "operator"):
            with self.assertRaises(AccessError):
                self.Review.with_user(self.user(role)).create({"result": "clean"})

    def test_no_default_of_the_caller_completes_a_review(self):
        other = self.user("regulatory")
        forged = {"default_state": "done", "default_digest": "0" * 64, "default_entry_count": 9,
                  "default_reviewer_id": other.id}
        review = self.Review.with_context(**forged).create({"result": "clean"})
        self.assertRecordValues(review, [{
            "state": "draft", "digest": False, "entry_count": 0, "reviewer_id": self.qa.id}])
        self.env["ir.default"].set("med.audit.review", "state", "done")
        self.assertEqual(self.review().state, "draft")
