from odoo.tests.common import tagged

from .common import GoodsExchangeCase
from .test_inbound import amount


@tagged("post_install", "-at_install")
class TestInbox(GoodsExchangeCase):
    """Messages about goods through the door that partners use: submit, signed, in order."""

    requirement = "X1 X2 X3 X4 X8"

    def test_a_processor_reports_a_load_and_holds_what_failed(self):
        lot = self.in_stock(self.tube, "T-1", status="quarantine")
        load = {"process": "sterilisation_eo", "number": "EO-17", "lots": [
            {"product": "TB-1", "lot": "T-1", "quantity": amount("10")}],
            "temperature_low": {"value": "323.15", "unit": "K"}}
        self.assertAnswer(self.telling(self.processor, "process_record", load, "L-17"), "accepted")
        batch = self.env["med.process.batch"].search([("number", "=", "EO-17")])
        self.assertEqual((batch.line_ids.lot_id, batch.partner_id), (lot, self.supplier))
        self.assertEqual(batch.reported["temperature_low"], {"value": "50.00", "unit": "Cel"})
        held = self.telling(self.processor, "hold", {
            "reason": "Indicator grew", "lots": [{"product": "TB-1", "lot": "T-1"}]}, "H-1")
        self.assertAnswer(held, "accepted")
        self.assertEqual(lot.med_hold_count, 1)

    def test_a_load_taken_back_is_cancelled(self):
        self.in_stock(self.tube, "T-1", status="quarantine")
        load = {"process": "cleaning", "number": "C-1", "lots": [
            {"product": "TB-1", "lot": "T-1", "quantity": amount("10")}]}
        self.assertAnswer(self.telling(self.processor, "process_record", load, "L-1"), "accepted")
        back = self.telling(self.processor, "process_record", {}, "L-1", version=2,
                           action="cancel", cancels="STERILE-1")
        self.assertAnswer(back, "accepted")
        batch = self.env["med.process.batch"].search([("number", "=", "C-1")])
        self.assertEqual(batch.state, "cancelled")

    def test_bad_messages_are_refused_by_pointer_and_change_nothing(self):
        lot = self.in_stock(self.stent, "A-1")
        self.receive(self.tube, {"THEIRS": 5}, self.other_supplier)
        load = {"process": "cleaning", "lots": [
            {"product": "TB-1", "lot": "THEIRS", "quantity": amount("1")}]}
        for partner, schema, payload, thing, pointer in (
                (self.processor, "process_record", load, "L-1", "/payload/lots/0/lot"),
                (self.mes, "process_record", {**load, "lots": [
                    {**load["lots"][0], "quantity": amount("1", "kg")}]}, "L-2",
                 "/payload/lots/0/quantity/unit"),
                (self.mes, "lot", {"product": "ST-1", "lot": "N-1", "status": "released"},
                 "ST-1/N-1", "/payload/status"),
                (self.mes, "lot", {"product": "ST-1", "lot": "N-1", "revision": "B"},
                 "ST-1/N-1", "/payload/revision"),
                (self.dealer, "hold", {"reason": "x", "state": "lifted", "lots": [
                    {"product": "ST-1", "lot": "A-1"}]}, "H-9", "/payload/state"),
                (self.mes, "disposition", {"number": "D-1", "product": "ST-1", "lot": "A-1",
                                           "status": "rejected"}, "D-1", "/payload")):
            answer = self.telling(partner, schema, payload, thing)
            self.assertAnswer(answer, "rejected", pointer)
        self.assertEqual((lot.med_status, lot.med_hold_count), ("released", 0))
        self.assertFalse(self.env["med.process.batch"].search([]))

    def test_a_consignee_proves_his_delivery_and_a_repeat_changes_nothing(self):
        lot = self.in_stock(self.stent, "A-1")
        picking = self.deliver([(self.stent, lot, 4)])
        self.tick()
        proof = {"shipment": picking.name, "person": "Dr. Weiss", "time": "2026-03-02T08:03:00Z",
                 "lines": [{"product": "ST-1", "lot": "A-1", "refused": amount("1"),
                            "reason": "damaged"}]}
        sent = {"id": "again", "sequence": 1}
        self.assertAnswer(self.telling(self.dealer, "delivery_proof", proof, "POD", **sent),
                          "accepted")
        self.assertEqual(picking.med_proof_state, "partly")
        self.assertAnswer(self.telling(self.dealer, "delivery_proof", proof, "POD", **sent),
                          "duplicate")
        self.assertEqual(len(picking.med_proof_ids), 1)

    def test_a_lot_that_both_sides_changed_waits_for_a_person(self):
        self.in_stock(self.stent, "A-1", status="quarantine")
        answer = self.telling(self.mes, "lot", {
            "product": "ST-1", "lot": "A-1", "supplier_lot": "S-9"}, "ST-1/A-1")
        self.assertAnswer(answer, "conflict")
