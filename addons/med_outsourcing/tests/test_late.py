from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestLate(OrderCase):
    """What is late is seen and told once (V5)."""

    requirement = "V5 F3 ISO-7.4.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(cls.registry["ir.cron"], "_commit_progress",
                       lambda cron, processed=0, *, remaining=None: True)

    def asked(self, order, words):
        return order.activity_ids.filtered(lambda one: words in one.summary)

    def test_an_order_that_is_not_acknowledged_in_time_is_told_once(self):
        order = self.process_order(self.in_stock(self.stent, "L-1"))
        order.date_due_acknowledge = fields.Datetime.now() - timedelta(hours=1)
        Order = self.env["med.outsourcing.order"]
        Order._med_tell_late()
        self.assertTrue(order.late)
        self.assertEqual(order.late_text, "Acknowledgement Due")
        self.assertIn(order, Order.search([("late", "=", True)]))
        self.assertEqual(len(self.asked(order, "is late")), 1)
        Order._med_tell_late()
        self.assertEqual(len(self.asked(order, "is late")), 1)
        self.report(order, "acknowledged")
        self.assertFalse(order.late)

    def test_each_due_date_counts_until_its_step(self):
        order = self.process_order(self.in_stock(self.stent, "L-2"))
        past = fields.Datetime.now() - timedelta(hours=1)
        order.write({"date_due_start": past, "date_due_finish": past, "date_due": past})
        self.assertEqual(order._med_overdue(), ["date_due_start", "date_due_finish", "date_due"])
        self.begun(order)
        self.assertEqual(order._med_overdue(), ["date_due_finish", "date_due"])
        self.report(order, "finished", [("L-2", 10, "good")])
        self.assertEqual(order._med_overdue(), ["date_due"])
        self.report(order, "shipped", [("L-2", 10, "good")])
        self.post(order.back_picking_ids)
        self.assertFalse(order._med_overdue() or order.late)

    def test_due_dates_follow_from_the_settings_where_nobody_said_them(self):
        self.company.med_acknowledge_days = 3
        order = self.made_order(ago=0)
        order2 = order.purchase_line_id.copy({"order_id": order.purchase_line_id.order_id.id})
        order2 = order2.move_ids.med_outsourcing_order_id
        self.assertEqual(order2.date_due_acknowledge,
                         fields.Datetime.now() + timedelta(days=3))
        self.assertEqual(order2.date_due_finish, order2.date_due)

    def test_late_is_nobody_s_to_write(self):
        order = self.process_order(self.in_stock(self.stent, "L-3"))
        with self.assertRaises(AccessError):
            order.with_user(self.anna).with_context(late=True).late = True
