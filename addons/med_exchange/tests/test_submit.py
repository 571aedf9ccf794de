import json
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..models import med_exchange_submit
from .common import PAYLOAD, ExchangeCase


class InboxCase(ExchangeCase):
    """Base of the tests of the inbox: a partner, and what its program calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lims = cls.partner_of("LIMS")
        cls.qa = cls.user("qa")

    def submit(self, *envelopes, partner=None):
        user = (partner or self.lims).user_id
        told = self.env["med.exchange"].with_user(user).submit(envelopes=list(envelopes))
        self.assertEqual(told["version"], 1)
        return told["answers"]

    def outcomes(self, *envelopes, **options):
        return [answer["outcome"] for answer in self.submit(*envelopes, **options)]

    def said(self, number, name="Hospital", thing="H-1", version=None, partner=None, **changes):
        """Return a sound envelope: the thing's name is so, as message ``number`` of the stream."""
        version = number if version is None else version
        return self.envelope(
            partner or self.lims, {**PAYLOAD, "name": name, "code": thing, "kind": "contact"},
            **{"id": f"id-{number}", "sequence": number,
               "object": {"id": thing, "version": version, "base": max(version - 1, 0)},
               **changes})

    def hospital(self, code="H-1"):
        return self.env["res.partner"].with_context(active_test=False).search([("ref", "=", code)])

    def decide(self, message, side, reason):
        """Decide every field for one side, as both sides are now."""
        sides = message.both_sides()
        return message.decide(
            {one["pointer"]: side for one in sides["differences"]}, reason, sides["seen"])

    def message(self, name, partner=None):
        return self.env["med.exchange.message"].search([
            ("name", "=", name), ("authentic", "=", True),
            ("exchange_partner_id", "=", (partner or self.lims).id)])


