from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestProof(GoodsCase):
    """What a consignee took and refused, and what comes back of it."""

    requirement = "I5 K2 ISO-7.5.8 CN-GSP-10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.med_checkout_mode = "observe"
        cls.zone = cls.stock.create({"name": "Returns", "location_id": cls.stock.id})
        cls.env["med.zone"].create({
            "warehouse_id": cls.warehouse.id, "state": "return", "location_id": cls.zone.id})

    def proof(self, picking, user=None, **kw):
        told = picking.with_user(user or self.picker).med_proof(**{
            "person": "Dr. Weiss", "event_time": self.now(), **kw})
        return self.env["med.delivery.proof"].browse(told["proof"]), told

    def now(self, **delta):
        return (fields.Datetime.now() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def post(self, picking):
        self.assertEqual(picking.state, "assigned")
        picking.with_user(self.picker).button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_was_received_is_recorded_with_time_person_and_temperature(self):
        lot = self.in_stock(self.stent, "TAKEN")
        picking = self.deliver([(self.stent, lot, 4)])
        self.assertEqual(picking.med_proof_state, "due")
        proof, told = self.proof(picking, temperature="5,2")
        self.assertEqual((told["outcome"], told["return"]), ("received", 0))
        self.assertRecordValues(proof, [{
            "state": "recorded", "person": "Dr. Weiss", "recorded_by_id": self.picker.id,
            "temperature": "5,2", "return_id": False}])
        self.assertEqual(proof.line_ids.received, 4)
        self.assertEqual(picking.med_proof_state, "received")
        with self.assertRaisesRegex(UserError, "is recorded already"):
            self.proof(picking)

    def test_a_refused_part_comes_back_into_quarantine_and_the_rest_stays_released(self):
        lot = self.in_stock(self.stent, "PART")
        picking = self.deliver([(self.stent, lot, 4)])
        proof, told = self.proof(picking, lines=[
            {"lot": lot.id, "refused": 3, "reason": "damaged", "note": "Carton wet"}])
        self.assertEqual(told["outcome"], "partly")
        back = proof.return_id
        self.assertEqual((back.move_line_ids.lot_id, back.move_line_ids.quantity,
                          back.move_line_ids.location_dest_id), (lot, 3, self.zone))
        self.assertEqual(lot.med_status, "released")
        self.post(back)
        part = self.env["stock.lot"].search([("name", "=", "PART-1")])
        self.assertEqual((part.med_status, self.on_hand(part)), ("quarantine", {self.zone: 3}))
        self.assertEqual((lot.med_status, self.on_hand(lot)), ("released", {self.stock: 6}))
        self.assertEqual(self.names(self.backward(part)), ["PART"])
        self.assertEqual(self.shipped(lot), {("Trace hospital", "PART"): 1})
        with self.assertRaisesRegex(UserError, "PART-1"):
            self.deliver([(self.stent, part, 1)])
        self.assertInStep()

    def test_a_lot_that_comes_back_whole_and_a_serial_are_in_quarantine_themselves(self):
        lot = self.in_stock(self.stent, "WHOLE", quantity=4)
        scope = self.product("Scope", "serial", med_controlled=True)
        unit = self.in_stock(scope, "SN-1", quantity=1)
        picking = self.deliver([(self.stent, lot, 4), (scope, unit, 1)])
        proof, told = self.proof(picking, lines=[
            {"lot": one.id, "refused": quantity, "reason": "temperature"}
            for one, quantity in ((lot, 4), (unit, 1))])
        self.assertEqual(told["outcome"], "refused")
        self.post(proof.return_id)
        self.assertEqual((lot | unit).mapped("med_status"), ["quarantine", "quarantine"])
        self.assertEqual(self.on_hand(lot), {self.zone: 4})

    def test_a_held_lot_comes_back_held(self):
        lot = self.in_stock(self.stent, "HELD-PART")
        picking = self.deliver([(self.stent, lot, 4)])
        proof, _told = self.proof(picking, lines=[
            {"lot": lot.id, "refused": 1, "reason": "other"}])
        self.hold(lot)
        self.post(proof.return_id)
        part = self.env["stock.lot"].search([("name", "=", "HELD-PART-1")])
        self.assertEqual((part.med_status, part.med_hold_count), ("quarantine", 1))

    def test_nothing_refused_comes_back_released_on_another_way(self):
        lot = self.in_stock(self.stent, "WAY")
        picking = self.deliver([(self.stent, lot, 4)])
        proof, _told = self.proof(picking, lines=[
            {"lot": lot.id, "refused": 2, "reason": "other"}])
        back = proof.return_id
        for attack in (
                lambda: back.with_user(self.picker).write({"med_proof_id": False}),
                lambda: back.sudo().write({"med_proof_id": False}),
                lambda: picking.sudo().write({"med_proof_id": proof.id}),
                lambda: picking.sudo().write({"med_proof_ids": []}),
                lambda: back.copy({"med_proof_id": proof.id})):
            with self.assertRaises(AccessError):
                attack()
        back.move_ids.picked = True
        back.move_ids._action_done()
        self.assertEqual(self.env["stock.lot"].search([("name", "=", "WAY-1")]).med_status,
                         "quarantine")
        made = self.env["stock.picking"].with_context(default_med_proof_id=proof.id).create({
            "picking_type_id": self.warehouse.in_type_id.id})
        self.assertFalse(made.med_proof_id)

    def test_a_line_added_to_a_posted_return_is_in_quarantine_too(self):
        lot, late = self.in_stock(self.stent, "FIRST"), self.in_stock(self.stent, "LATE")
        picking = self.deliver([(self.stent, lot, 2), (self.stent, late, 2)])
        back = self.take_back(picking, {lot: 1})
        back.move_line_ids[0].copy({"lot_id": late.id, "picking_id": back.id, "quantity": 1,
                                    "move_id": back.move_ids[0].id})
        self.assertEqual(late.med_status, "quarantine")

    def test_what_is_missing_is_told_to_quality(self):
        lot = self.in_stock(self.stent, "SHORT")
        picking = self.deliver([(self.stent, lot, 4)])
        with self.assertRaisesRegex(UserError, "say why not all"):
            self.proof(picking, lines=[{"lot": lot.id, "received": 3}])
        proof, told = self.proof(picking, lines=[
            {"lot": lot.id, "received": 3, "reason": "missing"}])
        self.assertEqual((told["outcome"], told["return"], proof.line_ids.missing),
                         ("partly", 0, 1))
        self.assertTrue(proof.activity_ids.user_id.has_group("med_base.med_base_group_qa"))

    def test_arguments_are_told_in_one_sentence_and_nothing_is_recorded(self):
        lot, other = self.in_stock(self.stent, "ARG"), self.in_stock(self.stent, "ARG-OTHER")
        picking = self.deliver([(self.stent, lot, 4)])
        line = {"lot": lot.id, "reason": "other"}
        for arguments, words in (
                ({"person": 7}, "“person”"), ({"person": " "}, r"By \(Person\)"),
                ({"event_time": "soon"}, "“event_time”"), ({"event_time": ""}, "“event_time”"),
                ({"event_time": self.now(days=1)}, "in the future"),
                ({"temperature": "cold"}, "“cold” is not a temperature"),
                ({"temperature": "nan"}, "“nan” is not a temperature"),
                ({"lines": {"lot": lot.id}}, "“lines” must be"), ({"lines": [1]}, "“lines” must"),
                ({"lines": [{"lot": other.id}]}, "was not delivered"),
                ({"lines": [{**line, "refused": "1"}]}, "must be numbers"),
                ({"lines": [{**line, "refused": True}]}, "must be numbers"),
                ({"lines": [{**line, "refused": float("nan")}]}, "must be numbers"),
                ({"lines": [{**line, "reason": ["other"]}]}, "“reason” must be"),
                ({"lines": [{**line, "refused": 5}]}, "add up to 4"),
                ({"lines": [{**line, "received": 4, "refused": 1}]}, "add up to 4"),
                ({"lines": [{**line, "refused": -1}]}, "add up to 4"),
                ({"lines": [{**line, "refused": 1, "reason": "mood"}]}, "“reason” must be")):
            with self.subTest(arguments), self.assertRaisesRegex(UserError, words), (
                    self.env.cr.savepoint()):
                self.proof(picking, **arguments)
        self.assertFalse(picking.med_proof_ids)
        with self.assertRaisesRegex(UserError, "has not been delivered"):
            self.proof(self.delivery([(other, 1)]))

    def test_a_recorded_proof_is_not_changed_and_voided_by_quality_only(self):
        lot = self.in_stock(self.stent, "KEPT")
        picking = self.deliver([(self.stent, lot, 4)])
        proof, _told = self.proof(picking, lines=[
            {"lot": lot.id, "refused": 1, "reason": "other"}])
        mine, line = proof.with_user(self.picker), proof.line_ids.with_user(self.picker)
        for attack in (
                lambda: mine.write({"person": "Somebody"}), lambda: mine.write({"state": "draft"}),
                lambda: mine.write({"return_id": False}), lambda: line.write({"refused": 0}),
                lambda: line.write({"delivered": 9}), lambda: line.sudo().write({"refused": 0}),
                lambda: proof.sudo().unlink(), lambda: line.sudo().unlink(), proof.copy,
                lambda: mine.create({"picking_id": picking.id}),
                lambda: line.create({"proof_id": proof.id, "product_id": self.stent.id}),
                lambda: mine.med_transition("void", reason="x")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attack()
        proof.with_user(self.anna).med_transition("void", reason="Wrong delivery")
        self.assertEqual(proof.return_id.state, "cancel")
        again, _told = self.proof(picking)
        self.assertEqual(again.outcome, "received")

    def test_what_follows_from_a_proof_is_not_written_either(self):
        lot = self.in_stock(self.stent, "FOLLOWS")
        proof, _told = self.proof(self.deliver([(self.stent, lot, 4)]), lines=[
            {"lot": lot.id, "refused": 1, "reason": "damaged"}])
        for values in ({"outcome": "received"}, {"partner_id": self.clinic.id}):
            with self.assertRaisesRegex(AccessError, "is not changed"):
                proof.with_user(self.picker).write(values)
        with self.assertRaises(UserError):
            proof.line_ids.with_user(self.picker).write({"company_id": 1})
        self.assertEqual(proof.outcome, "partly")

    def test_what_comes_back_in_two_transfers_is_set_apart_in_both(self):
        lot = self.in_stock(self.stent, "TWICE")
        proof, _told = self.proof(self.deliver([(self.stent, lot, 4)]), lines=[
            {"lot": lot.id, "refused": 3, "reason": "damaged"}])
        first = proof.return_id
        first.move_line_ids.quantity = 1
        first.move_ids.picked = True
        first.with_context(cancel_backorder=False)._action_done()
        second = self.env["stock.picking"].search([("backorder_id", "=", first.id)])
        self.assertEqual(second.med_proof_id, proof)
        second.action_assign()
        second.move_ids.picked = True
        second._action_done()
        self.assertEqual((lot.med_status, self.on_hand(lot)), ("released", {self.stock: 6}))

    def test_a_proof_of_what_came_back_already_is_not_voided(self):
        lot = self.in_stock(self.stent, "CAME")
        proof, _told = self.proof(self.deliver([(self.stent, lot, 4)]), lines=[
            {"lot": lot.id, "refused": 1, "reason": "other"}])
        self.post(proof.return_id)
        with self.assertRaisesRegex(UserError, "has come back"):
            proof.with_user(self.anna).med_transition("void", reason="x")

    def test_a_delivery_that_was_changed_meanwhile_is_listed_anew(self):
        lot = self.in_stock(self.stent, "MOVED")
        picking = self.deliver([(self.stent, lot, 4)])
        proof = picking.with_user(self.picker)._med_proof()
        proof.person = "Dr. Weiss"
        picking.move_line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "was changed since"):
            proof.med_transition("record")

    def test_roles_that_do_not_deliver_record_nothing(self):
        picking = self.deliver([(self.stent, self.in_stock(self.stent, "ROLES"), 1)])
        for role in ("viewer", "purchasing"):
            user = self.user(role, login=f"proof_{role}")
            user.group_ids += self.env.ref("stock.group_stock_user")
            with self.assertRaisesRegex(AccessError, "records no proofs"):
                self.proof(picking, user)

    def test_the_delivery_list_names_each_lot_with_its_dates_and_storage(self):
        di = self.env["med.udi.di"].create({
            "issuer": "gs1", "name": "09506000134352", "product_id": self.stent.id,
            "version_model": "S-318", "storage_ids": [Command.create({
                "kind": "temperature", "low": 2, "high": 8, "unit": "celsius"})]})
        di.state = "active"
        lot = self.in_stock(self.stent, "LISTED")
        lot.write({"expiration_date": "2027-05-31 12:00:00", "med_manufactured": "2026-01-15"})
        picking = self.deliver([(self.stent, lot, 3), (self.stent, lot, 1)])
        [row] = picking._med_list_rows()
        self.assertEqual(
            (row["lot"], row["quantity"], row["made"], row["expiry"], row["model"], row["di"]),
            ("LISTED", "4", "2026-01-15", "2027-05-31", "S-318", "09506000134352"))
        self.assertIn("8", row["storage"])
        html = self.env["ir.actions.report"].with_user(self.picker)._render_qweb_html(
            "med_quality.report_delivery_list", picking.ids)[0].decode()
        self.assertIn("LISTED", html)
        self.assertIn("Trace hospital", html)

    def test_the_evidence_of_a_lot_has_its_reviews_and_its_proofs(self):
        lot = self.in_stock(self.stent, "EVIDENCE")
        picking = self.pick(self.delivery([(lot, 4)]))
        review = self.reviewed(picking)
        self.validate(picking)
        proof, _told = self.proof(picking, temperature="4", lines=[
            {"lot": lot.id, "refused": 1, "reason": "damaged"}])
        sections = {one["key"]: one["rows"] for one in
                    lot.with_user(self.anna)._med_evidence_sections()}
        [row] = sections["checkout_reviews"]
        self.assertEqual((row["name"], row["quantity"], row["picked"], row["checked"]),
                         (review.name, 4, self.picker.name, self.checker.name))
        [row] = sections["delivery_proofs"]
        self.assertEqual((row["name"], row["received"], row["refused"], row["reason"],
                          row["temperature"]), (proof.name, 3, 1, "Damaged", "4"))
