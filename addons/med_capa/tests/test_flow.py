from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapaCase

STEPS = {"analyse": "open", "plan": "analysed", "implement": "planned", "prove": "implemented",
         "fail": "implemented", "revise": "analysed planned", "cancel": "open analysed"}
MEANING = {"analyse": "reviewed", "plan": "approved", "implement": "verified",
           "prove": "verified", "fail": "verified", "cancel": "reviewed"}


@tagged("post_install", "-at_install")
class TestFlow(CapaCase):
    """From problem to proven effect, each step signed, none jumped."""

    requirement = "ISO-8.5.2 ISO-8.5.3 Q1 Q6 Q11"

    def test_from_problem_to_proven_effect(self):
        record = self.implemented()
        self.assertEqual((record.state, record.risk_class), ("implemented", "medium"))
        self.judge(record)
        self.assertEqual((record.state, record.next_ids.ids), ("effective", []))
        self.assertEqual(record._med_given().mapped("transition"),
                         ["analyse", "plan", "implement", "prove"])
        self.assertEqual(record.med_signature_status, "valid")
        self.assertFalse(record.activity_ids)

    def test_what_was_not_effective_goes_on_as_the_next_cycle_and_stays_as_it_is(self):
        record = self.implemented()
        self.judge(record, "ineffective")
        new = record.next_ids
        self.assertEqual((record.state, record.cause, record.action_ids.state),
                         ("ineffective", "Worn jaw", "done"))
        self.assertRecordValues(new, [{
            "previous_id": record.id, "cycle": 2, "state": "open", "problem": record.problem,
            "product_ids": record.product_ids.ids, "owner_id": self.ines.id, "cause": False,
            "result": False, "risk_class": False, "effect_user_id": False}])
        self.assertFalse(new.action_ids)
        self.assertEqual(new.activity_ids.user_id, self.ines)
        with self.assertRaises(UserError):
            record.with_user(self.anna).cause = "Other"

    def test_a_step_follows_only_the_state_it_is_declared_for(self):
        made = {"open": self.case(), "analysed": self.analysed(), "planned": self.planned(),
                "implemented": self.implemented(), "effective": self.judge(self.implemented())}
        for state, record in made.items():
            self.assertEqual(record.state, state)
            for step, sources in STEPS.items():
                if state in sources.split():
                    continue
                with self.subTest(f"{state} {step}"), self.assertRaises(UserError):
                    if step == "revise":
                        record.with_user(self.anna).med_transition(step, reason="Test")
                    else:
                        self.sign(record, self.bert, MEANING[step], transition=step, reason="x")
            self.assertEqual(record.state, state)

    def test_what_lacks_is_named_before_each_step(self):
        for name in ("problem", "scope", "correction", "cause", "cause_tool", "severity"):
            record = self.case()
            record.with_user(self.anna)[name] = False
            with self.subTest(name), self.assertRaisesRegex(UserError, "Still to be filled in"):
                self.sign(record, self.anna, "reviewed", transition="analyse")
        for name in ("criterion", "measure", "effect_date", "effect_user_id", "action_ids"):
            record = self.draft_plan(self.analysed())
            if name == "action_ids":
                record.with_user(self.ines).action_ids.unlink()
            else:
                record.with_user(self.ines)[name] = False
            with self.subTest(name), self.assertRaisesRegex(UserError, "Still to be filled in"):
                self.sign(record, self.anna, "approved")

    def test_there_is_no_end_without_a_result(self):
        record = self.implemented()
        self.clock.move_to("2026-06-01 08:00:00")
        for step in ("prove", "fail"):
            with self.subTest(step), self.assertRaisesRegex(UserError, "not asked for now"):
                self.sign(record, self.bert, "verified", transition=step)
        record.with_user(self.bert).write({"result": "ineffective", "finding": "Open again"})
        with self.assertRaisesRegex(UserError, "not asked for now"):
            self.sign(record, self.bert, "verified", transition="prove")

    def test_the_effect_is_judged_by_the_person_and_on_the_day_fixed_before(self):
        record = self.implemented()
        with self.assertRaisesRegex(UserError, "not before"):
            record.with_user(self.bert).result = "effective"
        self.clock.move_to(f"{record.effect_date} 08:00:00")
        for user in (self.ines, self.anna):
            with self.subTest(user.login), self.assertRaises(AccessError):
                record.with_user(user).result = "effective"
        record.with_user(self.bert).write({"result": "effective", "finding": "Fine"})
        with self.assertRaisesRegex(UserError, "another person's"):
            self.sign(record, self.anna, "verified")
        with self.assertRaises(UserError):
            record.with_user(self.anna).effect_user_id = self.anna

    def test_who_owns_the_case_or_an_action_neither_judges_nor_approves(self):
        for person in (self.ines, self.olga):
            record = self.draft_plan(self.analysed(), effect_user_id=person.id)
            with self.subTest(person.login), self.assertRaisesRegex(UserError, "does not judge"):
                self.sign(record, self.anna, "approved")
        record = self.draft_plan(self.analysed())
        record.with_user(self.anna).owner_id = self.anna
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(record, self.anna, "approved")

    def test_the_effect_is_not_judged_before_the_last_action_is_due(self):
        record = self.draft_plan(self.analysed(), effect_date="2026-03-03")
        with self.assertRaisesRegex(UserError, "after the last action"):
            self.sign(record, self.anna, "approved")

    def test_analysing_anew_opens_what_was_signed(self):
        record = self.planned()
        with self.assertRaisesRegex(UserError, "Give a reason"):
            record.with_user(self.anna).med_transition("revise")
        record.with_user(self.anna).med_transition("revise", reason="Another cause came up")
        record.with_user(self.ines).cause = "Wrong film"
        self.assertEqual((record.state, len(record._med_given())), ("open", 0))

    def test_no_action_needed_is_justified_and_signed(self):
        record = self.case()
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.sign(record, self.anna, "reviewed", transition="cancel", reason="No need")
        record.with_user(self.anna).conclusion = "The cause is gone with the supplier"
        self.sign(record, self.anna, "reviewed", transition="cancel", reason="No need")
        self.assertEqual(record.state, "cancelled")
        with self.assertRaises(UserError):
            record.with_user(self.anna).conclusion = "Other"

    def test_each_step_has_a_clock(self):
        record = self.case()
        self.assertEqual(record.date_due, date(2026, 4, 1))
        record.with_user(self.anna).severity = "5"
        self.assertEqual((record.risk_class, record.date_due), ("high", date(2026, 3, 17)))
        self.sign(record, self.anna, "reviewed", transition="analyse")
        self.assertEqual(record.date_due, date(2026, 3, 9))
        self.draft_plan(record)
        self.sign(record, self.anna, "approved")
        self.assertEqual(record.date_due, date(2026, 3, 12))
        record.action_ids.with_user(self.olga).finish(evidence="Done")
        record.with_user(self.anna).no_harm = "Tested"
        self.sign(record, self.anna, "verified")
        self.assertEqual(record.date_due, date(2026, 5, 8))
