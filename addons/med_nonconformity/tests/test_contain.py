from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NonconformityCase


@tagged("post_install", "-at_install")
class TestContain(NonconformityCase):
    """Lots that share the cause are proposed by genealogy, and taken or left out with why."""

    requirement = "ISO-8.3.1 T1 Q3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.raw = cls.in_stock(cls.tube, "RAW1", "RAW2")
        cls.first = cls.make(cls.stent, 2, [(cls.tube, cls.raw[0], 2)],
                             lots=cls.lots_of(cls.stent, "S1")).lot_producing_ids
        cls.second = cls.make(cls.stent, 2, [(cls.tube, cls.raw[0], 2)],
                              lots=cls.lots_of(cls.stent, "S2")).lot_producing_ids
        cls.third = cls.make(cls.stent, 2, [(cls.tube, cls.raw[1], 2)],
                             lots=cls.lots_of(cls.stent, "S3")).lot_producing_ids

    def proposed(self, record):
        record.with_user(self.anna).propose()
        return {one.lot_id.name: one.basis for one in record.candidate_ids}

    def test_of_a_raw_lot_what_was_made_of_it_and_what_came_with_it(self):
        record = self.reported(self.raw[0])
        self.assertEqual(self.proposed(record),
                         {"S1": "exact", "S2": "exact", "RAW2": "possible"})

    def test_of_a_finished_lot_those_of_the_same_ingredients_as_possible(self):
        self.assertEqual(self.proposed(self.reported(self.first)), {"S2": "possible"})

    def test_what_is_taken_is_held_and_listed_and_what_is_left_out_says_why(self):
        record = self.reported(self.raw[0])
        self.proposed(record)
        found = {one.lot_id: one.with_user(self.anna) for one in record.candidate_ids}
        (found[self.first] | found[self.second]).take()
        with self.assertRaisesRegex(UserError, "say why"):
            found[self.raw[1]].leave_out(reason=" ")
        found[self.raw[1]].leave_out(reason="Measured: good")
        self.assertEqual(record.line_ids.lot_id, self.raw[0] | self.first | self.second)
        self.assertEqual((self.first | self.second | self.raw[1]).mapped("med_hold_count"),
                         [1, 1, 0])
        self.assertEqual(found[self.raw[1]].state, "left")
        self.assertEqual(found[self.raw[1]].decided_by_id, self.anna)

    def test_nothing_is_proposed_twice(self):
        record = self.reported(self.raw[0])
        self.proposed(record)
        self.assertEqual(record.with_user(self.anna).propose()["proposed"], 0)

    def test_no_decision_while_a_proposal_is_open(self):
        record = self.evaluated(self.first)
        record.line_ids.decision = "scrap"
        self.proposed(record)
        with self.assertRaisesRegex(UserError, "may share the cause"):
            self.decide_all(record)

    def test_proposals_are_for_quality_assurance_and_stay(self):
        record = self.reported(self.raw[0])
        with self.assertRaises(AccessError):
            record.with_user(self.walter).propose()
        self.proposed(record)
        one = record.candidate_ids[0]
        with self.assertRaises(AccessError):
            one.with_user(self.anna).write({"state": "left"})
        with self.assertRaises(AccessError):
            one.with_user(self.walter).take()
        with self.assertRaises(UserError):
            one.unlink()
