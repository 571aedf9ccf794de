from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import ReasonRequired
from .common import AuditCase, AuditReading, AuditRpcCase


class ReasonFixture(AuditReading):
    """Banks, which need a reason once their code (BIC) is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["med.audit.policy"].create({
            "model_id": cls.env["ir.model"]._get_id("res.bank"),
            "reason_domain": "[('bic', '!=', False)]", "reason_fields": "name, bic",
        })
        cls.clerk = new_test_user(cls.env, "clerk", groups="base.group_partner_manager")
        cls.draft, cls.submitted, cls.other = cls.env["res.bank"].create([
            {"name": "Draft"}, {"name": "Submitted", "bic": "AAAA"},
            {"name": "Other", "bic": "BBBB"},
        ])
        cls.env.flush_all()


@tagged("post_install", "-at_install")
class TestCaptureReason(ReasonFixture, AuditCase):
    """A submitted record is changed with a reason only, and the reason is in the trail."""

    requirement = "P11-10e-1 P11-10e-2"

    def mine(self, record, **context):
        return record.with_user(self.clerk).with_context(**context)

    def test_draft_asks_nothing(self):
        self.mine(self.draft).name = "Typing"
        self.assertIsNone(self.entries(self.draft)[-1]["reason"])

    def test_submission_itself_asks_nothing(self):
        self.mine(self.draft).write({"bic": "CCCC"})
        with self.assertRaises(ReasonRequired):
            self.mine(self.draft).write({"bic": "DDDD"})

    def test_change_without_a_reason_is_refused_in_one_sentence_that_names_it(self):
        with self.assertRaises(ReasonRequired) as caught:
            self.mine(self.draft + self.submitted).write({"name": "New", "street": "x"})
        self.assertEqual(caught.exception.context["res_ids"], self.submitted.ids)
        self.assertEqual(caught.exception.context["fields"], ["Name"])
        self.assertRegex(str(caught.exception), f"Bank {self.submitted.id} is submitted.*Name")
        self.assertEqual(self.submitted.name, "Submitted")

    def test_empty_and_blank_reasons_are_none(self):
        for reason in ("", "   ", None, False):
            with self.subTest(reason=reason), self.assertRaises(ReasonRequired):
                self.mine(self.submitted, med_reason=reason).name = "New"

    def test_reason_of_a_wrong_type_or_length_is_refused(self):
        for reason in (True, 5, ["x"], {"x": 1}, "x" * 2001):
            with self.subTest(reason=str(reason)[:9]), \
                    self.assertRaisesRegex(UserError, "med_reason"):
                self.mine(self.submitted, med_reason=reason).name = "New"

    def test_field_that_is_not_covered_asks_nothing(self):
        self.mine(self.submitted).street = "Am Markt 1"
        self.assertIsNone(self.entries(self.submitted)[-1]["reason"])

    def test_reason_is_kept_with_every_record_of_the_batch(self):
        self.mine(self.submitted + self.other, med_reason="Typing error").write({"name": "New"})
        for bank in (self.submitted, self.other):
            self.assertEqual(self.entries(bank)[-1]["reason"], "Typing error")

    def test_two_reasons_of_one_transaction_do_not_mix(self):
        self.mine(self.submitted, med_reason="first").name = "A"
        self.mine(self.other, med_reason="second").name = "B"
        self.assertEqual(self.entries(self.submitted)[-1]["reason"], "first")
        self.assertEqual(self.entries(self.other)[-1]["reason"], "second")

    def test_deletion_needs_a_reason_too(self):
        bank = self.submitted
        with self.assertRaises(ReasonRequired):
            self.mine(bank).unlink()
        self.mine(bank, med_reason="Doubled").unlink()
        self.assertEqual(self.entries(bank)[-1]["reason"], "Doubled")

    def test_no_context_key_stands_for_a_reason(self):
        for key in ("_force_unlink", "install_mode", "no_reason", "med_audit", "module"):
            with self.subTest(key=key), self.assertRaises(ReasonRequired):
                self.mine(self.submitted, **{key: True}).name = "New"

    def test_code_of_the_system_asks_nothing(self):
        self.submitted.sudo().name = "New"
        self.assertEqual(self.entries(self.submitted)[-1]["new"]["name"], "New")

    def test_without_a_list_every_field_but_the_chatter_is_covered(self):
        policy = self.env["med.audit.policy"].search([("model", "=", "res.bank")])
        policy.reason_fields = False
        with self.assertRaises(ReasonRequired):
            self.mine(self.submitted).street = "x"
        self.assertEqual(self.submitted._med_audit_touched(
            {"message_follower_ids": [], "name": ""}, frozenset()), ["name"])

    def test_late_entry_keeps_both_times(self):
        when = fields.Datetime.now() - timedelta(days=2)
        self.mine(self.draft, med_event_time=f"{when.isoformat()}Z").name = "Measured"
        entry = self.entries(self.draft)[-1]
        self.assertEqual(entry["event_at"].replace(microsecond=0), when)
        self.assertGreater(entry["at"], when + timedelta(days=1))
        self.mine(self.draft, med_event_time="2026-01-01T08:00:00+08:00").name = "Zone"
        self.assertEqual(str(self.entries(self.draft)[-1]["event_at"]), "2026-01-01 00:00:00")

    def test_time_that_is_none_or_in_the_future_is_refused(self):
        future = (fields.Datetime.now() + timedelta(hours=1)).isoformat()
        for when in ("yesterday", future):
            with self.subTest(when=when), self.assertRaisesRegex(UserError, "med_event_time"):
                self.mine(self.draft, med_event_time=when).name = "x"


@tagged("post_install", "-at_install")
class TestCaptureReasonRpc(ReasonFixture, AuditRpcCase):
    """Another program gives its reason as an argument of the call."""

    requirement = "P11-10e-1"

    def test_call_without_a_reason_is_refused_and_with_one_recorded(self):
        with mute_logger("odoo.http"):
            response = self.json2(self.clerk, "res.bank", "write", ids=self.submitted.ids,
                                  vals={"name": "New"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("ReasonRequired", response.json()["name"])
        response = self.json2(self.clerk, "res.bank", "write", ids=self.submitted.ids,
                              vals={"name": "New"}, context={"med_reason": "Typing error"})
        self.assertEqual(response.status_code, 200, response.text)
        entry = self.entries(self.submitted)[-1]
        self.assertEqual(
            (entry["reason"], entry["user_id"], entry["origin"], entry["what"]),
            ("Typing error", self.clerk.id, "json2", "res.bank.write"),
        )


@tagged("post_install", "-at_install")
class TestCaptureReasonTour(ReasonFixture, HttpCase):
    """The web client asks for the reason and repeats the call."""

    requirement = "P11-10e-1"

    def test_form_asks_once_and_saves_with_the_reason(self):
        action = self.env["ir.actions.act_window"].create({
            "name": "Banks", "res_model": "res.bank", "view_mode": "form",
            "res_id": self.submitted.id,
        })
        with mute_logger("odoo.http"):  # the call that is refused at first
            self.start_tour(f"/odoo/action-{action.id}/{self.submitted.id}", "med_audit_reason",
                            login="admin")
        entry = self.entries(self.submitted)[-1]
        self.assertEqual(entry["new"]["name"], "Corrected")
        self.assertEqual(entry["reason"], "Late entry: found at review")
        self.assertEqual((entry["origin"], entry["what"]), ("web", "res.bank.web_save"))
