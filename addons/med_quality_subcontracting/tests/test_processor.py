from odoo.addons.med_quality.tests.common import QualityCase
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged


@tagged("post_install", "-at_install")
class TestProcessor(QualityCase):
    """What is not released goes to a processor only under an agreement (21 CFR 801.150(e))."""

    requirement = "ISO-7.5.8 ISO-8.2.6 CN-GMP-OUT R4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.group_ids += cls.env.ref("base.group_partner_manager")
        cls.site = cls.env["res.partner"].create({"name": "Sterile works"})
        cls.place = cls.company.subcontracting_location_id
        cls.shelf = cls.stock.create({"name": "Sterile works", "location_id": cls.place.id})

    def send(self, lot, target=None):
        with self.env.cr.savepoint():
            return self.move([(lot.product_id, lot, 1)], self.stock, target or self.place,
                             "internal", self.site)

    def agree(self, until="2030-01-01"):
        self.site.with_user(self.anna).write({
            "med_quarantine_agreement": "QA-17", "med_quarantine_until": until})

    def test_released_goods_go_and_unreleased_ones_do_not(self):
        self.send(self.in_stock(self.stent, "PRC-OK"))
        for status in ("quarantine", "rejected", "held", "expired"):
            lot = self.in_stock(self.stent, f"PRC-{status}", status=status)
            for target in (self.place, self.shelf):
                with self.subTest(status=status, target=target.name), \
                        self.assertRaisesRegex(UserError, "Not allowed now|expired on"):
                    self.send(lot, target)

    def test_an_agreement_in_force_lets_quarantine_pass_and_nothing_worse(self):
        self.agree()
        picking = self.send(self.in_stock(self.stent, "PRC-Q", status="quarantine"))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_quality_subcontracting.med_quarantine_notice", picking.ids)[0].decode()
        for text in ("PRC-Q", "QA-17", "Sterile works", "Quarantine Notice"):
            self.assertIn(text, html)
        for status in ("rejected", "held", "expired"):
            lot = self.in_stock(self.stent, f"PRC-A-{status}", status=status)
            with self.subTest(status=status), \
                    self.assertRaisesRegex(UserError, "Not allowed now|expired on"):
                self.send(lot)

    def test_an_agreement_that_has_ended_or_is_another_site_s_does_not_count(self):
        self.agree(until="2026-01-01")
        lot = self.in_stock(self.stent, "PRC-E", status="quarantine")
        with self.assertRaisesRegex(UserError, "Not allowed now"):
            self.send(lot)
        self.agree()
        self.site = self.env["res.partner"].create({"name": "Another"})
        with self.assertRaisesRegex(UserError, "Not allowed now"):
            self.send(lot)

    def test_the_agreement_is_the_site_s_own(self):
        self.agree()
        lot = self.in_stock(self.stent, "PRC-P", status="quarantine")
        branch = self.env["res.partner"].create({"name": "Branch", "parent_id": self.site.id})
        self.site = branch
        with self.assertRaisesRegex(UserError, "Not allowed now"):
            self.send(lot)

    def test_what_is_reserved_for_a_processor_is_released(self):
        self.in_stock(self.stent, "PRC-R1", status="quarantine")
        good = self.in_stock(self.stent, "PRC-R2")
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.int_type_id.id, "location_id": self.stock.id,
            "location_dest_id": self.place.id, "partner_id": self.site.id,
            "move_ids": [(0, 0, {
                "product_id": self.stent.id, "product_uom_qty": 15,
                "location_id": self.stock.id, "location_dest_id": self.place.id})]})
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, good)

    def test_only_quality_assurance_makes_an_agreement(self):
        clerk = self.user("purchasing")
        clerk.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "quality assurance"):
            self.site.with_user(clerk).med_quarantine_agreement = "Mine"
        with self.assertRaisesRegex(AccessError, "quality assurance"):
            self.env["res.partner"].with_user(clerk).with_context(
                default_med_quarantine_agreement="Mine").create({"name": "Friend"})
