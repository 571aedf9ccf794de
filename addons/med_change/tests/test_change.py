from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase

STEPS = {"emergency": "draft", "assess": "draft emergency", "approve": "assessed",
         "effect": "approved", "close": "effective", "reject": "assessed emergency",
         "revise": "assessed approved", "reassess": "assessed", "cancel": "draft approved"}
MEANING = {"emergency": "approved", "assess": "reviewed", "approve": "approved",
           "effect": "verified", "close": "verified", "reject": "rejected"}


@tagged("post_install", "-at_install")
class TestChange(ChangeCase):
    """From request to proven effect, each step signed, none jumped."""

    requirement = "ISO-7.3.9 ISO-7.3.10 CN-GMP-QA CN-GMP-68 P11-10k Q4 Q9 SMP-2"

    def emergency(self, **kw):
        record = self.requested(**kw)
        self.sign(record, self.bert, "approved", transition="emergency", reason="Line stands")
        return record

    def test_from_request_to_monitored_effect(self):
        record = self.approved(effects={"performance": "possible"})
        self.assertEqual(record.change_class, "moderate")
        self.effective(record)
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.sign(record, self.anna, "verified")
        record.with_user(self.anna).monitoring_result = "No complaint"
        self.sign(record, self.anna, "verified")
        self.assertEqual((record.state, record.med_signature_status), ("closed", "valid"))
        self.assertEqual(record._med_given().mapped("transition"),
                         ["assess", "approve", "effect", "close"])
        self.assertFalse(record.activity_ids)

    def test_a_step_follows_only_the_state_it_is_declared_for(self):
        made = {"draft": self.requested(), "assessed": self.assessed(),
                "approved": self.approved(), "effective": self.effective(self.approved()),
                "emergency": self.emergency()}
        for state, record in made.items():
            self.assertEqual(record.state, state)
            for step, sources in STEPS.items():
                if state in sources.split():
                    continue
                with self.subTest(f"{state} {step}"), self.assertRaises(UserError):
                    if step in MEANING:
                        self.sign(record, self.bert, MEANING[step], transition=step, reason="x")
                    else:
                        record.with_user(self.anna).med_transition(step, reason="x")
            self.assertEqual(record.state, state)

    def test_the_worst_effect_gives_the_class_and_nobody_lowers_it(self):
        record = self.requested(effects={"performance": "possible"})
        self.assertEqual(record.change_class, "moderate")
        record.with_user(self.otto).effect_safety = "certain"
        self.assertEqual(record.change_class, "major")
        record.with_user(self.otto).effect_safety = False
        self.assertFalse(record.change_class)
        record.with_user(self.otto).effect_safety = "none"
        with self.assertRaises(AccessError):
            record.with_user(self.otto).class_raised = "major"
        for raised, found in (("minor", "moderate"), ("major", "major")):
            record.with_user(self.anna).class_raised = raised
            self.assertEqual(record.change_class, found)

    def test_a_company_has_rules_and_functions_of_its_own(self):
        self.env["med.change.class.rule"].create({
            "company_id": self.company.id, "effect": "effect_performance", "source": "SOP-3",
            "strength": "possible", "change_class": "minor"})
        self.assertEqual(self.requested(effects={"performance": "possible"}).change_class, "minor")
        self.assertFalse(self.requested(effects={"safety": "certain"}).change_class)

    def test_a_major_change_needs_two_approvals(self):
        record = self.assessed(effects={"safety": "certain"})
        self.assertEqual(len(record.assessment_ids), 6)
        self.sign(record, self.bert, "approved")
        self.assertEqual(record.state, "assessed")
        with self.assertRaisesRegex(UserError, "none of the roles|does not sign twice"):
            self.sign(record, self.bert, "approved")
        self.sign(record, self.rega, "approved")
        self.assertEqual(record.state, "approved")

    def test_who_requested_does_not_approve_and_who_owns_does_not_verify(self):
        record = self.assessed(user=self.bert)
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(record, self.bert, "approved")
        record = self.approved(owner_id=self.bert.id)
        record.with_user(self.bert).verification = "Fine"
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(record, self.bert, "verified")

    def test_a_change_without_verification_does_not_go_on(self):
        record = self.approved()
        with self.assertRaisesRegex(UserError, "Still to be filled in: Verified"):
            self.sign(record, self.bert, "verified")

    def test_it_takes_effect_on_its_day_and_is_monitored_to_its_end(self):
        record = self.approved(effective_kind="date", effective_date="2026-03-09",
                               monitoring_until="2026-04-09")
        with self.assertRaisesRegex(UserError, "not before"):
            self.effective(record)
        self.clock.move_to("2026-03-09 08:00:00")
        self.effective(record)
        record.with_user(self.anna).monitoring_result = "Fine"
        with self.assertRaisesRegex(UserError, "is monitored until"):
            self.sign(record, self.anna, "verified")
        self.clock.move_to("2026-04-09 08:00:00")
        self.sign(record, self.anna, "verified")
        self.clock.move_to("2026-03-02 12:00:00")

    def test_what_is_assessed_stays_until_it_is_assessed_anew(self):
        record = self.assessed()
        for vals in ({"reason": "x"}, {"effect_safety": "certain"}, {"rollback": "x"},
                     {"for_udi": True}, {"product_tmpl_ids": [Command.clear()]},
                     {"class_raised": "major"}, {"owner_id": self.anna.id}):
            with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                record.with_user(self.anna).write(vals)
        with self.assertRaisesRegex(UserError, "Give a reason"):
            record.with_user(self.anna).med_transition("revise")
        record.with_user(self.anna).med_transition("revise", reason="Forgot a market")
        record.with_user(self.otto).reason = "Supplier stops in May"
        self.assertEqual((record.state, len(record._med_given())), ("draft", 0))

    def test_what_steps_decide_is_not_written_and_not_born(self):
        record = self.requested()
        sent = {"change_class": "minor", "emergency": True, "requester_id": self.anna.id,
                "emergency_due": "2030-01-01", "impact_digest": "x", "overdue_told": True,
                "impact_at": "2020-01-01 00:00:00", "name": "X", "verification": "x",
                "monitoring_result": "x"}
        for name in set(sent) - {"verification", "monitoring_result"}:
            for who in (record.with_user(self.anna), record.sudo()):
                with self.subTest(name), self.assertRaises(AccessError), self.cr.savepoint():
                    who.write({name: sent[name] if name != "change_class" else "major"})
        with self.assertRaisesRegex(UserError, "once the change is effective"):
            record.with_user(self.anna).monitoring_result = "x"
        Change = self.env["med.change"].with_user(self.otto)
        hostile = Change.with_context(**{f"default_{name}": value for name, value in sent.items()})
        for new in (Change.create({"title": "x", **sent}), hostile.create({"title": "x"})):
            self.assertRecordValues(new, [{
                "change_class": False, "emergency": False, "requester_id": self.otto.id,
                "emergency_due": False, "impact_digest": False, "impact_at": False,
                "overdue_told": False, "verification": False, "monitoring_result": False}])
        with self.assertRaises(AccessError):
            Change.create({"title": "x", "state": "approved"})
        with self.assertRaises(UserError):
            record.unlink()
        with self.assertRaises(UserError):
            record.copy()

    def test_an_emergency_is_carried_out_first_and_approved_within_days(self):
        self.company.med_change_emergency_days = 3
        record = self.requested()
        with self.assertRaisesRegex(UserError, "Give a reason"):
            self.sign(record, self.bert, "approved", transition="emergency")
        record = self.emergency()
        self.assertTrue(record._med_is_implementing())
        self.assertEqual(str(record.date_due), "2026-03-05")
        with self.assertRaisesRegex(UserError, "is signed"):
            record.with_user(self.anna).for_udi = True
        record.activity_ids.unlink()
        for day, told in (("2026-03-05", False), ("2026-03-06", True), ("2026-03-07", True)):
            self.clock.move_to(f"{day} 08:00:00")
            self.env["med.change"]._tell_overdue()
            self.assertEqual(record.overdue_told, told)
        self.clock.move_to("2026-03-02 12:00:00")
        mails = record.message_ids.filtered("partner_ids")
        self.assertEqual((len(mails), len(record.activity_ids)), (1, 2))
        self.answered(record)
        self.sign(record, self.anna, "reviewed")
        self.assertEqual((record.state, record.overdue_told), ("assessed", False))
        record.with_user(self.anna).med_transition("reassess", reason="Wrong class")
        self.sign(record, self.anna, "reviewed")
        self.sign(record, self.bert, "approved", transition="approve")
        self.assertEqual((record.state, record.date_due), ("approved", False))

    def test_a_change_that_concerns_no_product_asks_for_less(self):
        record = self.requested(subjects=(), products=self.template.browse(),
                                effects={"performance": "possible"})
        self.assertEqual(record.assessment_ids.function_id.mapped("name"), ["Quality"])
        record.assessment_ids.with_user(self.anna).write({"effect": "no", "text": "Form only"})
        self.sign(record, self.anna, "reviewed")
        self.sign(record, self.bert, "approved")
        self.assertEqual(self.effective(record).state, "effective")

    def test_a_change_is_for_its_owner_its_requester_and_quality_assurance(self):
        record = self.requested()
        record.with_user(self.otto).reason = "Supplier stops in June"
        walter = self.user("warehouse", login="walter2")
        with self.assertRaises(AccessError):
            record.with_user(walter).reason = "x"
        viewer = self.user("viewer", login="vera")
        with self.assertRaises(AccessError):
            self.env["med.change"].with_user(viewer).request(title="x")

    def test_wrong_arguments_request_nothing(self):
        Change = self.env["med.change"].with_user(self.otto)
        before = Change.search_count([])
        for kw, words in (
                ({"title": " "}, "one sentence"), ({"source": "moon"}, "one of"),
                ({"subjects": ["moon"]}, "one of"), ({"effects": {"moon": "none"}}, "effects"),
                ({"effects": {"safety": "big"}}, "effects"), ({"products": [0]}, "there is not"),
                ({"reason": 3}, "must be text")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                Change.request(**{"title": "x", **kw})
        self.assertEqual(Change.search_count([]), before)

    def test_a_change_begins_from_a_capa(self):
        told = self.env["med.capa"].with_user(self.anna).open_case(
            summary="Seals open", products=self.pump.ids)
        capa = self.env["med.capa"].browse(told["capa"])
        record = self.env["med.change"].browse(
            capa.with_user(self.anna).action_start_change()["res_id"])
        self.assertRecordValues(record, [{
            "source": "capa", "capa_ids": capa.ids, "title": "Seals open",
            "product_tmpl_ids": self.template.ids}])
        self.assertEqual(capa.change_count, 1)

    def test_another_company_sees_nothing_and_gets_nothing(self):
        record = self.answered(self.requested())
        record.with_user(self.anna).write({"task_ids": [Command.create({"what": "x"})]})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for found in (record, record.assessment_ids, record.impact_ids, record.market_ids,
                      record.task_ids):
            seen = found.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(seen.search([("id", "in", found.ids)]))
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            record.with_user(self.anna).company_id = other

    def test_the_printed_form_says_what_was_decided(self):
        record = self.effective(self.approved())
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_change.report_change", record.ids)[0].decode()
        for words in (record.name, "Supplier stops", "Old tube", "Looked at", "Leak test 7",
                      "Minor", "Bill of Materials", self.anna.name, self.bert.name):
            self.assertIn(words, html)
