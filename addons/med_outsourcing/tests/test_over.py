from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestOver(OrderCase):
    """No more is made than ordered, and no unit twice (V5, V7)."""

    requirement = "V5 V7 CN-OUT-2 ISO-7.4.3 P4"

    def setUp(self):
        super().setUp()
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")

    def refused(self, pointer, words, order, *lots, **kw):
        with self.assertRaisesRegex(ReportRefused, words) as caught, self.cr.savepoint():
            self.report(order, "finished", lots, **kw)
        self.assertEqual(caught.exception.pointer, pointer)

    def test_more_than_was_ordered_is_refused(self):
        order = self.begun(self.made_order())
        self.refused("/lots/0/quantity", "10 are ordered", order, ("DEV-1", 1e11, "good"))
        self.report(order, "finished", [("DEV-1", 8, "good")])
        self.refused("/lots/1/quantity", "10.5 Units are finished", order,
                     ("DEV-2", 1, "reject"), ("DEV-3", 1.5, "good"))
        self.report(order, "finished", [("DEV-2", 2, "good"), ("DEV-3", 4, "scrap")])
        self.refused("/lots/0/quantity", "12 Units are finished", order, ("DEV-4", 8, "scrap"))

    def test_what_was_agreed_as_over_delivery_is_taken(self):
        self.company.med_over_percent = 10
        order = self.begun(self.made_order())
        self.refused("/lots/0/quantity", "ordered", order, ("DEV-1", 11.1, "good"))
        self.report(order, "finished", [("DEV-1", 11, "good")])
        self.assertEqual(order.state, "finished")
        self.post(order.move_ids.picking_id)
        self.assertEqual(order.move_ids.quantity, 11)

    def test_a_correction_counts_in_place_of_what_it_corrects(self):
        order = self.begun(self.made_order())
        first = self.report(order, "finished", [("DEV-1", 9, "good")])
        self.report(order, "finished", [("DEV-1", 10, "good")], supersedes=first.reference)
        self.assertEqual(order.state, "finished")

    def test_the_order_is_in_another_unit_than_the_product(self):
        purchase = self.env["purchase.order"].create({
            "partner_id": self.site.id, "order_line": [(0, 0, {
                "product_id": self.device.id, "product_qty": 2, "price_unit": 1,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id})]})
        purchase.button_confirm()
        order = self.begun(self.earlier(
            purchase.order_line.move_ids.med_outsourcing_order_id, 2))
        self.refused("/lots/0/quantity", "24 are ordered", order, ("DEV-1", 25, "good"))
        self.report(order, "finished", [("DEV-1", 24, "good")])
        self.assertEqual(order.state, "finished")

    def test_a_unit_is_finished_once(self):
        self.device.tracking = "serial"
        order = self.begun(self.made_order(quantity=3))
        self.refused("/lots/0/lot", "another row", order, ("SN-1", 1, "good"), ("SN-1", 1, "good"))
        first = self.report(order, "finished", [("SN-1", 1, "good")])
        self.refused("/lots/1/lot", f"Finished {first.reference}", order,
                     ("SN-2", 1, "good"), ("SN-1", 1, "good"))
        self.refused("/lots/0/lot", "already", order, ("SN-1", 1, "scrap"))
        self.report(order, "finished", [("SN-1", 1, "reject")], supersedes=first.reference)

    def test_a_unit_scrapped_by_one_order_is_not_finished_by_another(self):
        self.device.tracking = "serial"
        order, other = (self.begun(self.made_order(quantity=1)) for _each in range(2))
        self.report(order, "finished", [("SN-9", 1, "scrap")])
        self.refused("/lots/0/lot", order.name, other, ("SN-9", 1, "good"))

    def test_over_delivery_is_no_negative_share(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.company.med_over_percent = -1
            self.company.flush_recordset()
