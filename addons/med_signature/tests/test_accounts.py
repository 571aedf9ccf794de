import datetime

import psycopg2
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import post_init_hook, uninstall_hook
from .common import SignCase, secret_of

requirement = "P11-10j P11-100a P11-100b P11-200a3 P11-300a P11-300b P11-300c CN-GMP-46-1 P1"


@tagged("post_install", "-at_install")
class TestGrant(SignCase):
    requirement = "P11-10g P11-10j P11-100b P11-200a3"

    def test_a_right_needs_three_people_identity_and_a_signed_statement(self):
        grant = self.draft_grant(self.anna, "reviewed")
        grant.identity_reference = False
        with self.assertRaisesRegex(UserError, "Evidence of Identity"):
            self.sign(grant, self.keeper, "verified")
        grant.identity_reference = "passport 4711"
        self.sign(grant, self.keeper, "verified")
        with self.assertRaisesRegex(UserError, "another person's"):
            self.sign(grant, self.bert, "acknowledged")
        self.sign(grant, self.anna, "acknowledged")
        with self.assertRaisesRegex(UserError, "another person than the one who signed"):
            self.sign(grant, self.keeper, "approved")
        with self.assertRaisesRegex(UserError, "another person than “Person”"):
            self.sign(grant, self.anna, "approved")
        self.sign(grant, self.approver, "approved")
        self.assertEqual(grant.state, "active")
        content = grant.sudo().med_signature_ids[1].content
        self.assertIn("legally binding equivalent of my handwritten signature", content)

    def test_nobody_gives_himself_a_right(self):
        grant = self.draft_grant(self.keeper, "reviewed")
        with self.assertRaisesRegex(UserError, "another person than “Person”"):
            self.sign(grant, self.keeper, "verified")

    def test_rights_end_with_the_account(self):
        grant = self.grant(self.anna, "reviewed")
        self.anna.action_archive()
        self.assertEqual(grant.state, "withdrawn")
        with self.assertRaisesRegex(Exception, "archived"):
            self.sign(self.draft_grant(self.anna, "reviewed"), self.keeper, "verified")

    @mute_logger("odoo.sql_db")
    def test_a_person_has_a_right_once(self):
        self.grant(self.anna, "reviewed")
        with self.assertRaises(psycopg2.IntegrityError):
            self.grant(self.anna, "reviewed")
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestAccounts(SignCase):
    requirement = "P11-100a P11-200a3 P11-300a P11-300b P11-300c"

    @mute_logger("odoo.sql_db")
    def test_logins_that_differ_in_case_only_are_one(self):
        for login in ("ANNA", "Anna"):
            with self.subTest(login), self.assertRaises(psycopg2.IntegrityError):
                self.user("viewer", login=login)
        with self.assertRaises(ValidationError):
            self.user("viewer", login="ａｎｎａ")
        with self.assertRaises(ValidationError):
            self.bert.login = "Anna"

    def test_a_login_is_never_given_to_another_person(self):
        self.anna.login = "anna.new"
        self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "is or was another person's"), (
                self.env.cr.savepoint()):
            self.user("viewer", login="anna")
        self.anna.login = "anna"
        leaver = self.user("viewer", login="leaver")
        leaver.unlink()
        with self.assertRaisesRegex(ValidationError, "is or was another person's"), (
                self.env.cr.savepoint()):
            self.user("viewer", login="Leaver")
        entry = self.env["med.signature.login"].search([("key", "=", "leaver")])
        for attack in (lambda: entry.sudo().write({"account": 1}), entry.sudo().unlink):
            with self.assertRaises(AccessError):
                attack()

    @mute_logger("odoo.sql_db")
    def test_who_has_signed_is_not_deleted(self):
        self.grant(self.anna, "reviewed").with_user(self.keeper).med_transition("withdraw", "x")
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM res_users WHERE id = %s", [self.anna.id])

    def test_a_password_that_an_administrator_has_set_signs_nothing(self):
        self.grant(self.anna, "reviewed")
        self.anna.with_user(self.env.ref("base.user_admin")).password = "known to the admin"
        self.assertTrue(self.anna.med_password_temporary)
        with self.assertRaisesRegex(UserError, "set by somebody else"):
            self.sign(self.review(), self.anna, "reviewed", secret="known to the admin")
        with self.assertRaises(AccessError):
            self.anna.sudo().write({"med_password_temporary": False})

    def test_the_own_password_signs_and_the_reset_is_told(self):
        self.grant(self.anna, "reviewed")
        self.authenticate("keeper", secret_of(self.keeper))
        told = self.call("res.users", "write", [self.anna.id], vals={"password": "from the keeper"})
        self.assertIn("result", told)
        self.env.invalidate_all()
        message = self.env["mail.message"].search(
            [("subject", "=", f"Password set: {self.anna.name}")])
        self.assertIn(self.anna.partner_id, message.notified_partner_ids)
        self.assertIn(self.bert.partner_id, message.notified_partner_ids)
        self.anna.with_user(self.anna).change_password("from the keeper", "her own one")
        self.assertFalse(self.anna.med_password_temporary)
        self.sign(self.review(), self.anna, "reviewed", secret="her own one")

    def test_a_temporary_password_runs_out(self):
        self.draft_grant(self.anna, "reviewed")
        self.anna.password = "for one day"
        user = self.anna.with_user(self.anna)
        credential = {"type": "password", "login": "anna", "password": "for one day"}
        self.assertTrue(user._check_credentials(credential, {"interactive": True}))
        self.env.cr.execute("UPDATE res_users SET med_password_date = now() - interval '73 hours'")
        self.env.invalidate_all()
        with self.assertRaises(AccessDenied):
            user._check_credentials(credential, {"interactive": True})

    def test_the_password_of_somebody_who_does_not_sign_does_not_run_out(self):
        self.anna.password = "set by the administrator"
        self.env.cr.execute("UPDATE res_users SET med_password_date = now() - interval '73 hours'")
        self.env.invalidate_all()
        self.assertTrue(self.anna.with_user(self.anna)._check_credentials(
            {"type": "password", "login": "anna", "password": "set by the administrator"},
            {"interactive": True}))

    def test_an_old_password_signs_nothing(self):
        self.grant(self.anna, "reviewed")
        self.env["ir.config_parameter"].set_param("med_signature.password_days", 90)
        self.sign(self.review(), self.anna, "reviewed")
        self.env.cr.execute("UPDATE res_users SET med_password_date = now() - interval '91 days'")
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "older than 90 days"):
            self.sign(self.review(), self.anna, "reviewed")

    @mute_logger("odoo.http", "odoo.addons.base.models.res_users")
    def test_a_lost_credential_ends_everything_at_once(self):
        self.grant(self.anna, "reviewed")
        key = self.anna.with_user(self.anna).env["res.users.apikeys"]._generate(
            "rpc", "test", datetime.datetime.now() + datetime.timedelta(hours=1))
        self.env["med.signature.secret"].with_user(self.anna).med_set_pin(
            pin="482915", secret=secret_of(self.anna))
        self.anna.sudo().totp_secret = "ABCDEFGHABCDEFGH"
        self.authenticate("anna", secret_of(self.anna))
        self.assertIn("result", self.call("res.users", "read", [self.anna.id], fields=["login"]))
        with self.assertRaisesRegex(Exception, "are kept by"):
            self.anna.with_user(self.approver).med_credential_lost("phone lost")
        with self.assertRaisesRegex(Exception, "Say what was lost"):
            self.anna.with_user(self.bert).med_credential_lost()
        self.anna.with_user(self.bert).med_credential_lost("phone lost")
        self.assertIn("error", self.call("res.users", "read", [self.anna.id], fields=["login"]))
        answer = self.url_open("/json/2/res.users/context_get", json={"context": {"tz": "UTC"}},
                               headers={"Authorization": f"Bearer {key}"})
        self.assertEqual(answer.status_code, 401)
        self.assertFalse(self.anna.totp_enabled)
        for kw in ({}, {"by": "pin", "secret": "482915"}):
            with self.assertRaisesRegex(UserError, "secret is wrong"):
                self.sign(self.review(), self.anna, "reviewed", caller=self.bert, **kw)


