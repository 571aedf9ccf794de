from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .orders import OrderCase

HOSTILE = {"mail_activity_automation_skip": True, "tracking_disable": True, "med_permit": True,
           "active_test": False, "_force_unlink": True, "default_state": "accepted",
           "default_med_outsourcing_order_id": False, "default_superseded": True,
           "default_origin": "portal", "skip_expired": True, "skip_backorder": True}


@tagged("post_install", "-at_install")
class TestForged(OrderCase):
    """No context of a caller, no detour and no archived file lets goods or questions get lost."""

    requirement = "P4 A2 V5 V6 R4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.person("warehouse", "forged_walter")
        cls.keeper.group_ids += cls.env.ref("stock.group_stock_manager") + cls.env.ref(
            "mrp.group_mrp_user")

    def forged(self, record):
        return record.with_user(self.keeper).with_context(**HOSTILE)

    def test_who_is_to_be_asked_is_asked_whatever_the_caller_says(self):
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.made_order()
        picking = order.move_ids.picking_id
        picking.move_ids.move_line_ids.lot_name = "DEV-9"
        picking.move_ids.picked = True
        self.forged(picking).button_validate()
        self.assertEqual(picking.state, "done")
        said = " ".join(order.activity_ids.mapped("summary"))
        self.assertIn("did not report", said)
        self.assertIn("nobody reported which lots", said)

    def test_what_is_delivered_straight_from_the_processor_is_not_what_it_was(self):
        self.company.med_gate_mode = "enforce"
        lot = self.in_stock(self.stent, "ST-1")
        order = self.begun(self.process_order(lot))
        self.report(order, "finished", [("ST-1", 10, "reject")])
        customers = self.env.ref("stock.stock_location_customers")
        with self.assertRaisesRegex(UserError, "ST-1"), self.env.cr.savepoint():
            self.move([(self.stent, lot, 10)], self.place, customers, "out", self.hospital)
        self.assertEqual(self.there(lot), 10)

    def test_what_of_the_same_lot_never_left_is_delivered_as_ever(self):
        self.company.med_gate_mode = "enforce"
        lot = self.in_stock(self.stent, "ST-2", quantity=20)
        self.process_order(lot)
        customers = self.env.ref("stock.stock_location_customers")
        self.move([(self.stent, lot, 10)], self.stock, customers, "out", self.hospital)
        self.assertEqual(lot.med_status, "released")

    def test_nothing_is_sent_to_a_file_that_has_ended_and_was_archived(self):
        works = self.env["res.partner"].create({"name": "Gone works", "is_company": True})
        file = self.covered(works)
        with self.assertRaisesRegex(UserError, "end the file"):
            file.active = False
        file.with_user(self.anna).med_transition("revise", "Nothing left")
        with self.assertRaisesRegex(UserError, "end the file"):
            file.with_user(self.anna).active = False
        file.with_user(self.anna).med_transition("end", "Closed")
        file.active = False
        lot = self.in_stock(self.stent, "ST-3")
        for mode in ("observe", "enforce"):
            self.company.med_gate_mode = mode
            with self.subTest(mode), self.assertRaisesRegex(UserError, "is not sent"), \
                    self.env.cr.savepoint():
                self.move([(self.stent, lot, 10)], self.stock, file.location_id, partner=works)

    def test_material_bought_straight_to_the_processor_is_taken_as_sent_and_stays_unreleased(self):
        lots = self.receive_there(self.body, "SUP-1", 100)
        self.screws = self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order())
        self.assertEqual(lots.med_status, "quarantine")
        self.assertIn(lots, order._med_material_sent())
        self.report(order, "received", [("SUP-1", 100, "good")], hours=4)
        self.report(order, "finished", [("DEV-1", 10, "good")], used=[
            (self.body, "SUP-1", 10), (self.screw, "S-1", 20)])
        self.report(order, "shipped", [("DEV-1", 10, "good")])
        self.post(order.move_ids.picking_id)
        self.assertEqual(self.there(lots), 90)

    def receive_there(self, product, name, quantity):
        """Receive a lot of a supplier straight at the processor's place, as dropshipping does."""
        lot = self.lots_of(product, name)
        self.move([(product, lot, quantity)], self.suppliers, self.place, "in", self.supplier)
        return lot

    def test_material_is_not_bought_straight_to_a_suspended_processor(self):
        self.processor.with_user(self.anna).med_transition("suspend", "Fire")
        with self.assertRaisesRegex(UserError, "is not sent"):
            self.receive_there(self.body, "SUP-2", 100)

    def test_what_a_processor_makes_is_not_delivered_past_our_release(self):
        self.company.med_gate_mode = "enforce"
        customers = self.env.ref("stock.stock_location_customers")
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.in_type_id.id, "partner_id": self.site.id,
            "location_id": self.suppliers.id, "location_dest_id": customers.id,
            "move_ids": [Command.create({
                "product_id": self.device.id, "product_uom_qty": 10,
                "location_id": self.suppliers.id, "location_dest_id": customers.id})]})
        picking.action_confirm()
        order = self.begun(self.earlier(picking.move_ids.med_outsourcing_order_id, 2))
        self.report(order, "finished", [("DEV-1", 10, "good")], used=[
            (self.body, "B-1", 10), (self.screw, "S-1", 20)])
        self.report(order, "shipped", [("DEV-1", 10, "good")])
        with self.assertRaisesRegex(UserError, "DEV-1"), self.env.cr.savepoint():
            self.post(picking)
        self.assertEqual(order.state, "shipped")

    def test_a_component_that_lies_there_is_not_delivered_as_if_it_were_ours(self):
        self.company.med_gate_mode = "enforce"
        lots = self.receive_there(self.body, "SUP-3", 100)
        customers = self.env.ref("stock.stock_location_customers")
        with self.assertRaises(UserError):
            self.move([(self.body, lots, 10)], self.place, customers, "out", self.hospital)
