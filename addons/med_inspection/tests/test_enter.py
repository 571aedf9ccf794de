from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestEnter(InspectCase):
    """Readings: all kept, none overwritten, and what follows from them."""

    requirement = "SMP-12 SMP-13 I1 I4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()

    def test_values_are_entered_and_judged_and_the_same_again_is_no_second_one(self):
        inspection = self.inspected("E-1")
        told = self.enter(inspection, self.values(inspection))
        self.assertEqual([row["outcome"] for row in told["readings"]], ["pass"] * 3)
        self.assertEqual(told["verdict"]["outcome"], "accepted")
        again = self.enter(inspection, self.values(inspection))
        self.assertEqual([row["id"] for row in again["readings"]],
                         [row["id"] for row in told["readings"]])
        self.assertEqual(len(inspection.reading_ids), 3)
        self.assertEqual(inspection.verdict, "accepted")
        self.assertEqual(inspection.reading_ids.mapped("number"), [10, 10, 10])
        sheet = inspection.with_user(self.user("viewer", login="v")).sheet()
        self.assertEqual(sheet["version"], 1)
        self.assertEqual([row["unit"] for row in sheet["samples"]], ["1", "2", "3"])
        self.assertEqual(sheet["characteristics"][0]["upper"], "10.1")
        self.assertEqual(sheet["readings"][0]["user"], self.ines.name)
        self.assertEqual(sheet["verdict"], told["verdict"])
