import base64

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TWO, FileFactory


@tagged("post_install", "-at_install")
class TestUpload(FileFactory, MedCase):
    """A partner sends its files itself."""

    requirement = "X1 X3 X6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner, cls.other = cls.partner_of("SENDER"), cls.partner_of("OTHER")
        cls.mapping = cls.mapping_of(cls.partner)

    def upload(self, text=TWO, partner=None, **values):
        return self.env["med.exchange"].with_user((partner or self.partner).user_id).upload(**{
            "name": "a.csv", "mapping": "Customers",
            "content_base64": base64.b64encode(text.encode()).decode(), **values})

    def test_a_file_is_taken_in_and_again_has_the_same_answer(self):
        told = self.upload()
        self.assertEqual((told["state"], told["made"], told["duplicate"], told["next"]),
                         ("applied", 2, False, 3))
        again = self.upload()
        self.assertEqual(again, {**told, "duplicate": True})
        self.assertEqual(len(self.organisations("F-1", "F-2")), 2)
        file = self.env["med.exchange.file"].browse(told["file"])
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
                       {"try_only": 1}):
            with self.assertRaises(UserError):
                self.upload(**values)
        self.assertFalse(self.env["med.exchange.file"].search(
            [("exchange_partner_id", "=", self.partner.id)]))
