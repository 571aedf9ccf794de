import random
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .processor_common import ProcessorCase

MARCH, APRIL = "2026-03-01", "2026-04-01"


@tagged("post_install", "-at_install")
class TestStatement(ProcessorCase):
    """What a processor was sent is used, scrapped, returned or there: exact (V6, ISO-7.4.3)."""

    requirement = "V6 V7 ISO-7.4.3 CN-OUT-2 P4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "ST-1", quantity=100)
        cls.send((cls.lot, 60))

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-05 09:00:00")

    def statement(self, day=MARCH, period="month", user=None, **kw):
        return self.env["med.outsourcing.statement"].with_user(user or self.anna).create({
            "processor_id": self.processor.id, "date_from": day, "period": period, **kw})

    def issued(self, day=MARCH):
        statement = self.statement(day)
        self.sign(statement, self.anna, "approved")
        return statement

    def send_in(self, unit, lot, quantity):
        self.tick()
        places = {"location_id": self.stock.id, "location_dest_id": self.place.id}
        move = self.env["stock.move"].create({
            "product_id": lot.product_id.id, "product_uom_qty": quantity, "product_uom": unit.id,
            **places, "move_line_ids": [Command.create({
                "product_id": lot.product_id.id, "quantity": quantity, "lot_id": lot.id,
                "product_uom_id": unit.id, **places})]})
        move.picked = True
        move._action_done()
        self.assertEqual(move.state, "done")

    def there(self, lot):
        return Decimal(str(sum(self.env["stock.quant"].search([
            ("lot_id", "=", lot.id), ("location_id", "=", self.place.id)]).mapped("quantity"))))

    def scrap_there(self, lot, quantity):
        self.tick()
        self.env["stock.scrap"].create({
            "product_id": lot.product_id.id, "lot_id": lot.id, "scrap_qty": quantity,
            "location_id": self.place.id}).do_scrap()

    def count_there(self, product, lot, quantity):
        self.tick()
        self.env["stock.quant"].with_context(inventory_mode=True).create({
            "product_id": product.id, "lot_id": lot.id, "location_id": self.place.id,
            "inventory_quantity": quantity}).action_apply_inventory()

    def sums(self, statement, lot=None):
        line = statement.line_ids.filtered(lambda row: row.lot_id == (lot or self.lot))
        return {name: line[name] for name in (
            "opening", "late", "sent", "made", "used", "scrapped", "returned", "adjusted",
            "closing", "difference") if line[name]}

    # ------------------------------------------------------------------ the sums

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

    # ------------------------------------------------------------------ signing

    def test_both_sides_sign(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        self.assertEqual(march.state, "issued")
        self.assertTrue(self.env["mail.message"].search_count([
            ("model", "=", march._name), ("res_id", "=", march.id),
            ("partner_ids", "in", self.pia.partner_id.ids)]))
        row = self.portal_sign(march, "agreed")
        self.assertEqual((march.state, row.status, march.signature_ids), ("agreed", "valid", row))
        self.assertEqual(march.med_signature_status, "valid")
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.portal_sign(march, "refused", note="Too late")

    def test_the_processor_refuses_with_a_note_and_may_agree_later(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        with self.assertRaisesRegex(UserError, "Say what is wrong"):
            self.portal_sign(march, "refused")
        self.portal_sign(march, "refused", note="We have 59")
        self.assertEqual((march.state, march.dispute), ("disputed", "We have 59"))
        self.assertTrue(march.activity_ids)
        self.portal_sign(march, "agreed", note="Found it")
        self.assertEqual(march.state, "agreed")

    def test_a_stamped_paper_signs_for_a_processor_without_systems(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        paper = self.paper(march, "agreed", signed_on="2026-04-01")
        self.sign(paper, self.anna, "verified")
        self.assertEqual(march.state, "agreed")

    def test_a_month_that_is_not_over_or_skips_one_is_not_issued(self):
        statement = self.statement()
        with self.assertRaisesRegex(UserError, "not over yet"):
            self.sign(statement, self.anna, "approved")
        self.clock.move_to("2026-05-02 09:00:00")
        april = self.statement(APRIL)
        with self.assertRaisesRegex(UserError, "earlier one first"):
            self.sign(april, self.anna, "approved")
        self.take((self.lot, 1))
        line = self.env["stock.move.line"].search([
            ("lot_id", "=", self.lot.id), ("location_dest_id", "=", self.place.id)])
        line.quantity = 59
        with self.assertRaisesRegex(UserError, "compute it again"):
            self.sign(statement, self.anna, "approved")
        statement.action_compute()
        self.sign(statement, self.anna, "approved")

    def test_nobody_of_ours_agrees_for_the_processor(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        for step in ("agree", "dispute"):
            for user in (self.anna, self.carl, self.keeper):
                with self.subTest(step, user=user.login), self.assertRaises(UserError):
                    march.with_user(user).med_transition(step, "x")
        with self.assertRaises(AccessError):
            march.with_user(self.anna).write({"state": "agreed"})

    # ------------------------------------------------------------------ guards

    def test_what_a_statement_says_is_not_written(self):
        march = self.statement()
        for user in (self.anna, self.carl, self.env.ref("base.user_root")):
            own = march.with_user(user).with_context(med_permit=True)
            for vals in ({"line_count": 0}, {"difference_count": 0}, {"outdated": True},
                         {"dispute": "x"}, {"date_from": APRIL}, {"processor_id": 1},
                         {"name": "X"}):
                with self.subTest(vals, user=user.login), self.assertRaises(AccessError):
                    own.write(vals)
            with self.assertRaises(AccessError):
                own.line_ids.write({"sent": 1})
            with self.assertRaises(AccessError):
                own.line_ids.unlink()
            with self.assertRaises(AccessError):
                own.line_ids.create({"statement_id": own.id, "product_id": self.stent.id})
            with self.assertRaises(UserError):
                own.unlink()
        born = self.statement(APRIL, line_count=7, state="draft")
        self.assertNotEqual(born.line_count, 7)

    def test_an_altered_row_makes_both_signatures_invalid(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        row = self.portal_sign(march, "agreed")
        self.env.cr.execute("UPDATE med_outsourcing_statement_line SET closing = 1, returned = 59"
                            " WHERE statement_id = %s", [march.id])
        self.env.invalidate_all()
        self.assertEqual((march.med_signature_status, row.status), ("invalid", "changed"))

    def test_an_issued_statement_is_not_computed_again(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        with self.assertRaisesRegex(UserError, "not changed any more"):
            march.action_compute()
        with self.assertRaisesRegex(UserError, "not changed any more"):
            march.finding = "x"

    def test_one_statement_a_period(self):
        march = self.statement()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), \
                self.env.cr.savepoint():
            self.statement("2026-03-17")
        march.with_user(self.anna).med_transition("cancel", "By mistake")
        self.assertEqual(self.statement("2026-03-17").state, "draft")

    def test_roles_and_companies(self):
        march = self.statement()
        self.assertTrue(march.with_user(self.user("purchasing")).read(["name"]))
        for role, login in (("purchasing", "buyer"), ("inspector", "ines"), ("qa_release", "q")):
            with self.subTest(role), self.assertRaises(AccessError):
                self.statement(APRIL, user=self.user(role, login=login))
        for role in ("system_admin", "portal_processor", ""):
            stranger = self.user(role, login=f"stranger_{role}")
            for record in (march, march.line_ids):
                with self.subTest(role), self.assertRaises(AccessError):
                    record.with_user(stranger).read(["company_id"])
        foreign = self.env["res.company"].create({"name": "Second"})
        other = self.user("qa", login="elsewhere", company_id=foreign.id,
                          company_ids=[Command.set(foreign.ids)])
        self.assertFalse(self.env["med.outsourcing.statement"].with_user(other).search([]))
        self.assertFalse(self.env["med.outsourcing.stock"].with_user(other).search([]))
        with self.assertRaises(AccessError):
            self.statement(APRIL, user=other)

    # ------------------------------------------------------------------ by themselves, and on paper

    def test_the_month_s_statement_comes_about_by_itself(self):
        self.clock.move_to("2026-04-01 09:00:00")
        idle = self.approved(self.env["res.partner"].create({"name": "Idle"}))
        Statement = self.env["med.outsourcing.statement"]
        for _day in range(2):
            self.env.ref(
                "med_outsourcing.med_outsourcing_statement_cron").method_direct_trigger()
        made = Statement.search([("processor_id", "in", (self.processor | idle).ids)])
        self.assertRecordValues(made, [{
            "processor_id": self.processor.id, "state": "draft", "line_count": 1,
            "date_from": made.date_from.replace(2026, 3, 1)}])
        self.assertEqual(len(made.activity_ids), 1)

    def test_the_paper_says_what_is_signed_in_both_languages(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        for lang in ("en_US", "zh_CN"):
            data = march.with_user(self.anna).with_context(lang=lang)._med_paper_pdf()
            self.assertTrue(data.startswith(b"%PDF-"))
        theirs = self.theirs(self.processing((self.lot, 60)), {"ST-1": 60})
        self.assertTrue(theirs._med_paper_pdf().startswith(b"%PDF-"))

    def test_the_paper_is_downloaded_by_who_may_read_it_alone(self):
        march = self.statement()
        path = f"/med/outsourcing_statement.pdf?statement={march.id}"
        self.env.flush_all()
        self.authenticate("anna", "anna-secret")
        answer = self.url_open(path)
        self.assertEqual((answer.status_code, answer.content[:5]), (200, b"%PDF-"))
        self.authenticate("pia", "pia-secret")
        self.assertNotEqual(self.url_open(path).status_code, 200)

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
