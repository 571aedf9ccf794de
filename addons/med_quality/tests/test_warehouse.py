from odoo.tests.common import tagged

from .goods_case import GoodsCase

NAMES = ("quarantine", "held", "rejected", "near", "expired", "misplaced")


@tagged("post_install", "-at_install")
class TestWarehousePage(GoodsCase):
    """One page a warehouse, and behind each number the stock it counts."""

    requirement = "CN-GSP-4 ISO-8.3.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.env["stock.warehouse"].create({
            "name": "Page site", "code": "PGS", "company_id": cls.company.id})
        shelf = cls.site.lot_stock_id
        cls.good = cls.stock.create({"name": "Good", "location_id": shelf.id})
        cls.env["med.zone"].create({
            "warehouse_id": cls.site.id, "state": "released", "location_id": cls.good.id})
        rows = (("quarantine", "Q"), ("held", "H"), ("rejected", "R"), ("released", "N"),
                ("expired", "E"))
        for status, name in rows:
            lot = cls.in_stock(cls.stent, f"PAGE-{name}", status=status)
            if name == "N":
                lot.expiration_date = "2026-04-01 00:00:00"
            cls.move([(cls.stent, lot, 4)], cls.stock, cls.good if name == "N" else shelf)
        plain = cls.product("Plain")
        cls.move([(plain, lot, 4) for lot in cls.receive(plain, {"PLAIN-1": 5})], cls.stock, shelf)

    def counts(self):
        self.env.invalidate_all()
        return {name: self.site[f"med_{name}_count"] for name in NAMES}

    def listed(self, name):
        action = self.site.with_context(med_filter=name).action_med_stock()
        view = self.env.ref("med_quality.stock_quant_view_search")
        arch = self.env["stock.quant"].get_view(view.id, "search")["arch"]
        self.assertIn(f'name="{name}"', arch)
        self.assertEqual(action["context"], {f"search_default_{name}": 1})
        return self.env["stock.quant"].search(action["domain"])

    def test_each_number_counts_lots_of_controlled_products(self):
        self.assertEqual(self.counts(), {
            "quarantine": 1, "held": 1, "rejected": 1, "near": 1, "expired": 1, "misplaced": 2})
        self.clock.tick(5 * 86400)
        self.env.invalidate_all()
        self.assertEqual(self.site.med_oldest_days, 5)

    def test_a_lot_in_two_places_counts_once_and_one_with_consignees_not(self):
        lot = self.in_stock(self.stent, "PAGE-TWO", status="quarantine")
        before = self.counts()["quarantine"]
        self.move([(self.stent, lot, 1)], self.stock, self.site.lot_stock_id)
        self.move([(self.stent, lot, 1)], self.stock, self.good)
        self.assertEqual(self.counts()["quarantine"], before + 1)

    def test_what_is_not_in_its_zone_is_found_and_moved_there(self):
        wrong = self.listed("misplaced").search([("med_misplaced", "=", True), (
            "location_id.warehouse_id", "=", self.site.id)])
        self.assertEqual(sorted(wrong.lot_id.mapped("name")), ["PAGE-E", "PAGE-H"])
        self.assertTrue(all(wrong.mapped("med_misplaced")))
        right = self.env["stock.quant"].search([
            ("med_misplaced", "=", False), ("location_id", "=", self.good.id)])
        self.assertEqual(right.lot_id.name, "PAGE-N")
        self.assertFalse(right.med_misplaced)
        action = wrong.with_user(self.picker).action_med_to_zones()
        self.assertEqual(
            self.env["stock.picking"].browse(action["res_id"]).location_dest_id, self.good)

    def test_the_filters_that_the_page_opens_are_there(self):
        for name in NAMES:
            self.assertTrue(self.listed(name))
