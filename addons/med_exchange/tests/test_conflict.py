import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import PAYLOAD
from .test_submit import InboxCase


class TestConflict(InboxCase):
    """Both sides changed the same thing: rules as data, or a person by field (X3 X5)."""

    def part(self, policy):
        """Agree on version 1, change the name here; return the message that parts from it."""
        self.lims.right_ids.conflict_policy = policy
        self.submit(self.said(1, "Agreed"))
        self.hospital().name = "Ours"
        return self.said(2, "Theirs")

    def test_nothing_changed_here_is_no_conflict(self):
        self.assertEqual(self.outcomes(self.said(1, "One"), self.said(2, "Two")),
                         ["accepted"] * 2)

    def test_their_word_counts_by_rule(self):
        self.assertEqual(self.outcomes(self.part("theirs")), ["accepted"])
        self.assertEqual(self.hospital().name, "Theirs")

    def test_our_word_counts_by_rule_and_they_are_told(self):
        [answer] = self.submit(self.part("ours"))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("conflict", "/object"))
        self.assertEqual((self.hospital().name, self.message("id-2").state), ("Ours", "ours"))
        self.assertEqual(self.outcomes(self.said(3, "Theirs, knowing ours")), ["accepted"])

    def test_the_newest_counts_by_rule(self):
        sent = self.part("newest")
        self.assertEqual(self.outcomes(sent), ["conflict"])  # it says it was sent long ago
        self.assertEqual(self.hospital().name, "Ours")
        newer = self.env.cr.now() + timedelta(minutes=2)
        self.assertEqual(self.outcomes(self.said(
            3, "Newer", time=f"{newer.isoformat(timespec='seconds')}Z")), ["accepted"])
        self.assertEqual(self.hospital().name, "Newer")

    def test_a_person_is_asked_and_nothing_applied_meanwhile(self):
        [answer] = self.submit(self.part("ask"))
        self.assertEqual((answer["outcome"], answer["object"]["version"]), ("conflict", 1))
        self.assertEqual((self.hospital().name, self.message("id-2").state), ("Ours", "conflict"))

    def test_built_on_another_version_is_a_conflict(self):
        self.submit(self.said(1))
        [answer] = self.submit(self.said(2, "Skips", version=5))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("conflict", "/object/base"))

    def test_what_was_archived_here_is_no_grave_of_later_states(self):
        self.submit(self.said(1))
        self.message("id-1").with_user(self.qa).roll_back("Not this one")
        self.assertFalse(self.hospital().active)
        [answer] = self.submit(self.said(2, "Anew"))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("conflict", "/object"))
        self.assertFalse(self.hospital().active)
        message = self.message("id-2").with_user(self.qa)
        self.decide(message, "theirs", "It is right now")
        self.assertEqual((self.hospital().active, self.hospital().name), (True, "Anew"))
        self.hospital().active = False
        self.assertEqual(self.outcomes(self.said(3, "Again")), ["conflict"])

    def test_what_the_partner_took_back_itself_it_sends_again(self):
        self.submit(self.said(1))
        back = self.said(2, action="cancel", cancels="id-1", version=2)
        self.submit(self.sealed(self.lims, {
            name: value for name, value in back.items()
            if name not in ("digest", "signature")} | {"payload": {}}))
        self.assertFalse(self.hospital().active)
        self.assertEqual(self.outcomes(self.said(3, "Anew", version=1)), ["accepted"])
        self.assertEqual((self.hospital().active, self.hospital().name), (True, "Anew"))

    def test_an_older_version_in_order_is_refused(self):
        self.submit(self.said(1, version=3))
        [answer] = self.submit(self.said(2, "Old", version=2))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/object/version"))

    def test_a_record_of_ours_that_they_never_spoke_of_is_not_overwritten(self):
        self.env["res.partner"].create({"name": "Known before", "ref": "H-1"})
        self.assertEqual(self.outcomes(self.said(1, "Theirs")), ["conflict"])
        self.assertEqual(self.hospital().name, "Known before")

    def test_partners_who_count_no_versions_are_followed(self):
        first = self.said(1, "One", object={"id": "H-1"})
        self.assertEqual(self.outcomes(first, self.said(2, "Two", object={"id": "H-1"})),
                         ["accepted"] * 2)
        self.hospital().name = "Ours"
        self.assertEqual(self.outcomes(self.said(3, "Three", object={"id": "H-1"})), ["conflict"])

    def test_decided_field_by_field(self):
        self.submit(self.said(1, "Agreed"))
        self.hospital().write({"name": "Ours", "city": "Suzhou"})
        self.submit(self.envelope(
            self.lims, {**PAYLOAD, "name": "Theirs", "phone": "110"}, id="id-2", sequence=2,
            object={"id": "H-1", "version": 2, "base": 1}))
        message = self.message("id-2").with_user(self.qa)
        sides = message.both_sides()
        rows = {row["pointer"]: (row["ours"], row["theirs"]) for row in sides["differences"]}
        self.assertEqual(rows["/name"], ('"Ours"', '"Theirs"'))
        self.assertEqual(rows["/city"], ('"Suzhou"', ""))
        with self.assertRaisesRegex(UserError, "/city"):
            message.decide({"/name": "ours"}, "Called them")
        choices = dict.fromkeys(rows, "theirs") | {"/city": "ours"}
        told = message.decide(choices, "Called them", sides["seen"])
        self.assertEqual(told, {"version": 1, "state": "applied", "errors": []})
        hospital = self.hospital()
        self.assertEqual((hospital.name, hospital.city, hospital.phone),
                         ("Theirs", "Suzhou", "110"))
        self.assertEqual(json.loads(message.body)["payload"]["name"], "Theirs")
        self.assertEqual((message.mended_id, message.reason), (self.qa, "Called them"))
        self.assertEqual(self.outcomes(self.said(3, "Next")), ["accepted"])

    def test_decided_for_ours_alone_changes_nothing_and_ends_it(self):
        self.submit(self.part("ask"))
        message = self.message("id-2").with_user(self.qa)
        told = self.decide(message, "ours", "Ours is the right one")
        self.assertEqual((told["state"], self.hospital().name), ("ours", "Ours"))
        self.assertEqual(self.outcomes(self.said(3, "Next")), ["accepted"])

    def test_a_decision_about_what_was_not_seen_is_refused(self):
        self.submit(self.part("ask"))
        message = self.message("id-2").with_user(self.qa)
        seen = message.both_sides()["seen"]
        self.hospital().name = "Ours, changed meanwhile"
        for given in (seen, "", None):
            with self.assertRaisesRegex(UserError, "look at both sides again"):
                message.decide({"/name": "theirs"}, "Called them", given)
        self.assertEqual((message.state, self.hospital().name),
                         ("conflict", "Ours, changed meanwhile"))
        self.decide(message, "theirs", "Called them again")
        self.assertEqual(self.hospital().name, "Theirs")

    def test_only_quality_assurance_decides(self):
        self.submit(self.part("ask"))
        for role in ("warehouse", "regulatory", "system_admin", "viewer"):
            with self.assertRaises(AccessError):
                self.message("id-2").with_user(self.user(role)).decide({"/name": "ours"}, "x")
        self.assertEqual(self.message("id-2").state, "conflict")

    def test_the_page_shows_both_sides_and_notices_a_change_meanwhile(self):
        self.submit(self.part("ask"))
        message = self.message("id-2").with_user(self.qa)
        action = message.action_decide()
        wizard = self.env[action["res_model"]].with_user(self.qa).browse(action["res_id"])
        self.assertEqual([(line.pointer, line.ours, line.theirs) for line in wizard.line_ids],
                         [("/name", "Ours", "Theirs")])
        with Form(wizard) as form:
            form.reason = "Called them"
        with self.assertRaisesRegex(UserError, "each field"):
            wizard.action_decide()
        with Form(wizard) as form:
            form.all_of = "theirs"
        self.hospital().name = "Ours, once more"
        with self.assertRaisesRegex(UserError, "while you looked"):
            wizard.action_decide()
        self.hospital().name = "Ours"
        wizard.action_decide()
        self.assertEqual(self.hospital().name, "Theirs")

    def test_our_side_is_shown_to_those_alone_who_may_read_the_record(self):
        self.submit(self.part("ask"))
        message = self.message("id-2").with_user(self.qa)
        self.assertTrue(message.action_decide()["res_id"])
        self.env["ir.rule"].create({
            "name": "Hidden", "model_id": self.env["ir.model"]._get("res.partner").id,
            "domain_force": [("ref", "!=", "H-1")]})
        for call in (message.action_decide, message.both_sides):
            with self.assertRaises(AccessError):
                call()
