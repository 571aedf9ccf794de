from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestSteps(RecallCase):
    """From the suspicion to the decision."""

    requirement = "CN-RC-1 CN-RC-4 ISO-8.3.3"

    def test_a_decision_freezes_what_was_found_and_stops_it(self):
        lot = self.shipped("L-1")
        record = self.decided(lot)
        self.assertEqual(record.state, "decided")
        self.assertEqual(record.scope_id.state, "frozen")
        self.assertEqual(record.scope_id.line_ids.lot_id, lot)
        self.assertEqual(record.consignee_ids.partner_id, self.hospitals)
        self.assertEqual(sum(record.scope_id.delivery_ids.mapped("net")), 7)
        self.assertTrue(lot.med_hold_count)

    def test_what_was_shipped_since_the_lots_were_found_is_not_lost(self):
        lot = self.shipped("L-1")
        record = self.assessed(lot, drill=True)
        record.write({"action": "take_back", "instruction": "Do not use"})
        record.draw()
        self.deliver([(lot.product_id, lot, 1)], partner=self.hospitals[0])
        with self.assertRaisesRegex(UserError, "have come since"):
            self.sign(record, self.rana, "approved", transition="decide")
        record.draw()
        self.sign(record, self.rana, "approved", transition="decide")
        self.assertEqual(record.scope_id.number, 2)

    def test_who_assessed_does_not_decide(self):
        record = self.assessed(self.shipped("L-1"))
        record.write({"action": "warn", "instruction": "Read this"})
        record.draw()
        with self.assertRaisesRegex(UserError, "another person than the one who signed"):
            self.sign(record, self.anna, "approved", transition="decide")

    def test_what_a_recall_wrote_is_not_changed(self):
        record = self.decided(self.shipped("L-1"))
        for rows, values in ((record.scope_id, {"digest": "x"}),
                             (record.scope_id.line_ids[:1], {"shipped": 0}),
                             (record.scope_id.delivery_ids[:1], {"net": 0}),
                             (record.consignee_ids[:1], {"partner_id": self.anna.partner_id.id})):
            with self.subTest(rows._name), self.assertRaises(AccessError):
                rows.write(values)
            with self.subTest(rows._name), self.assertRaises(UserError):
                rows.unlink()
