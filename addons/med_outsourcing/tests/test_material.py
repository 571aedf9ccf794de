from odoo import fields
from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestMaterial(OrderCase):
    """What was never sent is not used, left over or brought back; every button is one of ours."""

    requirement = "V6 V7 P4 CN-OUT-2 TRC-1"

    def finished(self, order, *lots, used=None, **kw):
        return self.report(order, "finished", lots, used=used or [
            (self.body, "B-1", 10), (self.screw, "S-1", 20)], **kw)

    def refused(self, pointer, order, *lots, **kw):
        with self.assertRaises(ReportRefused) as caught, self.cr.savepoint():
            self.finished(order, *lots, **kw)
        self.assertEqual(caught.exception.pointer, pointer)

    def returned(self, picking, quantity=10):
        """Return the transfer that Odoo's own button of returns makes of another, posted."""
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking").create({})
        wizard.product_return_moves.quantity = quantity
        return self.post(self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]))

    # ------------------------------------------------------------------ components

    def test_a_lot_that_was_never_sent_is_not_left_over(self):
        order = self.started()
        self.in_stock(self.body, "B-OURS", quantity=50)
        self.refused("/lots/1/quantity", order, ("DEV-1", 10, "good"), ("B-OURS", 40, "left"))

    def test_no_more_is_left_over_or_scrapped_than_is_there(self):
        order = self.started()
        self.refused("/lots/1/quantity", order, ("DEV-1", 10, "good"), ("B-1", 91, "left"))
        self.refused("/lots/1/quantity", order, ("DEV-1", 10, "good"), ("B-1", 91, "scrap"))
        self.finished(order, ("DEV-1", 10, "good"), ("B-1", 60, "left"), ("B-1", 30, "scrap"))

    def test_what_is_shipped_as_left_over_must_be_there(self):
        order = self.started()
        self.finished(order, ("DEV-1", 10, "good"))
        with self.assertRaises(ReportRefused) as caught, self.cr.savepoint():
            self.report(order, "shipped", [("DEV-1", 10, "good"), ("B-1", 91, "left")])
        self.assertEqual(caught.exception.pointer, "/lots/1/quantity")
        self.report(order, "shipped", [("DEV-1", 10, "good"), ("B-1", 90, "left")])
        self.post(order.back_picking_ids - order.move_ids.picking_id)
        self.post(order.move_ids.picking_id)
        self.assertEqual((self.there(self.bodies), self.there(self.screws)), (0, 80))

    def test_what_another_order_has_spoken_for_is_not_left_over(self):
        order = self.started()
        other = self.begun(self.made_order())
        self.finished(order, ("DEV-1", 10, "good"), ("B-1", 50, "left"))
        self.refused("/lots/1/quantity", other, ("DEV-2", 10, "good"), ("B-1", 31, "left"))
        self.finished(other, ("DEV-2", 10, "good"), ("B-1", 30, "left"))

    def test_components_without_lots_are_limited_too(self):
        glue = self.product("Glue", tracking="none", med_controlled=False)
        self.bom.bom_line_ids = [(0, 0, {"product_id": glue.id, "product_qty": 1})]
        self.env["stock.quant"]._update_available_quantity(glue, self.place, 10)
        order = self.started()
        used = [(self.body, "B-1", 10), (self.screw, "S-1", 20)]
        self.refused("/used/2/quantity", order, ("DEV-1", 10, "good"),
                     used=[*used, (glue, "", 11)])
        self.finished(order, ("DEV-1", 10, "good"), used=[*used, (glue, "", 10)])

    # ------------------------------------------------------------------ lots to be processed

    def test_what_was_not_posted_out_is_not_finished(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "N-1"), send=False))
        with self.assertRaises(ReportRefused) as caught, self.cr.savepoint():
            self.report(order, "finished", [("N-1", 10, "good")])
        self.assertEqual(caught.exception.pointer, "/lots/0/quantity")
        self.post(order.send_picking_ids)
        self.report(order, "finished", [("N-1", 10, "good")])

    def test_goods_of_another_order_are_not_taken_for_its_own(self):
        lot = self.in_stock(self.stent, "N-2", quantity=20)
        self.begun(self.process_order(lot))
        other = self.begun(self.process_order(lot, send=False))
        with self.assertRaises(ReportRefused), self.cr.savepoint():
            self.report(other, "finished", [("N-2", 10, "good")])

    def test_no_other_lot_is_sent_than_the_order_names(self):
        ordered, other = self.in_stock(self.stent, "SA-1", "SB-1")
        order = self.process_order(ordered, send=False)
        order.send_picking_ids.move_line_ids.lot_id = other
        with self.assertRaisesRegex(UserError, "SB-1"), self.cr.savepoint():
            self.post(order.send_picking_ids)
        self.assertEqual((self.there(ordered), self.there(other)), (0, 0))
        order.send_picking_ids.move_line_ids.lot_id = ordered
        self.post(order.send_picking_ids)

    def test_no_more_is_sent_than_the_order_names(self):
        lot = self.in_stock(self.stent, "SC-1", quantity=20)
        order = self.process_order(lot, send=False)
        order.send_picking_ids.move_line_ids.quantity = 11
        with self.assertRaisesRegex(UserError, "SC-1"), self.cr.savepoint():
            self.post(order.send_picking_ids)

    def test_what_comes_back_by_the_button_of_returns_is_in_quarantine_and_of_its_order(self):
        lot = self.in_stock(self.stent, "R-1")
        order = self.begun(self.process_order(lot))
        self.report(order, "finished", [("R-1", 10, "reject")])
        self.assertEqual(lot.med_status, "released")
        back = self.returned(order.send_picking_ids)
        self.assertEqual(lot.med_status, "quarantine")
        self.assertEqual((back.move_ids.med_outsourcing_transfer_id, order.state),
                         (order, "received"))

    def test_what_comes_back_by_a_plain_transfer_is_in_quarantine(self):
        lot = self.in_stock(self.stent, "R-2")
        order = self.begun(self.process_order(lot))
        self.move([(self.stent, lot, 4)], self.place, self.stock)
        self.assertEqual(lot.med_status, "quarantine")
        self.assertEqual(order.state, "started")

    def test_what_stays_there_while_another_lot_leaves_keeps_its_status(self):
        lots = self.in_stock(self.stent, "R-3", "R-4", "R-5")
        self.begun(self.process_order(lots))
        way = {"location_id": self.place.id, "location_dest_id": self.suppliers.id}
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.int_type_id.id, **way})
        way |= {"picking_id": picking.id, "product_id": self.stent.id,
                "company_id": self.company.id}
        for some in (lots[:2], lots[2:]):
            self.env["stock.move"].create({
                **way, "product_uom_qty": 10 * len(some), "move_line_ids": [
                    Command.create({**way, "lot_id": lot.id, "quantity": 10}) for lot in some]})
        picking.move_ids.move_line_ids.filtered(lambda line: line.lot_id == lots[0]).picked = True
        picking.with_context(skip_expired=True)._action_done()
        self.assertEqual([self.there(lot) for lot in lots], [0, 10, 10])
        self.assertEqual(lots.mapped("med_status"), ["quarantine", "released", "released"])

    # ------------------------------------------------------------------ the receipt

    def test_an_order_that_has_begun_keeps_its_receipt(self):
        order = self.started()
        with self.assertRaisesRegex(UserError, "has begun"), self.cr.savepoint():
            order.move_ids.picking_id.action_cancel()
        with self.assertRaisesRegex(UserError, "has begun"), self.cr.savepoint():
            order.purchase_line_id.order_id.button_cancel()
        self.assertEqual(order.state, "started")

    def test_the_rest_of_a_receipt_is_cancelled_and_the_order_ends(self):
        order = self.started()
        self.finished(order, ("DEV-1", 4, "good"),
                      used=[(self.body, "B-1", 4), (self.screw, "S-1", 8)])
        self.report(order, "shipped", [("DEV-1", 4, "good")])
        first = order.move_ids.picking_id
        first.move_ids.picked = True
        first.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        self.assertEqual(order.state, "started")
        (order.move_ids.picking_id - first).action_cancel()
        self.assertEqual(order.state, "received")

    # ------------------------------------------------------------------ holds

    def told_held(self, order):
        return order.event_ids.filtered(lambda one: one.kind == "note").lot_ids.filtered(
            lambda row: row.outcome == "held").lot_id

    def received(self, order):
        self.finished(order, ("DEV-1", 10, "good"), hours=3)
        self.report(order, "shipped", [("DEV-1", 10, "good")])
        return self.post(order.move_ids.picking_id)

    def test_a_hold_reaches_what_was_left_there_after_the_order_ended(self):
        order = self.started()
        self.received(order)
        self.assertEqual(order.state, "received")
        self.hold(self.bodies)
        self.assertEqual(self.told_held(order), self.bodies)

    def test_a_hold_reaches_what_went_back_there(self):
        order = self.started()
        receipt = self.received(order)
        lot = receipt.move_line_ids.lot_id
        self.returned(receipt)
        self.assertEqual(self.there(lot), 10)
        self.hold(lot)
        self.assertEqual(self.told_held(order), lot)

    # ------------------------------------------------------------------ the file

    def test_a_suspended_processor_is_sent_nothing_more(self):
        order = self.process_order(self.in_stock(self.stent, "P-1"), send=False)
        self.processor.with_user(self.anna).med_transition("suspend", "Fire")
        with self.assertRaisesRegex(UserError, "is not sent to"), self.cr.savepoint():
            self.post(order.send_picking_ids)
        loose = self.in_stock(self.stent, "P-2")
        with self.assertRaisesRegex(UserError, "is not sent to"), self.cr.savepoint():
            self.move([(self.stent, loose, 1)], self.stock, self.place)

    def test_without_an_agreement_goods_go_only_through_an_open_gate(self):
        order = self.process_order(self.in_stock(self.stent, "P-3"), send=False)
        self.processor.agreement_ids.with_user(self.anna).med_transition("end", "Broken")
        self.company.med_gate_mode = "enforce"
        with self.assertRaisesRegex(UserError, "agreement"), self.cr.savepoint():
            self.post(order.send_picking_ids)
        self.company.med_gate_mode = "warn"
        self.post(order.send_picking_ids)

    def test_a_file_ends_when_nothing_of_ours_is_there(self):
        def end():
            self.processor.with_user(self.anna).med_transition("end", "Over")
        order = self.started()
        with self.assertRaisesRegex(UserError, "open orders"), self.cr.savepoint():
            end()
        order._med_store({"state": "received"})
        with self.assertRaisesRegex(UserError, "still has"), self.cr.savepoint():
            end()
        self.move([(self.body, self.bodies, 100), (self.screw, self.screws, 100)],
                  self.place, self.stock)
        end()
        self.assertEqual(self.processor.state, "ended")

    def test_a_version_that_comes_in_force_is_told_to_who_makes_the_one_before(self):
        orders = self.made_order() | self.process_order(self.in_stock(self.stent, "V-1"))
        ended = self.made_order()
        ended._med_store({"state": "accepted"})
        for product in (self.device, self.stent):
            with permit("med.product.version", (), "x"):
                self.env["med.product.version"].sudo().create({
                    "product_tmpl_id": product.product_tmpl_id.id, "number": 2, "digest": "x",
                    "effective_from": fields.Datetime.now(), "content": {"a": 1},
                    "names": {"a": "A"}})
        for order in orders:
            self.assertIn("Version 2", order.activity_ids.summary)
            self.assertIn("V2", order.event_ids.mapped("reference"))
        self.assertFalse(ended.activity_ids)
        self.assertFalse(ended.event_ids)
