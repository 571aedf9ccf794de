from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SignCase

requirement = "P11-10f P11-70 S1"


@tagged("post_install", "-at_install")
class TestGuard(SignCase):
    requirement = "P11-10f"

    def test_a_state_is_not_written_by_anybody(self):
        review = self.review()
        for user in (self.anna, self.keeper, self.env.ref("base.user_admin"),
                     self.env.ref("base.user_root")):
            mine = review.with_user(user).sudo()
            for record in (mine, mine.with_context(
                    med_permit=True, permit="closed", bypass=1, install_mode=True)):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    record.write({"state": "closed"})
        with self.assertRaises(AccessError):
            review.state = "closed"
        with self.assertRaises(AccessError):
            review.update({"med_signature_round": 7})
        self.assertEqual(review.state, "in_review")

    def test_a_record_is_born_in_the_first_state(self):
        Review = self.env["med.access.review"]
        with self.assertRaises(AccessError):
            Review.create({"state": "closed"})
        born = Review.with_context(default_state="closed", default_med_signature_round=5).create({})
        self.assertEqual((born.state, born.med_signature_round), ("draft", 1))
        self.env["ir.default"].set("med.access.review", "state", "closed")
        self.assertEqual(Review.create({}).state, "draft")

    def test_a_copy_begins_anew(self):
        review = self.review()
        self.assertEqual(review.copy().state, "draft")
        with self.assertRaises(AccessError):
            review.copy({"state": "in_review"})

    def test_an_import_does_not_skip_steps(self):
        result = self.env["med.access.review"].with_user(self.anna).load(
            ["name", "state"], [["Imported", "closed"]])
        self.assertFalse(result["ids"])
        self.assertIn("The state of", result["messages"][0]["message"])

    def test_a_server_action_with_sudo_does_not_write_a_state(self):
        review = self.review()
        for code in (
            "record.sudo().write({'state': 'closed'})",
            "record.sudo().with_user(1).write({'state': 'closed'})",
            "record.sudo().copy({'state': 'closed'})",
        ):
            action = self.env["ir.actions.server"].create({
                "name": "Forge", "state": "code", "code": code,
                "model_id": self.env["ir.model"]._get_id("med.access.review")})
            with self.subTest(code=code), self.assertRaises(AccessError):
                action.with_context(active_model=review._name, active_id=review.id).run()
        self.assertEqual(review.state, "in_review")

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_a_server_action_finds_no_way_to_sign_for_somebody(self):
        review = self.review()
        for code, refusal in (
            (f"record.with_user({self.anna.id}).med_sign('reviewed', 'anna', 'guess')",
             UserError),
            ("record.med_sign.__globals__['_sign'](record, None, 'reviewed', '', '', None)",
             NameError),
            ("env['med.signature'].sudo().create({'res_model': 'med.access.review', "
             f"'res_id': {review.id}, 'user_id': {self.anna.id}}})", AccessError),
        ):
            with self.subTest(code=code), self.assertRaises(refusal):
                action = self.env["ir.actions.server"].create({
                    "name": "Forge", "state": "code", "code": code,
                    "model_id": self.env["ir.model"]._get_id("med.access.review")})
                action.with_context(active_model=review._name, active_id=review.id).run()
        self.assertFalse(review.med_signature_ids)

    def test_an_automation_in_the_write_of_a_step_gets_no_permit(self):
        other = self.review()
        code = f"env['med.access.review'].browse({other.id}).sudo().write({{'state': 'closed'}})"
        action = self.env["ir.actions.server"].create({
            "name": "Forge", "state": "code", "code": code,
            "model_id": self.env["ir.model"]._get_id("med.access.review")})
        Review = self.env.registry["med.access.review"]

        def hooked(records, transition):
            action.run()
        self.patch(Review, "_med_after_transition", hooked)
        review = self.env["med.access.review"].with_user(self.anna).create({
            "line_ids": [Command.create({"login": "carl"})]})
        with self.assertRaises(AccessError):
            review.med_transition("start")

    def test_a_signed_record_is_not_deleted(self):
        self.grant(self.anna, "reviewed")
        review = self.review()
        self.sign(review, self.anna, "reviewed")
        with self.assertRaisesRegex(Exception, "is signed and is not deleted"):
            review.unlink()

    def test_a_refused_step_is_in_the_trail(self):
        review = self.review()
        with suppress(AccessError):  # assertRaises would roll back to before the entry
            review.with_user(self.anna).write({"state": "closed"})
        found = self.env["med.audit.entry"].search([
            ("event", "=", "state_refused"), ("model", "=", review._name),
            ("res_id", "=", review.id)])
        self.assertTrue(found)


@tagged("post_install", "-at_install")
class TestSteps(SignCase):
    requirement = "P11-10f P11-10g"

    def test_steps_are_taken_in_order_by_those_they_belong_to(self):
        review = self.env["med.access.review"].with_user(self.anna).create({})
        with self.assertRaisesRegex(Exception, "does not follow"):
            review.med_transition("reopen", "again")
        with self.assertRaisesRegex(Exception, "Still to be filled in: People / Login"):
            review.med_transition("start")
        review.line_ids = [Command.create({"login": "carl"})]
        with self.assertRaisesRegex(Exception, "not yours"):
            review.with_user(self.approver).med_transition("start")
        with self.assertRaisesRegex(Exception, "There is no step"):
            review.med_transition("leap")
        self.assertEqual(review.med_transition("start")["states"], {str(review.id): "in_review"})
        with self.assertRaisesRegex(Exception, "This step is signed"):
            review.med_transition("close")

    def test_a_step_asks_for_its_reason(self):
        grant = self.grant(self.anna, "reviewed")
        with self.assertRaisesRegex(Exception, "Give a reason"):
            grant.with_user(self.keeper).med_transition("withdraw", " ")
        grant.with_user(self.keeper).med_transition("withdraw", "left the company")
        self.assertEqual(grant.state, "withdrawn")

    def test_the_form_says_who_signs_next(self):
        review = self.review()
        self.assertEqual(review.med_signature_next, "Close: Reviewed (Quality Assurance)")

    def test_the_declaration_draws_its_diagram(self):
        told = self.env["med.access.review"].with_user(self.anna).med_state_diagram()
        self.assertIn("in_review --> closed: Close (Reviewed + Approved)", told["mermaid"])
