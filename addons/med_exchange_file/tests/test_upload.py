import base64

from odoo.addons.med_base.tests.common import MedCase
from odoo.addons.med_exchange.tools import signing
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TWO, FileFactory


@tagged("post_install", "-at_install")
class TestUpload(FileFactory, MedCase):
    """A partner sends its files itself, signed like its messages where it has a key."""

    requirement = "X1 X3 X6 P11-10g"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner, cls.other = cls.partner_of("SENDER"), cls.partner_of("OTHER")
        cls.mapping = cls.mapping_of(cls.partner)

    def upload(self, text=TWO, partner=None, context=None, **values):
        """Send a file, signed by the partner unless ``key`` or ``signature`` say otherwise."""
        exchange = self.env["med.exchange"].with_user((partner or self.partner).user_id)
        return exchange.with_context(context or {}).upload(**{
            "name": "a.csv", "mapping": "Customers", "key": "first",
            "signature": self.signed(text),
            "content_base64": base64.b64encode(text.encode()).decode(), **values})

    def signed(self, text, code="SENDER"):
        return signing.sign(signing.ED25519, self.secrets[code], text.encode())

    def test_a_file_is_taken_in_and_again_has_the_same_answer(self):
        told = self.upload()
        self.assertEqual((told["state"], told["made"], told["duplicate"], told["next"]),
                         ("applied", 2, False, 3))
        again = self.upload()
        self.assertEqual(again, {**told, "duplicate": True})
        self.assertEqual(len(self.organisations("F-1", "F-2")), 2)
        file = self.env["med.exchange.file"].browse(told["file"])
        # Calls at once meet here: the later one begins again, and is the second of these.
        self.assertEqual(self.env["med.turn"].search([
            ("scope", "=", f"exchange file/{self.partner.id}/{file.schema}"),
            ("thing", "=", file.digest)]).turn, 1)
        self.assertEqual((file.origin, file.create_uid), ("partner", self.partner.user_id))

    def test_a_partner_tries_first(self):
        told = self.upload(try_only=True)
        self.assertEqual((told["state"], told["made"]), ("tried", 2))
        self.assertFalse(self.organisations("F-1"))
        self.assertEqual(self.upload()["state"], "applied")

    def test_a_bad_row_keeps_the_file_out_and_is_told(self):
        told = self.upload(TWO + "F-3,,Wuxi,CN,\n")
        self.assertEqual((told["state"], told["refused"]), ("tried", 1))
        self.assertIn("公司名称", told["rows"][2]["reason"])
        self.assertFalse(self.organisations("F-1"))

    def test_a_partner_uses_its_own_mappings_alone(self):
        with self.assertRaisesRegex(UserError, "no mapping"):
            self.upload(partner=self.other)
        self.mapping.back_to_draft()
        with self.assertRaisesRegex(UserError, "no mapping"):
            self.upload()

    def test_who_is_no_partner_sends_no_file(self):
        with self.assertRaises(AccessError):
            self.env["med.exchange"].with_user(self.user("qa")).upload(
                name="a.csv", content_base64="eA==", mapping="Customers")

    def test_a_bad_argument_gets_one_sentence(self):
        for values in ({"name": ""}, {"name": 3}, {"content_base64": "§"}, {"content_base64": ""},
                       {"content_base64": None}, {"mapping": 1}, {"mapping": "x"},
                       {"try_only": 1}, {"key": None}, {"signature": 3}, {"signature": "§"},
                       {"key": ""}):
            with self.assertRaises(UserError):
                self.upload(**values)
        self.assertFalse(self.env["med.exchange.file"].search(
            [("exchange_partner_id", "=", self.partner.id)]))

    def test_a_file_that_is_not_signed_waits_for_a_person(self):
        told = self.upload(key="", signature="")
        self.assertEqual((told["state"], told["made"]), ("tried", 2))
        self.assertIn("not signed", told["problem"])
        self.assertFalse(self.organisations("F-1"))
        again = self.upload(key="", signature="")
        self.assertEqual((again["state"], again["duplicate"]), ("tried", True))
        self.assertFalse(self.organisations("F-1"))
        self.env["med.exchange.file"].with_user(self.user("qa")).browse(
            told["file"]).action_apply()
        self.assertTrue(self.organisations("F-1"))

    def test_the_same_file_signed_afterwards_is_taken_in(self):
        self.upload(key="", signature="")
        self.assertEqual(self.upload()["state"], "applied")

    def test_a_signature_that_is_none_of_the_file_takes_nothing(self):
        for values in ({"signature": self.signed(TWO + "x")}, {"key": "second"},
                       {"signature": self.signed(TWO, "OTHER")}, {"signature": ""},
                       {"signature": "AAAA"}):
            with self.assertRaisesRegex(UserError, "not one of this file"):
                self.upload(**values)
        self.assertFalse(self.env["med.exchange.file"].search(
            [("exchange_partner_id", "=", self.partner.id)]))

    def test_a_key_that_was_revoked_neither_signs_nor_frees_from_signing(self):
        self.partner.key_ids.revoke()
        with self.assertRaisesRegex(UserError, "not one of this file"):
            self.upload()
        self.assertEqual(self.upload(key="", signature="")["state"], "tried")
        self.assertFalse(self.organisations("F-1"))

    def test_a_shared_secret_signs_a_file_by_its_own_algorithm(self):
        key = self.env["med.exchange.key"].create({
            "exchange_partner_id": self.partner.id, "name": "shared", "algorithm": signing.HMAC})
        secret = key.make_secret()["secret"]
        with self.assertRaisesRegex(UserError, "not one of this file"):
            self.upload(key="shared")
        told = self.upload(key="shared",
                           signature=signing.sign(signing.HMAC, secret, TWO.encode()))
        self.assertEqual(told["state"], "applied")

    def test_a_partner_of_files_alone_needs_no_signature(self):
        partner = self.env["med.exchange.partner"].create({
            "name": "Alone", "code": "ALONE", "partner_id": self.partner.partner_id.id})
        partner.make_user()
        self.right(partner)
        self.mapping_of(partner)
        self.assertEqual((partner.state, partner.signed), ("active", True))
        self.assertEqual(self.upload(partner=partner, key="", signature="")["state"], "applied")

    def test_what_our_records_said_is_told_only_to_those_who_may_know(self):
        self.env["res.partner"].create([
            {"ref": "F-1", "name": "Our\n/name: Secret", "city": "Hidden", "email": "a@b.example"},
            {"ref": "F-2", "name": "Beta Ltd", "city": "Hidden"}])
        told = self.upload(try_only=True)
        self.assertEqual([row["outcome"] for row in told["rows"]], ["conflict"] * 2)
        self.assertNotIn("Hidden", str(told))
        self.partner.right_ids.conflict_policy = "theirs"
        self.partner.organisation_scope = "all"
        self.env["med.exchange.file"].browse(told["file"]).action_try()
        told = self.upload(try_only=True)
        self.assertNotIn("Hidden", str(told))
        self.assertNotIn("Secret", str(told))
        self.assertNotIn("example", str(told))
        self.assertEqual(sorted(told["rows"][0]["changes"].split("\n"))[:2], ["/city", "/country"])
        file = self.env["med.exchange.file"].browse(told["file"])
        self.assertIn("/city: Hidden → Wuxi", file.row_ids[0].changes, "people here see both")
        # What he may hear of, he is told, and of nothing that his own change brings into view.
        self.right(self.partner, direction="out", domain="[('name', '=', 'Beta Ltd')]")
        told = self.upload(TWO.replace("Alpha", "Beta"), try_only=True)
        self.assertIn("/city: Hidden → Suzhou", told["rows"][1]["changes"])
        self.assertNotIn("Hidden", told["rows"][0]["changes"])
        self.assertNotIn("Secret", str(told))

    def test_the_context_of_a_call_fills_in_nothing(self):
        hostile = {f"default_{name}": value for name, value in {
            "mode": "good", "event_time": "2020-01-01", "note": "x", "reason": "x",
            "applied_id": 1, "undone": True, "undoing": "x", "message_id": 1, "active": False,
            "company_id": 0, "parent_id": self.other.partner_id.id, "comment": "x",
            "left_count": 7, "origin": "person"}.items()}
        told = self.upload(TWO + "F-3,,Wuxi,CN,\n", context=hostile)
        file = self.env["med.exchange.file"].browse(told["file"])
        self.assertEqual((file.mode, file.state, file.event_time, file.note, file.left_count),
                         ("all", "tried", False, False, 0))
        self.assertFalse(file.row_ids.filtered("undone") or file.row_ids.message_id)
        told = self.upload(context=hostile)
        file = self.env["med.exchange.file"].browse(told["file"])
        self.assertEqual((told["state"], file.reason, file.origin), ("applied", False, "partner"))
        self.assertFalse(any(file.row_ids.mapped("undone")))
        for one in self.organisations("F-1", "F-2"):
            self.assertFalse(one.parent_id or one.comment)
