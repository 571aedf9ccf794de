from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import GoodsExchangeCase
from .test_inbound import amount


@tagged("post_install", "-at_install")
class TestStatement(GoodsExchangeCase):
    """Who keeps goods of ours says what he has; it is compared, and nothing is changed."""

    requirement = "X2 X5 CN-GSP-10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.stock.create({"name": "Third Party", "location_id": cls.stock.id,
                                      "barcode": "3PL-1", "usage": "internal"})
        cls.lots = cls.in_stock(cls.stent, "A-1", "A-2")
        cls.move([(cls.stent, lot, 6) for lot in cls.lots], cls.stock, cls.place)

    def statement(self, *rows, **changes):
        return {"number": "ST-7", "place": "3PL-1", "complete": True,
                "time": "2026-03-02T08:00:00Z",
                "lines": [{"product": "ST-1", "lot": name, "quantity": amount(quantity)}
                          for name, quantity in rows], **changes}

    def test_what_is_the_same_asks_nobody(self):
        found = self.apply("stock_statement", self.statement(("A-1", "6"), ("A-2", "6")))
        self.assertEqual((found.state, found.difference_count), ("same", 0))
        self.assertFalse(found.activity_ids)

    def test_what_an_incomplete_statement_leaves_out_is_not_missing(self):
        found = self.apply("stock_statement", self.statement(("A-1", "6"), complete=False))
        self.assertEqual((found.state, len(found.line_ids)), ("same", 1))

    def test_bins_of_one_lot_add_up_and_owners_do_not(self):
        told = self.statement(("A-1", "2"), ("A-1", "4"), ("A-2", "6"))
        self.assertEqual(self.apply("stock_statement", told).state, "same")
        self.hospital.ref = "HOS-1"
        told["lines"][1]["owner"] = "HOS-1"
        found = self.apply("stock_statement", {**told, "number": "ST-8"})
        self.assertEqual(sorted(found.line_ids.filtered("differs").mapped("difference")), [-4, 4])

    def test_differences_are_listed_lot_by_lot_and_no_stock_changes(self):
        before = self.env["stock.quant"].search([]).mapped("quantity")
        found = self.apply("stock_statement", self.statement(("A-1", "5"), ("B-9", "1")))
        self.assertEqual(found.state, "differs")
        self.assertEqual(sorted((line.lot_name, line.theirs, line.ours, line.difference)
                                for line in found.line_ids),
                         [("A-1", 5, 6, -1), ("A-2", 0, 6, -6), ("B-9", 1, 0, 1)])
        self.assertEqual(found.activity_ids.user_id, self.mes.responsible_id)
        self.assertEqual(self.env["stock.quant"].search([]).mapped("quantity"), before)
        told = self.export("stock_statement", found)[found.id]
        self.assertEqual([line["lot"] for line in told["lines"]], ["A-1", "B-9"])

    def test_a_statement_is_kept_as_it_was_sent_and_explained_once(self):
        found = self.apply("stock_statement", self.statement(("A-1", "5")))
        keeper = found.with_user(self.user("warehouse"))
        for write in ({"state": "same"}, {"moment": "2026-01-01"}):
            with self.assertRaises(AccessError):
                keeper.write(write)
        with self.assertRaises(AccessError):
            found.line_ids.sudo().write({"theirs": 6})
        with self.assertRaises(AccessError):
            self.env["med.stock.statement"].sudo().create({
                "name": "X", "exchange_partner_id": self.mes.id, "state": "same",
                "company_id": self.company.id, "location_id": self.place.id,
                "moment": "2026-03-02"})
        with self.assertRaises(UserError):
            found.sudo().unlink()
        with self.assertRaises(UserError):
            keeper.explain(explanation=" ")
        keeper.explain(explanation="Counted wrongly there")
        self.assertEqual(found.state, "explained")
        with self.assertRaises(UserError):
            keeper.explain(explanation="Again")
        with self.assertRaises(AccessError):
            found.with_user(self.user("viewer")).explain(explanation="x")

    def test_only_places_in_the_partners_hands_are_stated(self):
        told = self.statement(("A-1", "6"))
        self.assertRefused("/place", "no place", "stock_statement", told, self.dealer)
        warehouse = self.env["stock.warehouse"].create({
            "name": "Dealer", "code": "DLR", "partner_id": self.hospital.id})
        warehouse.lot_stock_id.barcode = "3PL-2"
        found = self.apply("stock_statement", {**told, "place": "3PL-2"}, self.dealer)
        self.assertEqual(found.location_id, warehouse.lot_stock_id)
        self.assertTrue(self.knows(self.dealer, "stock_statement", found))
        self.assertFalse(self.knows(self.processor, "stock_statement", found))

    def test_a_wrong_statement_is_refused(self):
        wrong = self.statement(("A-1", "6"))
        for pointer, text, more in (
                ("/place", "no place", {"place": "NOWHERE"}),
                ("/lines/0/owner", "not known", {"lines": [
                    {**wrong["lines"][0], "owner": "NOBODY"}]}),
                ("/time", "as of when", {"time": "2027-01-01T00:00:00Z"}),
                ("/lines/0/product", "not known", {"lines": [
                    {"product": "NONE", "quantity": amount("1")}]}),
                ("/lines/0/quantity/unit", "cannot be converted", {"lines": [
                    {"product": "ST-1", "lot": "A-1", "quantity": amount("1", "m")}]})):
            self.assertRefused(pointer, "(?i)" + text, "stock_statement", {**wrong, **more})

    def test_a_statement_that_is_taken_back_is_kept_as_withdrawn(self):
        found = self.apply("stock_statement", self.statement(("A-1", "5")))
        handler = self.handler("stock_statement")
        handler._med_compensate(self.mes, found.with_env(handler.env), {}, None)
        self.assertEqual(found.state, "withdrawn")
        self.assertFalse(found.activity_ids)
