from odoo.addons.med_quality.tests.common import QualityCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestProcessBatch(QualityCase):
    """A sterilisation load frees what was in it, and nothing else."""

    requirement = "ISO-7.5.1 ISO-8.2.6 CN-GMP-REL T3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olga = cls.person("operator", "olga")
        cls.grant(cls.olga, "performed")
        cls.grant(cls.anna, "performed")
        cls.stent.med_batch_process = "sterilisation_eo"

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-03 08:00:00")

    def load(self, *rows, **values):
        """Return a load of ``(lot, quantity)`` rows, being loaded."""
        return self.env["med.process.batch"].with_user(self.olga).create({
            "number": "EO-17", "cycle": "EO 3 rev. 2", "started_at": "2026-03-02 08:00:00",
            "ended_at": "2026-03-02 14:00:00",
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": quantity})
                         for lot, quantity in rows], **values})

    def results(self, batch, **values):
        batch.with_user(self.anna).write({
            "indicator_result": "no_growth", "indicator_lot": "BI-9",
            "indicator_read_at": "2026-03-03 07:00:00", "residuals": "within",
            "aeration_started_at": "2026-03-02 14:00:00",
            "aeration_ended_at": "2026-03-03 02:00:00", **values})

    def accepted(self, *rows, **values):
        batch = self.load(*rows, **values)
        self.sign(batch, self.olga, "performed")
        self.results(batch)
        self.sign(batch, self.anna, "approved")
        return batch

    def test_a_lot_is_released_after_its_accepted_run_only(self):
        lot = self.receive(self.stent, {"EO-A": 10})
        with self.assertRaisesRegex(UserError, "EO-A \\(10 Units, Sterilisation"):
            self.decide(lot, "released")
        batch = self.load((lot, 10))
        self.sign(batch, self.olga, "performed")
        with self.assertRaisesRegex(UserError, "EO-A"):
            self.decide(lot, "released")
        self.results(batch)
        self.sign(batch, self.anna, "approved")
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_a_run_frees_its_own_quantity_only(self):
        lot = self.receive(self.stent, {"EO-B": 10})
        self.accepted((lot, 6))
        with self.assertRaisesRegex(UserError, "EO-B \\(4 Units"):
            self.decide(lot, "released")
        self.accepted((lot, 4), number="EO-18")
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_a_run_of_another_process_frees_nothing(self):
        lot = self.receive(self.stent, {"EO-C": 10})
        self.accepted((lot, 10), process="cleaning")
        with self.assertRaisesRegex(UserError, "EO-C"):
            self.decide(lot, "released")

    def test_what_the_process_asks_for_is_known_before_acceptance(self):
        for values, words in (
                ({"indicator_result": "pending"}, "has not been read"),
                ({"indicator_result": "growth"}, "shows growth"),
                ({"indicator_lot": False}, "which lot"),
                ({"indicator_read_at": False}, "when it was read"),
                ({"aeration_ended_at": False}, "aeration has not ended"),
                ({"aeration_ended_at": "2026-03-04 08:00:00"}, "aeration has not ended"),
                ({"aeration_started_at": "2026-03-02 13:00:00"}, "do not follow"),
                ({"residuals": "pending"}, "residuals"),
                ({"residuals": "above"}, "residuals")):
            with self.subTest(values=values):
                lot = self.receive(self.stent, {f"EO-{words}-{len(values)}{values}": 1})
                batch = self.load((lot, 1), number=str(values))
                self.sign(batch, self.olga, "performed")
                self.results(batch, **values)
                with self.assertRaisesRegex(UserError, words):
                    self.sign(batch, self.anna, "approved")
                self.env.invalidate_all()
                self.assertEqual(batch.state, "processed")

    def test_who_ran_it_does_not_accept_it(self):
        batch = self.load((self.receive(self.stent, {"EO-D": 1}), 1))
        self.sign(batch, self.anna, "performed")
        self.results(batch)
        with self.assertRaises(UserError):
            self.sign(batch, self.anna, "approved")
        self.env.invalidate_all()
        self.assertEqual(batch.state, "processed")

    def test_a_run_that_ends_in_the_future_or_before_it_starts_is_refused(self):
        lot = self.receive(self.stent, {"EO-E": 1})
        for number, end in enumerate(("2026-03-02 07:00:00", "2026-03-09 08:00:00")):
            batch = self.load((lot, 1), ended_at=end, number=f"E{number}")
            with self.assertRaisesRegex(UserError, "ends after its start"):
                self.sign(batch, self.olga, "performed")

    def test_what_is_held_does_not_go_through(self):
        lot = self.in_stock(self.tube, "EO-F", status="held")
        batch = self.load((lot, 1))
        with self.assertRaisesRegex(UserError, "Held or rejected: EO-F"):
            self.sign(batch, self.olga, "performed")

    def test_a_rejected_run_holds_its_lots(self):
        lot = self.receive(self.stent, {"EO-G": 3})
        batch = self.load((lot, 3))
        self.sign(batch, self.olga, "performed")
        batch.with_user(self.anna).conclusion = "Chamber leak"
        self.sign(batch, self.anna, "rejected")
        self.assertEqual((batch.state, lot.med_hold_count), ("rejected", 1))
        self.assertEqual(lot.med_hold_line_ids.hold_id.source_id, batch.id)

    def test_changing_the_load_opens_the_run_again(self):
        lot = self.receive(self.stent, {"EO-H": 3})
        batch = self.load((lot, 2))
        self.sign(batch, self.olga, "performed")
        self.results(batch)
        self.assertEqual(batch.med_signature_status, "valid")
        batch.line_ids.with_user(self.olga).quantity = 3
        with self.assertRaises(UserError):
            self.sign(batch, self.anna, "approved")

    def test_the_lots_of_an_order_are_added_with_what_it_made(self):
        tube = self.in_stock(self.tube, "EO-T")
        order = self.make(self.stent, 5, [(self.tube, tube, 5)])
        batch = self.env["med.process.batch"].with_user(self.olga).new({
            "production_id": order.id})
        batch._onchange_production_id()
        self.assertEqual([(line.lot_id.product_id, line.quantity) for line in batch.line_ids],
                         [(self.stent, 5)])

    def test_what_goes_in_gets_a_number_of_its_own(self):
        lot = self.receive(self.stent, {"EO-J": 10})
        batch = self.load((lot, 6))
        batch.line_ids.with_user(self.olga).action_split_off()
        part = batch.line_ids.lot_id
        self.assertEqual((part.name, part.product_qty, lot.product_qty), ("EO-J-1", 6, 4))
        self.sign(batch, self.olga, "performed")
        with self.assertRaisesRegex(UserError, "are not changed"):
            batch.line_ids.with_user(self.olga).action_split_off()
        self.results(batch)
        self.sign(batch, self.anna, "approved")
        self.decide(part, "released")
        with self.assertRaisesRegex(UserError, "EO-J"):
            self.decide(lot, "released")

    def test_a_processed_lot_stays_processed_when_it_is_split(self):
        lot = self.receive(self.stent, {"EO-K": 10})
        self.accepted((lot, 10))
        part = lot.browse(lot.med_split(quantity=3, reason="Other market")["lot"])
        self.assertEqual(part.med_processed_as_id, lot)
        self.decide(part, "released")
        again = lot.browse(part.med_split(quantity=1, reason="Other box")["lot"])
        self.assertEqual(again.med_processed_as_id, part)

    def test_a_lot_that_was_not_processed_is_not_freed_by_splitting_it(self):
        lot = self.receive(self.stent, {"EO-L": 10})
        self.accepted((lot, 6))
        part = lot.browse(lot.med_split(quantity=6, reason="Free me")["lot"])
        self.assertFalse(part.med_processed_as_id)
        with self.assertRaisesRegex(UserError, "EO-L-1"):
            self.decide(part, "released")
        with self.assertRaisesRegex(UserError, "follows from its split"):
            part.sudo().med_processed_as_id = lot

    def test_what_did_not_go_through_does_not_join_what_did(self):
        lot = self.receive(self.stent, {"EO-M": 10})
        self.accepted((lot, 10))
        part = lot.browse(lot.med_split(quantity=3, reason="Other market")["lot"])
        other = self.receive(self.stent, {"EO-N": 4})
        loaded = self.receive(self.stent, {"EO-O": 5})
        batch = self.load((loaded, 5), number="EO-19")
        self.sign(batch, self.olga, "performed")
        for target in (part, lot, loaded):
            with self.assertRaisesRegex(UserError, f"{target.name} went through its process"):
                self.repack("merge", [(other, 2)], [(self.stent, target, 2)])
            self.env.invalidate_all()
        self.repack("merge", [(lot, 2)], [(self.stent, part, 2)])
        self.decide(part, "released")
        self.repack("merge", [(other, 1), (lot, 1)], [(self.stent, "EO-P", 2)])
        mixed = lot.search([("name", "=", "EO-P")])
        with self.assertRaisesRegex(UserError, "EO-P \\(2 Units"):
            self.decide(mixed, "released")

    def test_more_of_a_processed_lot_or_part_is_not_covered_by_what_left_it(self):
        lot = self.receive(self.stent, {"EO-Q": 10})
        self.accepted((lot, 10))
        part = lot.browse(lot.med_split(quantity=4, reason="Other market")["lot"])
        self.decide(lot | part, "released")
        self.receive(self.stent, {lot: 4, part: 1})
        with self.assertRaisesRegex(UserError, "EO-Q \\(4 Units.*EO-Q-1 \\(1 Units"):
            self.decide(lot | part, "released")

    def test_a_run_lists_no_more_than_is_there_and_in_no_other_run(self):
        lot = self.receive(self.stent, {"EO-R": 10})

        def refused(quantity, free, **values):
            batch = self.load((lot, quantity), number=f"R{quantity}{free}", **values)
            with self.assertRaisesRegex(UserError, f"Only {free} Units of EO-R are there"):
                self.sign(batch, self.olga, "performed")
            self.env.invalidate_all()
            batch.with_user(self.olga).med_transition("cancel", reason="Too many")

        refused(11, 10)
        waiting = self.load((lot, 3), number="R-W")
        refused(8, 7)
        self.sign(waiting, self.olga, "performed")
        refused(9, 7)
        waiting.with_user(self.anna).conclusion = "Leak"
        self.sign(waiting, self.anna, "rejected")
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Once more")
        self.accepted((lot, 10), number="R-A")
        refused(1, 0)
        self.accepted((lot, 10), number="R-C", process="cleaning")

    def test_of_which_product_and_company_a_line_is_follows_from_its_lot(self):
        lot, other = self.receive(self.stent, {"EO-S": 1}), self.company.create({"name": "Else"})
        plain = self.product("Plain")
        batch = self.load()
        line = self.env["med.process.batch.line"].with_user(self.olga).with_context(
            default_product_id=plain.id, default_company_id=other.id,
            default_batch_id=batch.id).create({
                "lot_id": lot.id, "quantity": 1,
                "product_id": plain.id, "company_id": other.id})
        self.env.cr.execute("SELECT product_id, company_id FROM med_process_batch_line "
                            "WHERE id = %s", [line.id])
        self.assertEqual(self.env.cr.fetchone(), (self.stent.id, self.company.id))
        for values in ({"product_id": plain.id}, {"company_id": other.id}):
            with self.assertRaisesRegex(AccessError, "follow from its lot"):
                line.write(values)

    def test_which_process_a_product_needs_is_set_by_quality(self):
        manager = self.user("warehouse")
        manager.group_ids += self.env.ref("stock.group_stock_manager") + self.env.ref(
            "product.group_product_manager")
        with self.assertRaisesRegex(AccessError, "set by quality"):
            self.stent.product_tmpl_id.with_user(manager).med_batch_process = False
        with self.assertRaisesRegex(AccessError, "set by quality"):
            self.env["product.template"].with_user(manager).with_context(
                default_med_batch_process="other").create({"name": "X"})

    def test_a_run_is_not_deleted_nor_seen_by_another_company(self):
        batch = self.load((self.receive(self.stent, {"EO-I": 1}), 1))
        with self.assertRaisesRegex(UserError, "not deleted"):
            batch.sudo().unlink()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user("operator", company_id=elsewhere.id,
                             company_ids=[Command.set(elsewhere.ids)])
        self.assertFalse(self.env["med.process.batch"].with_user(stranger).search(
            [("id", "=", batch.id)]))


