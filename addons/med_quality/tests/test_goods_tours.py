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
