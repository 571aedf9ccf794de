from datetime import timedelta

from odoo import fields
from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestGoods(OrderCase):
    """What a processor reports is what our books say, lot by lot and at its true time (V4, V7)."""

    requirement = "V4 V5 V7 Q6 P4 CN-OUT-2 TRC-1"

    def consumed(self, lot):
        """Return {component lot: quantity} that the genealogy says went into a lot."""
        return {row.lot_id.name: row.quantity for row in self.env["med.genealogy.line"].search([
            ("side", "=", "in"), ("active", "=", True), ("event_id", "in", self.env[
                "med.genealogy.line"].search([("lot_id", "=", lot.id), ("side", "=", "out"), (
                    "kind", "=", "subcontract")]).event_id.ids)])}

    def test_a_confirmed_purchase_is_an_order_released_with_all_it_is_made_to(self):
        order = self.made_order()
        self.assertEqual((order.kind, order.state, order.processor_id, order.quantity),
                         ("make", "released", self.processor, 10))
        spec = order.contract["products"][0]
        self.assertEqual([line["quantity"] for line in spec["bom"]["lines"]], ["1", "2"])
        self.assertEqual(len(order.contract_digest), 64)
        self.assertTrue(order.revision.startswith("R-"))
        self.assertEqual(self.made_order().revision, order.revision)
        self.bom.bom_line_ids[0].product_qty = 3
        self.assertNotEqual(self.made_order().revision, order.revision)

    def test_the_receipt_consumes_exactly_what_was_used_at_the_true_time(self):
        self.at_processor(self.body, "B-1", "B-2")
        self.at_processor(self.screw, "S-1", "S-2")
        order = self.begun(self.made_order())
        self.report(order, "finished", [("DEV-1", 10, "good")], hours=3, used=[
            (self.body, "B-2", 10), (self.screw, "S-2", 15), (self.screw, "S-1", 6)])
        lot = self.env["stock.lot"].search([("name", "=", "DEV-1")])
        self.assertEqual((lot.product_id, lot.med_status, order.state),
                         (self.device, "quarantine", "finished"))
        self.assertEqual(order.production_ids.lot_producing_ids, lot)
        self.report(order, "shipped", [("DEV-1", 10, "good")])
        self.assertEqual(order.state, "shipped")
        self.post(order.move_ids.picking_id)
        self.assertEqual(order.state, "received")
        self.assertEqual(self.consumed(lot), {"B-2": 10, "S-2": 15, "S-1": 6})
        finished = fields.Datetime.now() - timedelta(hours=3)
        production = order.production_ids
        moves = production.move_raw_ids | production.move_finished_ids
        self.assertEqual(set(moves.mapped("date")) | set(moves.move_line_ids.mapped("date")),
                         {finished})
        self.assertEqual(production.date_finished, finished)
        event = self.env["med.genealogy.event"].search([
            ("res_model", "=", "mrp.production"), ("res_id", "=", production.id)])
        self.assertEqual((event.date, event.kind), (finished, "subcontract"))
        self.assertGreater(event.create_date, finished, "entry time is kept")
        self.assertEqual(self.env["med.genealogy"]._differences(), [])
        lot._med_set_status("released")  # by the release of its order
        self.assertEqual(order.state, "accepted")

    def test_without_a_report_nothing_is_invented(self):
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.made_order()
        picking = order.move_ids.picking_id
        picking.move_ids.move_line_ids.lot_name = "DEV-9"
        self.post(picking)
        self.assertEqual(order.state, "received")
        self.assertEqual(order.production_ids.move_finished_ids.date,
                         picking.move_line_ids.date - timedelta(seconds=1))

    def test_partial_receipts_share_what_was_used_together_and_nothing_is_lost(self):
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order())
        self.report(order, "finished", [("DEV-1", 4, "good"), ("DEV-2", 6, "good")], used=[
            (self.body, "B-1", 10), (self.screw, "S-1", 21)])
        first = order.move_ids.picking_id
        self.report(order, "shipped", [("DEV-1", 4, "good")])
        self.assertEqual(first.move_line_ids.mapped("quantity"), [4])
        self.assertEqual(order.state, "finished")
        first.move_ids.picked = True
        first.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        self.assertEqual((first.state, order.state), ("done", "finished"))
        second = order.move_ids.picking_id - first
        self.assertEqual(second.move_ids.product_uom_qty, 6)
        self.report(order, "shipped", [("DEV-2", 6, "good")])
        self.post(second)
        self.assertEqual(order.state, "received")
        lots = self.env["stock.lot"].search([("name", "in", ("DEV-1", "DEV-2"))], order="name")
        self.assertEqual(self.consumed(lots[0]), {"B-1": 4, "S-1": 8.4})
        self.assertEqual(self.consumed(lots[1]), {"B-1": 6, "S-1": 12.6})

    def test_what_was_used_for_several_lots_together_is_possible_in_each_and_certain_in_none(self):
        self.at_processor(self.body, "B-1", "B-2")
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order())
        lots = [("DEV-1", 4, "good"), ("DEV-2", 6, "good")]
        self.report(order, "finished", lots, used=[
            (self.body, "B-1", 5), (self.body, "B-2", 5), (self.screw, "S-1", 20)])
        self.report(order, "shipped", lots)
        self.post(order.move_ids.picking_id)
        made = self.env["stock.lot"].search([("name", "=", "DEV-1")])
        self.assertEqual(self.consumed(made), {"B-1": 2, "B-2": 2, "S-1": 8})
        self.assertEqual(
            {row["name"]: row["exact"] for row in made.med_trace("backward")["lots"]},
            {"DEV-1": True, "B-1": False, "B-2": False, "S-1": True})

    def test_units_used_are_reported_by_the_lot_they_went_into(self):
        self.body.tracking = "serial"
        units = self.lots_of(self.body, "U-1", "U-2")
        self.move([(self.body, unit, 1) for unit in units], self.suppliers, self.stock, "in",
                  self.supplier)
        self.decide(units, "released")
        self.move([(self.body, unit, 1) for unit in units], self.stock, self.place,
                  partner=self.site)
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order(quantity=2))
        used = [(self.body, "U-1", 1), (self.screw, "S-1", 2)]
        with self.assertRaisesRegex(ReportRefused, "one unit"), self.env.cr.savepoint():
            self.report(order, "finished", [("DEV-1", 1, "good"), ("DEV-2", 1, "good")], used=used)
        self.report(order, "finished", [("DEV-1", 1, "good")], used=used)
        self.report(order, "finished", [("DEV-2", 1, "good")], used=[
            (self.body, "U-2", 1), (self.screw, "S-1", 2)])
        self.post(order.move_ids.picking_id)
        lots = self.env["stock.lot"].search([("name", "in", ("DEV-1", "DEV-2"))], order="name")
        self.assertEqual([self.consumed(lot) for lot in lots],
                         [{"U-1": 1, "S-1": 2}, {"U-2": 1, "S-1": 2}])

    def test_leftover_material_is_prepared_to_come_back_and_a_serial_device_is_received(self):
        self.device.tracking = "serial"
        self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order(quantity=2))
        with self.assertRaisesRegex(ReportRefused, "is one unit"), self.env.cr.savepoint():
            self.report(order, "finished", [("D-1", 2, "good")])
        units = [("D-1", 1, "good"), ("D-2", 1, "good")]
        self.report(order, "finished", [*units, ("B-1", 90, "left")], used=[
            (self.body, "B-1", 2), (self.screw, "S-1", 4)])
        self.report(order, "shipped", [*units, ("B-1", 90, "left")])
        back = order.back_picking_ids - order.move_ids.picking_id
        self.assertEqual((back.move_line_ids.lot_id.name, back.move_line_ids.quantity),
                         ("B-1", 90))
        self.post(order.move_ids.picking_id)
        self.assertEqual(sorted(order.move_ids.move_line_ids.lot_id.mapped("name")),
                         ["D-1", "D-2"])
        self.assertEqual(order.state, "received")

    def test_scrap_at_the_processor_is_prepared_and_a_correction_prepares_it_anew(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "W-1")))
        first = self.report(order, "finished", [("W-1", 7, "good"), ("W-1", 3, "scrap")])
        self.assertEqual((order.scrap_ids.scrap_qty, order.scrap_ids.location_id,
                          order.scrap_ids.state), (3, self.place, "draft"))
        self.report(order, "finished", [("W-1", 8, "good"), ("W-1", 2, "scrap")],
                    supersedes=first.reference)
        self.assertEqual(order.scrap_ids.mapped("scrap_qty"), [2])
        order.scrap_ids.do_scrap()
        self.report(order, "shipped", [("W-1", 8, "good")])
        self.post(order.back_picking_ids)
        self.assertEqual(order.state, "received")
        there = self.env["stock.quant"].search([
            ("lot_id", "=", order.line_ids.lot_id.id), ("location_id", "=", self.place.id)])
        self.assertFalse(sum(there.mapped("quantity")), "sent = scrapped + returned")

    def test_a_component_that_is_held_at_the_processor_lets_the_receipt_post(self):
        body = self.at_processor(self.body, "B-1")
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order())
        self.report(order, "finished", [("DEV-1", 10, "good")], used=[
            (self.body, "B-1", 10), (self.screw, "S-1", 20)])
        self.hold(body)
        self.company.med_gate_mode = "enforce"
        self.post(order.move_ids.picking_id)
        lot = self.env["stock.lot"].search([("name", "=", "DEV-1")])
        self.assertEqual(self.consumed(lot), {"B-1": 10, "S-1": 20})
        self.assertEqual(lot.med_status, "quarantine")

    def test_used_is_only_what_was_sent_and_what_is_ordered(self):
        self.at_processor(self.body, "B-1", quantity=8)
        self.at_processor(self.screw, "S-1")
        other = self.at_processor(self.tube, "T-1")
        order = self.begun(self.made_order())
        for pointer, words, used in (
                ("/used/0/quantity", "8 are there", [(self.body, "B-1", 10)]),
                ("/used/0/lot", "no lot", [(self.body, "B-9", 1)]),
                ("/used/1", "not in the bill", [
                    (self.body, "B-1", 1), (self.tube, other.name, 1)])):
            with self.subTest(pointer=pointer), self.assertRaisesRegex(
                    ReportRefused, words) as told, self.env.cr.savepoint():
                self.report(order, "finished", [("DEV-1", 1, "good")], used=used)
            self.assertEqual(told.exception.pointer, pointer)
        self.report(order, "finished", [("DEV-1", 5, "good")], used=[(self.body, "B-1", 5)])
        with self.assertRaisesRegex(ReportRefused, "9 were used"), self.env.cr.savepoint():
            self.report(order, "finished", [("DEV-2", 4, "good")], used=[(self.body, "B-1", 4)])

    def test_a_correction_before_the_receipt_is_what_is_posted(self):
        self.at_processor(self.body, "B-1", "B-2")
        self.at_processor(self.screw, "S-1")
        order = self.begun(self.made_order())
        first = self.report(order, "finished", [("DEV-1", 10, "good")], used=[
            (self.body, "B-1", 10), (self.screw, "S-1", 20)])
        self.report(order, "finished", [("DEV-1", 9, "good"), ("DEV-1", 1, "reject")], used=[
            (self.body, "B-2", 10), (self.screw, "S-1", 20)], supersedes=first.reference)
        self.report(order, "shipped", [("DEV-1", 9, "good")])
        picking = order.move_ids.picking_id
        self.assertEqual(picking.move_line_ids.mapped("quantity"), [9])
        picking.move_ids.picked = True
        picking.with_context(cancel_backorder=True)._action_done()
        lot = self.env["stock.lot"].search([("name", "=", "DEV-1")])
        self.assertEqual(self.consumed(lot), {"B-2": 10, "S-1": 20})
        self.assertEqual(order.state, "received")

    def test_unreleased_lots_go_to_a_processor_only_under_its_agreement(self):
        self.company.med_gate_mode = "enforce"
        lot = self.in_stock(self.stent, "U-1", status="quarantine")
        order = self.process_order(lot, send=False)
        with self.assertRaisesRegex(UserError, "Not allowed now"), self.env.cr.savepoint():
            self.post(order.send_picking_ids)
        self.site.with_user(self.anna).sudo().write({
            "med_quarantine_agreement": "QA-1", "med_quarantine_until": "2030-01-01"})
        self.post(order.send_picking_ids)
        self.assertEqual(order.send_picking_ids.location_dest_id, self.place)

    def test_a_hold_of_ours_reaches_the_processor_that_has_the_lots(self):
        lots = self.in_stock(self.stent, "H-1", "H-2")
        order = self.process_order(lots)
        hold, _told = self.hold(lots[0])
        event = order.event_ids
        self.assertEqual((event.kind, event.origin, event.reference, event.lot_ids.lot_id),
                         ("note", "own", hold.name, lots[0]))
        body = self.at_processor(self.body, "B-1")
        made = self.made_order()
        self.hold(body)
        self.assertEqual(made.event_ids.lot_ids.lot_id, body)

    def test_more_held_lots_are_found_there_with_as_many_queries(self):
        def queries(lots):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = lots._med_orders_there()
            self.assertEqual(sum(map(len, found.values())), len(lots))
            return self.cr.sql_log_count - before
        lots = self.at_processor(self.body, *(f"B-{number}" for number in range(6)))
        self.made_order()
        queries(lots)  # what is looked up once
        self.assertEqual(queries(lots), queries(lots[0]))

    def test_an_order_is_cancelled_while_nothing_is_there_and_the_processor_is_told(self):
        lot = self.in_stock(self.stent, "C-1")
        order = self.process_order(lot, send=False)
        order.action_cancel()
        self.assertEqual((order.state, order.send_picking_ids.state, order.event_ids.reference),
                         ("cancelled", "cancel", "cancelled"))
        self.assertFalse(lot.quant_ids.filtered("reserved_quantity"))
        sent = self.process_order(lot)
        with self.assertRaisesRegex(UserError, "sent back first"):
            sent.action_cancel()
        self.report(sent, "declined", note="No capacity")
        self.assertEqual(sent.state, "declined")
        back = self.env["stock.picking"].browse(sent.action_return()["res_id"])
        self.post(back)
        sent.action_cancel()
        self.assertEqual(sent.state, "cancelled")
        begun = self.begun(self.process_order(self.in_stock(self.stent, "C-2")))
        with self.assertRaisesRegex(UserError, "has begun"):
            begun.action_cancel()

    def test_more_than_is_free_is_not_sent(self):
        with self.assertRaisesRegex(UserError, "more would be needed"):
            self.process_order(self.in_stock(self.stent, "F-1"), quantity=11)

    def test_a_cancelled_receipt_cancels_its_order_and_a_released_one_is_not_changed(self):
        order = self.made_order()
        with self.assertRaisesRegex(UserError, "cancel that"):
            order.action_cancel()
        order.purchase_line_id.order_id.button_cancel()
        self.assertEqual(order.state, "cancelled")
