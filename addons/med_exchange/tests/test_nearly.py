import json

from odoo.addons.med_base.tools.evidence import digest
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import signing
from .common import PAYLOAD
from .test_submit import InboxCase


@tagged("post_install", "-at_install")
class TestNearly(InboxCase):
    """A message refused for a number alone is its sender's, and can be mended (X2 X9)."""

    requirement = "X2 X9 quarantine"

    def sent(self, number=1, write=json.dumps, **changes):
        """Return a message with a float, sealed and signed over the text that ``write`` makes."""
        data = {"spec": "med-exchange/1", "id": f"id-{number}", "sender": "LIMS",
                "stream": "main", "sequence": number, "schema": "organisation",
                "version": "1.0", "action": "state", "time": "2026-11-23T04:30:00Z",
                "object": {"id": "H-1", "version": number, "base": number - 1},
                "payload": {**PAYLOAD, "code": "H-1", "phone": 110.5}, **changes}

        def text(said):
            return write(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        sealed = {**data, "digest": f"sha256:{digest(text(data))}"}
        return {**sealed, "signature": {
            "key": "first", "algorithm": signing.ED25519, "value": signing.sign(
                signing.ED25519, self.secrets["LIMS"], text(sealed))}}

    def refused(self, sent, authentic=True):
        [answer] = self.submit(sent)
        self.assertEqual(answer["outcome"], "rejected", answer)
        message = self.env["med.exchange.message"].browse(answer["message"])
        self.assertEqual(message.authentic, authentic)
        return message.with_user(self.qa)

    def test_it_is_mended_by_a_person_and_applied_and_the_original_is_kept(self):
        message = self.refused(self.sent())
        self.assertEqual((message.name, message.object_key, message.key_name),
                         ("id-1", "H-1", "first"))
        self.assertIn("/payload/phone", message.problem)
        told = message.mend({**PAYLOAD, "code": "H-1", "phone": "110.5"}, "A float is no text")
        self.assertEqual(told, {"version": 1, "state": "applied", "errors": []})
        self.assertEqual(self.hospital().phone, "110.5")
        self.assertEqual(json.loads(message.body)["payload"]["phone"], 110.5)
        self.assertEqual((message.mended_id, message.reason), (self.qa, "A float is no text"))

    def test_in_the_dialog_the_number_is_text_without_typing_it_again(self):
        message = self.refused(self.sent())
        action = message.action_mend()
        wizard = self.env[action["res_model"]].with_user(self.qa).browse(action["res_id"])
        wizard.reason = "A float is no text"
        wizard.action_mend()
        self.assertEqual((message.state, self.hospital().phone), ("applied", "110.5"))

    def test_it_has_taken_its_id_and_its_number(self):
        sent = self.sent()
        message = self.refused(sent)
        self.assertEqual((message.counted, message.sequence), (True, 1))
        self.assertEqual(self.outcomes(sent), ["duplicate"])
        self.assertEqual(self.outcomes(self.said(2, version=1)), ["accepted"])
        [answer] = self.submit(self.sent(1, object={"id": "H-2", "version": 1}))
        self.assertIn("/id", [one["pointer"] for one in answer["errors"]])

    def test_without_mending_or_mended_by_another_float_it_stays_refused(self):
        message = self.refused(self.sent())
        self.assertEqual(message.apply_again("Try")["applied"], 0)
        for wrong in (110.5, 2 ** 60):
            told = message.mend({**PAYLOAD, "code": "H-1", "phone": wrong}, "Try")
            self.assertEqual((told["state"], [one["pointer"] for one in told["errors"]]),
                             ("rejected", ["/payload/phone"]))
        # A schema may take any number, or a whole one that is written as a float.
        self.patch(type(self.env["med.exchange.schema"]), "_med_problems", lambda *_given: [])
        self.assertEqual(message.apply_again("Try")["applied"], 0)
        self.assertFalse(self.hospital())

    def test_each_language_that_writes_it_otherwise(self):
        def ecmascript(said, **options):
            return json.dumps(said, **options).replace("110.0", "110")
        message = self.refused(self.sent(
            write=ecmascript, payload={**PAYLOAD, "code": "H-1", "phone": 110.0}))
        self.assertEqual(json.loads(message.body)["payload"]["phone"], 110)

    def test_what_is_forged_or_was_changed_is_not_his(self):
        other = signing.new_secret(signing.ED25519)
        secret, self.secrets["LIMS"] = self.secrets["LIMS"], other
        forged = self.sent()
        self.secrets["LIMS"] = secret
        changed = self.sent(2)
        changed["payload"]["phone"] = 110.6
        resealed = self.sent(3)
        resealed["payload"]["phone"] = 110.6
        bare = {name: value for name, value in resealed.items()
                if name not in ("digest", "signature")}
        resealed["digest"] = "sha256:" + digest(json.dumps(
            bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
        unsigned = self.sent(4)
        del unsigned["signature"]
        for sent in (forged, changed, resealed, unsigned, self.sent(5, sender="MES")):
            message = self.refused(sent, authentic=False)
            with self.assertRaisesRegex(UserError, "may not be by its sender"):
                message.mend({**PAYLOAD, "code": "H-1"}, "Try")
        self.assertFalse(self.hospital())
        self.assertEqual(self.outcomes(self.said(1)), ["accepted"])  # no id, no number is taken

    def test_other_faults_are_not_mended(self):
        for number, changes in enumerate((
                {"more": 1.5}, {"object": {"id": "H-1", "version": 1.5}},
                {"payload": {"phone": 1.5, "name": "\ud800"}}, {"payload": {"é": 1.5}},
                {"payload": [1.5]}, {"action": "cancel", "cancels": "id-9"},
                {"payload": {"phone": float("nan")}}), 1):
            # Half a character has no bytes, so there is nothing that could be signed.
            write = (lambda said, **options: "?") if number == 3 else json.dumps
            self.refused(self.sent(number, write=write, **changes), authentic=False)
