import base64

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestSteps(InspectCase):
    """Submitted, accepted, conceded, rejected: by signature, and by whom."""

    requirement = "ISO-8.2.6 ISO-8.3.1 ISO-8.3.2 P11-10g I3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()

    def test_an_empty_or_half_inspection_is_never_submitted_or_accepted(self):
        inspection = self.inspected("S-1")
        with self.assertRaisesRegex(UserError, r"still missing: Length \(1\)"):
            self.submit(inspection)
        self.enter(inspection, self.values(inspection)[:2])
        with self.assertRaisesRegex(UserError, r"Length \(3\)"):
            self.submit(inspection)
        with self.assertRaisesRegex(UserError, "not asked for"):
            self.accept(inspection)
        self.assertEqual((inspection.state, inspection.verdict), ("open", "incomplete"))

    def test_an_operator_rejects_nothing_that_was_received(self):
        inspection = self.inspected("S-15")
        inspection.with_user(self.ines).write({"conclusion": "x"})
        with self.assertRaisesRegex(UserError, "does not inspect"):
            self.sign(inspection, self.olga, "rejected")
        with self.assertRaisesRegex(UserError, "does not inspect"):
            inspection.with_user(self.olga).write({"conclusion": "y"})

    def test_defaults_of_who_receives_get_into_no_inspection(self):
        for name, value in (("conclusion", "fine"), ("concession_reference", "DEV-0")):
            self.env["ir.default"].set("med.inspection", name, value)
        type(self).env = self.env(context={
            **self.env.context, "default_blocking": False, "default_seed": "0" * 32,
            "default_conclusion": "fine", "default_verdict": "accepted", "default_stage": "final"})
        try:
            inspection = self.inspected("S-16")
        finally:
            type(self).env = self.env(context={
                key: value for key, value in self.env.context.items()
                if not key.startswith("default_")})
        self.assertRecordValues(inspection, [{
            "blocking": True, "state": "open", "verdict": "pending", "stage": "incoming",
            "conclusion": False, "concession_reference": False}])

    def test_what_did_not_pass_is_not_accepted_and_its_rejection_holds_the_lot(self):
        inspection = self.finish(self.inspected("S-2"), bad=("2",), decide=None)
        with self.assertRaisesRegex(UserError, "do not allow to accept"):
            self.accept(inspection)
        with self.assertRaisesRegex(UserError, "Conclusion"):
            self.sign(inspection, self.ivan, "rejected")
        asked = []
        self.patch(type(inspection), "_med_open_nonconformity", lambda one: asked.append(one))
        self.reject(inspection)
        self.assertEqual(inspection.state, "rejected")
        self.assertEqual(asked, [inspection])
        hold = inspection.lot_id.med_hold_line_ids.hold_id
        self.assertRecordValues(hold, [{
            "source": "inspection", "source_model": "med.inspection", "source_id": inspection.id,
            "state": "open"}])
        self.assertEqual(inspection.lot_id.med_status, "quarantine")

    def test_a_lot_is_rejected_at_once_for_what_is_seen(self):
        inspection = self.inspected("S-3")
        self.reject(inspection, conclusion="The box was crushed")
        self.assertTrue(inspection.lot_id.med_hold_count)

    def test_a_concession_is_for_quality_with_a_document_and_another_person(self):
        inspection = self.finish(self.inspected("S-4"), bad=("2",), decide=None, user=self.anna)
        for values, words in (
                ({"conclusion": "Harmless"}, "Concession"),
                ({"concession_reference": "DEV-1"}, "from 1 to 3"),
                ({"concession_quantity": 4}, "from 1 to 3"),
                ({"concession_quantity": 1}, "another person")):
            inspection.with_user(self.anna).write(values)
            with self.assertRaisesRegex(UserError, words):
                self.sign(inspection, self.anna, "approved")
        with self.assertRaisesRegex(AccessError, "for quality assurance"):
            inspection.with_user(self.ines).write({"concession_reference": "mine"})
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.grant(self.ines, "approved")
            self.sign(inspection, self.ines, "approved")
        asked = []
        self.patch(type(inspection), "_med_check_concession", lambda one: asked.append(one))
        self.sign(inspection, self.bert, "approved")
        self.assertEqual((inspection.state, asked), ("concession", [inspection]))

    def test_who_entered_the_values_does_not_concede_them(self):
        inspection = self.inspected("S-5")
        self.enter(inspection, self.values(inspection, "12"), self.anna)
        self.submit(inspection)
        with self.assertRaisesRegex(UserError, "Another person"):
            self.concede(inspection)
        self.concede(inspection, self.bert)

    def test_where_the_plan_wants_a_second_person_nobody_accepts_his_own_results(self):
        self.plan(second_person=True, partner_ids=[Command.set(self.supplier.ids)])
        inspection = self.inspected("S-6")
        self.enter(inspection, self.values(inspection)[:2], self.ivan)
        self.enter(inspection, self.values(inspection)[2:])
        self.submit(inspection)
        for person in (self.ines, self.ivan):
            with self.assertRaisesRegex(UserError, "Another person"):
                self.accept(inspection, person)
        self.accept(inspection, self.bert)

    def test_without_that_one_person_does_both(self):
        inspection = self.finish(self.inspected("S-7"), decide=None)
        self.accept(inspection, self.ines)
        self.assertEqual(inspection.state, "accepted")

    def test_it_is_cancelled_only_before_the_first_reading_and_with_a_reason(self):
        inspection = self.inspected("S-8")
        mine = inspection.with_user(self.ines)
        with self.assertRaisesRegex(UserError, "Give a reason"):
            mine.med_transition("cancel")
        with self.assertRaisesRegex(UserError, "not yours"):
            inspection.with_user(self.olga).med_transition("cancel", reason="x")
        self.enter(inspection, self.values(inspection)[:1])
        with self.assertRaisesRegex(UserError, "has readings"):
            mine.med_transition("cancel", reason="Start anew")

    def test_cancelling_and_requesting_draws_no_other_units(self):
        self.plan(classes=[{"defect_class": "major", "method": "aql", "aql": "1.5"}],
                  partner_ids=[Command.set(self.supplier.ids)])
        inspection = self.inspected("S-9", 400)
        inspection.with_user(self.ines).med_transition("cancel", reason="Twice")
        told = self.env["med.inspection"].with_user(self.ines).request(
            lot=inspection.lot_id.id, stage="incoming")
        again = self.env["med.inspection"].browse(told["inspection"])
        self.assertEqual(len(again.sample_ids), 50)
        self.assertEqual(again.sample_ids.mapped("unit"), inspection.sample_ids.mapped("unit"))

    def test_state_verdict_plan_and_draw_are_written_by_nobody(self):
        inspection = self.inspected("S-10")
        frozen = dict(inspection.frozen, characteristics=[])
        context = {"default_verdict": "accepted", "default_state": "accepted"}
        for user in (self.ines, self.anna, self.env.user):
            mine = inspection.with_user(user).with_context(**context)
            for values in ({"state": "accepted"}, {"verdict": "accepted"}, {"frozen": frozen},
                           {"frozen_digest": "0"}, {"seed": "0" * 32}, {"quantity": 1},
                           {"plan_id": 1}, {"lot_id": False}, {"blocking": False},
                           {"doubtful": False}, {"med_signature_round": 7},
                           {"sample_ids": [Command.clear()]}, {"company_id": 2},
                           {"resubmission_of_id": inspection.id}):
                with self.assertRaises(AccessError), mute_logger("odoo.sql_db"):
                    mine.write(values)
            for attack in (lambda one: one.unlink(), lambda one: one.copy(),
                           lambda one: one.create({"stage": "incoming"})):
                with self.assertRaises(UserError):
                    attack(mine)
        self.assertRecordValues(inspection, [{
            "state": "open", "verdict": "pending", "quantity": 3, "blocking": True}])
        self.assertEqual(
            self.env["med.inspection"].sudo().search_count([("id", "=", inspection.id)]), 1)

    def test_a_plan_changed_by_sql_stops_every_step(self):
        inspection = self.finish(self.inspected("S-11"), decide=None)
        self.env.cr.execute(
            "UPDATE med_inspection SET frozen = jsonb_set(frozen, '{plan,note}', '\"x\"') "
            "WHERE id = %s", [inspection.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not the one that was frozen"):
            self.accept(inspection)

    def test_required_documents_are_attached_read_and_kept(self):
        self.plan(partner_ids=[Command.set(self.supplier.ids)], document_ids=[
            Command.create({"name": "Certificate of analysis"}),
            Command.create({"name": "Photo", "required": False})])
        inspection = self.finish(self.inspected("S-12"), decide=None)
        paper, _photo = inspection.document_ids
        with self.assertRaisesRegex(UserError, "Not checked, or not right: Certificate"):
            self.accept(inspection)
        mine = paper.with_user(self.ines)
        with self.assertRaisesRegex(UserError, "attach the file first"):
            mine.check()
        data = base64.b64encode(b"%PDF certificate").decode()
        for values in ({"ok": True}, {"sha256": "0"}, {"checked_by_id": self.anna.id},
                       {"required": False}, {"inspection_id": 1}):
            with self.assertRaises(AccessError):
                mine.write(values)
        made = self.env["med.inspection.document"].with_user(self.ines).with_context(
            default_ok=True, default_checked_by_id=self.anna.id).create({
                "inspection_id": inspection.id, "name": "More", "required": True})
        self.assertRecordValues(made, [{"ok": False, "checked_by_id": False, "required": False}])
        told = mine.attach(filename="coa.pdf", data=data)
        self.assertEqual(len(told["sha256"]), 64)
        with self.assertRaisesRegex(UserError, "that was attached stays"):
            mine.attach(filename="other.pdf", data=data)
        with self.assertRaisesRegex(UserError, "what is wrong"):
            mine.check(ok=False)
        mine.check(ok=False, note="Other lot")
        with self.assertRaisesRegex(UserError, "not right: Certificate"):
            self.accept(inspection)
        mine.check(ok=True)
        self.accept(inspection)
        self.assertEqual(inspection.med_signature_status, "valid")
        self.assertRecordValues(paper, [{"ok": True, "checked_by_id": self.ines.id}])
        with self.assertRaisesRegex(UserError, "not changed any more"):
            mine.check(ok=False, note="later")
        for attack in (lambda: mine.unlink(), lambda: paper.sudo().unlink(),
                       lambda: paper.with_user(self.user("warehouse", login="dw")).write(
                           {"note": "x"})):
            with self.assertRaises(UserError):
                attack()

    def test_accepted_lots_are_listed_for_one_release_signature(self):
        self.plan(release_on_accept=True, partner_ids=[Command.set(self.supplier.ids)])
        found = [self.finish(self.inspected(name)) for name in ("S-13", "S-14")]
        lots = self.env["stock.lot"].union(*(one.lot_id for one in found))
        proposal = lots.med_disposition_line_ids.disposition_id
        self.assertEqual((len(proposal), proposal.state), (1, "draft"))
        self.assertEqual(set(lots.mapped("med_status")), {"quarantine"})
        self.sign(proposal, self.release, "released")
        self.assertEqual(set(lots.mapped("med_status")), {"released"})


@tagged("post_install", "-at_install")
class TestRelease(InspectCase):
    """What inspection says to the release of a lot, and what comes after a rejection."""

    requirement = "ISO-7.5.8 ISO-8.2.6 ISO-8.3.4 R1 R3"

    def freed(self, lot, words=""):
        if not words:
            return self.decide(lot, "released")
        with self.assertRaisesRegex(UserError, words):
            self.decide(lot, "released")
        with self.assertRaisesRegex(UserError, words):
            self.decide(lot, "conditional")
        self.assertEqual(lot.med_status, "quarantine")
        return None

    def test_without_a_plan_nothing_begins_and_a_lot_is_released(self):
        lot = self.receive(self.stent, {"R-0": 1})
        self.assertFalse(lot.med_inspection_count)
        self.freed(lot)

    def test_open_submitted_rejected_and_missing_inspections_stop_the_release(self):
        before = self.receive(self.stent, {"R-1": 1})
        plan = self.plan()
        self.freed(before, "R-1: the inspection by .* is missing")
        inspection = self.inspected("R-2")
        self.freed(inspection.lot_id, "R-2: INS.* is Open")
        self.finish(inspection, decide=None)
        self.freed(inspection.lot_id, "is Submitted")
        self.accept(inspection)
        self.freed(inspection.lot_id)
        bad = self.finish(self.inspected("R-3"), bad=("1",), decide="reject")
        hold = bad.lot_id.med_hold_line_ids.hold_id
        hold.with_user(self.anna).lift("anna", "anna-secret", conclusion="Look again")
        self.freed(bad.lot_id, "is Rejected")
        made = self.env["med.inspection"].with_user(self.ines).request(before.id, "incoming")
        self.env["med.inspection"].browse(made["inspection"]).with_user(
            self.ines).med_transition("cancel", reason="No")
        self.freed(before, "is missing")
        self.assertEqual(plan.inspection_count, 3)

    def test_a_rejected_lot_is_inspected_again_for_quality_and_does_not_count(self):
        self.plan(classes=[{"defect_class": "major", "method": "aql", "aql": "6.5"}])
        bad = self.finish(self.inspected("R-4"), bad=("1", "2"), decide="reject")
        lot, request = bad.lot_id, self.env["med.inspection"]
        with self.assertRaisesRegex(AccessError, "quality assurance has it inspected again"):
            request.with_user(self.ines).request(lot.id, "incoming")
        again = request.browse(request.with_user(self.anna).request(
            lot.id, "incoming")["inspection"])
        with self.assertRaisesRegex(UserError, "not decided yet"):
            request.with_user(self.anna).request(lot.id, "incoming")
        self.assertEqual(again.resubmission_of_id, bad)
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Reworked")
        self.freed(lot, "is Rejected|is Open")
        self.finish(again)
        self.freed(lot)
        step = self.env["med.switching.step"].search([("inspection_id", "=", again.id)])
        self.assertEqual((step.code, step.counted), ("resubmitted", False))

    def test_a_part_of_a_rejected_lot_is_not_released_under_another_number(self):
        self.plan()
        bad = self.finish(self.inspected("R-S", 10), bad=("1",), decide="reject")
        lot = bad.lot_id
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Sort it")
        self.repack("split", [(lot, 4)], [(self.stent, "R-S/1", 4)])
        part = self.env["stock.lot"].search([("name", "=", "R-S/1")])
        self.freed(part, "R-S/1: .* is Rejected")
        request = self.env["med.inspection"]
        with self.assertRaisesRegex(AccessError, "quality assurance has it inspected again"):
            request.with_user(self.ines).request(part.id, "incoming")
        again = request.browse(request.with_user(self.anna).request(
            part.id, "incoming")["inspection"])
        self.assertEqual((again.resubmission_of_id, again.quantity), (bad, 4))
        self.finish(again)
        self.freed(part)
        self.freed(lot, "R-S: .* is Rejected")

    def cured_part(self, name):
        """Return a rejected lot of 10 without its hold, and a part of 4 that is accepted."""
        bad = self.finish(self.inspected(name, 10), bad=("1",), decide="reject")
        lot = bad.lot_id
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Sort it")
        self.repack("split", [(lot, 4)], [(self.stent, f"{name}/1", 4)])
        part = self.env["stock.lot"].search([("name", "=", f"{name}/1")])
        again = self.finish(self.again(part))
        self.env.cr.execute("UPDATE med_inspection SET create_date = %s WHERE id = %s",
                            [fields.Datetime.now(), again.id])
        self.env.invalidate_all()
        return lot, part

    def again(self, lot, user=None):
        request = self.env["med.inspection"].with_user(user or self.anna).request
        return self.env["med.inspection"].browse(request(lot.id, "incoming")["inspection"])

    def test_a_draft_that_would_merge_a_cured_part_in_frees_no_rejected_lot(self):
        self.plan()
        lot, part = self.cured_part("R-D")
        self.env["med.repack"].with_user(self.user("warehouse", login="rd")).create({
            "kind": "merge", "reason": "x", "location_id": self.stock.id,
            "input_ids": [Command.create({"lot_id": part.id, "quantity": 4})],
            "output_ids": [Command.create({
                "product_id": self.stent.id, "lot_id": lot.id, "quantity": 4})]})
        self.assertEqual(lot._med_lineage(), {lot.id: {lot.id}})
        self.freed(lot, "R-D: .* is Rejected")

    def test_a_cure_counts_for_the_lots_that_were_inspected_again_alone(self):
        self.plan()
        lot, part = self.cured_part("R-E")
        self.repack("split", [(part, 1)], [(self.stent, "R-E/2", 1)])
        self.repack("merge", [(lot, 2), (part, 1)], [(self.stent, "R-E/3", 3)])
        self.repack("merge", [(part, 1)], [(self.stent, lot, 1)])
        small, mixed = (self.env["stock.lot"].search([("name", "=", name)])
                        for name in ("R-E/2", "R-E/3"))
        self.freed(small)
        self.freed(lot, "R-E: .* is Rejected")
        self.freed(mixed, "R-E/3: .* is Rejected")
        with self.assertRaisesRegex(AccessError, "quality assurance has it inspected again"):
            self.again(mixed, self.ines)
        self.finish(self.again(mixed))
        self.freed(mixed)

    def test_what_joins_a_cured_lot_later_is_asked_for_its_own_inspection(self):
        self.plan()
        lot, part = self.cured_part("R-F")
        self.repack("merge", [(lot, 2)], [(self.stent, part, 2)])
        self.freed(part, "R-F/1: .* is Rejected")
        self.finish(self.again(part))
        self.freed(part)

    def test_a_part_of_a_lot_that_was_never_inspected_is_not_released_either(self):
        lot = self.receive(self.stent, {"R-P": 10})
        self.repack("split", [(lot, 4)], [(self.stent, "R-P/1", 4)])
        self.plan()
        part = self.env["stock.lot"].search([("name", "=", "R-P/1")])
        self.freed(part, "R-P: the inspection by .* is missing")

    def test_a_rejection_is_not_left_behind_by_receiving_more(self):
        self.plan()
        bad = self.finish(self.inspected("R-M"), bad=("1",), decide="reject")
        lot = bad.lot_id
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Look")
        self.receive(self.stent, {lot: 2})
        self.finish(lot.med_inspection_ids - bad)
        self.freed(lot, "is Rejected")
        again = self.env["med.inspection"].browse(self.env["med.inspection"].with_user(
            self.anna).request(lot.id, "incoming")["inspection"])
        self.assertEqual(again.resubmission_of_id, bad)
        self.finish(again)
        self.freed(lot)

    def test_a_concession_allows_the_release(self):
        self.plan()
        inspection = self.finish(self.inspected("R-5"), bad=("1",), decide=None)
        self.concede(inspection)
        self.freed(inspection.lot_id)

    def test_an_inspection_that_does_not_block_stops_nothing(self):
        self.plan(blocking=False)
        self.freed(self.inspected("R-6").lot_id)

    def test_the_opening_status_needs_no_inspection_of_the_past_but_hides_no_rejection(self):
        self.stent.med_controlled = False
        old = self.receive(self.stent, {"R-7": 1})
        self.stent.med_controlled = True
        self.plan()
        opening = self.env["med.disposition"].with_user(self.release).create({
            "kind": "opening", "note": "Going live",
            "line_ids": [Command.create({"lot_id": old.id, "status": "released"})]})
        self.sign(opening, self.release, "released")
        bad = self.finish(self.inspected("R-8"), bad=("1",), decide="reject")
        bad.lot_id.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="x")
        opening = self.env["med.disposition"].with_user(self.release).create({
            "kind": "opening", "note": "Going live",
            "line_ids": [Command.create({"lot_id": bad.lot_id.id, "status": "released"})]})
        with self.assertRaisesRegex(UserError, "is Rejected"):
            self.sign(opening, self.release, "released")

    def test_more_of_a_released_lot_goes_back_to_quarantine_until_it_is_inspected(self):
        self.plan()
        inspection = self.finish(self.inspected("R-9"))
        lot = inspection.lot_id
        self.freed(lot)
        self.receive(self.stent, {lot: 2})
        self.assertEqual(lot.med_status, "quarantine")
        self.freed(lot, "is Open")

    def test_requests_say_what_is_wrong(self):
        lot = self.receive(self.stent, {"R-10": 1})
        free = self.receive(self.product("Free"), {"R-11": 1})
        request = self.env["med.inspection"].with_user(self.ines)
        for arguments, words in (
                ((lot.id, "x"), "“stage” must be one of"), ((True, "final"), "“lot” must be"),
                (("1", "final"), "“lot” must be"), ((0, "final"), "there is not"),
                ((free.id, "final"), "controlled"),
                ((lot.id, "final"), "No approved plan “Final” applies")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                request.request(*arguments)
        with self.assertRaisesRegex(AccessError, "by inspectors"):
            request.with_user(self.user("warehouse", login="rw")).request(lot.id, "final")
