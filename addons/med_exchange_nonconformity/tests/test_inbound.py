from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange_goods.tests.test_inbound import amount
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestInbound(NonconformityExchangeCase):
    """A partner reports; quality assurance here evaluates, decides and closes."""

    requirement = "X2 X3 X5 ISO-8.3.1 ISO-8.3.2 Q3"

    def report(self, *lots, partner=None, record=None, **changes):
        return self.apply("nonconformity", self.told(*lots, **changes),
                          partner or self.processor, record, object_id="THEIR-7")

    def test_a_report_begins_a_nonconformity_that_names_its_partner(self):
        lot = self.in_stock(self.tube, "T-1")
        record = self.report(
            {"lot": "T-1", "quantity": amount("3"), "note": "Box 2"}, description="3 of 10",
            defect_class="major", seen="2026-03-02T07:00:00Z", number="S-NC-9")
        self.assertEqual(
            (record.state, record.source, record.summary, record.description,
             record.defect_class, str(record.event_time)),
            ("reported", "production", "Burr at the edge", "3 of 10", "major",
             "2026-03-02 07:00:00"))
        self.assertEqual(
            (record.exchange_partner_id, record.partner_number, record.reported_by_id,
             record.partner_id, record.product_id, record.company_id),
            (self.processor, "S-NC-9", self.processor.user_id, self.supplier, self.tube,
             self.company))
        line = record.line_ids
        self.assertEqual((line.lot_id, line.quantity, line.reported_quantity, line.reported_note),
                         (lot, 10, 3, "Box 2"))
        self.assertTrue(record.owner_id)
        self.assertIn("Evaluate", record.activity_ids.summary)

    def test_lots_are_held_where_the_partner_may_hold(self):
        lots = self.in_stock(self.tube, "T-1", "T-2")
        self.report("T-1")
        self.assertEqual(lots[0].med_hold_count, 1)
        self.processor.right_ids.filtered(lambda right: right.schema == "hold").unlink()
        record = self.report("T-2")
        self.assertEqual((record.line_ids.lot_id, lots[1].med_hold_count), (lots[1], 0))

    def test_a_newer_version_changes_a_report_until_it_is_evaluated(self):
        lots = self.in_stock(self.tube, "T-1", "T-2")
        record = self.report({"lot": "T-1", "quantity": amount("3")}, description="?")
        again = self.report({"lot": "T-1", "quantity": amount("4")}, "T-2", record=record,
                            summary="Burr and scratch")
        self.assertEqual(again, record)
        self.assertEqual((record.summary, record.description, record.line_ids.lot_id),
                         ("Burr and scratch", False, lots))
        self.assertEqual(record.line_ids.mapped("reported_quantity"), [4, 0])
        self.assertEqual(lots.mapped("med_hold_count"), [1, 1])

    def test_what_is_evaluated_here_is_not_changed_from_outside(self):
        self.in_stock(self.tube, "T-1")
        record = self.report("T-1", defect_class="minor")
        self.tick()
        record.with_user(self.anna).write({
            "evaluation": "Looks only", "investigation": "not_needed",
            "investigation_reason": "Seen before"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        self.assertRefused("/state", "not changed from outside", "nonconformity",
                           self.told("T-1", summary="Fine"), self.processor, record)
        self.assertEqual((record.summary, record.state), ("Burr at the edge", "evaluated"))

    def test_the_class_is_theirs_in_the_first_word_alone(self):
        self.in_stock(self.tube, "T-1")
        record = self.report("T-1", defect_class="minor")
        record.with_user(self.anna).defect_class = "critical"
        self.report("T-1", record=record, defect_class="minor")
        self.assertEqual(record.defect_class, "critical")

    def test_no_state_decision_or_basis_comes_from_outside(self):
        self.in_stock(self.tube, "T-1")
        for pointer, text, told in (
                ("/state", "by signature", self.told("T-1", state="evaluated")),
                ("/state", "by signature", self.told("T-1", state="closed")),
                ("/state", "by signature", self.told("T-1", state="cancelled")),
                ("/lots/0/decision", "by signature", self.told(
                    {"lot": "T-1", "decision": "use_as_is"})),
                ("/lots/0/basis", "by genealogy", self.told({"lot": "T-1", "basis": "exact"}))):
            self.assertRefused(pointer, text, "nonconformity", told, self.processor)
        self.assertFalse(self.env["med.nonconformity"].search_count([]))

    def test_a_bad_report_is_refused_with_its_place(self):
        self.in_stock(self.tube, "T-1")
        plain = self.product("Plain", default_code="P-1")
        self.receive(plain, {"P-L": 4})
        for pointer, text, told in (
                ("/lots/0/lot", "not known", self.told("NONE")),
                ("/lots/0/product", "not known", self.told("T-1", product="NONE")),
                ("/lots/1/lot", "twice", self.told("T-1", "T-1")),
                ("/lots/0/product", "no controlled product", self.told("P-L", product="P-1")),
                ("/lots/0/quantity/unit", "cannot be converted", self.told(
                    {"lot": "T-1", "quantity": amount("1", "kg")})),
                ("/seen", "future", self.told("T-1", seen="2036-03-02T07:00:00Z")),
                ("/seen", "no time", self.told("T-1", seen="yesterday")),
                ("/supplier", "not known", self.told("T-1", supplier="NOBODY")),
                ("/order", "not known", self.told("T-1", order="MO-X")),
                ("/shipment", "not known", self.told("T-1", shipment="OUT-X")),
                ("/product", "not known", {"summary": "Bent", "product": "NONE"})):
            self.assertRefused(pointer, text, "nonconformity", told, self.mes)
        self.assertFalse(self.env["med.nonconformity"].search_count([]))

    def test_a_lot_that_was_named_once_stays(self):
        lots = self.in_stock(self.tube, "T-1", "T-2")
        record = self.report("T-1", "T-2")
        self.assertRefused("/lots", "T-2 was reported", "nonconformity", self.told("T-1"),
                           self.processor, record)
        self.assertEqual(record.line_ids.lot_id, lots)

    def test_a_party_speaks_of_its_own_lots_and_reports_alone(self):
        lot = self.in_stock(self.tube, "T-1")
        self.receive(self.tube, {"THEIRS": 5}, self.other_supplier)
        self.other_supplier.ref = "SUP-2"
        self.assertRefused("/lots/0/lot", "not known", "nonconformity", self.told("THEIRS"),
                           self.processor)
        self.assertRefused("/supplier", "not known", "nonconformity",
                           self.told("T-1", supplier="SUP-2"), self.processor)
        record = self.report("T-1")
        self.assertRefused("", "Nothing of yours", "nonconformity", self.told("T-1"),
                           self.dealer, record)
        ours = self.reported(lot)
        ours.with_user(self.anna).partner_id = self.supplier
        self.assertRefused("/number", "was reported here", "nonconformity", self.told("T-1"),
                           self.processor, ours)
        self.assertEqual(ours.summary, "Scratched")

    def test_a_consignee_reports_what_went_to_him(self):
        lot = self.in_stock(self.stent, "S-1")
        picking = self.deliver([(self.stent, lot, 4)])
        record = self.report("S-1", partner=self.dealer, product="ST-1", source="use",
                             shipment=picking.name)
        self.assertEqual((record.line_ids.lot_id, record.partner_id.id, record.picking_id),
                         (lot, False, picking))

    def test_a_report_without_lots_names_its_product(self):
        self.in_stock(self.tube, "T-1")
        record = self.apply("nonconformity", {"summary": "Bent", "product": "TB-1"}, self.processor)
        self.assertEqual((record.product_id, record.source, len(record.line_ids)),
                         (self.tube, "other", 0))

    # ------------------------------------------------------------------ taken back

    def compensate(self, record, before=(), message=None):
        handler = self.handler("nonconformity", self.processor)
        return handler._med_compensate(
            self.processor.with_env(handler.env), record.with_env(handler.env), dict(before),
            message)

    def test_a_report_taken_back_waits_for_a_signature_that_it_is_none(self):
        lot = self.in_stock(self.tube, "T-1")
        record = self.report("T-1", defect_class="minor")
        self.assertIn("signs whether", self.compensate(record))
        self.assertTrue(record.withdrawn_at)
        self.assertEqual((record.state, lot.med_hold_count), ("reported", 1))
        self.assertIn("takes its report", "".join(record.activity_ids.mapped("summary")))
        record.with_user(self.anna).conclusion = "Wrong lot at the processor's"
        self.sign(record, self.anna, "reviewed", transition="cancel")
        self.assertEqual(record.state, "cancelled")
        with self.assertRaisesRegex(Refused, "not changed from outside"):
            self.compensate(record)

    def test_a_report_sent_anew_is_no_longer_taken_back(self):
        self.in_stock(self.tube, "T-1")
        record = self.report("T-1")
        self.compensate(record)
        self.report("T-1", record=record)
        self.assertFalse(record.withdrawn_at)

    # ------------------------------------------------------------------ guards

    def test_what_a_partner_reported_is_written_by_its_messages_alone(self):
        self.in_stock(self.tube, "T-1")
        record = self.report({"lot": "T-1", "quantity": amount("3")})
        for user in (self.anna, self.env.ref("base.user_admin")):
            for thing, values in (
                    (record, {"exchange_partner_id": self.dealer.id}),
                    (record, {"partner_number": "X"}), (record, {"withdrawn_at": False}),
                    (record.line_ids, {"reported_quantity": 0}),
                    (record.line_ids, {"told": False, "reported_note": "x"})):
                with self.assertRaises(AccessError):
                    thing.with_user(user).with_context(med_exchange=True).write(values)
        ours = self.env["med.nonconformity"].with_user(self.walter).with_context(
            default_exchange_partner_id=self.dealer.id, default_withdrawn_at="2026-01-01").report(
            summary="Scratched")
        ours = self.env["med.nonconformity"].browse(ours["nonconformity"])
        self.assertFalse(ours.exchange_partner_id or ours.withdrawn_at)
        for name, value in (("exchange_partner_id", self.dealer.id), ("partner_number", "X"),
                            ("withdrawn_at", "2026-01-01")):
            with self.assertRaises(AccessError):
                self.env["med.nonconformity"].with_user(self.anna).create(
                    {"summary": "Forged", name: value})
        with self.assertRaises(AccessError):
            self.env["med.nonconformity.line"].with_user(self.anna).create({
                "nonconformity_id": ours.id, "lot_id": record.line_ids.lot_id.id, "told": True})
