from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import RecallExchangeCase


@tagged("post_install", "-at_install")
class TestOnward(RecallExchangeCase):
    """Whom a dealer sold on to, as he reports it; a recall finds and tells them."""

    requirement = "C2 C3 V8 X2 X3 TRC-5 FDA-7.49 CN-RC-5"

    def report(self, record=None, partner=None, **changes):
        return self.apply("sale_on", self.sale(**changes), partner or self.his, record,
                          object_id="INV-77")

    def test_a_sale_is_kept_with_its_buyer_and_moves_no_stock(self):
        moves = self.env["stock.move.line"].search_count([])
        sale = self.report(document="FP-1")
        self.assertEqual(
            (sale.name, sale.kind, sale.partner_id, sale.buyer_name, sale.buyer_country_id.code,
             sale.document, str(sale.moment), sale.state),
            ("INV-77", "sale", self.one.partner_id, "Clinic Nine", "CN", "FP-1",
             "2026-03-02 07:00:00", "reported"))
        self.assertEqual((sale.line_ids.lot_id, sale.line_ids.quantity, sale.line_ids.excess),
                         (self.lot, 2, False))
        self.assertEqual(self.env["stock.move.line"].search_count([]), moves)
        told = self.export("sale_on", sale)[sale.id]
        self.assertEqual(told, {**self.sale(document="FP-1"), "kind": "sale"})

    def test_a_newer_report_supersedes_and_a_taken_back_one_is_withdrawn(self):
        sale = self.report()
        first = sale.line_ids
        self.assertEqual(self.report(sale, quantity="3"), sale)
        self.assertEqual((sale.line_ids.quantity, first.active), (3, False))
        handler = self.handler("sale_on", self.his)
        self.assertIn("withdrawn", handler._med_compensate(
            self.his.with_env(handler.env), sale.with_env(handler.env), {}, None))
        self.assertEqual((sale.state, sale.line_ids.quantity), ("withdrawn", 3))

    def test_a_bad_report_is_refused_with_its_place(self):
        self.in_stock(self.stent, "NEVER")
        buyer = self.sale()["buyer"]
        for pointer, text, told in (
                ("/lines/0/lot", "not known", self.sale("NEVER")),
                ("/lines/0/lot", "not known", self.sale("NONE")),
                ("/lines/1/lot", "twice", {**self.sale(), "lines": self.sale()["lines"] * 2}),
                ("/lines/0/quantity", "no sale", self.sale(quantity="0")),
                ("/time", "future", self.sale(time="2036-03-02T07:00:00Z")),
                ("/buyer/email", "no e-mail", self.sale(buyer={**buyer, "email": "?"})),
                ("/buyer/country", "no country", self.sale(buyer={**buyer, "country": "XQ"}))):
            self.assertRefused(pointer, text, "sale_on", told, self.his)
        self.assertFalse(self.env["med.sale.on"].search_count([]))
        sale = self.report()
        self.assertRefused("", "Nothing of yours", "sale_on", self.sale(), self.hers, sale)
        self.assertRefused("/number", "reported already", "sale_on", self.sale(), self.his)

    def test_each_hears_of_his_own_sales_alone(self):
        sale = self.report()
        self.assertTrue(self.knows(self.his, "sale_on", sale))
        self.assertFalse(self.knows(self.hers, "sale_on", sale))
        self.assertTrue(self.knows(self.mes, "sale_on", sale))
        self.assertFalse(self.handler("sale_on", self.hers)._med_find(self.hers, ["INV-77"]))

    def test_more_than_he_got_is_marked_and_told(self):
        sale = self.report(quantity="3")
        self.assertFalse(sale.line_ids.excess)
        more = self.apply("sale_on", {**self.sale(quantity="2"), "number": "INV-78"}, self.his)
        self.assertTrue(more.line_ids.excess)
        self.assertIn("more than it got", "".join(self.his.activity_ids.mapped("summary")))

    def test_what_a_dealer_reported_is_not_changed_or_deleted(self):
        sale = self.report()
        for user in (self.anna, self.env.ref("base.user_admin"), self.env.user):
            for record, values in ((sale, {"buyer_name": "X"}), (sale, {"state": "withdrawn"}),
                                   (sale.line_ids, {"quantity": 1}),
                                   (sale.line_ids, {"active": False})):
                mine = record.with_user(user).with_context(med_exchange=True)
                with self.assertRaises(AccessError):
                    mine.write(values)
                with self.assertRaises(UserError):
                    mine.unlink()
            with self.assertRaises(AccessError):
                self.env["med.sale.on"].with_user(user).create({
                    "name": "X", "exchange_partner_id": self.his.id, "buyer_name": "X",
                    "company_id": self.company.id, "partner_id": self.one.partner_id.id,
                    "moment": "2026-03-02"})
        with self.assertRaises(AccessError):
            sale.line_ids.sudo().write({"quantity": 1})

    def test_a_recall_names_the_buyers_and_tells_each_once(self):
        self.report()
        self.apply("sale_on", {**self.sale(quantity="1"), "number": "INV-78", "buyer": {
            "name": "Ward", "phone": "+86 1"}}, self.his)
        one = self.one.with_user(self.anna)
        self.assertEqual(one.onward_ids.sale_id.sorted("id").mapped("buyer_name"),
                         ["Clinic Nine", "Ward"])
        self.assertFalse(self.two.onward_ids)
        with self.assertRaisesRegex(UserError, "told first"):
            one.tell_buyers()
        self.sent()
        self.assertEqual(one.tell_buyers(), {"version": 1, "told": 1, "by_hand": ["Ward, +86 1"]})
        child = self.one.child_ids
        self.assertEqual((child.email, child.state, child.letter_id),
                         ("nine@example.com", "queued", self.one.letter_id))
        self.assertEqual([(row["lot"], row["net"]) for row in child._med_lot_rows()[child.id]],
                         [("L-1", 2)])
        self.assertIn("L-1", child._med_texts()[child.id].body)
        self.assertEqual(one.tell_buyers()["told"], 0)
        for user in (self.olga, self.his.user_id):
            with self.assertRaises(AccessError):
                self.one.with_user(user).tell_buyers()

    def test_who_gave_it_back_is_not_told(self):
        self.report()
        self.apply("sale_on", {**self.sale(), "number": "R-1", "kind": "return"}, self.his)
        self.sent()
        self.assertEqual(self.one.with_user(self.anna).tell_buyers()["told"], 0)
        self.assertEqual(self.one.onward_ids.mapped("still"), [False, False])

    def test_a_report_has_one_effect_and_is_taken_back_by_message(self):
        sent = {"id": "again", "sequence": 1}
        for outcome in ("accepted", "duplicate"):
            self.assertAnswer(self.telling(
                self.his, "sale_on", self.sale(), "INV-77", **sent), outcome)
        sale = self.env["med.sale.on"].search([])
        self.assertEqual((len(sale), len(sale.line_ids)), (1, 1))
        self.assertAnswer(self.telling(self.his, "sale_on", self.sale(quantity="1"), "INV-77",
                                      version=2, id="two", sequence=2), "accepted")
        self.assertEqual(sale.line_ids.quantity, 1)
        for version, name in ((3, "two"), (4, "again")):
            self.assertAnswer(self.telling(
                self.his, "sale_on", {}, "INV-77", version=version, sequence=version,
                id=f"c-{name}", action="cancel", cancels=name), "accepted")
        self.assertEqual((sale.line_ids.quantity, sale.state), (2, "withdrawn"))
