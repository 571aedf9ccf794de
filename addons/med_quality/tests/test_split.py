from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestSplit(GoodsCase):
    """A part of a lot gets a status of its own, and is never freer than the lot it comes from."""

    requirement = "ISO-7.5.8 ISO-8.3.1 T2 T6"

    def split(self, lot, quantity=4, user=None, **kw):
        told = lot.with_user(user or self.picker).med_split(
            **{"quantity": quantity, "reason": "Wet", **kw})
        return self.env["stock.lot"].browse(told["lot"]), told

    def test_a_part_keeps_status_expiry_and_genealogy(self):
        lot = self.in_stock(self.stent, "PART")
        lot.expiration_date = "2027-01-01 00:00:00"
        part, told = self.split(lot)
        self.assertEqual((part.name, part.med_status, part.product_qty, lot.product_qty),
                         ("PART-1", "released", 4, 6))
        self.assertEqual(part.expiration_date, lot.expiration_date)
        self.assertEqual(self.names(self.backward(part)), ["PART"])
        self.assertEqual((told["version"], told["hold"]), (1, 0))
        self.assertEqual(self.split(lot, 1)[0].name, "PART-2")
        self.assertInStep()

    def test_a_part_is_held_in_the_same_step_and_the_rest_is_free(self):
        lot = self.in_stock(self.stent, "HALF")
        part, told = self.split(lot, hold=True, source="excursion", owner=self.anna.id)
        hold = self.env["med.hold"].browse(told["hold"])
        self.assertEqual((hold.line_ids.lot_id, hold.source, hold.owner_id, hold.placed_by_id),
                         (part, "excursion", self.anna, self.picker))
        self.assertEqual((lot.med_hold_count, part.med_hold_count), (0, 1))
        self.company.med_checkout_mode = "observe"
        self.deliver([(self.stent, lot, 6)])
        with self.assertRaisesRegex(UserError, "HALF-1"):
            self.deliver([(self.stent, part, 1)])

    def test_no_status_and_no_hold_is_left_behind(self):
        for status in ("quarantine", "rejected", "conditional", "held", "expired"):
            with self.subTest(status):
                lot = self.in_stock(self.stent, f"BAD-{status}", status=status)
                part, _told = self.split(lot)
                self.assertEqual(part.med_condition, lot.med_condition)
                self.assertEqual(part.med_status, lot.med_status)
                self.assertEqual(part.med_hold_count, lot.med_hold_count)

    def test_the_hold_of_a_part_names_the_hold_it_comes_from_and_both_are_lifted(self):
        lot = self.in_stock(self.stent, "TWICE", status="held")
        part, _told = self.split(lot)
        first = lot.med_hold_line_ids.hold_id
        second = part.med_hold_line_ids.hold_id
        self.assertEqual((second.source_model, second.source_id), ("med.hold", first.id))
        first.with_user(self.anna).lift("anna", "anna-secret", conclusion="found")
        self.assertEqual((lot.med_hold_count, part.med_hold_count), (0, 1))

    def test_nothing_is_put_into_a_lot_that_is_freer(self):
        good, plain = self.in_stock(self.stent, "GOOD"), self.product("Plain box")
        for status in ("quarantine", "rejected"):
            bad = self.in_stock(self.stent, f"INTO-{status}", status=status)
            for kind, output in (("split", (self.stent, good, 2)), ("merge", (self.stent, good, 2)),
                                 ("relabel", (self.stent, good, 2)),
                                 ("repack", (self.stent, good, 2)),
                                 ("repack", (self.tube, self.in_stock(
                                     self.tube, f"T-{status}"), 2)),
                                 ("repack", (plain, f"P-{status}", 2))):
                with self.subTest(status=status, kind=kind), self.assertRaisesRegex(
                        UserError, "is freer than|is not repacked into it"), (
                        self.env.cr.savepoint()):
                    self.repack(kind, [(bad, 2)], [output])
        held = self.in_stock(self.stent, "INTO-held", status="held")
        with self.assertRaisesRegex(UserError, "is freer than"), self.env.cr.savepoint():
            self.repack("split", [(held, 2)], [(self.stent, good, 2)])

    def test_relabelled_and_merged_lots_are_decided_anew_and_rejected_ones_stay(self):
        good, bad = self.in_stock(self.stent, "RE-1"), self.in_stock(
            self.stent, "RE-2", status="rejected")
        for lot, expected in ((good, "quarantine"), (bad, "rejected")):
            made = self.repack("relabel", [(lot, 2)], [(self.stent, f"{lot.name}-NEW", 2)])
            self.assertEqual(made.output_ids.lot_id.med_status, expected)
        both = self.repack("merge", [(good, 2), (bad, 2)], [(self.stent, "RE-BOTH", 4)])
        self.assertEqual(both.output_ids.lot_id.med_status, "rejected")

    def test_a_plain_product_is_not_split_here(self):
        lot = self.receive(self.product("Screw"), {"PLAIN": 5})
        with self.assertRaisesRegex(UserError, "is not controlled"):
            self.split(lot)

    def test_arguments_are_told_in_one_sentence_and_nothing_is_split(self):
        lot = self.in_stock(self.stent, "ARG")
        serial = self.product("Scope", "serial", med_controlled=True)
        unit = self.receive(serial, {"SN-1": 1})
        shelf = self.stock.create({"name": "Far shelf", "location_id": self.stock.id})
        for target, arguments, words in (
                (lot, {"quantity": 0}, "“quantity”"), (lot, {"quantity": True}, "“quantity”"),
                (lot, {"quantity": float("nan")}, "“quantity”"),
                (lot, {"quantity": 11}, "Only 10"), (lot, {"reason": " "}, "“reason”"),
                (lot, {"name": 7}, "“name”"), (lot, {"source": "whim"}, "“source”"),
                (lot, {"owner": 2 ** 30}, "“owner”"), (lot, {"location": shelf.id}, "is not there"),
                (lot, {"name": "ARG"}, "already has a lot"), (unit, {"quantity": 1}, "is one unit"),
                (lot | unit, {"quantity": 1}, "one lot at a time")):
            with self.subTest(arguments), self.assertRaisesRegex(UserError, words):
                self.split(target, **arguments)
        self.move([(self.stent, lot, 3)], self.stock, shelf)
        with self.assertRaisesRegex(UserError, "name one of them"):
            self.split(lot)
        self.assertEqual(self.split(lot, 1, location=shelf.id)[0].product_qty, 1)

    def test_who_may_not_hold_does_not_split(self):
        lot = self.in_stock(self.stent, "ROLE")
        for role in ("viewer", "auditor", "purchasing"):
            with self.assertRaisesRegex(AccessError, "splits no lots"):
                self.split(lot, user=self.user(role, login=f"split_{role}"))
        for role in ("operator", "inspector", "qa"):
            self.split(lot, 1, user=self.user(role, login=f"split_{role}"))

    def test_defaults_of_the_caller_do_not_get_in(self):
        lot = self.in_stock(self.stent, "DEFAULT")
        told = lot.with_user(self.picker).with_context(
            default_lot_id=self.in_stock(self.stent, "VICTIM").id, default_med_status="released",
            default_back_quantity=1, default_kind="repack", default_state="done",
            default_conclusion="fine").med_split(quantity=2, reason="Wet", hold=True)
        part = lot.browse(told["lot"])
        self.assertEqual((part.name, part.product_qty, part.med_hold_count), ("DEFAULT-1", 2, 1))
        self.assertFalse(part.med_hold_line_ids.hold_id.conclusion)

    def test_the_dialog_splits_and_holds(self):
        lot = self.in_stock(self.stent, "DIALOG")
        wizard = self.env["med.lot.split"].with_user(self.picker).with_context(
            **lot.action_med_split()["context"]).create({"quantity": 3, "reason": "Wet"})
        self.assertEqual((wizard.location_id, wizard.on_hand, wizard.hold), (self.stock, 10, True))
        part = lot.browse(wizard.action_split()["res_id"])
        self.assertEqual((part.product_qty, part.med_hold_count), (3, 1))

    def test_what_is_reserved_is_not_split_off(self):
        lot = self.in_stock(self.stent, "TAKEN-1")
        self.delivery([(lot, 8)])
        with self.assertRaisesRegex(UserError, "Only 2"), self.env.cr.savepoint():
            self.split(lot, 4)
        self.assertFalse(self.env["med.repack"].search([("input_ids.lot_id", "=", lot.id)]))

    def test_a_lot_without_a_status_yet_splits_into_quarantine(self):
        old = self.product("Old")
        lot = self.receive(old, {"OLD": 5})
        old.med_controlled = True
        self.assertEqual(self.split(lot, 2)[0].med_status, "quarantine")
