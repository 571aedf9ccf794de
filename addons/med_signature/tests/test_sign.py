import json

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SignCase

requirement = "P11-50a P11-50b P11-70 P11-70b P11-200a2 CN-GMP-46-4 S1 S2 S3"


@tagged("post_install", "-at_install")
class TestSign(SignCase):
    requirement = "P11-50a P11-70 P11-70b S1 S3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed", "approved")
        cls.grant(cls.bert, "reviewed", "approved")

    def closed(self):
        review = self.review()
        self.sign(review, self.anna, "reviewed")
        self.sign(review, self.bert, "approved")
        return review

    def test_a_signature_says_who_what_when_and_how(self):
        review = self.review()
        told = self.sign(review, self.anna, "reviewed")
        row = review.med_signature_ids
        self.assertEqual(told["signatures"], [{
            "id": row.id, "record": review.id, "digest": row.digest, "state": "in_review",
            "signed_at": row.signed_at.isoformat() + "Z"}])
        self.assertRecordValues(row, [{
            "name": self.anna.name, "login": "anna", "role": "Quality Assurance",
            "meaning": "reviewed", "meaning_name": "Reviewed", "tz": "Asia/Shanghai",
            "method": "password", "components": "all", "res_name": "Review", "status": "valid",
            "transition": "close", "round": 1, "session_login": "anna",
        }])
        self.assertTrue(row.local_time.endswith("+0800"))
        content = json.loads(row.content)
        self.assertEqual(content["form"], "med-signature/1")
        self.assertEqual(content["values"]["line_ids"][0]["decision"], "keep")

    def test_the_last_signature_takes_the_step(self):
        review = self.closed()
        self.assertEqual(review.state, "closed")
        self.assertEqual(review.med_signature_status, "valid")
        self.assertEqual(review.med_signature_ids.mapped("user_id"), self.anna | self.bert)

    def test_a_renamed_signer_or_company_voids_nothing(self):
        review = self.closed()
        old = self.anna.name
        self.anna.name = "Anna After Marriage"
        review.company_id.name = "Renamed"
        self.env.invalidate_all()
        self.assertEqual(review.med_signature_ids.mapped("status"), ["valid", "valid"])
        self.assertEqual(review.med_signature_ids[0].name, old)

    def test_changed_content_is_invalid_and_opens_the_step_again(self):
        for change in (
            lambda review: review.write({"note": "changed"}),
            lambda review: review.line_ids.write({"decision": "remove"}),
            lambda review: review.line_ids.unlink(),
            lambda review: review.write({"line_ids": [(0, 0, {"login": "dora"})]}),
        ):
            review = self.closed()
            change(review)
            self.assertEqual(review.state, "in_review")
            self.assertEqual(review.med_signature_round, 2)
            self.assertEqual(review.med_signature_ids.mapped("status"), ["former", "former"])
            self.assertEqual(review.med_signature_status, "none")
            self.assertIn("Reviewed", review.med_signature_next)

    def test_content_changed_beside_the_orm_is_invalid_and_stops_the_next_step(self):
        review = self.review()
        self.sign(review, self.anna, "reviewed")
        self.env.cr.execute(
            "UPDATE med_access_review SET note = 'x' WHERE id = %s", [review.id])
        self.env.invalidate_all()
        self.assertEqual(review.med_signature_ids.status, "changed")
        self.assertEqual(review.med_signature_status, "invalid")
        with self.assertRaisesRegex(UserError, "earlier signature is invalid"):
            self.sign(review, self.bert, "approved")

    def test_the_same_content_written_again_voids_nothing(self):
        review = self.closed()
        review.write({"name": review.name})
        review.line_ids.write({"api_keys": 3})
        self.assertEqual(review.state, "closed")

    def test_locked_content_is_not_changed(self):
        grant = self.grant(self.person("inspector", "ines"), "reviewed")
        with self.assertRaisesRegex(UserError, "not changed any more"):
            grant.sudo().write({"user_id": self.bert.id})
        grant.sudo().write({"user_id": grant.user_id.id})

    def test_a_signature_is_not_changed_removed_or_made_by_anybody(self):
        row = self.closed().med_signature_ids[0]
        for user in (self.anna, self.keeper, self.env.ref("base.user_root")):
            mine = row.with_user(user).sudo()
            with self.assertRaises(AccessError):
                mine.write({"name": "Somebody"})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.copy()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_change_or_remove_a_signature(self):
        self.closed()
        for statement in ("UPDATE med_signature SET name = 'x'", "DELETE FROM med_signature",
                          "TRUNCATE med_signature CASCADE"):
            with self.assertRaisesRegex(psycopg2.Error, "not changed or removed"), (
                    self.env.cr.savepoint()):
                self.env.cr.execute(statement)

    def test_a_signature_copied_to_another_record_is_altered(self):
        row, other = self.closed().med_signature_ids[0], self.review()
        names = ", ".join(f'"{name}"' for name, field in row._fields.items()
                          if field.store and name not in ("id", "res_id"))
        self.env.cr.execute(
            f"INSERT INTO med_signature (res_id, {names}) SELECT %s, {names} FROM med_signature"
            " WHERE id = %s", [other.id, row.id])
        self.env.invalidate_all()
        self.assertEqual(other.med_signature_ids.status, "altered")
        self.assertEqual(other.med_signature_status, "invalid")
        self.assertFalse(other.med_signature_ids.with_user(self.anna).med_verify()["valid"])

    @mute_logger("odoo.sql_db")
    def test_two_rows_for_one_place_are_refused_by_the_database(self):
        row = self.closed().med_signature_ids[0]
        names = ", ".join(f'"{name}"' for name, field in row._fields.items()
                          if field.store and name != "id")
        with self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                f"INSERT INTO med_signature ({names}) SELECT {names} FROM med_signature"
                " WHERE id = %s", [row.id])

    def test_what_was_not_shown_is_not_signed(self):
        review = self.review()
        shown = review.with_user(self.anna).med_sign_preview()["records"][0]
        self.assertEqual(shown["steps"][0]["meaning_name"], "Reviewed")
        self.assertIn(["Name", "Review"], shown["content"])
        digest = shown["steps"][0]["digest"]
        review.note = "added meanwhile"
        with self.assertRaisesRegex(UserError, "changed since it was shown"):
            self.sign(review, self.anna, "reviewed", digests=[digest])
        with self.assertRaisesRegex(UserError, "one text for each record"):
            self.sign(review, self.anna, "reviewed", digests=[])

    def test_many_records_are_signed_by_one_secret_each_with_its_row(self):
        reviews = self.review() | self.review(name="Second")
        preview = reviews.with_user(self.anna).med_sign_preview()
        digests = [record["steps"][0]["digest"] for record in preview["records"]]
        told = self.sign(reviews, self.anna, "reviewed", digests=digests)
        self.assertEqual([one["digest"] for one in told["signatures"]], digests)

    def test_all_or_none_of_many_records_are_signed(self):
        first, second = self.review(), self.review(name="Second")
        second.line_ids.decision = False
        with self.assertRaisesRegex(UserError, "Decision"):
            self.sign(first | second, self.anna, "reviewed")
        self.assertFalse(first.med_signature_ids)