@tagged("post_install", "-at_install")
class TestReview(SignCase):
    requirement = "P11-300b DI-PICS-2 CN-GMP-46-1"

    def test_the_review_lists_everybody_with_roles_rights_and_conflicts(self):
        self.grant(self.anna, "reviewed")
        self.approver.group_ids += self.env.ref("med_base.med_base_group_qa_release")
        self.approver.group_ids += self.env.ref("med_base.med_base_group_operator")
        review = self.env["med.access.review"].with_user(self.anna).create({})
        review.action_list_people()
        lines = {line.login: line for line in review.line_ids}
        self.assertEqual(lines["anna"].rights, "Reviewed")
        self.assertEqual(lines["anna"].roles, "Quality Assurance")
        self.assertIn("Produces and releases", lines["approver"].conflict)
        self.assertFalse(lines["bert"].conflict)
        lines["bert"].decision = "keep"
        review.action_list_people()
        self.assertEqual(lines["bert"].decision, "keep")

    def test_what_a_line_says_about_an_account_is_nobodys_to_write(self):
        review = self.env["med.access.review"].with_user(self.anna).create({})
        review.action_list_people()
        line = review.line_ids.filtered(lambda line: line.user_id == self.bert)
        Line = line.browse()
        for attack in (
                lambda: line.write({"roles": "none"}), lambda: line.write({"conflict": False}),
                lambda: line.write({"user_id": False}), lambda: line.unlink(),
                lambda: Line.create({"review_id": review.id, "user_id": self.anna.id}),
                lambda: Line.sudo().create({"review_id": review.id, "user_id": self.anna.id})):
            with self.assertRaisesRegex(UserError, "comes from the account"):
                attack()
        own = Line.with_context(default_user_id=self.anna.id).create(
            {"review_id": review.id, "login": "steriliser 2"})
        self.assertFalse(own.user_id)
        own.login = "steriliser 3"
        with self.assertRaisesRegex(UserError, "comes from the account"):
            own.user_id = self.anna

    def test_it_is_closed_when_everybody_is_decided_and_two_have_signed(self):
        self.grant(self.anna, "reviewed")
        review = self.review()
        review.line_ids.decision = False
        with self.assertRaisesRegex(UserError, "People / Decision"):
            self.sign(review, self.anna, "reviewed")

    def test_opening_it_again_needs_a_reason_and_new_signatures(self):
        self.grant(self.anna, "reviewed", "approved")
        self.grant(self.bert, "reviewed", "approved")
        review = self.review()
        self.sign(review, self.anna, "reviewed")
        self.sign(review, self.bert, "approved")
        review.with_user(self.anna).med_transition("reopen", "forgot somebody")
        self.assertEqual((review.state, review.med_signature_status), ("in_review", "none"))
        self.sign(review, self.bert, "reviewed")
        self.sign(review, self.anna, "approved")
        self.assertEqual(review.state, "closed")


