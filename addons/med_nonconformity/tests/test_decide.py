import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NonconformityCase


@tagged("post_install", "-at_install")
class TestDecide(NonconformityCase):
    """Every lot has one decision, and closing waits until stock has become what was decided."""

    requirement = "ISO-8.3.2 ISO-8.3.3 ISO-8.3.4 Q3"

    def test_scrapped_goods_are_gone_before_it_closes(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot)
        self.assertEqual((lot.med_status, lot.med_hold_count), ("rejected", 0))
        with self.assertRaisesRegex(UserError, "C1: Scrap is not done: 0 of 10"):
            self.close_it(record)
        record.with_user(self.anna).action_make_documents()
        self.assertEqual((record.line_ids.posted, record.line_ids.on_hand), (10, 0))
        self.assertEqual(self.close_it(record).state, "closed")

    def test_documents_are_made_once(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot, "return")
        for _again in range(2):
            record.with_user(self.anna).action_make_documents()
        self.assertEqual(len(record.line_ids.move_ids), 1)

    def test_goods_go_back_to_the_supplier_by_a_transfer(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot, "return")
        record.with_user(self.anna).action_make_documents()
        picking = record.line_ids.move_ids.picking_id
        self.assertEqual((picking.state, picking.partner_id), ("assigned", self.supplier))
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertFalse(record.line_ids.done)
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True)._action_done()
        self.assertTrue(record.line_ids.done)
        self.assertEqual(self.close_it(record).state, "closed")

    def test_rework_makes_an_order_and_gives_a_new_number_that_waits(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot, "rework", instruction="WI-7 rev 2")
        record.with_user(self.anna).action_make_documents()
        order = record.line_ids.production_id
        self.assertEqual((order.product_id, order.product_qty), (self.stent, 10))
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, lot)
        self.close(order)
        new = order.lot_producing_ids
        self.assertEqual((new.name, new.med_status, lot.med_status),
                         ("C1-R1", "quarantine", "rejected"))
        self.assertEqual(self.names(self.backward(new)), ["C1"])
        self.assertEqual(self.close_it(record).state, "closed")

    def test_a_reworked_serial_keeps_its_number_and_is_decided_anew(self):
        pump = self.product("Serial pump", tracking="serial", med_controlled=True)
        lot = self.in_stock(pump, "P-1", quantity=1)
        record = self.decided(lot, "rework", instruction="WI-7")
        record.with_user(self.anna).action_make_documents()
        self.close(record.line_ids.production_id)
        self.assertEqual(record.line_ids.production_id.lot_producing_ids, lot)
        self.assertEqual((lot.med_status, record.line_ids.done), ("quarantine", True))
        self.assertEqual(self.close_it(record).state, "closed")

    def test_no_other_rejected_lot_slips_into_an_order_of_rework(self):
        lot, other = self.in_stock(self.stent, "C1", "C2")
        self.decide(other, "rejected")
        record = self.decided(lot, "rework", instruction="WI-7")
        record.with_user(self.anna).action_make_documents()
        order = record.line_ids.production_id
        order.move_raw_ids.move_line_ids.lot_id = other
        with self.assertRaisesRegex(UserError, "C2"):
            self.close(order)

    def test_regraded_goods_become_another_product(self):
        lot = self.in_stock(self.stent, "C1")
        training = self.product("Training stent", med_controlled=True)
        record = self.decided(lot, "regrade", product_to_id=training.id)
        record.with_user(self.anna).action_make_documents()
        new = record.line_ids.repack_id.output_ids.lot_id
        self.assertEqual((new.product_id, new.product_qty), (training, 10))
        self.assertEqual(self.close_it(record).state, "closed")

    def test_what_a_decision_needs(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot)
        for values, words in (
                ({"decision": False}, "decide what becomes"),
                ({"decision": "rework"}, "approved instruction"),
                ({"decision": "regrade"}, "name the product"),
                ({"decision": "use_as_is"}, "name the concession")):
            with self.subTest(values):
                self.line(record, lot, **values)
                with self.assertRaisesRegex(UserError, words):
                    self.decide_all(record)
        self.assertEqual(record.state, "evaluated")

    def test_goods_with_consignees_ask_what_is_done_about_them(self):
        lot = self.in_stock(self.stent, "C1")
        self.deliver([(self.stent, lot, 4)])
        record = self.evaluated(lot)
        line = self.line(record, lot, decision="scrap")
        self.assertEqual((line.quantity, line.gone), (6, 4))
        with self.assertRaisesRegex(UserError, "with consignees"):
            self.decide_all(record)
        record.with_user(self.anna).gone_action = "Advisory notice 12"
        self.assertEqual(self.decide_all(record).state, "decided")

    def test_stock_that_changed_is_read_again_first(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot)
        self.line(record, lot, decision="scrap")
        self.count_stock(self.stent, lot, 9)
        with self.assertRaisesRegex(UserError, "9 .* in stock, and 10"):
            self.decide_all(record)
        record.with_user(self.anna).action_read_stock()
        self.assertEqual(self.decide_all(record).line_ids.quantity, 9)

    def test_a_critical_defect_is_decided_by_two(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot, defect="T-CRK")
        self.line(record, lot, decision="scrap")
        self.assertEqual(self.decide_all(record).state, "evaluated")
        with self.assertRaises(UserError):
            self.decide_all(record)
        self.assertEqual(self.decide_all(record, self.bert).state, "decided")

    def test_decided_lots_are_changed_by_deciding_anew(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot)
        with self.assertRaisesRegex(UserError, "Decide Anew"):
            self.line(record, lot, decision="return")
        with self.assertRaisesRegex(UserError, "Decide Anew"):
            record.line_ids.with_user(self.anna).unlink()
        record.with_user(self.anna).med_transition("revise", reason="Supplier takes it back")
        self.assertEqual((record.state, lot.med_hold_count), ("evaluated", 1))
        self.line(record, lot, decision="return")
        self.assertEqual(self.decide_all(record).state, "decided")
        self.assertEqual(lot.med_hold_count, 0)

    def test_what_is_none_frees_its_lots(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.reported(lot)
        record.with_user(self.anna).conclusion = "Light on the glass"
        self.sign(record, self.anna, "reviewed", transition="cancel")
        self.assertEqual((record.state, lot.med_hold_count, lot.med_status),
                         ("cancelled", 0, "released"))

    def test_who_reported_it_does_not_say_that_it_is_none(self):
        record = self.reported(user=self.anna)
        record.with_user(self.anna).conclusion = "Mine"
        with self.assertRaises(UserError):
            self.sign(record, self.anna, "reviewed", transition="cancel")

    def test_a_hold_of_others_stays(self):
        lot = self.in_stock(self.stent, "C1")
        self.hold(lot)
        self.decided(lot)
        self.assertEqual(lot.med_hold_count, 1)

    def test_lines_are_written_by_quality_assurance_and_stock_by_nobody(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.evaluated(lot)
        with self.assertRaises(AccessError):
            record.line_ids.with_user(self.walter).write({"decision": "scrap"})
        for vals in ({"quantity": 3}, {"lot_id": lot.id}, {"production_id": 1},
                     {"repack_id": 1}, {"basis": "exact"}, {"company_id": self.company.id}):
            with self.subTest(vals), self.assertRaises(AccessError):
                record.line_ids.with_user(self.anna).write(vals)

    def test_the_evidence_of_the_lot_tells(self):
        lot = self.in_stock(self.stent, "C1")
        record = self.decided(lot)
        rows = {section["key"]: section["rows"] for section in
                lot.with_user(self.anna)._med_evidence_sections()}["nonconformities"]
        self.assertEqual([(row["name"], row["decision"], row["quantity"]) for row in rows],
                         [(record.name, "Scrap", 10)])


@tagged("post_install", "-at_install")
class TestParts(NonconformityCase):
    """Parts of a lot are decided about by themselves, and nothing remains."""

    requirement = "ISO-8.3.2 TRC-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def test_a_part_has_a_number_a_hold_and_a_decision_of_its_own(self):
        lot = self.in_stock(self.stent, "D1", quantity=30)
        record = self.evaluated(lot)
        told = record.line_ids.with_user(self.anna).split(quantity=2, unit=self.dozen.id)
        part = self.env["stock.lot"].browse(told["lot"])
        self.assertEqual((part.product_qty, lot.product_qty, part.med_hold_count), (24, 6, 1))
        self.assertEqual({line.lot_id: line.quantity for line in record.line_ids},
                         {lot: 6, part: 24})
        self.line(record, lot, decision="scrap")
        self.line(record, part, decision="return")
        self.decide_all(record)
        self.assertEqual((lot | part).mapped("med_hold_count"), [0, 0])

    def test_a_part_is_smaller_than_its_lot_and_its_unit_converts(self):
        lot = self.in_stock(self.stent, "D1")
        line = self.evaluated(lot).line_ids.with_user(self.anna)
        for kw in ({"quantity": 10}, {"quantity": 0}, {"quantity": -1}, {"quantity": True},
                   {"quantity": 1, "unit": self.dozen.id},
                   {"quantity": 1, "unit": self.env.ref("uom.product_uom_kgm").id}):
            with self.subTest(kw), self.assertRaises(UserError), self.cr.savepoint():
                line.split(**kw)
        with self.assertRaises(AccessError):
            line.with_user(self.walter).split(quantity=1)

    def test_a_part_that_was_split_off_is_not_forgotten(self):
        lot = self.in_stock(self.stent, "D1")
        record = self.evaluated(lot)
        told = record.line_ids.with_user(self.anna).split(quantity=4)
        with self.assertRaisesRegex(UserError, "split off here"):
            self.env["med.nonconformity.line"].with_user(self.anna).browse(told["line"]).unlink()

    def test_no_sequence_of_decisions_closes_with_a_remainder(self):
        """Parts of random size in random units, decided at random, posted in random order."""
        for seed in range(6):
            chance = random.Random(seed)
            kilo = self.env.ref("uom.product_uom_kgm")
            units = chance.choice([
                (self.env.ref("uom.product_uom_unit"), self.dozen),
                (kilo, self.env.ref("uom.product_uom_gram"))])
            product = self.product(f"Goods {seed}", med_controlled=True, uom_id=units[0].id)
            lot = self.in_stock(product, f"E{seed}", quantity=chance.choice([40, 96, 37]))
            record = self.evaluated(lot)
            for _split in range(chance.randint(0, 3)):
                line = chance.choice(record.line_ids)
                unit = chance.choice(units)
                whole = product.uom_id._compute_quantity(line.quantity, unit, round=False)
                try:
                    with self.cr.savepoint():
                        line.with_user(self.anna).split(
                            quantity=round(whole * chance.random(), 2), unit=unit.id)
                except UserError:
                    continue
            total = sum(record.line_ids.mapped("quantity"))
            for line in record.line_ids:
                line.with_user(self.anna).write({
                    "decision": chance.choice(["scrap", "return", "rework"]),
                    "instruction": "WI-1"})
            self.decide_all(record)
            record.with_user(self.anna).action_make_documents()
            while not all(record.line_ids.mapped("done")):
                with self.subTest(seed), self.assertRaises(UserError), self.cr.savepoint():
                    self.close_it(record)
                line = chance.choice(record.line_ids.filtered(lambda one: not one.done))
                if line.decision == "return":
                    picking = line.move_ids.picking_id
                    picking.move_ids.picked = True
                    picking.with_context(skip_expired=True)._action_done()
                else:
                    self.close(line.production_id)
            self.close_it(record)
            posted = sum(record.line_ids.mapped("posted"))
            self.assertEqual(record.state, "closed")
            self.assertFalse(product.uom_id.compare(posted, total), (seed, posted, total))
