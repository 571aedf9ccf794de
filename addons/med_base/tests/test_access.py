from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MedCase
from .test_roles import BUSINESS_ROLES

MODELS = (
    "med.jurisdiction", "med.calendar", "med.calendar.year", "med.calendar.day",
    "med.clock.rule", "med.retention.rule",
)
CALENDARS = ("med.calendar", "med.calendar.year", "med.calendar.day")
EDITORS = {
    "regulatory": MODELS,
    "qa": ("med.retention.rule",),
    "system_admin": CALENDARS,
}


@tagged("post_install", "-at_install")
class TestAccess(MedCase):
    """Every role against every model and every operation."""

    requirement = "P11-10d P11-10g CN-GMP-46-1 CN-GMP-46-2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["med.calendar"].search([])._load_years([2026])
        cls.records = {model: cls.env[model].search([], limit=1) for model in MODELS}

    def test_role_has_exactly_the_rights_of_the_table(self):
        everybody = {*BUSINESS_ROLES, "viewer", "auditor", "system_admin"}
        portal = {"portal_processor", "portal_dealer"}
        for role in (*sorted(everybody | portal), ""):
            user = self.user(role)
            for model, record in self.records.items():
                edits = model in EDITORS.get(role, ())
                expected = {
                    "read": role in everybody,
                    "write": edits,
                    "create": edits,
                    "unlink": edits and model == "med.calendar.day",
                }
                found = {
                    operation: (self.env[model] if operation == "create" else record)
                    .with_user(user).has_access(operation) for operation in expected
                }
                self.assertEqual(found, expected, f"{role or 'nobody'} on {model}")

    def test_what_the_table_forbids_is_refused_by_the_orm_itself(self):
        inspector = self.user("inspector")
        for model, record in self.records.items():
            with self.subTest(model=model):
                mine = record.with_user(inspector)
                name = "year" if model == "med.calendar.year" else "name"
                with self.assertRaises(AccessError):
                    mine.write({name: mine[name]})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.copy()

    def test_button_that_loads_days_asks_for_the_right_to_write(self):
        calendar = self.env.ref("med_base.med_calendar_cn")
        with self.assertRaises(AccessError):
            calendar.with_user(self.user("viewer")).action_load_years()
        calendar.with_user(self.user("regulatory")).action_load_years()

    def test_statutory_data_is_never_deleted_not_even_by_the_superuser(self):
        for model in ("med.jurisdiction", "med.calendar", "med.clock.rule", "med.retention.rule"):
            with self.subTest(model=model), self.assertRaisesRegex(UserError, "not deleted"):
                self.records[model].unlink()

    def test_rule_of_another_company_is_invisible(self):
        other = self.env["res.company"].create({"name": "Other"})
        values = {"company_id": other.id}
        hidden = (
            self.env.ref("med_base.med_clock_rule_cn_recall_plan").copy(values)
            , self.env.ref("med_base.med_retention_rule_eu_10").copy(values)
            , self.env.ref("med_base.med_calendar_us").copy(values)
        )
        outside = self.user("regulatory")
        inside = self.user("regulatory", login="inside", company_id=other.id,
                           company_ids=[Command.set(other.ids)])
        for record in hidden:
            self.assertFalse(record.with_user(outside).has_access("read"), record)
            self.assertTrue(record.with_user(inside).has_access("read"), record)
            self.assertFalse(
                record.with_user(outside).search_count([("id", "=", record.id)]), record
            )
