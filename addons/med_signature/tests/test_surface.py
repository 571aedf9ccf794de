from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SignCase

requirement = "P11-50b P11-10g A2 P2"

ROLES = ("viewer", "warehouse", "operator", "shift_leader", "inspector", "purchasing", "qa",
         "qa_release", "regulatory", "metrology", "auditor", "system_admin", "portal_processor",
         "portal_dealer")
WRITERS = {
    "med.signature": (), "med.signature.attempt": (), "med.signature.login": (),
    "med.signature.secret": ("qa", "system_admin"), "med.signature.grant": ("qa", "system_admin"),
    "med.signature.rule": ("qa",), "med.access.review": ("qa",),
    "med.signature.meaning": ("qa", "system_admin"),
}


@tagged("post_install", "-at_install")
class TestSurface(SignCase):
    requirement = "P11-50b P11-10g P2"

    def test_only_these_roles_write(self):
        for role in ROLES:
            user = self.user(role)
            for model, writers in WRITERS.items():
                for operation in ("create", "write", "unlink"):
                    with self.subTest(role=role, model=model, operation=operation):
                        allowed = self.env[model].with_user(user).has_access(operation)
                        if role not in writers:
                            self.assertFalse(allowed)
                        elif operation != "unlink":
                            self.assertTrue(allowed)

    def test_the_content_of_a_signature_is_for_those_who_read_everything(self):
        self.grant(self.anna, "reviewed")
        row = self.env["med.signature"].search([], limit=1)
        self.assertTrue(row.with_user(self.anna).read(["content"]))
        with self.assertRaises(AccessError):
            row.with_user(self.user("operator")).read(["content"])

    def test_hashes_of_pins_are_read_by_nobody(self):
        secret = self.env["med.signature.secret"].create({"user_id": self.anna.id})
        for name in ("pin_hash", "code_hash"):
            with self.assertRaises(AccessError):
                secret.with_user(self.keeper).read([name])

    def test_signatures_of_other_companies_are_not_shown(self):
        self.grant(self.anna, "reviewed")
        other = self.env["res.company"].create({"name": "Other"})
        review = self.review(company_id=self.env.company.id)
        self.sign(review, self.anna, "reviewed")
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[(6, 0, other.ids)])
        self.assertFalse(self.env["med.signature"].with_user(stranger).search(
            [("res_model", "=", review._name)]))

    def test_a_print_carries_name_meaning_time_and_status_as_signed(self):
        grant = self.grant(self.anna, "reviewed")
        name = self.anna.name
        self.anna.name = "Renamed"
        report = self.env["ir.actions.report"]._render_qweb_html(
            "med_signature.med_signature_grant_report", grant.ids)[0].decode()
        for words in (name, "Acknowledged", "Asia/Shanghai", "Valid", "sha256:", "+0800"):
            self.assertIn(words, report)

    def test_a_person_signs_in_the_browser(self):
        self.grant(self.anna, "reviewed", "approved")
        self.grant(self.bert, "reviewed", "approved")
        review = self.review(name="Tour review")
        self.start_tour(f"/odoo/med-access-reviews/{review.id}", "med_signature_sign",
                        login="anna")
        self.env.invalidate_all()
        self.assertEqual(review.state, "closed")
        self.assertRecordValues(review.med_signature_ids, [
            {"login": "anna", "session_login": "anna", "components": "all"},
            {"login": "bert", "session_login": "anna", "components": "all"}])

    def test_a_person_signs_many_from_the_list(self):
        self.grant(self.anna, "reviewed")
        reviews = self.review(name="Batch one") | self.review(name="Batch two")
        self.start_tour("/odoo/med-access-reviews", "med_signature_sign_many", login="anna")
        self.env.invalidate_all()
        self.assertEqual(reviews.med_signature_ids.mapped("login"), ["anna", "anna"])
