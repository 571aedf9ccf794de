from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestGoodsTours(GoodsCase):
    """The warehouse's screens in a browser, in both languages."""

    requirement = "CN-GSP-4 CN-GSP-5 I5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search(
            [("name", "in", ["med_quality", "med_traceability"])])._update_translations(["zh_CN"])

    def tour(self, path, name, user):
        with mute_logger("odoo.http"):  # sentences for people
            self.start_tour(path, name, login=user.login, timeout=120)
        self.env.invalidate_all()

    def _review(self, language):
        self.checker.lang = language
        lot, other, wire = self.in_stock(self.stent, "REVIEW-1"), self.in_stock(
            self.stent, "REVIEW-WRONG"), self.in_stock(self.tube, "REVIEW-2")
        picking = self.delivery([(lot, 5), (wire, 3)])
        self.packed(picking, "006141410000000418",
                    picking.move_line_ids.filtered(lambda line: line.lot_id == wire))
        self.pick(picking)
        self.tour("/odoo/med-checkout", "med_quality_checkout_tour", self.checker)
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.med_checkout_ids.checker_ids, self.checker)
        self.assertEqual(self.on_hand(other), {self.stock: 10})

    def test_a_delivery_goes_after_its_review(self):
        self._review("en_US")

    def test_a_delivery_goes_after_its_review_in_chinese(self):
        self._review("zh_CN")

    def _prove(self, language):
        self.picker.lang = language
        self.company.med_checkout_mode = "observe"
        lot = self.in_stock(self.stent, "PROOF-1")
        picking = self.deliver([(self.stent, lot, 4)])
        self.tour(f"/odoo/stock.picking/{picking.id}", "med_quality_proof_tour", self.picker)
        proof = picking.med_proof_ids
        self.assertEqual((proof.person, proof.temperature, proof.outcome),
                         ("Dr. Weiss", "5.2", "partly"))
        self.assertEqual(proof.return_id.move_line_ids.quantity, 3)

    def test_a_refusal_is_recorded(self):
        self._prove("en_US")

    def test_a_refusal_is_recorded_in_chinese(self):
        self._prove("zh_CN")

    def test_from_the_page_of_a_warehouse_a_part_is_held(self):
        site = self.env["stock.warehouse"].create({
            "name": "Tour site", "code": "TRS", "company_id": self.company.id})
        lot = self.in_stock(self.stent, "PAGE-TOUR", status="quarantine")
        self.move([(self.stent, lot, 5)], self.stock, site.lot_stock_id)
        self.move([(self.stent, lot, 5)], self.stock, self.stock.create({
            "name": "Gone", "usage": "inventory", "location_id": False}))
        self.tour("/odoo/med-warehouses", "med_quality_warehouse_tour", self.picker)
        part = self.env["stock.lot"].search([("name", "=", "PAGE-TOUR-1")])
        self.assertEqual((part.product_qty, part.med_hold_count), (2, 1))
        self.assertFalse(lot.med_hold_count)
