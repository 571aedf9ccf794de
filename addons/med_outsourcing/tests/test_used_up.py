import random
from collections import defaultdict
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestUsedUp(OrderCase):
    """What went into goods that were scrapped there, or never came, leaves the books as well."""

    requirement = "V4 V6 V7 ISO-7.4.3 CN-OUT-2"

    def finished(self, order, name, quantity, outcome, **kw):
        return self.report(order, "finished", [(name, quantity, outcome)], used=[
            (self.body, "B-1", quantity), (self.screw, "S-1", 2 * quantity)], **kw)

    def drafts(self, order):
        return {scrap.lot_id.name: scrap.scrap_qty for scrap in order.scrap_ids
                if scrap.state == "draft"}

    def test_what_was_used_for_goods_that_were_all_scrapped_is_prepared_as_scrap(self):
        order = self.started()
        event = self.finished(order, "DEV-1", 9, "scrap")
        self.assertEqual(self.drafts(order), {"B-1": 9, "S-1": 18})
        self.assertEqual(order.scrap_ids.location_id, self.place)
        self.finished(order, "DEV-1", 10, "scrap", supersedes=event.reference)
        self.assertEqual(self.drafts(order), {"B-1": 10, "S-1": 20})
        receipt = order.move_ids.picking_id
        with self.assertRaisesRegex(UserError, "post the scrap"), self.cr.savepoint():
            receipt.action_cancel()
        order.scrap_ids.do_scrap()
        self.assertEqual((self.there(self.bodies), self.there(self.screws)), (90, 80))
        receipt.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_a_lot_that_was_scrapped_in_a_report_of_its_own(self):
        order = self.started()
        self.finished(order, "DEV-1", 8, "good", hours=3)
        self.finished(order, "DEV-2", 2, "scrap", hours=2)
        self.assertEqual(self.drafts(order), {"B-1": 2, "S-1": 4})
        self.report(order, "shipped", [("DEV-1", 8, "good")])
        receipt = order.move_ids.picking_id
        receipt.move_ids.picked = True
        receipt.with_context(cancel_backorder=True)._action_done()
        self.assertEqual(order.state, "received")
        order.scrap_ids.do_scrap()
        self.assertEqual((self.there(self.bodies), self.there(self.screws)), (90, 80))
        self.assertFalse(self.drafts(order))

    def test_posted_scrap_of_what_was_used_is_not_counted_as_there_twice(self):
        order = self.started(100)
        self.finished(order, "DEV-1", 40, "scrap")
        self.screws_more = self.at_processor(self.screw, "S-2", quantity=200)
        order.scrap_ids.do_scrap()
        self.report(order, "finished", [("DEV-2", 60, "good")], used=[
            (self.body, "B-1", 60), (self.screw, "S-2", 120)])
        self.assertEqual(order.state, "finished")

    def test_what_is_posted_is_what_the_stock_says_whatever_its_document_shows(self):
        order = self.started()
        self.finished(order, "DEV-1", 4, "scrap")
        order.scrap_ids.do_scrap()
        order.scrap_ids.sudo().scrap_qty = 1
        self.finished(order, "DEV-2", 6, "good")
        self.assertFalse(self.drafts(order))

    def test_what_was_used_for_rejects_that_never_come_is_prepared_at_the_end(self):
        order = self.started()
        self.finished(order, "DEV-1", 8, "good", hours=3)
        self.finished(order, "DEV-2", 2, "reject", hours=2)
        self.assertFalse(self.drafts(order), "the rejects may come")
        self.report(order, "shipped", [("DEV-1", 8, "good")])
        receipt = order.move_ids.picking_id
        receipt.move_ids.picked = True
        receipt.with_context(cancel_backorder=True)._action_done()
        self.assertEqual(self.drafts(order), {"B-1": 2, "S-1": 4})

    def test_rejects_that_come_alone_take_what_was_used_for_them(self):
        order = self.started()
        self.report(order, "finished", [("DEV-1", 10, "reject")], used=[
            (self.body, "B-1", 12), (self.screw, "S-1", 20)])
        self.report(order, "shipped", [("DEV-1", 10, "reject")])
        self.post(order.move_ids.picking_id)
        self.assertEqual((self.there(self.bodies), self.there(self.screws)), (88, 80))
        self.assertFalse(self.drafts(order))

    def test_material_told_in_a_report_of_its_own_is_used_for_all_that_is_made(self):
        order = self.started()
        self.report(order, "finished", [("DEV-1", 10, "good")], hours=3)
        self.report(order, "finished", [("B-1", 80, "left")], hours=2, used=[
            (self.body, "B-1", 20), (self.screw, "S-1", 20)])
        self.assertFalse(self.drafts(order))
        self.post(order.move_ids.picking_id)
        self.assertEqual((self.there(self.bodies), self.there(self.screws)), (80, 80))

    def test_sent_is_used_scrapped_returned_and_there_whatever_is_made_of_it(self):
        """V6: lots made are good, rejected, scrapped, wholly and in part, and corrected."""
        dice, number = random.Random(16), 0
        left = defaultdict(Decimal)
        lots = {}
        for product, amount in ((self.body, 2000), (self.screw, 4000)):
            for name in (f"{product.name}-1", f"{product.name}-2"):
                lots[product, name] = self.at_processor(product, name, quantity=amount)
                left[product, name] = Decimal(amount)
        for _round in range(8):
            order = self.begun(self.made_order(20))
            made = defaultdict(lambda: defaultdict(int))
            todo, hours = 20, 4.0
            while todo:
                amount, number, hours = dice.randint(1, todo), number + 1, hours - 0.05
                name, todo = f"M-{number}", todo - amount
                whole = dice.choice(("good", "reject", "scrap", "mixed"))
                parts = {whole: amount} if whole != "mixed" or amount < 2 else {
                    "good": amount - 1, dice.choice(("scrap", "reject")): 1}
                parts = {key if key != "mixed" else "good": value for key, value in parts.items()}
                used = [(product, f"{product.name}-{dice.randint(1, 2)}",
                         per * amount + dice.randint(0, 3))
                        for product, per in ((self.body, 1), (self.screw, 2))]
                rows = [(name, value, key) for key, value in parts.items()]
                event = self.report(order, "finished", rows, used=used, hours=hours)
                if dice.random() < 0.4:
                    used = [(product, lot, value + 1) for product, lot, value in used]
                    self.report(order, "finished", rows, used=used, hours=hours,
                                supersedes=event.reference)
                for product, lot, value in used:
                    left[product, lot] -= value
                for key, value in parts.items():
                    made[name][key] += value
                if dice.random() < 0.3:
                    order.scrap_ids.filtered(lambda one: one.state == "draft").do_scrap()
            shipped = [(name, value, key) for name, parts in made.items()
                       for key, value in parts.items() if key != "scrap"]
            for row in shipped:
                self.report(order, "shipped", [row], hours=0)
                if dice.random() < 0.4:
                    receipt = order.move_ids.picking_id.filtered(
                        lambda one: one.state not in ("done", "cancel"))
                    receipt.move_ids.picked = True
                    receipt.with_context(skip_backorder=True)._action_done()
            order.scrap_ids.filtered(lambda one: one.state == "draft").do_scrap()
            for receipt in order.move_ids.picking_id.filtered(
                    lambda one: one.state not in ("done", "cancel")):
                if receipt.move_ids.move_line_ids.lot_id:
                    receipt.move_ids.picked = True
                    receipt.with_context(cancel_backorder=True)._action_done()
                else:
                    receipt.action_cancel()
            self.assertIn(order.state, ("received", "cancelled"))
            for (product, name), lot in lots.items():
                self.assertEqual(Decimal(str(self.there(lot))), left[product, name],
                                 f"{order.name}: {name}")
        statement = self.env["med.outsourcing.statement"].with_user(self.anna).create({
            "processor_id": self.processor.id, "period": "month",
            "date_from": self.env.cr.now().date().replace(day=1)})
        self.assertFalse(statement.difference_count)
        for key, lot in lots.items():
            line = statement.line_ids.filtered(lambda row, one=lot: row.lot_id == one)
            self.assertEqual(Decimal(str(line.closing)), left[key])
