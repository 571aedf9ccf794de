from odoo.addons.med_recall.tests.common import RecallCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged


class ReturnCase(RecallCase):
    """A recall under way of ten stents, seven of which are with two hospitals."""

    alone = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wanda = cls.person("warehouse", "wanda")
        cls.grant(cls.wanda, "performed")
        cls.grant(cls.rana, "witnessed")
        cls.lot = cls.shipped("L-1")
        cls.recall = cls.decided(cls.lot, effect="All found")
        cls.one, cls.two = cls.hospitals

    def back(self, partner, quantity, code="L-1", recall=None):
        """Return a received return of so many of a lot."""
        record = self.env["med.recall.return"].with_user(self.wanda).create({
            "recall_id": (recall or self.recall).id, "partner_id": partner.id})
        record.scan(code=code, quantity=quantity)
        record.med_transition("receive")
        return record

    def settle(self, kind, quantity, partner=None, user=None, **more):
        return self.recall.with_user(user or self.anna).settle(rows=[{
            "lot": self.lot.id, "consignee": partner.id if partner else 0, "kind": kind,
            "quantity": quantity, **more}], evidence="Report 1")

    def destroy(self, quantity=0, recall=None):
        """Return a destruction of all that is here (or of so many), signed by two persons."""
        record = self.env["med.recall.destruction"].with_user(self.wanda).create({
            "recall_id": (recall or self.recall).id, "method": "shredding", "place": "Yard 2"})
        record.action_fill()
        if quantity:
            record.line_ids[1:].unlink()
            record.line_ids.quantity = quantity
        self.sign(record, self.wanda, "performed")
        self.sign(record, self.rana, "witnessed")
        return record

    def totals(self, recall=None):
        return (recall or self.recall).with_user(self.anna).reconcile()["totals"]


