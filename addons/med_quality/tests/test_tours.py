from odoo.fields import Command
from odoo.tests.common import tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestTours(QualityCase):
    """From the list of stock to a hold and its end, and to a release, in both languages."""

    requirement = "ISO-7.5.8 ISO-8.3.1 T2 R1"

    def test_held_from_the_stock_and_lifted_with_a_signature(self):
        lot = self.in_stock(self.stent, "TOUR-1")
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.out_type_id.id, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "partner_id": self.hospital.id,
            "move_ids": [Command.create({
                "product_id": self.stent.id, "product_uom_qty": 1,
                "location_id": self.stock.id, "location_dest_id": self.customers.id})]})
        picking.action_confirm()
        picking.action_assign()
        self.clock.move_to("2026-03-03 08:00:00")
        self.anna.group_ids += self.env.ref("stock.group_stock_user")
        self.start_tour("/odoo/med-stock-by-status", "med_quality_hold_tour", login="anna")
        [line] = lot.med_hold_line_ids
        self.env.invalidate_all()
        self.assertEqual((line.hold_id.state, lot.med_hold_count), ("lifted", 0))
        self.assertEqual(line.hold_id.med_signature_ids.login, "anna")

    def test_released_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "in", ["med_quality", "med_signature"])])._update_translations(["zh_CN"])
        lot = self.receive(self.stent, {"TOUR-2": 3})
        self.release.lang = "zh_CN"
        self.release.group_ids += self.env.ref("stock.group_stock_user")
        self.start_tour("/odoo/med-stock-by-status", "med_quality_decide_tour", login="rita")
        self.env.invalidate_all()
        self.assertEqual(lot.med_status, "released")