@tagged("post_install", "-at_install")
class TestRule(SignCase):
    requirement = "P11-10k P11-10g P1"

    def rule(self, meanings, **values):
        return self.env["med.signature.rule"].with_user(self.bert).create({
            "model_id": self.env["ir.model"]._get_id("med.access.review"), "transition": "close",
            "line_ids": [(0, 0, {"meaning_id": self.env.ref(
                f"med_signature.med_signature_meaning_{meaning}").id}) for meaning in meanings],
            **values})

    def test_a_small_firm_closes_a_review_with_one_signature(self):
        self.grant(self.anna, "approved")
        rule = self.rule(["approved"])
        self.assertEqual(self.review().med_signature_next, "Close: Reviewed (Quality Assurance)")
        self.sign(rule, self.anna, "approved", reason="twelve people")
        self.assertEqual(rule.state, "in_force")
        review = self.review()
        self.sign(review, self.anna, "approved")
        self.assertEqual(review.state, "closed")

    def test_who_wrote_a_rule_does_not_put_it_in_force(self):
        self.grant(self.bert, "approved")
        with self.assertRaisesRegex(UserError, "Created by"):
            self.sign(self.rule(["approved"]), self.bert, "approved", reason="x")

    def test_what_the_law_fixes_is_not_configured_away(self):
        model = self.env["ir.model"]._get_id("med.signature.grant")
        for meanings, step in (([], "approve"), (["reviewed"], "approve"), ([], "give")):
            with self.assertRaisesRegex(ValidationError, "The law leaves less freedom"):
                self.rule(meanings, model_id=model, transition=step)
        with self.assertRaisesRegex(ValidationError, "has no signed step"):
            self.rule(["approved"], transition="start")

    def test_a_rule_in_force_stays_as_it_is_and_gets_versions(self):
        self.grant(self.anna, "approved")
        rule = self.rule(["approved"])
        self.sign(rule, self.anna, "approved", reason="twelve people")
        for attack in (lambda: rule.write({"reason": True}), lambda: rule.line_ids.unlink(),
                       lambda: rule.line_ids.write({"sequence": 3})):
            with self.assertRaisesRegex(UserError, "not changed any more"):
                attack()
        meaning = {"meaning_id": rule.line_ids.meaning_id.id}
        Line = self.env["med.signature.rule.line"].with_user(self.bert)
        with self.assertRaises(UserError):
            Line.with_context(default_rule_id=rule.id).create(meaning)
        with self.assertRaises(UserError):
            self.rule(["approved"]).line_ids.write({"rule_id": rule.id})
        self.assertEqual(len(rule.line_ids), 1)
        new = self.env["med.signature.rule"].browse(
            rule.with_user(self.bert).action_new_version()["res_id"])
        self.assertEqual((new.version, new.state, len(new.line_ids)), (2, "draft", 1))
        with self.assertRaisesRegex(Exception, "out of force first"):
            self.sign(new, self.anna, "approved", reason="x")
        rule.with_user(self.bert).med_transition("replace", "next version")
        self.sign(new, self.anna, "approved", reason="x")
        self.assertEqual(new.state, "in_force")


@tagged("post_install", "-at_install")
class TestRemoval(SignCase):
    """What was signed, and every login given out, outlives the addon."""

    requirement = "P11-10c P11-100a ISO-4.2.5"

    def test_signatures_are_copied_and_logins_come_back(self):
        self.grant(self.anna, "reviewed")
        self.env["med.signature.login"].create({"key": "gone", "login": "gone", "account": 1})
        uninstall_hook(self.env)
        self.env.cr.execute("SELECT count(*) FROM med_evidence.med_signature")
        [kept] = self.env.cr.fetchone()
        self.assertEqual(kept, self.env["med.signature"].search_count([]))
        self.assertTrue(kept)
        self.env.cr.execute("DELETE FROM med_signature_login")
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertTrue(self.env["med.signature.login"].search_count([("key", "=", "gone")]))
