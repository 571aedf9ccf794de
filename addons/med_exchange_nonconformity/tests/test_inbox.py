from odoo.addons.med_exchange_goods.tests.test_inbound import amount
from odoo.tests.common import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestInbox(NonconformityExchangeCase):
    """Nonconformities through the door that partners use: submit, signed, in order."""

    requirement = "X1 X2 X3 X4 ISO-8.3.1"

    def records(self):
        return self.env["med.nonconformity"].search([
            ("exchange_partner_id", "=", self.processor.id)])

    def test_a_report_has_one_effect_however_often_it_is_sent(self):
        self.in_stock(self.tube, "T-1")
        sent = {"id": "again", "sequence": 1}
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", self.told("T-1"), "NC-7", **sent), "accepted")
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", self.told("T-1"), "NC-7", **sent), "duplicate")
        self.assertEqual((len(self.records()), self.records().partner_number), (1, "NC-7"))
        self.assertEqual(len(self.env["med.hold"].search([])), 1)
        newer = self.telling(self.processor, "nonconformity", self.told(
            {"lot": "T-1", "quantity": amount("2")}), "NC-7", version=2, sequence=2)
        self.assertAnswer(newer, "accepted")
        self.assertEqual(self.records().line_ids.reported_quantity, 2)

    def test_a_newer_version_taken_back_says_again_what_it_said(self):
        self.in_stock(self.tube, "T-1")
        self.assertAnswer(self.telling(self.processor, "nonconformity", self.told(
            "T-1", description="One box"), "NC-7"), "accepted")
        self.assertAnswer(self.telling(self.processor, "nonconformity", self.told(
            {"lot": "T-1", "quantity": amount("2")}, summary="Worse"), "NC-7", version=2),
            "accepted")
        record = self.records()
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", {}, "NC-7", version=3, action="cancel",
            cancels="STERILE-2"), "accepted")
        self.assertEqual(
            (record.summary, record.description, record.line_ids.reported_quantity,
             record.partner_number, record.withdrawn_at),
            ("Burr at the edge", "One box", 0, "NC-7", False))
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", {}, "NC-7", version=4, action="cancel",
            cancels="STERILE-1"), "accepted")
        self.assertTrue(record.withdrawn_at)

    def test_a_report_about_lots_of_others_is_refused_and_changes_nothing(self):
        self.receive(self.tube, {"THEIRS": 5}, self.other_supplier)
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", self.told("THEIRS"), "NC-7"),
            "rejected", "/payload/lots/0/lot")
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", self.told(state="decided"), "NC-8"),
            "rejected", "/payload/state")
        self.assertFalse(self.records())

    def test_a_report_that_was_changed_here_as_well_waits_for_a_person(self):
        self.in_stock(self.tube, "T-1")
        self.telling(self.processor, "nonconformity", self.told("T-1"), "NC-7")
        record = self.records()
        record.with_user(self.anna).summary = "Burr, seen by us as well"
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", self.told("T-1", summary="Fine"), "NC-7", version=2),
            "conflict")
        self.assertEqual(record.summary, "Burr, seen by us as well")
        self.assertAnswer(self.telling(
            self.processor, "nonconformity", {}, "NC-7", version=3, action="cancel",
            cancels="STERILE-1"), "rejected")
        self.assertFalse(record.withdrawn_at)
