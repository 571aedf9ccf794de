import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import PAYLOAD
from .test_submit import InboxCase


class TestMend(InboxCase):
    """What was refused is mended, applied again or returned; what was applied, taken back (X2)."""

    def refused(self, number=1, **values):
        sent = self.envelope(
            self.lims, {**PAYLOAD, "country": "China", "code": "H-1", **values},
            id=f"id-{number}", sequence=number, object={"id": "H-1", "version": number})
        self.assertEqual(self.outcomes(sent), ["rejected"])
        return self.message(f"id-{number}").with_user(self.qa)

    def test_mended_with_reason_and_the_original_kept(self):
        message = self.refused()
        told = message.mend({**PAYLOAD, "country": "CN"}, "They meant the code")
        self.assertEqual(told, {"version": 1, "state": "applied", "errors": []})
        self.assertEqual(self.hospital().country_id.code, "CN")
        self.assertEqual(json.loads(message.body)["payload"]["country"], "China")
        self.assertEqual(json.loads(message.mended)["country"], "CN")
        self.assertEqual((message.mended_id, message.reason), (self.qa, "They meant the code"))
        self.assertEqual(self.hospital().create_uid, self.lims.user_id)
        self.env.flush_all()
        entries = self.env["med.audit.entry"].search([("event", "=", "exchange_mend")])
        self.assertEqual(entries.res_id, message.id)
        self.assertTrue(self.env["med.audit.entry"].search_count([
            ("model", "=", "res.partner"), ("message", "=", "LIMS/id-1"),
            ("res_id", "=", self.hospital().id)]))

    def test_without_versions_an_old_one_that_is_mended_overwrites_no_later_one(self):
        no = {"object": {"id": "H-1"}}
        old = self.envelope(self.lims, {**PAYLOAD, "country": "China", "code": "H-1"},
                            id="id-1", sequence=1, **no)
        new = self.envelope(self.lims, {**PAYLOAD, "name": "Newer", "code": "H-1"},
                            id="id-2", sequence=2, **no)
        self.assertEqual(self.outcomes(old, new), ["rejected", "accepted"])
        message = self.message("id-1").with_user(self.qa)
        told = message.mend({**PAYLOAD, "code": "H-1", "name": "Older"}, "They meant the code")
        self.assertEqual((told["state"], [one["pointer"] for one in told["errors"]]),
                         ("conflict", ["/object"]))
        self.assertEqual(self.hospital().name, "Newer")
        told = self.decide(message, "theirs", "It is right after all")
        self.assertEqual((told["state"], self.hospital().name), ("applied", "Older"))

    def test_mended_wrongly_stays_refused_with_the_new_problem(self):
        message = self.refused()
        told = message.mend({**PAYLOAD, "parent": "NOBODY"}, "Guess")
        self.assertEqual((told["state"], [one["pointer"] for one in told["errors"]]),
                         ("rejected", ["/payload/parent"]))
        self.assertFalse(self.hospital())

    def test_only_quality_assurance_with_a_reason(self):
        message = self.refused()
        good = {**PAYLOAD}
        for role in ("warehouse", "purchasing", "regulatory", "system_admin", "auditor",
                     "viewer"):
            other = message.with_user(self.user(role))
            for call in (lambda one=other: one.mend(good, "x"),
                         lambda one=other: one.apply_again("x"),
                         lambda one=other: one.give_back("x"),
                         lambda one=other: one.roll_back("x")):
                with self.assertRaises(AccessError):
                    call()
        for reason in ("", "  ", None, 3, False):
            with self.assertRaises(UserError):
                message.mend(good, reason)
        for payload in ("x", [], None, {"a": object()}):
            with self.assertRaises(UserError):
                message.mend(payload, "x")
        self.assertFalse(message.mended)

    def test_of_another_company_nobody_may(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.user("qa", login="stranger")
        message = self.refused()
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            message.with_user(stranger).with_company(company).give_back("x")

    def test_applied_again_when_the_hindrance_is_gone(self):
        self.lims.organisation_scope = "all"
        sent = self.envelope(self.lims, {**PAYLOAD, "code": "H-1", "parent": "LATER"},
                             id="id-1", sequence=1)
        self.assertEqual(self.outcomes(sent), ["rejected"])
        message = self.message("id-1").with_user(self.qa)
        self.assertEqual(message.apply_again("Try")["applied"], 0)
        self.env["res.partner"].create({"name": "Parent", "ref": "LATER"})
        self.assertEqual(message.apply_again("The parent is here now")["applied"], 1)
        self.assertEqual(self.hospital().parent_id.ref, "LATER")
        [again] = self.submit(sent)
        self.assertEqual((again["outcome"], again["first"], again["errors"]),
                         ("duplicate", "accepted", []))

    def test_what_a_later_message_has_overtaken_is_not_applied_over_it(self):
        message = self.refused()
        self.lims.right_ids.conflict_policy = "theirs"
        self.assertEqual(self.outcomes(self.said(2, "Later")), ["accepted"])
        told = message.mend({**PAYLOAD, "name": "Earlier"}, "Now right")
        self.assertEqual((told["state"], self.hospital().name), ("overtaken", "Later"))

    def test_nothing_is_applied_of_a_partner_that_is_not_active(self):
        message = self.refused()
        self.submit(self.said(3, thing="H-3", version=1))
        stream = self.message("id-3").stream_id.with_user(self.qa)
        for stop in (lambda: self.lims.suspend(), lambda: self.lims.write({"active": False})):
            stop()
            for act in (lambda: message.mend({**PAYLOAD}, "x"), lambda: message.apply_again("x"),
                        lambda: stream.skip_missing("x")):
                with self.assertRaisesRegex(UserError, "not active"):
                    act()
            self.lims.write({"active": True})
            self.lims.activate()
        self.assertFalse(self.hospital() | self.hospital("H-3"))
        self.assertEqual(message.apply_again("x")["applied"], 0)

    def test_returned_and_told_in_the_status(self):
        message = self.refused()
        message.give_back("No such country")
        self.assertEqual(message.state, "returned")
        with self.assertRaises(UserError):
            message.mend({**PAYLOAD}, "x")
        self.submit(self.said(2))
        with self.assertRaises(UserError):
            self.message("id-2").with_user(self.qa).give_back("x")

    def test_a_partner_takes_back_what_it_made(self):
        first = self.said(1)
        self.submit(first)
        [answer] = self.submit(self.cancel(2, "id-1"))
        self.assertEqual(answer["outcome"], "accepted")
        self.assertFalse(self.hospital().active)
        self.assertEqual(self.message("id-1").state, "undone")
        self.assertIn("archived", self.message("id-2").note)
        [again] = self.submit(first)
        self.assertEqual(again["first"], "undone")

    def cancel(self, number, cancels, **changes):
        data = self.said(number, action="cancel", cancels=cancels, **changes)
        bare = {name: value for name, value in data.items()
                if name not in ("digest", "signature")} | {"payload": {}}
        return self.sealed(self.lims, bare)

    def test_a_partner_takes_back_a_change_and_the_record_says_again_what_it_said(self):
        self.submit(self.said(1, "First"), self.said(2, "Second"))
        self.assertEqual(self.outcomes(self.cancel(3, "id-2")), ["accepted"])
        self.assertEqual(self.hospital().name, "First")
        self.assertEqual(self.outcomes(self.said(4, "Other second", version=2)), ["accepted"])

    def test_in_one_batch_too(self):
        self.assertEqual(self.outcomes(
            self.said(1, "First"), self.said(2, "Second"), self.cancel(3, "id-2"),
            self.said(4, "Other", version=2)), ["accepted"] * 4)
        self.assertEqual(self.hospital().name, "Other")
        self.assertEqual(self.message("id-2").state, "undone")
        self.assertEqual(self.submit(self.said(2, "Second"))[0]["first"], "undone")

    def test_what_is_taken_back_before_its_turn_comes_is_not_applied(self):
        said = self.said(1, stream="b")
        cancel = self.cancel(1, "id-1", id="cancel-1", stream="a")
        self.assertEqual(self.outcomes(said, cancel)[1], "accepted")
        self.assertEqual(self.message("id-1").state, "undone")
        self.assertFalse(self.hospital())

    def test_who_counts_no_versions_takes_back_the_last_alone(self):
        def unversioned(number, name):
            return self.said(number, name=name, object={"id": "H-1"})
        self.submit(unversioned(1, "First"), unversioned(2, "Second"))
        self.assertEqual(self.outcomes(self.cancel(3, "id-1")), ["rejected"])
        self.assertEqual(self.hospital().name, "Second")
        self.assertEqual(self.outcomes(self.cancel(4, "id-2")), ["accepted"])
        self.assertEqual(self.hospital().name, "First")

    def test_what_cannot_be_taken_back_says_so_and_alarms(self):
        self.submit(self.said(1, "First"), self.said(2, "Second"))
        for number, cancels, words in ((3, "id-1", "later"), (4, "nobody", "No message")):
            [answer] = self.submit(self.cancel(number, cancels))
            self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                             ("rejected", "/cancels"))
            self.assertIn(words, answer["errors"][0]["message"])
        self.hospital().name = "Changed here"
        [answer] = self.submit(self.cancel(5, "id-2"))
        self.assertIn("changed here", answer["errors"][0]["message"])
        self.assertEqual(self.hospital().name, "Changed here")
        self.assertTrue(self.lims.activity_ids)

    def test_a_cancellation_needs_right_schema_object_and_version(self):
        self.submit(self.said(1))
        for number, pointer, changes in (
                (2, "/schema", {"schema": "lot"}), (3, "/version", {"version": "9.9"}),
                (4, "/object/id", {"object": {"id": "NOBODY"}})):
            [answer] = self.submit(self.sealed(self.lims, {
                name: value for name, value in {**self.cancel(number, "id-1"), **changes}.items()
                if name not in ("digest", "signature")}))
            self.assertEqual((answer["outcome"], [one["pointer"] for one in answer["errors"]]),
                             ("rejected", [pointer]))
        self.lims.right_ids.active = False
        [answer] = self.submit(self.cancel(5, "id-1"))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/schema"))
        self.assertEqual((self.hospital().active, self.message("id-1").state), (True, "applied"))
        self.env["med.exchange.right"].with_context(active_test=False).search(
            [("exchange_partner_id", "=", self.lims.id)]).active = True
        self.assertEqual(self.outcomes(self.cancel(6, "id-1")), ["accepted"])

    def test_a_waiting_or_refused_message_is_taken_back_without_effect(self):
        self.submit(self.said(3, thing="H-3", version=1))
        self.assertEqual(self.outcomes(self.cancel(1, "id-3", thing="H-3")),
                         ["accepted"])
        self.assertEqual(self.outcomes(self.said(2, thing="H-2", version=1)), ["accepted"])
        self.assertFalse(self.hospital("H-3"))
        self.assertEqual(self.message("id-3").state, "undone")

    def test_a_person_takes_back_also_what_was_changed_since(self):
        self.submit(self.said(1, "First"), self.said(2, "Second"))
        self.hospital().name = "Changed here"
        message = self.message("id-2").with_user(self.qa)
        with self.assertRaisesRegex(UserError, "changed here"):
            message.roll_back("Wrong patient list")
        told = message.roll_back("Wrong patient list", anyway=True)
        self.assertIn("says again", told["note"])
        self.assertEqual((self.hospital().name, message.state), ("First", "undone"))
        with self.assertRaises(UserError):
            message.roll_back("Twice")

    def test_the_page_mends_field_by_field(self):
        message = self.refused()
        action = message.action_mend()
        wizard = self.env[action["res_model"]].with_user(self.qa).browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda one: one.pointer == "/country")
        self.assertEqual((line.value, bool(line.problem)), ("China", True))
        with Form(wizard) as form:
            with form.line_ids.edit(wizard.line_ids.ids.index(line.id)) as row:
                row.value = "CHN"
            form.reason = "They meant the code"
        again = wizard.action_mend()
        wizard = self.env[again["res_model"]].with_user(self.qa).browse(again["res_id"])
        self.assertTrue(wizard.result)
        line = wizard.line_ids.filtered(lambda one: one.pointer == "/country")
        line.value = "CN"
        wizard.action_mend()
        self.assertEqual((message.state, self.hospital().country_id.code), ("applied", "CN"))
        self.assertIn("China", message.content)

    def test_batch_actions_ask_for_a_reason(self):
        messages = self.refused(1) | self.refused(2)
        action = messages.action_give_back()
        wizard = self.env[action["res_model"]].with_user(self.qa).browse(action["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "Send again"
        wizard.action_confirm()
        self.assertEqual(set(messages.mapped("state")), {"returned"})
