from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NonconformityCase
from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestFlow(NonconformityCase, DeviationCase):
    """From a failed receipt to the last unit: contained, returned, reworked, conceded, closed."""

    requirement = "ISO-8.3.1 ISO-8.3.2 ISO-8.3.4 TRC-3 Q1 Q3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()

    def rejected(self, name, quantity=12):
        """Return the nonconformity that rejecting a received lot began, evaluated, and the lot."""
        inspection = self.finish(self.inspected(name, quantity), bad=("1",), decide="reject")
        record = self.env["med.nonconformity"].search([
            ("source_model", "=", inspection._name), ("source_id", "=", inspection.id)])
        record.with_user(self.anna).write({
            "defect_class": "minor", "evaluation": "Too long by 2 mm",
            "investigation": "not_needed", "investigation_reason": "Known"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        return record, inspection.lot_ids

    def conceded(self, lot, quantity, **values):
        return self.approved("concession", quantity=quantity, lot_ids=[Command.set(lot.ids)],
                             **values)

    def split(self, record, lot, quantity):
        line = record.line_ids.filtered(lambda one: one.lot_id == lot)
        told = line.with_user(self.anna).split(quantity=quantity)
        return self.env["stock.lot"].browse(told["lot"])

    def test_a_failed_receipt_to_its_end(self):
        sister = self.in_stock(self.stent, "SISTER", status="quarantine")
        record, lot = self.rejected("MIX")
        receipt = record.picking_id
        self.assertTrue(receipt)
        record.with_user(self.anna).add_lots(sister.ids)
        self.assertEqual(sister.med_hold_count, 1)
        back, again = self.split(record, lot, 4), self.split(record, lot, 5)
        self.line(record, sister, decision="scrap")
        self.line(record, back, decision="return")
        self.line(record, again, decision="rework", instruction="WI-9 rev 1")
        concession = self.conceded(lot, 3)
        self.line(record, lot, decision="use_as_is", concession_id=concession.id)
        self.decide_all(record)
        self.assertEqual((concession.used, concession.left), (3, 0))
        self.assertEqual({one.name: one.med_status for one in record.line_ids.lot_id},
                         {"MIX": "quarantine", back.name: "rejected", again.name: "rejected",
                          "SISTER": "rejected"})
        record.with_user(self.anna).action_make_documents()
        with self.assertRaisesRegex(UserError, "is not done"):
            self.close_it(record)
        picking = record.line_ids.move_ids.picking_id.filtered(
            lambda one: one.picking_type_code == "outgoing")
        self.assertEqual(picking.partner_id, record.partner_id)
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True)._action_done()
        self.close(record.line_ids.production_id)
        self.decide(lot, "released")
        self.assertTrue(all(record.line_ids.mapped("done")))
        self.assertEqual(self.close_it(record).state, "closed")
        new = record.line_ids.production_id.lot_producing_ids
        self.assertEqual((new.med_status, lot.med_status), ("quarantine", "released"))
        sections = {one["key"]: one["rows"] for one in
                    lot.with_user(self.anna)._med_evidence_sections()}
        self.assertEqual([row["name"] for row in sections["nonconformities"]], [record.name])

    def test_a_rejected_lot_is_not_released_before_its_nonconformity_is_decided(self):
        record, lot = self.rejected("WAIT")
        with self.assertRaises(UserError):
            self.decide(lot, "released")
        self.line(record, lot, decision="use_as_is", concession_id=self.conceded(lot, 12).id)
        self.decide_all(record)
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_a_concession_covers_the_lot_and_all_of_it(self):
        record, lot = self.rejected("SHORT")
        other = self.lots_of(self.stent, "OTHER")
        for concession, words in (
                (self.conceded(lot, 11), "are left"), (self.conceded(other, 12), "not for lot"),
                (self.approved("planned", quantity=12), "no concession")):
            with self.subTest(words):
                self.line(record, lot, decision="use_as_is", concession_id=concession.id)
                with self.assertRaisesRegex(UserError, words):
                    self.decide_all(record)

    def test_deciding_anew_gives_the_concession_back(self):
        record, lot = self.rejected("BACK")
        concession = self.conceded(lot, 12)
        self.line(record, lot, decision="use_as_is", concession_id=concession.id)
        self.decide_all(record)
        record.with_user(self.anna).med_transition("revise", reason="Customer refuses")
        self.assertEqual((concession.used, lot.med_hold_count), (0, 1))
        self.line(record, lot, decision="scrap")
        self.decide_all(record)
        self.assertEqual((concession.used, lot.med_status), (0, "rejected"))
        with self.assertRaises(UserError):
            self.decide(lot, "released")

    def test_what_conforms_was_inspected_again_and_accepted(self):
        record, lot = self.rejected("SORTED")
        self.line(record, lot, decision="conforms")
        with self.assertRaisesRegex(UserError, "not inspected again"):
            self.decide_all(record)
        told = self.env["med.inspection"].with_user(self.anna).request(
            lot=lot.id, stage="incoming")
        self.finish(self.env["med.inspection"].browse(told["inspection"]))
        self.decide_all(record)
        self.assertEqual((lot.med_status, lot.med_hold_count), ("quarantine", 0))
        self.decide(lot, "released")
        self.assertEqual(self.close_it(record).state, "closed")
