from odoo.addons.med_inspection.tests.common import InspectCase
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestTours(ReleaseCase, InspectCase):
    """From the missing inspection to the delivery, over two persons, in both languages."""

    requirement = "ISO-8.2.6 CN-GMP-OUT R1 R2 R3"

    def test_final_inspection_two_releases_and_the_delivery(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for market in ("cn", "eu"):  # the hospital is in Germany
            self.registered(self.pump, self.env.ref(f"med_base.med_jurisdiction_{market}"))
        self.plan("final", product_tmpl_ids=[Command.set(self.pump.product_tmpl_id.ids)],
                  date_from="2026-01-01")
        release = self.made("TOUR-1", 3)
        lot = release._med_output_lots()
        self.clock.move_to("2026-03-03 08:00:00")
        self.start_tour("/odoo/med-release", "med_release_missing_tour", login="rita")
        self.finish(release.sudo()._med_inspections())
        self.start_tour("/odoo/med-release", "med_release_maker_tour", login="rita")
        self.registrant.lang = "zh_CN"
        self.start_tour("/odoo/med-release", "med_release_registrant_tour", login="mara")
        self.env.invalidate_all()
        self.assertEqual((release.state, lot.med_status), ("market_released", "released"))
        self.assertEqual(release.med_signature_ids.mapped("login"), ["rita", "mara"])
        picking = self.delivery(lot)
        clerk = self.person("warehouse", "wanda")
        clerk.group_ids += self.env.ref("stock.group_stock_user")
        self.start_tour(f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
                        "med_release_delivery_tour", login="wanda")
        self.env.invalidate_all()
        self.assertEqual(picking.state, "done")

    def delivery(self, lot):
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.out_type_id.id, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "partner_id": self.hospital.id,
            "move_ids": [Command.create({
                "product_id": lot.product_id.id, "product_uom_qty": 1,
                "location_id": self.stock.id, "location_dest_id": self.customers.id})]})
        picking.action_confirm()
        picking.action_assign()
        return picking