class TestSubmit(InboxCase):
    """Messages are applied once, with an answer that stays (X1 X2 X4 X9)."""

    def test_a_message_is_applied_and_answered(self):
        [answer] = self.submit(self.said(1))
        message = self.message("id-1")
        self.assertEqual(answer, {
            "id": "id-1", "outcome": "accepted", "errors": [], "missing": [],
            "message": message.id, "object": {"id": "H-1", "version": 1}})
        self.assertEqual((message.state, message.res_id), ("applied", self.hospital().id))
        self.assertEqual(self.hospital().create_uid, self.lims.user_id)
        self.assertEqual(json.loads(message.body)["payload"]["name"], "Hospital")

    def test_a_single_envelope_needs_no_list(self):
        told = self.env["med.exchange"].with_user(self.lims.user_id).submit(self.said(1))
        self.assertEqual(told["answers"][0]["outcome"], "accepted")

    def test_the_same_message_again_has_the_same_answer_and_no_effect(self):
        sent = self.said(1)
        [first] = self.submit(sent)
        self.hospital().name = "Changed here"
        [again] = self.submit(sent)
        self.assertEqual(again, {**first, "outcome": "duplicate", "first": "accepted"})
        self.assertEqual(self.hospital().name, "Changed here")
        self.assertEqual(len(self.message("id-1")), 1)

    def test_twice_in_one_submission_counts_once(self):
        sent = self.said(1)
        first, again = self.submit(sent, sent)
        self.assertEqual(again, {**first, "outcome": "duplicate", "first": "accepted"})

    def test_the_answer_of_a_message_that_waited_tells_what_became_of_it(self):
        late = self.said(2)
        self.assertEqual(self.outcomes(late), ["waiting"])
        self.submit(self.said(1))
        [again] = self.submit(late)
        self.assertEqual((again["first"], again["object"]["version"], again["errors"]),
                         ("accepted", 2, []))

    def test_a_batch_is_applied_at_once_and_its_entries_tell_which_message_it_was(self):
        self.assertEqual(
            self.outcomes(*(self.said(n, thing=f"H-{n}", version=1) for n in range(1, 21))),
            ["accepted"] * 20)
        message = self.message("id-7")
        self.env.flush_all()
        entry = self.env["med.audit.entry"].search([
            ("model", "=", "res.partner"), ("res_id", "=", message.res_id)], limit=1)
        self.assertEqual(entry.message, f"LIMS#{self.message('id-1').id}")
        self.assertEqual(entry.exchange_message_id, message)
        self.assertEqual(message.submission_id.count, 20)

    def test_two_states_of_one_thing_in_a_call_have_entries_of_their_own(self):
        self.submit(self.said(1, "First"), self.said(2, thing="H-2", version=1),
                    self.said(3, "Second", version=2), self.said(4, thing="H-4", version=1))
        self.env.flush_all()
        told = self.env["med.audit.entry"].with_user(self.qa).history(
            "res.partner", self.hospital().id)["entries"]
        self.assertEqual(list(dict.fromkeys(one["message"] for one in told if one["message"])),
                         ["LIMS/id-3", "LIMS/id-1"])
        for name in ("id-1", "id-3"):
            message = self.message(name).with_user(self.qa)
            found = self.env["med.audit.entry"].search(message.action_entries()["domain"])
            self.assertEqual(found.exchange_message_id, message)

    def test_an_entry_of_one_message_names_it(self):
        self.submit(self.said(1))
        self.env.flush_all()
        entries = self.env["med.audit.entry"].search([("message", "=", "LIMS/id-1")])
        self.assertIn(("res.partner", self.hospital().id),
                      [(entry.model, entry.res_id) for entry in entries])

    def test_from_a_message_that_waited_to_what_it_changed(self):
        self.submit(self.said(2, "Second"), self.said(3, thing="H-3", version=1))
        self.submit(self.said(1, "First"))
        self.env.flush_all()
        for name in ("id-2", "id-3"):
            message = self.message(name).with_user(self.qa)
            found = self.env["med.audit.entry"].search(message.action_entries()["domain"])
            self.assertTrue(found, name)

    def test_one_that_is_wrong_holds_up_no_other(self):
        wrong = self.envelope(self.lims, {**PAYLOAD, "code": "H-2", "parent": "NOBODY"},
                              id="id-2", sequence=2, object={"id": "H-2", "version": 1})
        answers = self.submit(self.said(1), wrong, self.said(3, thing="H-3", version=1))
        self.assertEqual([one["outcome"] for one in answers],
                         ["accepted", "rejected", "accepted"])
        self.assertEqual([one["pointer"] for one in answers[1]["errors"]], ["/payload/parent"])
        self.assertFalse(self.hospital("H-2"))
        self.assertTrue(self.hospital("H-3"))
        self.assertEqual(self.message("id-2").state, "rejected")

    def test_a_payload_against_its_schema_is_refused_by_pointer_and_kept(self):
        [answer] = self.submit(self.envelope(
            self.lims, {**PAYLOAD, "country": "China"}, id="id-1", sequence=1))
        self.assertEqual(answer["outcome"], "rejected")
        self.assertEqual({one["pointer"] for one in answer["errors"]}, {"/payload/country"})
        self.assertEqual(self.message("id-1").state, "rejected")
        self.assertIn("/payload/country", self.message("id-1").problem)
        self.assertFalse(self.hospital())

    def test_a_version_of_the_schema_that_is_not_here_is_refused(self):
        [answer] = self.submit(self.envelope(self.lims, id="id-1", sequence=1, version="9.9"))
        self.assertEqual([one["pointer"] for one in answer["errors"]], ["/version"])

    def test_without_the_right_nothing_is_taken(self):
        other = self.partner_of("MUTE", rights=[("organisation", "out")])
        [answer] = self.submit(self.envelope(other, id="x", sequence=1), partner=other)
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/schema"))
        self.lims.right_ids.active = False
        self.assertEqual(self.outcomes(self.said(1)), ["rejected"])
        self.assertFalse(self.hospital())

    def test_only_a_partner_may_submit_and_only_while_active(self):
        with self.assertRaises(AccessError):
            self.env["med.exchange"].with_user(self.qa).submit([self.said(1)])
        self.lims.suspend()
        with self.assertRaises(AccessError):
            self.submit(self.said(1))
        self.assertFalse(self.message("id-1"))

    def test_what_is_no_list_is_one_sentence(self):
        for wrong in ("x", 3, None, [], False):
            with self.assertRaises(UserError):
                self.env["med.exchange"].with_user(self.lims.user_id).submit(wrong)

    def test_a_failure_of_ours_keeps_the_message_and_tells_no_secret(self):
        handler = self.env.registry["med.exchange.organisation"]
        self.patch(handler, "_med_apply", lambda *args: 1 / 0)
        with self.assertLogs("odoo.addons.med_exchange", "ERROR"):
            [answer] = self.submit(self.said(1))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]), ("rejected", ""))
        self.assertNotIn("division", answer["errors"][0]["message"])
        self.assertEqual(self.message("id-1").state, "rejected")

    def test_messages_are_neither_made_nor_changed_nor_deleted_by_hand(self):
        self.submit(self.said(1))
        message = self.message("id-1")
        for records in (message, message.sudo(), message.with_user(self.qa).with_context(
                install_mode=True, _force_unlink=True, module="med_exchange")):
            for one in (records, records.stream_id, records.submission_id,
                        self.env["med.exchange.object"].sudo().search([])):
                one = one.with_env(records.env)
                for call in (lambda one=one: one.write({"create_uid": 1}), one.unlink,
                             lambda one=one: one.create({})):
                    with self.assertRaises(UserError):
                        call()

    def test_the_responsible_is_told_once_that_something_waits_for_him(self):
        for number in (1, 2):
            self.submit(self.envelope(self.lims, {**PAYLOAD, "country": "China"},
                                      id=f"id-{number}", sequence=number))
        self.assertEqual(self.lims.activity_ids.user_id, self.lims.responsible_id)
        self.assertEqual(len(self.lims.activity_ids), 1)
        self.assertIn("id-1", self.lims.activity_ids.note)
        self.assertTrue(self.lims.last_contact)

    def test_status_tells_the_streams_and_what_a_person_did(self):
        self.submit(self.said(3), self.envelope(self.lims, {**PAYLOAD, "country": "x"},
                                                id="id-1", sequence=1))
        self.message("id-1").with_user(self.qa).give_back("Ask your site")
        told = self.env["med.exchange"].with_user(self.lims.user_id).status()
        self.assertEqual(told["streams"], [
            {"stream": "main", "expected": 2, "missing": [2], "waiting": 1}])
        self.assertEqual([(one["id"], one["outcome"], one["reason"]) for one in told["messages"]],
                         [("id-1", "returned", "Ask your site")])
        told = self.env["med.exchange"].with_user(self.lims.user_id).status(messages=["id-3"])
        self.assertEqual([(one["id"], one["outcome"]) for one in told["messages"]],
                         [("id-3", "waiting")])
        with self.assertRaises(UserError):
            self.env["med.exchange"].with_user(self.lims.user_id).status(messages="id-3")

    def test_a_request_without_a_length_is_measured(self):
        sent = SimpleNamespace(httprequest=SimpleNamespace(
            content_length=None, get_data=lambda: b"x" * 50))
        with patch.object(med_exchange_submit, "request", sent):
            measure = self.env["med.exchange"]._med_too_much
            self.assertIsNone(measure([{}], "api"))
            with patch.object(med_exchange_submit, "MOST_BYTES", 49):
                self.assertIn("50 bytes", measure([{}], "api").message)
                self.assertIsNone(measure([{}], "broker"))
