from odoo.tests import tagged

from .common import MedCase

BUSINESS_ROLES = (
    "warehouse", "operator", "shift_leader", "inspector", "purchasing", "qa", "qa_release",
    "regulatory", "metrology",
)


@tagged("post_install", "-at_install")
class TestRoles(MedCase):
    """P11-10d, CN-GMP-46-1, ISO-4.2.5: a person sees and does what the role allows."""

    requirement = "P11-10d CN-GMP-46-1"

    def test_every_business_role_is_an_internal_user_and_a_viewer(self):
        for role in (*BUSINESS_ROLES, "auditor"):
            with self.subTest(role=role):
                user = self.user(role)
                self.assertTrue(user._is_internal())
                self.assertTrue(user.has_group("med_base.med_base_group_viewer"))

    def test_no_role_gives_another_job_except_shift_leader_the_operator(self):
        for role in (*BUSINESS_ROLES, "viewer", "auditor", "system_admin"):
            user = self.user(role)
            others = {other for other in BUSINESS_ROLES if other != role
                      and user.has_group(f"med_base.med_base_group_{other}")}
            self.assertEqual(others, {"operator"} if role == "shift_leader" else set(), role)

    def test_system_administrator_has_no_business_role(self):
        user = self.user("system_admin")
        self.assertTrue(user._is_system())
        self.assertFalse(user.has_group("med_base.med_base_group_viewer"))

    def test_portal_roles_are_portal_users(self):
        for role in ("portal_processor", "portal_dealer"):
            user = self.user(role)
            self.assertTrue(user._is_portal())
            self.assertFalse(user.has_group("med_base.med_base_group_viewer"))

    def test_several_roles_fit_in_one_person_because_each_has_a_privilege_of_its_own(self):
        groups = [self.env.ref(f"med_base.med_base_group_{role}") for role in BUSINESS_ROLES]
        for group in groups:
            same = [g for g in groups if g.privilege_id == group.privilege_id]
            for other in same:
                self.assertTrue(other in group.all_implied_ids or group in other.all_implied_ids)

    def test_who_has_least_to_do_is_of_quality_assurance_of_the_company(self):
        busy, idle = self.user("qa", login="busy"), self.user("qa", login="idle")
        self.user("inspector", login="other")
        partner = self.env["res.partner"].create({"name": "Document"})
        company = self.env.company
        others = self.env.ref("med_base.med_base_group_qa").all_user_ids - busy - idle
        for person in (busy | others).filtered(lambda one: company in one.company_ids):
            partner.activity_schedule("mail.mail_activity_data_todo", user_id=person.id)
        asked = ("mail.activity", "user_id", [("res_model", "=", "res.partner")])
        self.assertEqual(company._med_least_busy(*asked), idle)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(elsewhere._med_least_busy(*asked))
