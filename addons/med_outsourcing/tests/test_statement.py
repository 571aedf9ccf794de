import random
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .statement_common import APRIL, StatementCase


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    """What a processor was sent is used, scrapped, returned or there: exact (V6, ISO-7.4.3)."""

    requirement = "V6 V7 ISO-7.4.3 CN-OUT-2 P4"

    def test_each_posting_stands_in_its_column(self):
        self.take((self.lot, 20))
        self.scrap_there(self.lot, 3)
        self.count_there(self.stent, self.lot, 36)
        self.assertEqual(self.sums(self.statement()), {
            "sent": 60, "returned": 20, "scrapped": 3, "adjusted": 1, "closing": 36})

    def test_what_moves_within_the_place_is_no_posting(self):
        inner = self.place.create({"name": "Shelf", "location_id": self.place.id})
        self.move([(self.stent, self.lot, 10)], self.place, inner)
        self.move([(self.stent, self.lot, 5)], self.stock, inner)
        self.assertEqual(self.sums(self.statement()), {"sent": 65, "closing": 65})

    def test_what_a_processor_makes_is_used_made_and_returned(self):
        kit = self.product("Kit", med_controlled=True)
        self.env["mrp.bom"].create({
            "product_tmpl_id": kit.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(self.works.id)],
            "bom_line_ids": [Command.create({"product_id": self.stent.id, "product_qty": 2})]})
        purchase = self.env["purchase.order"].create({
            "partner_id": self.works.id, "order_line": [Command.create({
                "product_id": kit.id, "product_qty": 10, "price_unit": 1})]})
        purchase.button_confirm()
        move = purchase.picking_ids.move_ids
        move._get_subcontract_production().action_assign()
        move.quantity = 10
        move.move_line_ids.lot_name = "KIT-S"
        move.picked = True
        purchase.picking_ids.button_validate()
        statement = self.statement()
        self.assertEqual(self.sums(statement), {"sent": 60, "used": 20, "closing": 40})
        made = self.env["stock.lot"].search([("name", "=", "KIT-S")])
        self.assertEqual(self.sums(statement, made), {"made": 10, "returned": 10})

    def test_units_are_those_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        powder = self.product("Powder", uom_id=self.env.ref("uom.product_uom_kgm").id)
        lot = self.receive(powder, {"PW-1": 10})
        for product, one, quantity, unit in (
                (self.stent, self.lot, 2, dozen),
                (powder, lot, 1250, self.env.ref("uom.product_uom_gram"))):
            self.assertEqual(product, one.product_id)
            self.send_in(unit, one, quantity)
        statement = self.statement()
        self.assertEqual(self.sums(statement), {"sent": 84, "closing": 84})
        self.assertEqual(self.sums(statement, lot), {"sent": 1.25, "closing": 1.25})

    def test_the_next_month_begins_with_what_was_signed(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        self.take((self.lot, 15))
        april = self.statement(APRIL)
        self.assertEqual(self.sums(march), {"sent": 60, "closing": 60})
        self.assertEqual(self.sums(april), {"opening": 60, "returned": 15, "closing": 45})
        self.assertFalse(march.outdated)

    def test_a_day_ends_at_the_company_s_midnight(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.clock.move_to("2026-03-31 15:58:00")
        self.take((self.lot, 1))  # 23:59 in Shanghai
        self.take((self.lot, 2))  # 00:00
        self.assertEqual(self.sums(self.statement()), {"sent": 60, "returned": 1, "closing": 59})

    def test_what_differs_from_the_stock_is_a_finding_and_never_hidden(self):
        self.env["stock.quant"].search([
            ("lot_id", "=", self.lot.id), ("location_id", "=", self.place.id)]).sudo().quantity = 58
        self.clock.move_to("2026-04-02 09:00:00")
        statement = self.statement()
        self.assertEqual(self.sums(statement),
                         {"sent": 60, "closing": 60, "difference": -2})
        self.assertEqual(statement.difference_count, 1)
        with self.assertRaisesRegex(UserError, "1 lots differ"):
            self.sign(statement, self.anna, "approved")
        statement.finding = "Two were counted twice; count on Friday"
        self.sign(statement, self.anna, "approved")
        self.assertEqual(statement.state, "issued")

    def test_sent_is_used_scrapped_returned_and_there_whatever_happens(self):
        """V6: through partial receipts, rejects, scrap there, leftovers, corrections, units."""
        dice = random.Random(9)
        dozen = self.env.ref("uom.product_uom_dozen")
        kit = self.product("Kit", med_controlled=True)
        lots = self.in_stock(self.stent, *(f"RND-{number}" for number in range(4)), quantity=5000)
        gone = dict.fromkeys(lots, Decimal(0))
        for number in range(40):
            lot, amount = dice.choice(list(lots)), dice.randint(1, 30)
            there = int(gone[lot])
            kind = dice.choice(("send", "send", "take", "scrap", "count", "use", "edit", "dozen"))
            if kind == "send" or there < 30:
                self.send((lot, amount))
                gone[lot] += amount
            elif kind == "dozen":
                self.send_in(dozen, lot, amount)
                gone[lot] += 12 * amount
            elif kind == "take":
                self.take((lot, min(amount, there)))
                gone[lot] -= min(amount, there)
            elif kind == "scrap":
                self.scrap_there(lot, min(amount, there))
                gone[lot] -= min(amount, there)
            elif kind == "count":
                self.count_there(self.stent, lot, there - dice.randint(-3, 3))
                gone[lot] = self.there(lot)
            elif kind == "use":
                used = min(amount, there)
                order = self.order(
                    kit, used, [(self.stent, lot, used)], self.lots_of(kit, f"RK-{number}"))
                order.location_src_id = self.place
                order.move_raw_ids.location_id = self.place
                self._set_lines(order.move_raw_ids, [(self.stent, lot, used)])
                self.close(order)
                gone[lot] -= used
            else:  # a correction of what is posted
                picking = self.send((lot, amount))
                picking.move_ids.move_line_ids.quantity = amount + 2
                gone[lot] += amount + 2
            self.assertEqual(self.there(lot), gone[lot], f"{number}: {kind} {amount}")
        statement = self.statement()
        self.assertFalse(statement.difference_count)
        for line in statement.line_ids:
            self.assertEqual(
                Decimal(str(line.opening + line.late + line.sent + line.made)),
                Decimal(str(round(line.used + line.scrapped + line.returned + line.adjusted
                                  + line.closing, 6))), line.lot_name)
        for lot in lots:
            line = statement.line_ids.filtered(lambda row, one=lot: row.lot_id == one)
            self.assertEqual(Decimal(str(line.closing)), gone[lot], lot.name)
            self.assertEqual(line.there, line.closing)

    # ------------------------------------------------------------------ corrections

    def test_a_later_posting_of_an_earlier_month_shows_as_late_and_outdates_it(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        self.portal_sign(march, "agreed")
        before = march.lines_digest
        line = self.env["stock.move.line"].search([
            ("lot_id", "=", self.lot.id), ("location_dest_id", "=", self.place.id)])
        line.quantity = 55  # the day stays in March
        april = self.statement(APRIL)
        self.assertEqual(self.sums(april), {"opening": 60, "late": -5, "closing": 55})
        self.assertEqual(april.late_count, 1)
        self.assertTrue(march.outdated)
        self.assertEqual(self.sums(march), {"sent": 60, "closing": 60})
        self.assertEqual((march.lines_digest, march.state), (before, "agreed"))
        self.assertEqual(march.signature_ids.status, "valid")

    def test_the_processor_does_not_agree_to_what_is_outdated(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        self.env["stock.move.line"].search([
            ("lot_id", "=", self.lot.id), ("location_dest_id", "=", self.place.id)]).quantity = 55
        with self.assertRaisesRegex(UserError, "came later"):
            self.portal_sign(march, "agreed")
        march.action_check()
        self.assertTrue(march.outdated)
        march.with_user(self.anna).med_transition("withdraw", "Corrected")
        self.assertEqual(self.sums(march), {"sent": 55, "closing": 55})
        self.sign(march, self.anna, "approved")
        self.portal_sign(march, "agreed")
        self.assertEqual(march.state, "agreed")

    # ------------------------------------------------------------------ what is there now

    def test_what_is_there_now_and_since_when(self):
        self.clock.move_to("2026-03-10 09:00:00")
        self.take((self.lot, 50))
        self.clock.move_to("2026-03-20 09:00:00")
        self.send((self.lot, 5))
        self.hold(self.lot)
        [row] = self.env["med.outsourcing.stock"].with_user(self.carl).search([
            ("processor_id", "=", self.processor.id)])
        self.assertEqual((row.lot_id, row.quantity, row.held), (self.lot, 15, True))
        self.assertEqual(str(row.since.date()), "2026-03-02")
        self.take((self.lot, 10))
        self.env.invalidate_all()
        [row] = self.env["med.outsourcing.stock"].search([
            ("processor_id", "=", self.processor.id)])
        self.assertEqual((row.quantity, str(row.since.date())), (5, "2026-03-20"))
        self.assertFalse(self.env["med.outsourcing.stock"].search([
            ("processor_id", "=", self.processor.id), ("held", "=", False)]))
