from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import MedCase


@tagged("post_install", "-at_install")
class TestSettings(MedCase):
    """What is in force is set per company, by the system administrator alone."""

    requirement = "P11-10d CN-GMP-46-1"

    def test_system_administrator_sets_jurisdictions_and_minimum_for_the_company(self):
        Settings = self.env["res.config.settings"].with_user(self.user("system_admin"))
        with Form(Settings) as form:
            form.med_jurisdiction_ids.add(self.env.ref("med_base.med_jurisdiction_cn"))
            form.med_jurisdiction_ids.add(self.env.ref("med_base.med_jurisdiction_eu"))
            form.med_retention_min_years = 10
        form.record.execute()
        self.assertEqual(self.env.company.med_jurisdiction_ids.mapped("code"), ["CN", "EU"])
        self.assertEqual(self.env.company.med_retention_min_years, 10)

    def test_no_business_role_opens_the_settings(self):
        for role in ("qa", "regulatory", "auditor"):
            user = self.user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["res.config.settings"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.env.company.with_user(user).med_retention_min_years = 0

    def test_negative_minimum_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.company.med_retention_min_years = -1
            self.env.company.flush_recordset()

    def test_menus_are_those_of_the_role(self):
        settings = self.env.ref("med_base.med_base_menu_settings")
        root = self.env.ref("med_base.med_base_menu_root")
        for role, sees_root, sees_settings in (
            ("viewer", True, False), ("regulatory", True, False),
            ("system_admin", True, True), ("", False, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(self.user(role))._visible_menu_ids()
            self.assertEqual((root.id in visible, settings.id in visible),
                             (sees_root, sees_settings), role)
