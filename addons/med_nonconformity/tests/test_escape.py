from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NonconformityCase
from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestEscape(NonconformityCase):
    """No lot, part or document slips away between the report and the last unit."""

    requirement = "ISO-8.3.1 ISO-8.3.2 ISO-8.3.4 Q3 T3"

    def test_a_lot_taken_off_the_list_is_not_freed_by_the_decision_about_the_others(self):
        one, other = lots = self.in_stock(self.stent, "C1", "C2")
        record = self.evaluated(lots)
        self.line(record, other).with_user(self.anna).unlink()
        self.line(record, one, decision="scrap")
        self.decide_all(record)
        self.assertEqual(lots.mapped("med_hold_count"), [1, 1])

    def test_an_empty_list_frees_nothing(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot)
        record.line_ids.with_user(self.anna).unlink()
        self.decide_all(record)
        self.assertEqual(lot.med_hold_count, 1)
        with self.assertRaisesRegex(UserError, "still holds C1"):
            self.close_it(record)
        record.with_user(self.anna).med_transition("revise", reason="C1 is of it after all")
        record.with_user(self.anna).add_lots(lots=lot.ids)
        self.line(record, lot, decision="scrap")
        self.decide_all(record)
        record.with_user(self.anna).action_make_documents()
        self.assertEqual(self.close_it(record).state, "closed")

    def test_a_part_that_others_split_off_stays_held_until_it_is_decided(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot)
        told = lot.with_user(self.walter).med_split(quantity=4, reason="Another shelf")
        part = self.env["stock.lot"].browse(told["lot"])
        record.with_user(self.anna).action_read_stock()
        self.line(record, lot, decision="scrap")
        self.decide_all(record)
        self.assertEqual((part.med_status, part.med_hold_count), ("released", 1))
        record.with_user(self.anna).action_make_documents()
        with self.assertRaisesRegex(UserError, "still holds C1-1"):
            self.close_it(record)

    def test_a_decided_one_whose_content_changes_holds_its_lots_again(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot, "return")
        record.with_user(self.anna).action_make_documents()
        picking = record.line_ids.move_ids.picking_id
        record.with_user(self.ines).description = "It is worse"
        self.assertEqual((record.state, lot.med_hold_count, picking.state),
                         ("reported", 1, "cancel"))

    def test_deciding_anew_takes_back_the_documents_that_are_not_posted(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot, "rework", instruction="WI-7")
        record.with_user(self.anna).action_make_documents()
        order = record.line_ids.production_id
        record.with_user(self.anna).med_transition("revise", reason="Cannot be reworked")
        self.assertEqual(order.state, "cancel")
        self.line(record, lot, decision="scrap")
        self.decide_all(record)
        record.with_user(self.anna).action_make_documents()
        self.assertEqual(self.close_it(record).state, "closed")

    def test_the_order_whose_release_waits_is_signed_with_it(self):
        order = self.make(self.stent, 2, [], lots=self.lots_of(self.stent, "S1"))
        record = self.evaluated(order.lot_producing_ids)
        record.sudo().production_id = order
        self.assertEqual(record.state, "reported")


@tagged("post_install", "-at_install")
class TestRework(NonconformityCase):
    """What is reworked comes out under the number meant for it, all of it."""

    requirement = "ISO-8.3.4 Q3"

    def rework(self, lot, **values):
        record = self.decided(lot, "rework", instruction="WI-7", **values)
        record.with_user(self.anna).action_make_documents()
        return record, record.line_ids.production_id

    def test_a_part_is_reworked_and_the_rest_in_the_backorder(self):
        lot = self.in_stock(self.stent, "C1")
        record, order = self.rework(lot)
        order.qty_producing = 4
        order._set_qty_producing()
        self.close(order, backorder=True)
        self.assertEqual((record.line_ids.posted, record.line_ids.done), (4, False))
        rest = order.production_group_id.production_ids - order
        record.with_user(self.anna).action_make_documents()
        self.assertEqual(record.line_ids.production_id, order)
        rest.lot_producing_ids = self.lots_of(self.stent, "C1-REST")
        rest.qty_producing = 6
        rest._set_qty_producing()
        self.close(rest)
        self.assertEqual(self.close_it(record).state, "closed")

    def test_what_an_order_left_goes_into_another(self):
        lot = self.in_stock(self.stent, "C1")
        record, order = self.rework(lot)
        order.qty_producing = 4
        order._set_qty_producing()
        self.close(order)
        record.with_user(self.anna).action_make_documents()
        again = record.line_ids.production_id
        self.assertEqual((again.product_qty, again.lot_producing_ids.name), (6, "C1-R2"))
        self.close(again)
        self.assertEqual(self.close_it(record).state, "closed")

    def test_a_cancelled_order_is_made_anew(self):
        lot = self.in_stock(self.stent, "C1")
        record, order = self.rework(lot)
        order.action_cancel()
        record.with_user(self.anna).action_make_documents()
        self.close(record.line_ids.production_id)
        self.assertEqual(self.close_it(record).state, "closed")

    def test_another_rejected_lot_gets_no_better_by_what_is_reworked_into_it(self):
        lot, other = self.in_stock(self.stent, "C1", "C2")
        self.decide(other, "rejected")
        _record, order = self.rework(lot)
        order.qty_producing = 10
        order._set_qty_producing()
        order.lot_producing_ids = other
        order.move_finished_ids.move_line_ids.lot_id = other
        self.close(order)
        self.assertEqual((other.product_qty, other.med_status), (20, "rejected"))

    def test_no_client_says_which_document_settles_a_lot(self):
        lot = self.in_stock(self.stent, "C1")
        record, order = self.rework(lot)
        line, move = record.line_ids, order.move_raw_ids
        boss = self.person("warehouse,operator", "boris")
        for vals in ({"med_nonconformity_line_id": False},
                     {"med_nonconformity_line_id": line.id + 1}):
            with self.assertRaises(AccessError):
                move.with_user(boss).write(vals)
        values = {"product_id": self.stent.id, "product_uom_qty": 1,
                  "location_id": self.stock.id, "location_dest_id": self.customers.id}
        Move = self.env["stock.move"].with_user(boss).with_context(
            default_med_nonconformity_line_id=line.id)
        self.assertFalse(Move.create(values).med_nonconformity_line_id)
        self.assertFalse(Move.create({
            **values, "product_id": self.tube.id, "med_nonconformity_line_id": line.id,
        }).med_nonconformity_line_id)
        scrap = self.env["stock.scrap"].with_user(boss).with_context(
            default_med_nonconformity_line_id=line.id).create(
                {"product_id": self.stent.id, "lot_id": lot.id, "scrap_qty": 1})
        self.assertFalse(scrap.med_nonconformity_line_id)
        with self.assertRaises(AccessError):
            scrap.med_nonconformity_line_id = line


