from odoo.addons.med_traceability.tests.scan_case import EXPIRY, MADE, UNIT, ScanCase
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestDiscrepancyHold(ScanCase, GoodsCase):
    """What a label contradicts is held until somebody settles it."""

    requirement = "CN-GSP-3 ISO-8.3.1 T9"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.di(cls.kit, UNIT)
        cls.inspector = cls.user("inspector", login="ines")

    def setUp(self):
        super().setUp()
        picking = self.receipt({self.kit: 2})
        picking.med_scan(code=self.label(lot="DIS", expiry=EXPIRY), quantity=1)
        picking.med_scan(code=self.label(lot="DIS", expiry=MADE), quantity=1)
        self.assertEqual(self.kinds(picking), ["dates_disagree", "expired"])
        self.post(picking)
        self.found = picking.med_discrepancy_ids
        self.lot = picking.move_line_ids.lot_id
        self.holds = self.lot.med_hold_line_ids.hold_id

    def test_the_lot_is_held_as_soon_as_it_is_known(self):
        self.assertEqual(self.lot.med_hold_count, 2)
        self.assertEqual(set(self.holds.mapped("source")), {"discrepancy"})
        self.assertEqual(sorted(self.holds.mapped("source_id")), sorted(self.found.ids))
        self.assertFalse(self.holds.activity_ids)
        self.assertTrue(self.found.activity_ids)

    def test_settling_lifts_its_own_hold_and_rejecting_leaves_it(self):
        first, second = self.found
        first.with_user(self.inspector).med_settle("accepted", "Printer fault, compared by hand")
        self.env.invalidate_all()
        self.assertEqual(self.lot.med_hold_count, 1)
        lifted = self.holds.filtered(lambda hold: hold.state == "lifted")
        self.assertEqual((lifted.source_id, lifted.conclusion),
                         (first.id, "Printer fault, compared by hand"))
        second.with_user(self.anna).med_settle("rejected", "Expired")
        self.env.invalidate_all()
        self.assertEqual(self.lot.med_hold_count, 1)

    def test_a_hold_is_not_lifted_past_its_discrepancy(self):
        own, _told = self.hold(self.lot)
        for hold in (self.holds[0], own):
            with self.assertRaisesRegex(UserError, "lifted by quality assurance with a signature"):
                hold.with_user(self.inspector).med_transition("settle")
        self.found.with_user(self.inspector).med_settle("rejected", "Expired")
        with self.assertRaisesRegex(UserError, "lifted by quality assurance with a signature"):
            self.holds[0].with_user(self.anna).med_transition("settle")
        with self.assertRaises(UserError):
            self.holds[0].with_user(self.picker).med_transition("settle")
        self.assertEqual(self.lot.med_hold_count, 3)

    def test_a_scan_that_is_taken_back_takes_its_hold_along(self):
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(lot="DIS", expiry=MADE))
        self.env.invalidate_all()
        self.assertGreater(self.lot.med_hold_count, 2)
        picking.med_scan_undo()
        self.env.invalidate_all()
        self.assertEqual(self.lot.med_hold_count, 2)

    def test_plain_products_are_not_held(self):
        picking = self.receipt({self.plain: 1})
        picking.med_scan(code="(01)09506000134369(10)PL(17)200101",
                         product_id=self.plain.id)
        self.post(picking)
        self.assertFalse(picking.move_line_ids.lot_id.med_hold_count)
