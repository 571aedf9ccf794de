from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .orders import OrderCase

DATES = ("date_due_acknowledge", "date_due_start", "date_due_finish", "date_due")


@tagged("post_install", "-at_install")
class TestOrderDue(OrderCase):
    """What a processor has confirmed is not changed behind its back: instructions and dates."""

    requirement = "V5 V6 CN-OUT-2 ISO-7.4.2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.person("warehouse", "due_walter")
        cls.buyer = cls.person("purchasing", "due_paula")
        cls.lots = cls.in_stock(cls.stent, "DU-1")
        cls.soon = fields.Datetime.now() + timedelta(days=9)

    def setUp(self):
        super().setUp()
        self.order = self.process_order(self.lots)
        self.order.user_id = self.env.user

    def own(self):
        return self.order.event_ids.filtered(lambda one: one.origin == "own")

    def test_instructions_are_frozen_with_the_release_and_under_its_digest(self):
        self.order.copy_data()
        draft = self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "process": "assembly", "note": "Keep dry"})
        draft.note = "Keep dry and cold"
        for user in (self.keeper, self.buyer, self.env.user):
            for order in (self.order, self.order.sudo()):
                with self.assertRaisesRegex(UserError, "is not changed"):
                    order.with_user(user).with_context(med_permit=True).write(
                        {"note": "Skip the leak test"})
        self.assertIn("note", self.order.contract)

    def test_a_bill_s_instructions_stand_in_the_order_that_it_releases(self):
        self.bom.med_instructions = "Gloves only"
        order = self.made_order()
        self.assertEqual((order.note, order.contract["note"]), ("Gloves only", "Gloves only"))
        self.bom.med_instructions = "Bare hands"
        self.assertEqual(order.note, "Gloves only")

    def test_dates_are_moved_by_who_leads_the_order_and_the_processor_is_told(self):
        for name in DATES:
            with self.subTest(name), self.assertRaisesRegex(AccessError, "is responsible"):
                self.order.with_user(self.keeper).with_context(med_permit=True).write(
                    {name: self.soon})
        with self.assertRaisesRegex(AccessError, "is responsible"):
            self.order.with_user(self.keeper).write({"user_id": self.keeper.id})
        with self.assertRaisesRegex(AccessError, "is responsible"):
            self.order.with_user(self.keeper).write(
                {"user_id": self.keeper.id, "date_due": self.soon})
        self.assertFalse(self.own())
        self.order.with_user(self.buyer).write({"date_due": self.soon})
        self.assertIn(f"Due Back: {fields.Datetime.to_string(self.soon)} UTC instead of –",
                      self.own().note)
        self.order.with_user(self.buyer).write({"date_due": self.soon})
        self.assertEqual(len(self.own()), 1)
        self.order.with_user(self.buyer).user_id = self.keeper
        self.assertEqual(len(self.own()), 1)
        self.order.with_user(self.keeper).write({"date_due": False})
        self.assertEqual(len(self.own()), 2)

    def test_a_date_that_was_kept_stays(self):
        self.begun(self.order)
        for name in ("date_due_acknowledge", "date_due_start"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "was kept"):
                self.order[name] = self.soon
        self.order.date_due_finish = self.soon
        self.report(self.order, "finished", [("DU-1", 10, "good")])
        with self.assertRaisesRegex(UserError, "was kept"):
            self.order.date_due_finish = False
        self.order.date_due = self.soon

    def test_a_date_in_the_past_is_late_at_once_and_one_to_come_is_not(self):
        self.order.date_due = fields.Datetime.now() - timedelta(hours=1)
        self.assertTrue(self.order.late)
        self.order.date_due = self.soon
        self.assertFalse(self.order.late)

    def test_a_step_s_fields_beside_a_date_let_nothing_through(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.keeper).write({"date_due": self.soon, "late": False})