@tagged("post_install", "-at_install")
class TestWhoMaySign(SignCase):
    requirement = "P11-10g P11-200a2 S2 P1"

    def test_the_right_to_sign_is_checked_at_signing_time(self):
        review = self.review()
        with self.assertRaisesRegex(UserError, "has to be granted first"):
            self.sign(review, self.anna, "reviewed")
        grant = self.grant(self.anna, "reviewed")
        grant.with_user(self.keeper).med_transition("withdraw", "lapsed")
        with self.assertRaisesRegex(UserError, "has to be granted first"):
            self.sign(review, self.anna, "reviewed")

    def test_a_right_holds_from_and_to_its_days(self):
        review = self.review()
        for values in ({"valid_from": "2999-01-01"},
                       {"valid_from": "2000-01-01", "valid_to": "2000-12-31"}):
            grant = self.draft_grant(self.anna, "reviewed")
            grant.write(values)
            self.sign(grant, self.keeper, "verified")
            self.sign(grant, self.anna, "acknowledged")
            self.sign(grant, self.approver, "approved")
            with self.assertRaisesRegex(UserError, "has to be granted first"):
                self.sign(review, self.anna, "reviewed")
            grant.with_user(self.keeper).med_transition("withdraw", "next case")

    def test_a_role_without_the_right_and_a_right_without_the_role_do_not_sign(self):
        rita = self.person("regulatory", "rita")
        self.grant(rita, "reviewed")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.sign(self.review(), rita, "reviewed")

    def test_one_person_does_not_sign_twice_where_two_are_needed(self):
        self.grant(self.anna, "reviewed", "approved")
        review = self.review()
        self.sign(review, self.anna, "reviewed")
        with self.assertRaisesRegex(UserError, "does not sign twice"):
            self.sign(review, self.anna, "approved")
        self.assertEqual(review.state, "in_review")

    def test_signers_keep_their_order(self):
        self.grant(self.bert, "approved")
        with self.assertRaisesRegex(UserError, "not asked for now"):
            self.sign(self.review(), self.bert, "approved")

    def test_a_program_signs_with_the_login_and_secret_of_the_person(self):
        self.grant(self.anna, "reviewed")
        review = self.review()
        self.sign(review, self.anna, "reviewed", caller=self.approver)
        self.assertEqual(review.med_signature_ids.user_id, self.anna)
        self.assertEqual(review.med_signature_ids.session_login, "approver")

    def test_an_archived_person_signs_nothing(self):
        self.grant(self.anna, "reviewed")
        review = self.review()
        self.anna.action_archive()
        with self.assertRaisesRegex(UserError, "login id or the secret is wrong"):
            self.sign(review, self.anna, "reviewed", caller=self.bert)

    def test_arguments_of_a_wrong_kind_are_refused_in_one_sentence(self):
        review = self.review()
        for kw, words in (
            ({"login": 7}, "“login” must be text"), ({"secret": ["a"]}, "“secret” must be text"),
            ({"by": "voice"}, "no way to sign"), ({"secret": ""}, "give your login"),
            ({"login": ""}, "Give your login id too"),
            ({"meaning": "blessed"}, "not asked for now"),
        ):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                self.sign(review, self.anna, **{"meaning": "reviewed", **kw})
