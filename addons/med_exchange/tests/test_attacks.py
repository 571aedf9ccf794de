import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..models import med_exchange_submit
from ..tools import signing
from .common import PAYLOAD
from .test_submit import InboxCase


class TestAttacks(InboxCase):
    """Forged, replayed, tampered, oversized, nested: refused, kept, nothing applied (X6 V8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("MES")

    def alarms(self):
        return self.lims.activity_ids.filtered(lambda one: "wait for a person" not in one.summary)

    def refused(self, sent, pointer, partner=None, alarm=False):
        """Submit what must be refused; return its row."""
        before = self.env["med.exchange.message"].search_count([])
        alarms = len(self.alarms())
        [answer] = self.submit(sent, partner=partner)
        self.assertEqual(answer["outcome"], "rejected")
        self.assertIn(pointer, [one["pointer"] for one in answer["errors"]])
        row = self.env["med.exchange.message"].browse(answer["message"])
        self.assertEqual(self.env["med.exchange.message"].search_count([]), before + 1)
        self.assertEqual((row.state, row.authentic), ("rejected", False))
        self.assertFalse(row.res_id)
        self.assertFalse(self.hospital())
        if partner is None:
            self.assertEqual(len(self.alarms()) > alarms, alarm)
        with self.assertRaises(UserError):
            row.with_user(self.qa).mend({**PAYLOAD}, "x")
        return row

    def hostile(self, **context):
        """The exchange as the partner's program may call it, with a context of its choice."""
        return self.env["med.exchange"].with_user(self.lims.user_id).with_context(**context)

    def test_the_callers_context_fills_nothing_in(self):
        users = self.env["res.users"].with_context(active_test=False).search_count([])
        [answer] = self.hostile(
            default_user_ids=[(0, 0, {"name": "x", "login": "x-login"})], default_comment="x",
            default_company_id=False, mail_create_nolog=True).submit([self.said(1)])["answers"]
        self.assertEqual(answer["outcome"], "accepted")
        self.assertEqual(self.env["res.users"].with_context(active_test=False).search_count([]),
                         users)
        self.assertFalse(self.hospital().comment)
        self.assertEqual(self.hospital().company_id, self.lims.company_id)

    def test_the_callers_context_brings_back_nothing_that_was_taken_away(self):
        self.lims.right_ids.active = False
        for context in ({}, {"active_test": False}):
            [answer] = self.hostile(**context).submit(
                [self.said(1 + len(context), thing="H-2")])["answers"]
            self.assertEqual(answer["errors"][0]["pointer"], "/schema")
        self.lims.active = False
        with self.assertRaises(AccessError):
            self.hostile(active_test=False).submit([self.said(3)])

    def test_the_callers_context_silences_no_alarm(self):
        before = len(self.alarms())
        forged = {**self.said(1), "signature": None}
        forged["signature"] = {"key": "first", "algorithm": "ed25519", "value": "AAAA"}
        self.hostile(mail_activity_automation_skip=True, mail_activity_quick_update=True,
                     tracking_disable=True).submit([forged])
        self.assertGreater(len(self.alarms()), before)

    def test_a_forged_copy_in_the_same_call_takes_no_place(self):
        good = self.said(1)
        forged = {**good, "signature": {**good["signature"], "value": "AAAA"}}
        self.assertEqual(self.outcomes(forged, good), ["rejected", "accepted"])
        self.assertTrue(self.hospital())

    def test_what_nobody_foresaw_takes_no_other_message_with_it(self):
        handler = self.env.registry["med.exchange.organisation"]
        check = handler._med_check

        def failing(handler, partner, payload):
            if payload["name"] == "Bad":
                raise RuntimeError("not foreseen")
            return check(handler, partner, payload)
        sent = [self.said(n, name="Bad" if n == 3 else "Good", thing=f"H-{n}", version=1)
                for n in range(1, 7)]
        with (patch.object(handler, "_med_check", failing),
              self.assertLogs("odoo.addons.med_exchange", "ERROR")):
            self.assertEqual(self.outcomes(*sent), [
                "accepted", "accepted", "rejected", "accepted", "accepted", "accepted"])
        self.assertFalse(self.hospital("H-3"))

    def test_the_greatest_numbers_are_kept_and_the_next_is_refused(self):
        most = 2 ** 31 - 2
        self.lims.order_rule = "apply"
        self.assertEqual(self.outcomes(self.said(1, version=most)), ["accepted"])
        without = self.said(2, name="Later")
        without = self.sealed(self.lims, {
            **{name: value for name, value in without.items()
               if name not in ("digest", "signature")}, "object": {"id": "H-1"}})
        self.assertEqual(self.outcomes(without), ["accepted"])
        self.assertEqual(self.outcomes(self.said(3, version=most + 1)), ["rejected"])
        # A number of a stream so far ahead is refused, as the greatest of all.
        self.assertEqual(self.outcomes(self.said(most, thing="H-9", version=1)), ["rejected"])

    def test_who_may_not_read_a_record_is_not_told_what_it_says(self):
        self.submit(self.said(1))
        self.hospital().name = "Ours"
        self.submit(self.said(2, name="Theirs"))
        message = self.message("id-2")
        reader = self.user("purchasing", login="exchange-reader")
        self.assertTrue(message.with_user(reader).both_sides()["differences"])
        self.env["ir.rule"].create({
            "name": "none", "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": f"[('id', '!=', {self.hospital().id})]", "perm_write": False,
            "perm_create": False, "perm_unlink": False,
            "groups": [(6, 0, self.env.ref("base.group_user").ids)]})
        with self.assertRaises(AccessError):
            message.with_user(reader).both_sides()

    def test_in_the_name_of_another_partner(self):
        self.refused(self.said(1, partner=self.mes), "/sender", alarm=True)

    def test_signed_by_another_key(self):
        sent = self.said(1)
        sent["signature"]["value"] = signing.sign(
            signing.ED25519, self.secrets["MES"], b"anything")
        self.refused(sent, "/signature", alarm=True)
        self.assertTrue(self.env["med.audit.entry"].search_count(
            [("event", "=", "exchange_forged")]))

    def test_signed_by_a_key_that_was_revoked(self):
        self.lims.key_ids.revoke()
        self.refused(self.said(1), "/signature", alarm=True)

    def test_not_signed_at_all(self):
        sent = self.said(1)
        del sent["signature"]
        self.refused(sent, "/signature", alarm=True)

    def test_tampered_with_on_its_way(self):
        sent = self.said(1)
        sent["payload"] = {**sent["payload"], "name": "Mallory"}
        self.refused(sent, "/digest", alarm=True)

    def test_tampered_with_and_given_its_own_digest(self):
        sent = self.said(1)
        other = self.sealed(self.mes, {
            name: value for name, value in {**sent, "payload": {**PAYLOAD, "name": "M"}}.items()
            if name not in ("digest", "signature")})
        self.refused({**other, "signature": sent["signature"]}, "/signature", alarm=True)

    def test_a_refused_forgery_takes_neither_id_nor_number_of_the_true_one(self):
        true = self.said(1)
        forged = {**true, "signature": {**true["signature"], "value": base64.b64encode(
            b"\0" * 64).decode()}}
        self.refused(forged, "/signature", alarm=True)
        self.assertEqual(self.outcomes(true), ["accepted"])

    def test_replayed_by_another_partner(self):
        self.submit(self.said(1, thing="H-2"))
        self.refused(self.said(1), "/sender", partner=self.mes)

    def test_the_id_with_other_content(self):
        self.submit(self.said(1, thing="H-2"))
        row = self.refused(self.said(1, "Other"), "/id", alarm=True)
        self.assertEqual(row.name, "id-1")
        self.assertEqual(self.message("id-1").object_key, "H-2")
        self.assertEqual(self.hospital("H-2").name, "Hospital")

    def test_ids_of_two_partners_do_not_meet(self):
        self.assertEqual(self.outcomes(self.said(1, thing="H-2")), ["accepted"])
        self.assertEqual(self.outcomes(
            self.said(1, thing="H-3", partner=self.mes), partner=self.mes), ["accepted"])

    def test_a_cancellation_of_another_partners_message(self):
        self.submit(self.said(1, thing="H-2"))
        data = {name: value for name, value in self.said(1, partner=self.mes).items()
                if name not in ("digest", "signature")}
        sent = self.sealed(self.mes, {**data, "action": "cancel", "cancels": "id-1",
                                      "payload": {}})
        self.assertEqual(self.outcomes(sent, partner=self.mes), ["rejected"])
        self.assertEqual(self.message("id-1").state, "applied")
        self.assertTrue(self.hospital("H-2").active)

    def test_what_is_no_envelope_is_kept(self):
        deep = {}
        for _level in range(5000):
            deep = {"a": deep}
        for sent in (None, 3, "x", [], {}, [[]], {"id": ["x"]}, {"id": "\0"}, {"id": 1e400},
                     deep, {"a": "\ud800"}, {3: 4}, {"a": b"bytes"}, {"id": "x" * 100_000}):
            with self.subTest(sent=str(type(sent))):
                self.refused(sent, self.submit(sent)[0]["errors"][0]["pointer"])

    def test_times_that_have_not_come_yet_are_refused(self):
        def ahead(minutes):
            time = self.env.cr.now() + timedelta(minutes=minutes)
            return f"{time.isoformat(timespec='seconds')}Z"
        for name in ("time", "event_time"):
            for late in (ahead(6), "9999-12-31T23:59:59Z"):
                [answer] = self.submit(self.said(1, **{name: late}))
                self.assertEqual((answer["outcome"], [one["pointer"] for one in answer["errors"]]),
                                 ("rejected", [f"/{name}"]))
        self.assertFalse(self.hospital())
        # Neither id nor number are taken: with the right time it is applied.
        self.assertEqual(self.outcomes(self.said(1, time=ahead(4), event_time=ahead(4))),
                         ["accepted"])

    def test_what_is_no_envelope_is_found_by_its_lots_and_object(self):
        [answer] = self.submit({**self.said(1, thing="WO-77"), "payload": {
            "weight": 1.5, "lots": [{"supplier_lot": "LOT-77\ud800"}, {"lot": "L\0-78"}]}})
        self.assertEqual(answer["outcome"], "rejected")
        for field, text in (("words", "LOT-77"), ("words", "L-78"), ("object_key", "WO-77")):
            self.assertEqual(self.env["med.exchange.message"].search([
                (field, "ilike", text)]).id, answer["message"])

    def test_too_large_and_too_deep_envelopes(self):
        row = self.refused(self.said(1, "x" * 1_100_000), "")
        self.assertLessEqual(len(row.body), 70_000)
        self.assertGreater(row.size, 1_000_000)
        payload = PAYLOAD
        for _level in range(30):
            payload = {"a": payload}
        sent = self.envelope(self.lims, payload, id="deep", sequence=2)
        answer = self.submit(sent)[0]
        self.assertEqual((answer["outcome"], answer["id"]), ("rejected", "deep"))

    def test_too_many_at_once_and_too_many_bytes(self):
        with patch.object(med_exchange_submit, "MOST", 2):
            answers = self.submit(*(self.said(n) for n in (1, 2, 3)))
        self.assertEqual([one["outcome"] for one in answers], ["rejected"])
        self.assertEqual(self.env["med.exchange.message"].browse(
            answers[0]["message"]).submission_id.count, 3)
        self.assertFalse(self.hospital())

    def test_alarms_of_one_submission_are_one(self):
        sent = []
        for number in range(1, 6):
            one = self.said(number)
            one["signature"]["value"] = "AAAA"
            sent.append(one)
        self.submit(*sent)
        self.assertEqual(len(self.alarms()), 1)

    def test_a_flood_of_forgeries_buries_no_other_alarm(self):
        sent = []
        for number in range(1, 4):
            one = self.said(number)
            one["signature"]["value"] = "AAAA"
            sent.append(one)
        for one in sent:
            self.submit(one)
        self.assertEqual(len(self.alarms()), 1)
        self.assertEqual(self.env["med.audit.entry"].search_count([
            ("event", "=", "exchange_forged"), ("model", "=", "med.exchange.message"),
            ("res_id", "in", self.env["med.exchange.message"].search([
                ("exchange_partner_id", "=", self.lims.id)]).ids)]), 3)
        self.alarms().action_feedback("Looked at")
        self.submit({**sent[0]})
        self.assertEqual(len(self.alarms()), 1)

    def test_names_that_look_alike_are_no_codes(self):
        for number, thing in enumerate(
                ("LA\u03081", "L1 ", " L1", "L1\u200b", "\u202eL1", "L\t1", "L\xad1"), 1):
            with self.subTest(thing=ascii(thing)):
                self.refused(self.said(number, thing=thing), "/object/id")
                [answer] = self.submit(self.envelope(
                    self.lims, {**PAYLOAD, "code": thing}, id=f"code-{number}",
                    sequence=number, object={"id": f"H-{number}", "version": 1}))
                self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                                 ("rejected", "/payload/code"))
        self.assertEqual(self.outcomes(self.said(20, thing="L\xc4 1", stream="b"),
                                       self.said(1, thing="L\xc4 1", version=1, stream="c")),
                         ["waiting", "accepted"])
