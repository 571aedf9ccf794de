from odoo.addons.med_recall.tests.common import RecallCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRecall(RecallCase):
    """A recall finds the orders that still ask for what it stops."""

    requirement = "ISO-8.3.3 CN-RC-12"

    def test_open_orders_are_listed_and_told_except_in_a_drill(self):
        lot = self.shipped("S-1")
        orders = self.env["sale.order"].create([{
            "partner_id": self.hospitals[0].id,
            "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 2})]}
            for product in (self.stent, self.stent, self.tube)])
        orders[0].action_confirm()
        for drill in (True, False):
            record = self.decided(lot, drill=drill)
            self.assertEqual(record.sale_count, 2)
            self.assertEqual(
                self.env["sale.order"].search(record.action_sale_orders()["domain"]),
                (orders[0] | orders[1]).sorted(lambda one: (one.date_order, one.id), reverse=True))
            told = [one.id for one in orders if f"{record.name}/1" in "".join(
                one.message_ids.mapped("body"))]
            self.assertEqual(told, [] if drill else orders[:2].ids)
