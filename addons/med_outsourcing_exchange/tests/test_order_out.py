from odoo.tests.common import tagged

from .common import OutsourcingExchangeCase


@tagged("post_install", "-at_install")
class TestOrderOut(OutsourcingExchangeCase):
    """Orders go to their processor when they are released, change, are held and are cancelled."""

    requirement = "X2 V4 V6 A3 ISO-7.4.2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "S-1")

    def fed(self, partner):
        """Return ``{order's number: last payload}`` as the partner gets it."""
        self.env.cr.flush()  # writes what is to be told, as a commit does
        while self.env["med.exchange.event"].sudo()._med_deal():
            pass
        told = self.env["med.exchange"].with_user(partner.user_id).changes(
            stream="outsourcing_order", limit=1000)
        return {one["object"]["id"]: one["payload"] for one in told["envelopes"]}

    def later(self):
        """Let what was written so far count as written by an earlier transaction."""
        self.env.cr.execute("UPDATE med_exchange_event_object"
                            " SET transaction_began = transaction_began - interval '1 day'")

    def test_an_order_is_told_whole_to_its_processor_and_to_our_systems_alone(self):
        order = self.processing(self.lot, note="Upright")
        for partner in (self.processor, self.mes):
            told = self.fed(partner)[order.name]
            self.assertEqual(
                (told["state"], told["revision"], told["digest"], told["instructions"]),
                ("released", order.revision, order.contract_digest, "Upright"))
            self.assertEqual(told["lots"], [{
                "product": "ST-1", "lot": "S-1", "quantity": {"value": "10", "unit": "1"}}])
            self.assertNotIn("sent", told)
        self.assertEqual(self.fed(self.other_processor), {})
        self.assertEqual(self.export("outsourcing_order", order)[order.id]["number"], order.name)

    def test_a_draft_is_told_to_nobody(self):
        order = self.env["med.outsourcing.order"].create({
            "processor_id": self.file.id, "process": "sterilisation_eo"})
        order.note = "Soon"
        self.assertEqual(self.fed(self.mes), {})
        self.assertFalse(self.knows(self.mes, "outsourcing_order", order))
        self.assertFalse(self.handler("outsourcing_order")._med_find(self.mes, [order.name]))

    def test_what_is_posted_as_sent_is_told(self):
        order = self.processing(self.lot)
        picking = self.send(order)
        self.assertEqual(
            [(one["lot"], one["quantity"]["value"], one["shipment"])
             for one in self.fed(self.processor)[order.name]["sent"]],
            [("S-1", "10", picking.name)])

    def test_a_hold_of_ours_reaches_who_has_the_lot(self):
        order = self.processing(self.lot)
        self.send(order)
        other = self.processing(self.in_stock(self.stent, "S-2"), file=self.other_file)
        with self.heard("outsourcing_order") as heard:
            hold, _told = self.hold(self.lot)
        self.assertEqual(heard.records, order)
        held = self.export("outsourcing_order", order)[order.id]["holds"]
        self.assertEqual([(one["lot"], one["hold"]) for one in held], [("S-1", hold.name)])
        self.assertNotIn("holds", self.export("outsourcing_order", other)[other.id])

    def test_a_note_of_ours_reaches_the_processor_and_its_own_does_not_come_back(self):
        order = self.processing(self.lot)
        order._med_report({"kind": "note", "reference": "1", "note": "Box 4 upright",
                           "person": "Wang", "time": order.date_released}, "own")
        self.take(self.said(order, "note", note="Understood"))
        notes = self.export("outsourcing_order", order)[order.id]["notes"]
        self.assertEqual([(one["text"], one["person"]) for one in notes],
                         [("Box 4 upright", "Wang")])

    def test_each_step_a_new_date_and_the_end_is_told(self):
        order = self.processing(self.lot)
        self.assertEqual(self.fed(self.processor)[order.name]["state"], "released")
        self.later()
        self.take(self.said(order, "acknowledged"))
        self.assertEqual(self.fed(self.processor)[order.name]["state"], "acknowledged")
        self.later()
        order.date_due_start = "2026-04-01 08:00:00"
        self.assertEqual(self.fed(self.processor)[order.name]["due_start"],
                         "2026-04-01T08:00:00Z")
        self.later()
        order.action_cancel()
        self.assertEqual(self.fed(self.processor)[order.name]["state"], "cancelled")

    def test_nothing_is_written_while_nobody_listens(self):
        self.env["med.exchange.right"].search([("schema", "=", "outsourcing_order")]).unlink()
        self.processing(self.lot)
        self.env.cr.flush()
        self.assertFalse(self.env["med.exchange.event"].search_count(
            [("schema", "=", "outsourcing_order")]))

    def test_nothing_of_an_order_is_received(self):
        order = self.processing(self.lot)
        self.right(self.processor, "outsourcing_order", "in")
        before = self.state()
        answer = self.answer(
            self.export("outsourcing_order", order)[order.id] | {"state": "cancelled"},
            schema="outsourcing_order", thing=order.name)
        self.assertNotEqual(answer["outcome"], "accepted", answer)
        self.assertEqual(self.state(), before)

    def test_from_an_order_and_a_lot_to_their_messages(self):
        order = self.processing(self.lot)
        for record in (order, self.lot):
            action = record.action_med_exchange_traffic()
            self.assertEqual(action["res_model"], "med.exchange.traffic")
            self.assertEqual(action["context"], {"search_default_object_key": record.name})