@tagged("post_install", "-at_install")
class TestProcessBatchInspection(InspectCase):
    """A plan of stage “batch” is fulfilled for every lot of a run, once."""

    requirement = "ISO-7.5.1 ISO-8.2.6 I3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch_plan = cls.plan("batch", [cls.length(scope="lot")], [])

    def run_of(self, *lots, **values):
        self.clock.tick(3600)
        batch = self.env["med.process.batch"].with_user(self.olga).create({
            "process": "cleaning", "number": f"W-{lots[0].name}",
            "started_at": "2026-03-02 08:00:00", "ended_at": "2026-03-02 08:30:00",
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": lot.product_qty})
                         for lot in lots], **values})
        self.sign(batch, self.olga, "performed")
        return batch

    def measure(self, inspection, value="10"):
        self.enter(inspection, [{"characteristic": "len", "value": value}])
        self.submit(inspection)

    def accept_run(self, batch, words=""):
        if not words:
            return self.sign(batch, self.anna, "approved")
        with self.assertRaisesRegex(UserError, words):
            self.sign(batch, self.anna, "approved")
        self.env.invalidate_all()
        return None

    def test_a_run_waits_for_its_inspection(self):
        batch = self.run_of(self.receive(self.stent, {"PB-1": 3}))
        self.accept_run(batch, "Not accepted: INS")
        self.measure(batch.inspection_ids)
        self.accept(batch.inspection_ids)
        self.accept_run(batch)

    def test_a_cancelled_inspection_is_none(self):
        batch = self.run_of(self.receive(self.stent, {"PB-2": 3}))
        batch.inspection_ids.with_user(self.ines).med_transition("cancel", reason="Not today")
        self.accept_run(batch, "Not inspected: PB-2")
        gone = batch.inspection_ids
        gone.with_user(self.anna).inspect_again()
        again = batch.inspection_ids - gone
        self.assertEqual((again.seed, again.resubmission_of_id.id), (gone.seed, False))

    def test_recording_a_run_again_begins_what_is_missing_alone(self):
        one, two = self.receive(self.stent, {"PB-3": 3, "PB-4": 2})
        batch = self.run_of(one)
        self.measure(batch.inspection_ids)
        self.accept(batch.inspection_ids)
        batch.with_user(self.olga).write({"line_ids": [Command.create({
            "lot_id": two.id, "quantity": 2})]})
        self.assertEqual(batch.state, "open")
        self.sign(batch, self.olga, "performed")
        new, first = batch.inspection_ids.sorted("id", reverse=True)
        self.assertEqual((first.lot_ids, new.lot_ids, new.quantity), (one, two, 2))
        batch.with_user(self.olga).number = "W-9"
        self.sign(batch, self.olga, "performed")
        self.assertEqual(len(batch.inspection_ids), 2)
        self.reject(new)
        self.accept_run(batch, f"Not accepted: {new.name}")
        told = new.with_user(self.anna).inspect_again()
        again = batch.inspection_ids - new - first
        self.assertEqual((told["inspection"], again.resubmission_of_id, again.lot_ids),
                         (again.id, new, two))
        two.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Once more")
        self.measure(again)
        self.accept(again)
        self.accept_run(batch)
        self.decide(one | two, "released")

    def test_a_plan_that_does_not_block_asks_for_nothing(self):
        plan = self.plan("batch", [self.length(scope="lot")], [], blocking=False,
                         partner_ids=[Command.set(self.supplier.ids)])
        batch = self.run_of(self.receive(self.stent, {"PB-5": 1}), partner_id=self.supplier.id)
        self.assertEqual(batch.inspection_ids.plan_id, plan)
        batch.inspection_ids.with_user(self.ines).med_transition("cancel", reason="Not today")
        self.accept_run(batch)
