from odoo import fields
from odoo.addons.med_exchange.tests.told import neither
from odoo.addons.med_outsourcing.tests.common import approved_deviation
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingExchangeCase


@tagged("post_install", "-at_install")
class TestReleaseIn(OutsourcingExchangeCase):
    """A processor's production release is its signature under the message."""

    requirement = "R4 CN-GMP-OUT X3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right(cls.processor, "processor_release", "in")
        cls.lot = cls.in_stock(cls.stent, "S-1")
        cls.order = cls.processing(cls.lot)
        cls.send(cls.order)
        cls.finish(cls.order, "S-1")

    @classmethod
    def finish(cls, order, lot, quantity=10):
        """Report an order as begun and finished."""
        cls.tick()
        told = {"revision": order.revision, "person": "Li", "time": fields.Datetime.now()}
        for kind in ("acknowledged", "started", "finished"):
            order._med_report({**told, "kind": kind, "reference": kind, **({"lots": [{
                "lot": lot, "quantity": quantity, "outcome": "good"}]} if kind == "finished"
                else {})}, "api")

    def payload(self, quantity="8", **changes):
        self.tick()
        return {"order": self.order.name, "revision": self.order.revision, "person": "Zhao",
                "time": fields.Datetime.now().isoformat() + "Z", "lots": [{
                    "product": "ST-1", "lot": "S-1", "quantity": {
                        "value": quantity, "unit": "1"}}], **changes}

    def tell(self, payload, thing="REL-1", **kw):
        answer = self.answer(payload, schema="processor_release", thing=thing, **kw)
        self.env.invalidate_all()
        return answer

    permit = approved_deviation

    def releases(self):
        return self.env["med.processor.release"].search([("order_id", "=", self.order.id)])

    def test_a_signed_message_releases(self):
        self.assertAnswer(self.tell(self.payload()), "accepted")
        release = self.releases()
        self.assertEqual((release.state, release.valid, release.line_ids.quantity),
                         ("released", True, 8))
        signed = release.signature_ids
        message = self.env["med.exchange.message"].browse(signed.message_res_id)
        self.assertEqual((signed.method, signed.person, signed.key_name,
                          message.exchange_partner_id),
                         ("message", "Zhao", "first", self.processor))
        self.export("processor_release", release)

    def test_it_is_withdrawn_by_its_next_version_with_a_reason(self):
        self.tell(self.payload())
        for pointer, payload in (("/payload/state", self.payload()),
                                 ("/payload", self.payload(state="withdrawn"))):
            self.assertAnswer(self.tell(payload, version=2), "rejected", pointer)
        self.assertEqual(self.releases().state, "released")
        self.assertAnswer(self.tell(self.payload(
            state="withdrawn", note="Indicator grew"), version=2), "accepted")
        self.assertEqual((self.releases().state, self.releases().valid), ("withdrawn", False))

    def test_who_reports_by_the_portal_releases_by_no_message(self):
        withdrawn = {"state": "withdrawn", "note": "Indicator grew"}
        self.assertAnswer(self.tell(self.payload()), "accepted")
        self.env.cr.execute("UPDATE med_processor SET connection = 'portal' WHERE id = %s",
                            [self.file.id])
        self.env.invalidate_all()
        self.assertAnswer(self.tell(self.payload("1"), "REL-2"), "rejected", "/payload/order")
        self.assertEqual(len(self.releases()), 1)
        # What it withdraws is known by whatever way it comes.
        self.assertAnswer(self.tell(self.payload(**withdrawn), version=2), "accepted")
        self.assertEqual(self.releases().state, "withdrawn")

    def test_what_is_not_reported_as_finished_is_refused_where_it_stands(self):
        order = self.processing(self.in_stock(self.stent, "S-3"))
        lots = [{"product": "ST-1", "lot": "S-3", "quantity": {"value": "8", "unit": "1"}}]
        told = self.payload(order=order.name, revision=order.revision, lots=lots)
        self.assertAnswer(self.tell(told), "rejected", "/payload/lots/0/lot")
        self.send(order)
        self.finish(order, "S-3", 6)
        told = self.payload(order=order.name, revision=order.revision, lots=lots)
        self.assertAnswer(self.tell(told, "REL-2"), "rejected", "/payload/lots/0/quantity")
        self.assertFalse(self.env["med.processor.release"].search([("order_id", "=", order.id)]))

    def test_what_is_not_signed_releases_nothing(self):
        self.processor.signed = False
        payload, number = self.payload("1"), 1
        envelope = self.envelope(
            self.processor, payload, schema="processor_release", stream="main", sequence=number,
            id="bare", object={"id": "REL-2", "version": 1})
        envelope.pop("signature")
        [answer] = self.env["med.exchange"].with_user(self.processor.user_id).submit(
            envelopes=[envelope])["answers"]
        self.assertAnswer(answer, "rejected", "/payload")
        self.assertFalse(self.releases())

    def test_another_revision_order_lot_unit_or_too_much_is_refused(self):
        for pointer, change in (
                ("/payload/revision", {"revision": "V99"}),
                ("/payload/order", {"order": "OUT/99999"}),
                ("/payload/state", {"state": "withdrawn"}),
                ("/payload/lots/0/product", {"lots": [{
                    "product": "NONE", "lot": "S-1", "quantity": {"value": "1", "unit": "1"}}]}),
                ("/payload/lots/0/quantity/unit", {"lots": [{
                    "product": "ST-1", "lot": "S-1", "quantity": {"value": "1", "unit": "kg"}}]}),
                ("/payload/lots", {"lots": [{
                    "product": "ST-1", "lot": "S-9", "quantity": {"value": "1", "unit": "1"}}]})):
            self.assertAnswer(self.tell(self.payload(**change)), "rejected", pointer)
        self.assertAnswer(self.tell(self.payload("11")), "rejected", "/payload/lots")
        self.assertFalse(self.releases())

    def test_another_revision_is_released_under_a_deviation_that_names_the_order_alone(self):
        named = self.permit(med_outsourcing_order_ids=[Command.set(self.order.ids)])
        others = self.permit(med_outsourcing_order_ids=[
            Command.set(self.processing(self.in_stock(self.stent, "S-2")).ids)])
        for pointer, deviation in (("/payload/deviation", "DEV/0"), ("/payload/lots", others.name)):
            self.assertAnswer(self.tell(self.payload(
                revision="V99", deviation=deviation), by="1.1"), "rejected", pointer)
        self.assertFalse(self.releases())
        told = self.payload(revision="V99", deviation=named.name, note="To the old drawing")
        self.assertAnswer(self.tell(told, by="1.1"), "rejected", "/payload/revision")
        self.assertFalse(self.releases())
        # It was not made so by their own report: that is put right first.
        self.order._med_report({
            "kind": "finished", "reference": "finished-2", "supersedes": "finished",
            "revision": "V99", "deviation": named.name, "person": "Li",
            "time": fields.Datetime.now(), "lots": [
                {"lot": "S-1", "quantity": 10, "outcome": "good"}]}, "api")
        self.assertAnswer(self.tell(told, by="1.1"), "accepted")
        release = self.releases()
        self.assertEqual((release.revision, release.deviation_id, release.valid),
                         ("V99", named, True))
        [told] = self.handler("processor_release")._med_export(release).values()
        self.assertEqual(told["deviation"], named.name)
        self.assertEqual(neither("processor_release", [told], version="1.1"), [])

    def test_another_processor_cannot_release(self):
        self.right(self.other_processor, "processor_release", "in")
        self.assertAnswer(self.tell(self.payload(), partner=self.other_processor), "rejected",
                          "/payload/order")
        # A system of ours knows the order, and still is not the processor.
        self.right(self.mes, "processor_release", "in")
        self.assertAnswer(self.tell(self.payload(), partner=self.mes), "rejected", "/payload")
        self.assertFalse(self.releases())

    def test_a_message_that_a_person_here_mended_is_not_their_signature(self):
        self.tell(self.payload("11"))
        message = self.env["med.exchange.message"].search([], limit=1, order="id desc")
        self.assertTrue(self.file._med_message_signed(message.id, "first"))
        for wrong in ((message.id, "second"), (message.id + 1000, "first")):
            self.assertFalse(self.file._med_message_signed(*wrong))
        self.assertFalse(self.other_file._med_message_signed(message.id, "first"))
        self.env.cr.execute("UPDATE med_exchange_message SET mended = '{}' WHERE id = %s",
                            [message.id])
        message.invalidate_recordset()
        self.assertFalse(self.file._med_message_signed(message.id, "first"))

    def test_nobody_of_ours_signs_by_a_message_that_is_not_there(self):
        release = self.env["med.processor.release"]._med_prepare(
            self.order, [{"lot": "S-1", "quantity": 1.0}], self.order.revision)
        for file in (self.file.with_user(self.anna), self.file):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                file._med_sign(release, "released", method="message", message=1,
                               key_name="first")