@tagged("post_install", "-at_install")
class TestReturns(ReturnCase):
    """From what comes back to the last unit."""

    requirement = "CN-RC-11 TRC-3 C7 ISO-8.3.3"

    def test_from_the_return_to_a_balance_of_zero(self):
        told = self.recall.with_user(self.anna).reconcile()
        self.assertEqual((told["totals"]["in_scope"], told["totals"]["still_here"],
                          told["totals"]["with_consignees"], told["settled"]), (10, 3, 7, False))
        back = self.back(self.one, 4)
        self.assertEqual(back.picking_id.state, "done")
        self.assertEqual(back.picking_id.move_ids.origin_returned_move_id.picking_id.partner_id,
                         self.one)
        self.assertEqual(self.lot.med_status, "quarantine")
        self.assertFalse(back.told)
        self.assertEqual(self.totals()["still_here"], 7)
        self.settle("consumed", 2, self.two)
        self.settle("lost", 1, self.two)
        with self.assertRaisesRegex(UserError, "without a final state"):
            self.sign(self.recall, self.rana, "verified")
        record = self.destroy()
        self.assertEqual((record.state, record.scrap_ids.state), ("done", "done"))
        told = self.recall.with_user(self.anna).reconcile()
        self.assertTrue(told["settled"])
        self.assertEqual({name: value for name, value in told["totals"].items() if value}, {
            "in_scope": 10, "destroyed": 7, "consumed": 2, "unaccounted": 1, "returned": 4})
        figures = self.recall._med_figures()
        self.assertEqual((figures["received_back"], figures["destroyed"], figures["still_here"],
                          figures["unaccounted"]), (4, 7, 0, 1))
        self.sign(self.recall, self.rana, "verified")
        self.assertEqual(self.recall.state, "completed")

    def test_whatever_comes_is_accepted_and_what_is_strange_is_told(self):
        other = self.shipped("L-9", (2,))
        back = self.env["med.recall.return"].with_user(self.wanda).create({
            "recall_id": self.recall.id, "partner_id": self.two.id})
        told = back.scan(code="L-1", quantity=4)["told"]
        self.assertIn("4 came, and he had 3", told[0])
        told = back.scan(code="L-9", quantity=1)["told"]
        self.assertIn("is not in this recall", " ".join(told))
        back.med_transition("receive")
        self.assertEqual(back.picking_id.state, "done")
        self.assertIn("he had 3", back.told)
        self.assertEqual(other.med_status, "quarantine")
        parties = self.recall._med_accounts()[0][self.lot.id].parties
        self.assertEqual((parties[self.one.id].open, parties[self.two.id].open), (4, -1))
        self.settle("passed_on", 1, self.one, to=self.two.id)
        parties = self.recall._med_accounts()[0][self.lot.id].parties
        self.assertEqual((parties[self.one.id].open, parties[self.two.id].open), (3, 0))

    def test_no_unit_gets_two_final_states(self):
        self.settle("corrected_field", 3, self.two)
        for kind, quantity, partner in (("consumed", 1, self.two), ("consumed", 5, self.one),
                                        ("released", 4, None), ("destroyed", 1, None),
                                        ("lost", 1, None)):
            with self.subTest(kind), self.assertRaisesRegex(UserError, "no final state"):
                self.settle(kind, quantity, partner)
        outcome = self.env["med.recall.outcome"].search([("recall_id", "=", self.recall.id)])
        told = outcome.with_user(self.anna).correct(reason="One was used", quantity=2)
        self.assertTrue(outcome.superseded)
        self.settle("consumed", 1, self.two)
        new = outcome.browse(told["outcome"])
        self.assertEqual((new.replaces_id, new.quantity), (outcome, 2))
        with self.assertRaisesRegex(UserError, "corrected before"):
            outcome.with_user(self.anna).correct(reason="Again")
        for values in ({"quantity": 1}, {"superseded": False}):
            with self.assertRaises(AccessError):
                new.write(values)
        with self.assertRaises(UserError):
            new.unlink()

    def test_a_wrong_row_records_nothing(self):
        for words, rows in (
                ("does not reach", [{"lot": 0}]), ("must be one of", [{"kind": "eaten"}]),
                ("did not receive", [{"consignee": self.supplier.id}]),
                ("above 0", [{"quantity": -1}]), ("above 0", [{"quantity": True}]),
                ("units in our stock", [{"kind": "consumed", "consignee": 0}]),
                ("at a consignee", [{"kind": "released"}]),
                ("which other consignee", [{"kind": "passed_on"}]), ("list of objects", [])):
            row = {"lot": self.lot.id, "consignee": self.two.id, "kind": "consumed", "quantity": 1}
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.recall.with_user(self.anna).settle(
                    rows=[row, *({**row, **one} for one in rows)] if rows else [], evidence="R")
        self.assertFalse(self.recall.outcome_ids)
        with self.assertRaisesRegex(AccessError, "quality assurance or regulatory"):
            self.settle("released", 1, user=self.wanda)
        with self.assertRaisesRegex(AccessError, "recorded by the warehouse"):
            self.settle("consumed", 1, self.two, user=self.olga)

    def test_destroying_takes_two_persons_and_is_no_way_around_a_hold(self):
        record = self.env["med.recall.destruction"].with_user(self.wanda).create({
            "recall_id": self.recall.id, "method": "shredding", "place": "Yard 2"})
        record.action_fill()
        self.sign(record, self.wanda, "performed")
        self.grant(self.wanda, "witnessed")
        with self.assertRaises(UserError):
            self.sign(record, self.wanda, "witnessed")
        self.assertEqual(record.state, "draft")
        values = {"product_id": self.lot.product_id.id, "lot_id": self.lot.id, "scrap_qty": 1,
                  "location_id": record.line_ids.location_id.id}
        with self.assertRaisesRegex(AccessError, "signed by two persons"):
            self.env["stock.scrap"].create({**values, "med_destruction_id": record.id})
        scrap = self.env["stock.scrap"].with_context(
            default_med_destruction_id=record.id).create(values)
        with self.assertRaisesRegex(AccessError, "signed by two persons"):
            scrap.med_destruction_id = record
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            scrap.do_scrap()
        self.assertIn("Not allowed now", str(refused.exception))
        self.sign(record, self.rana, "witnessed")
        self.assertEqual(record.state, "done")
        with self.assertRaisesRegex(UserError, "certificate"):
            record.outcome_ids.with_user(self.anna).correct(reason="No")
        with self.assertRaises(UserError):
            record.line_ids.quantity = 1

    def test_units_that_were_corrected_are_shipped_again_and_stay_settled(self):
        self.settle("corrected_here", 3)
        self.env["med.hold.line"].search([("lot_id", "=", self.lot.id)]).hold_id.with_user(
            self.anna).write({"conclusion": "Corrected"})
        hold = self.env["med.hold.line"].search([("lot_id", "=", self.lot.id)]).hold_id
        self.sign(hold, self.anna, "approved")
        self.deliver([(self.lot.product_id, self.lot, 2)], partner=self.two)
        account = self.recall._med_accounts()[0][self.lot.id]
        self.assertEqual((account.states["corrected"], account.states["still_here"],
                          account.parties[self.two.id].open, account.difference), (3, 0, 3, 0))
        self.back(self.two, 1)
        self.assertTrue(self.lot.med_hold_count)

    def lifted(self, lot):
        hold = self.env["med.hold.line"].search([("lot_id", "=", lot.id)]).hold_id.filtered(
            lambda one: one.state == "open")
        hold.with_user(self.anna).conclusion = "Corrected"
        self.sign(hold, self.anna, "approved")

    def test_a_lot_with_one_unit_that_is_not_settled_stays_held(self):
        for kind, quantity in (("corrected_here", 1), ("released", 1)):
            self.settle(kind, quantity)
            with self.assertRaisesRegex(UserError, "in its scope"), self.env.cr.savepoint():
                self.lifted(self.lot)
        told = self.settle("corrected_here", 1)
        self.lifted(self.lot)
        self.assertFalse(self.lot.med_hold_count)
        self.env["med.recall.outcome"].browse(told["outcomes"]).with_user(self.anna).correct(
            reason="It was another one")
        self.assertTrue(self.lot.med_hold_count)

    def test_what_comes_back_without_a_return_to_a_free_lot_does_not_ship(self):
        self.settle("corrected_here", 3)
        self.lifted(self.lot)
        self.assertFalse(self.env["stock.lot"]._med_meant_by_recalls(self.lot.ids))
        self.move([(self.lot.product_id, self.lot, 1)], self.customers,
                  self._warehouse(self.company).lot_stock_id, "in", self.one)
        self.decide(self.lot, "released")
        self.assertFalse(self.lot.med_hold_count)
        self.assertEqual(self.env["stock.lot"]._med_meant_by_recalls(self.lot.ids),
                         set(self.lot.ids))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.deliver([(self.lot.product_id, self.lot, 1)], partner=self.one)

    def test_lots_that_may_leave_are_held_apart_from_the_rest(self):
        lots = self.shipped("L-2") | self.shipped("L-3")
        recall = self.decided(lots).with_user(self.anna)
        recall.settle(evidence="Order 7", rows=[
            {"lot": lots[0].id, "kind": "corrected_here", "quantity": 3}])
        with self.assertRaisesRegex(AccessError, "quality assurance or regulatory"):
            recall.with_user(self.wanda).action_part_holds()
        action = recall.action_part_holds()
        self.assertEqual(self.env["med.hold"].search(action["domain"]).line_ids.lot_id, lots[0])
        self.lifted(lots[0])
        self.assertEqual([bool(lot.med_hold_count) for lot in lots], [False, True])

    def test_a_replacement_opens_a_delivery_to_who_gave_it_up(self):
        told = self.recall.with_user(self.wanda).replace(
            lot=self.lot.id, consignee=self.one.id, quantity=2, reference="Call of Monday")
        picking = self.env["stock.picking"].browse(told["delivery"])
        self.assertEqual((picking.partner_id, picking.move_ids.product_uom_qty), (self.one, 2))
        self.assertEqual(self.totals()["replaced"], 2)
        self.assertEqual(self.totals()["with_consignees"], 7)

    def test_a_drill_moves_no_goods_and_its_certificate_says_so(self):
        lot = self.shipped("L-2")
        drill = self.decided(lot, drill=True)
        with self.assertRaisesRegex(UserError, "moves no goods"):
            self.env["med.recall.return"].with_user(self.wanda).create({
                "recall_id": drill.id, "partner_id": self.one.id})
        record = self.destroy(recall=drill)
        self.assertFalse(record.scrap_ids)
        self.assertEqual(self.totals(drill)["destroyed"], 3)
        self.assertEqual(lot.product_qty, 3)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_recall_return.report_destruction", record.ids)[0].decode()
        for words in ("DRILL", "L-2", "Yard 2", "wanda", "rana"):
            self.assertIn(words, html)

    def test_a_return_is_not_changed_deleted_or_received_empty(self):
        back = self.env["med.recall.return"].with_user(self.wanda).create({
            "recall_id": self.recall.id, "partner_id": self.one.id})
        with self.assertRaisesRegex(UserError, "scan first"):
            back.med_transition("receive")
        for values in ({"partner_id": self.two.id}, {"told": ""}, {"picking_id": False}):
            with self.assertRaises(AccessError):
                back.write(values)
        with self.assertRaises(UserError):
            back.unlink()
        back.med_transition("cancel")
        self.assertEqual(back.picking_id.state, "cancel")
        with self.assertRaisesRegex(UserError, "closed"):
            back.scan(code="L-1")

    def test_the_balance_lists_lines_that_are_settled_together(self):
        action = self.recall.with_user(self.anna).action_balance()
        lines = self.env["med.recall.account"].with_user(self.anna).search(action["domain"])
        self.assertEqual(sorted(lines.mapped("open")), [3, 3, 4])
        consignees = lines.filtered(lambda line: line.holder == "consignee")
        self.env["med.recall.account.settle"].with_user(self.anna).create({
            "account_ids": [Command.set(consignees.ids)], "kind": "corrected_field",
            "evidence": "Labels changed, report 3"}).action_confirm()
        self.assertEqual((self.totals()["corrected"], self.totals()["with_consignees"]), (7, 0))
        self.assertFalse(self.env["med.recall.account"].with_user(self.rana).search(
            action["domain"]))