@tagged("post_install", "-at_install")
class TestMadeGood(NonconformityCase, DeviationCase):
    """A rejection is made good for what was decided about, and for nothing else."""

    requirement = "ISO-8.2.6 ISO-8.3.2 Q2 Q3"

    def rejected(self, *names):
        self.plan()
        lots = self.receive(self.stent, dict.fromkeys(names, 10))
        inspections = self.env["med.inspection"].search([("lot_ids", "in", lots.ids)])
        for one in inspections:
            self.finish(one, bad=("1",), decide="reject")
        records = self.env["med.nonconformity"].search([
            ("source_model", "=", "med.inspection"), ("source_id", "in", inspections.ids)])
        for record in records:
            record.with_user(self.anna).write({
                "defect_class": "minor", "evaluation": "Looks only",
                "investigation": "not_needed", "investigation_reason": "Seen before"})
            self.sign(record, self.anna, "reviewed", transition="evaluate")
        return lots, records.sorted("id")

    def conceded(self, record, lot):
        concession = self.approved("concession", lot_ids=[Command.set(lot.ids)], quantity=100)
        self.line(record, lot, decision="use_as_is", concession_id=concession.id)

    def standing(self, lot):
        return {one.name for _lot, one in lot._med_standing(("blocking", "=", True))}

    def test_rework_that_was_only_decided_makes_nothing_good(self):
        lot, record = self.rejected("B1")
        self.line(record, lot, decision="rework", instruction="WI-7")
        self.decide_all(record)
        self.assertTrue(self.standing(lot))

    def test_what_is_used_as_it_is_is_good_and_its_later_parts_are(self):
        lot, record = self.rejected("B1")
        self.conceded(record, lot)
        self.decide_all(record)
        self.assertFalse(self.standing(lot))
        self.tick()
        part, _repack = lot._med_split(4, self.stock, "Another shelf")
        self.assertFalse(self.standing(part))

    def test_a_part_split_off_before_the_decision_is_not_made_good_by_it(self):
        lot, record = self.rejected("B1")
        part, _repack = lot._med_split(4, self.stock, "Another shelf")
        self.tick()
        record.with_user(self.anna).action_read_stock()
        self.conceded(record, lot)
        self.decide_all(record)
        self.assertFalse(self.standing(lot))
        self.assertTrue(self.standing(part))
        self.assertEqual(part.med_hold_count, 1)

    def test_what_is_not_decided_or_decided_otherwise_is_not_released(self):
        lot = self.in_stock(self.stent, "C1", status="quarantine")
        record = self.evaluated(lot, user=self.person("viewer", "vera"))
        self.assertFalse(lot.med_hold_count)
        part, _repack = lot._med_split(4, self.stock, "Another shelf")
        for one in lot | part:
            with self.assertRaisesRegex(UserError, "does not let it be used"):
                self.decide(one, "released")
        record.with_user(self.anna).action_read_stock()
        self.line(record, lot, decision="scrap")
        self.decide_all(record)
        with self.assertRaisesRegex(UserError, "does not let it be used"):
            self.decide(lot, "released")

    def test_what_falls_back_gives_its_concession_back(self):
        lot, record = self.rejected("B1")
        self.conceded(record, lot)
        self.decide_all(record)
        self.decide(lot, "released")
        record.with_user(self.anna).description = "It is worse"
        self.assertEqual((record.state, lot.med_hold_count, record.line_ids.concession_id.used),
                         ("reported", 1, 0))

    def test_a_part_does_not_conform_by_what_was_inspected_after_it_left(self):
        self.plan()
        inspection = self.inspected("B1", 10)
        record = self.evaluated(inspection.lot_ids)
        record.line_ids.with_user(self.anna).split(quantity=4)
        self.tick()
        self.finish(inspection)
        record.line_ids.with_user(self.anna).write({"decision": "conforms"})
        with self.assertRaisesRegex(UserError, "B1-1 was not inspected again"):
            self.decide_all(record)
        self.tick()
        later, _repack = inspection.lot_ids._med_split(2, self.stock, "Another shelf")
        record.with_user(self.anna).add_lots(lots=later.ids)
        self.line(record, later, decision="conforms")
        self.line(record, record.line_ids.lot_id.filtered(lambda one: one.name == "B1-1"),
                  decision="scrap")
        record.with_user(self.anna).action_read_stock()
        self.assertEqual(self.decide_all(record).state, "decided")
