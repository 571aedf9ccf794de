from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestZones(GoodsCase):
    """Goods are where their status says: 待验, 合格, 不合格, 退货."""

    requirement = "CN-GSP-4 ISO-7.5.11"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.med_checkout_mode = "observe"
        cls.places = {state: cls.stock.create({"name": state, "location_id": cls.stock.id})
                      for state in ("quarantine", "released", "rejected", "return")}
        cls.env["med.zone"].create([
            {"warehouse_id": cls.warehouse.id, "state": state, "location_id": place.id}
            for state, place in cls.places.items()])

    def receipt(self, product, target=None, lot=None):
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.in_type_id.id, "location_id": self.suppliers.id,
            "location_dest_id": (target or self.stock).id})
        move = self.env["stock.move"].create({
            "picking_id": picking.id, "product_id": product.id, "product_uom_qty": 3,
            "location_id": self.suppliers.id, "location_dest_id": picking.location_dest_id.id})
        picking.action_confirm()
        if lot:
            move.move_line_ids.unlink()
            self.env["stock.move.line"].create({
                "move_id": move.id, "picking_id": picking.id, "lot_id": lot.id, "quantity": 3,
                "product_id": product.id, "location_id": self.suppliers.id,
                "location_dest_id": picking.location_dest_id.id})
        return picking

    def test_what_arrives_goes_to_quarantine_and_more_of_a_decided_lot_to_its_own_zone(self):
        self.assertEqual(self.receipt(self.stent).move_line_ids.location_dest_id,
                         self.places["quarantine"])
        for status in ("released", "rejected", "conditional"):
            lot = self.in_stock(self.stent, f"MORE-{status}", status=status)
            self.assertEqual(
                self.receipt(self.stent, lot=lot).move_line_ids.location_dest_id,
                self.places["quarantine" if status == "conditional" else status])

    def test_a_chosen_place_and_plain_products_are_left_as_they_are(self):
        shelf = self.stock.create({"name": "Dock", "location_id": self.stock.id})
        self.assertEqual(self.receipt(self.stent, shelf).move_line_ids.location_dest_id, shelf)
        self.assertEqual(
            self.receipt(self.product("Plain")).move_line_ids.location_dest_id, self.stock)

    def test_what_comes_back_goes_to_the_zone_of_returns_and_what_is_made_to_quarantine(self):
        lot = self.in_stock(self.stent, "BACK")
        back = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=(delivery := self.deliver(
                [(self.stent, lot, 2)])).id, active_ids=delivery.ids).create({})
        back.product_return_moves.quantity = 1
        self.assertEqual(back._create_return().move_line_ids.location_dest_id,
                         self.places["return"])
        made = self.make(self.tube, 1, [(self.stent, lot, 1)], lots=self.lots_of(self.tube))
        self.assertEqual(made.move_finished_ids.move_line_ids.location_dest_id,
                         self.places["quarantine"])

    def test_plain_products_get_no_transfers(self):
        plain = self.product("Screw")
        lots = self.receive(plain, {"PLAIN": 5})
        self.assertFalse(self.env["med.zone"]._transfers(lots))

    def test_after_a_decision_one_press_makes_the_transfers(self):
        first, second = self.receive(self.stent, {"D-1": 4, "D-2": 5})
        decision = self.decide(first, "released")
        self.delivery([(first, 1)])
        self.decide(second, "rejected")
        picking = self.env["stock.picking"].browse(
            decision.with_user(self.anna).action_med_to_zones()["res_id"])
        self.assertEqual((picking.state, picking.location_dest_id, picking.move_line_ids.lot_id,
                          picking.move_line_ids.quantity),
                         ("assigned", self.places["released"], first, 3))
        self.validate(picking, self.picker)
        self.assertEqual(self.on_hand(first), {
            self.places["released"]: 3, self.places["quarantine"]: 1})
        action = (first | second).with_user(self.picker).action_med_to_zones()
        picking = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual(picking.move_line_ids.lot_id, second)
        self.validate(picking, self.picker)
        with self.assertRaisesRegex(UserError, "is in its zone"):
            (first | second).with_user(self.picker).action_med_to_zones()

    def test_many_lots_are_one_transfer_with_few_queries(self):
        lots = self.in_stock(self.stent, *(f"Z-{n}" for n in range(30)))
        picking = self.env["med.zone"]._transfers(lots)
        self.assertEqual((len(picking), len(picking.move_line_ids)), (1, 30))

    def test_who_does_not_move_goods_makes_no_transfer(self):
        lot = self.in_stock(self.stent, "NOT-MINE")
        with self.assertRaises(AccessError):
            lot.with_user(self.user("viewer", login="looks")).action_med_to_zones()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.env["med.zone"].with_user(self.picker).create({
                "warehouse_id": self.warehouse.id, "state": "return",
                "location_id": self.stock.id})

    def test_a_zone_is_a_place_inside_its_warehouse_and_one_only(self):
        Zone = self.env["med.zone"]
        zone = Zone.search([("state", "=", "return"), ("warehouse_id", "=", self.warehouse.id)])
        with self.assertRaisesRegex(UserError, "is not a place inside"), self.env.cr.savepoint():
            zone.location_id = self.customers
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), (
                self.env.cr.savepoint()):
            zone.location_id = self.places["rejected"]
        self.assertEqual(self.places["rejected"].med_zone, "rejected")
