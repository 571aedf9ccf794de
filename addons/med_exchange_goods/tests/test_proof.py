from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import GoodsExchangeCase
from .test_inbound import amount


@tagged("post_install", "-at_install")
class TestProof(GoodsExchangeCase):
    """A consignee's own system says what he took and what he refused."""

    requirement = "X2 K2 CN-GSP-10"

    def setUp(self):
        super().setUp()
        lot = self.in_stock(self.stent, "P-1")
        self.picking = self.deliver([(self.stent, lot, 4)])
        self.tick()
        self.told = {"shipment": self.picking.name, "person": "Dr. Weiss",
                     "time": "2026-03-02T08:03:00Z",
                     "temperature": {"value": "5.2", "unit": "Cel"}}

    def test_what_was_taken_is_recorded_in_the_partners_name(self):
        proof = self.apply("delivery_proof", self.told, self.dealer)
        self.assertRecordValues(proof, [{
            "state": "recorded", "outcome": "received", "person": "Dr. Weiss",
            "temperature": "5.2", "recorded_by_id": self.dealer.user_id.id}])
        self.assertRefused("/shipment", "recorded already", "delivery_proof", self.told,
                           self.dealer)

    def test_the_number_and_the_picture_of_a_partner_are_kept_with_the_proof(self):
        digest = f"sha256:{'0' * 64}"
        answer = self.telling(self.dealer, "delivery_proof", {
            **self.told, "number": "POD-9", "photo": digest}, "PROOF-1")
        self.assertAnswer(answer, "accepted")
        message = self.env["med.exchange.message"].browse(answer["message"])
        self.assertFalse(message.note)
        proof = self.env["med.delivery.proof"].browse(message.res_id)
        self.assertEqual((proof.their_number, proof.picture_digest), ("POD-9", digest))
        for name in ("their_number", "picture_digest"):
            with self.assertRaises(AccessError):
                proof.with_user(self.anna).write({name: "x"})
        told = self.export("delivery_proof", proof)[proof.id]
        self.assertEqual((told["number"], told["photo"]), ("POD-9", digest))

    def test_what_is_read_into_no_record_is_told_in_the_note(self):
        self.dealer.right_ids.filtered(lambda one: (one.schema, one.direction) == (
            "shipment", "in")).conflict_policy = "theirs"
        answer = self.telling(self.dealer, "shipment", {
            "number": self.picking.name, "origin": "PO-1", "lines": [
                {"product": "ST-1", "lot": "P-1", "quantity": amount("4")}]}, self.picking.name)
        self.assertAnswer(answer, "accepted")
        message = self.env["med.exchange.message"].browse(answer["message"])
        self.assertEqual(message.note, "Kept with the message, read into no record: /origin.")

    def test_what_was_refused_makes_its_return(self):
        proof = self.apply("delivery_proof", {**self.told, "lines": [{
            "product": "ST-1", "lot": "P-1", "received": amount("1"), "refused": amount("3"),
            "delivered": amount("4.0"), "reason": "damaged"}], "state": "recorded",
            "outcome": "partly"}, self.dealer)
        self.assertEqual(proof.outcome, "partly")
        self.assertEqual(proof.return_id.move_line_ids.quantity, 3)
        handler = self.handler("delivery_proof", self.dealer)
        with self.assertRaisesRegex(Refused, "voids it"):
            handler._med_compensate(self.dealer, proof.with_env(handler.env), {}, None)

    def test_a_proof_of_anothers_delivery_or_of_wrong_goods_is_refused(self):
        line = {"product": "ST-1", "lot": "P-1", "refused": amount("1"), "reason": "damaged"}
        for pointer, text, more in (
                ("/shipment", "not known", {"shipment": "NONE"}),
                ("/lines/0", "not delivered", {"lines": [{**line, "lot": "P-2"}]}),
                ("/lines/1", "twice", {"lines": [line, line]}),
                ("/lines/0/reason", "no reason", {"lines": [{**line, "reason": "mood"}]}),
                ("/lines/0/refused/unit", "cannot be converted", {
                    "lines": [{**line, "refused": amount("1", "kg")}]}),
                ("/lines", "add up", {"lines": [{**line, "refused": amount("9")}]}),
                ("/temperature", "Cel", {"temperature": {"value": "41", "unit": "[degF]"}}),
                ("/time", "no time", {"time": "yesterday"}),
                ("/lines", "future", {"time": "2027-01-01T00:00:00Z"}),
                ("/time", "when", {"time": ""}),
                ("/state", "recorded at once", {"state": "void"}),
                ("/outcome", "it is “received”", {"outcome": "refused"}),
                ("/lines/0/delivered", "4 was delivered, not 400", {"lines": [
                    {**line, "delivered": amount("400")}]})):
            with self.env.cr.savepoint():
                self.assertRefused(pointer, text, "delivery_proof", {**self.told, **more},
                                   self.dealer)
        self.assertRefused("/shipment", "not known", "delivery_proof", self.told, self.processor)
