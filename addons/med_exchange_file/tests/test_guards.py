import base64

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TWO, FileFactory


@tagged("post_install", "-at_install")
class TestGuards(FileFactory, MedCase):
    """A file stays as it came, whoever asks and with whatever context."""

    requirement = "X3 X8 P11-10c P11-10e-2 P11-10g"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.partner_of("GUARDED")
        cls.qa, cls.auditor = cls.user("qa"), cls.user("auditor")
        cls.mapping = cls.mapping_of(cls.partner)
        cls.file = cls.file_of(cls.mapping.with_user(cls.qa), TWO)
        cls.file.action_try()

    def hostile(self, record):
        return record.with_context(module_uninstall=True, _force_unlink=True, active_test=False,
                                   install_mode=True)

    def test_a_file_and_its_rows_are_changed_by_nobody(self):
        content = base64.b64encode(b"other")
        for file in (self.file, self.hostile(self.file.sudo())):
            for vals in ({"content": content}, {"digest": "0"}, {"state": "applied"},
                         {"applied_id": self.qa.id}, {"attempt": 3}, {"origin": "partner"},
                         {"name": "x.csv"}, {"row_ids": []}, {"create_date": "2020-01-01"}):
                with self.assertRaises(UserError):
                    file.write(vals)
            for row in (file.row_ids[0], file.row_ids[0].sudo()):
                with self.assertRaises(UserError):
                    row.write({"outcome": "same"})
            with self.assertRaises(UserError):
                file.unlink()
            with self.assertRaises(UserError):
                file.row_ids.unlink()
            with self.assertRaises(UserError):
                file.copy()
        with self.assertRaises(UserError):
            self.env["med.exchange.file.row"].create({"file_id": self.file.id, "outcome": "make"})

    def test_what_is_typed_into_a_new_file_is_its_own_alone(self):
        file = self.file_of(self.mapping, TWO + "F-9,N,W,CN,\n", state="applied", digest="0",
                            origin="partner", attempt=9)
        self.assertEqual((file.state, file.origin, file.attempt), ("new", "person", 0))
        self.assertEqual(len(file.digest), 64)

    def test_the_file_itself_is_not_exchanged_behind_its_back(self):
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "med.exchange.file"), ("res_id", "=", self.file.id),
            ("res_field", "=", "content")])
        self.assertTrue(attachment)
        for vals in ({"raw": b"x"}, {"res_id": 0}, {"res_field": False}, {"store_fname": "x"}):
            with self.assertRaises(AccessError):
                attachment.write(vals)
        with self.assertRaises(AccessError):
            attachment.unlink()

    def test_who_only_reads_takes_nothing_in(self):
        file = self.file.with_user(self.auditor)
        self.assertTrue(file.row_ids)
        for method in ("action_try", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(file, method)()
        with self.assertRaises(AccessError):
            file.undo(reason="x")
        with self.assertRaises(AccessError):
            self.file_of(self.mapping.with_user(self.auditor), "x")

    def test_who_has_no_part_in_the_exchange_reads_no_file(self):
        for role in ("viewer", "operator", "inspector"):
            user = self.user(role, login=f"file_{role}")
            for record in (self.file, self.file.row_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            self.assertEqual(self.mapping.with_user(user).file_count, 1)

    def test_a_suspended_partner_or_one_without_the_right_sends_no_file(self):
        self.partner.suspend()
        with self.assertRaisesRegex(UserError, "not active"):
            self.file.action_apply()
        self.partner.activate()
        self.partner.right_ids.unlink()
        with self.assertRaisesRegex(UserError, "no right to send"):
            self.file.action_apply()
        self.assertFalse(self.organisations("F-1"))

    def test_undoing_asks_why(self):
        self.file.action_apply()
        for reason in ("", "  ", None, 3):
            with self.assertRaisesRegex(UserError, "Say why"):
                self.file.undo(reason=reason)

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user("qa", login="file_stranger", company_id=company.id,
                             company_ids=company.ids)
        for record in (self.file, self.mapping, self.file.row_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])

    def test_an_unsigned_message_of_a_program_is_still_refused(self):
        data = self.envelope(self.partner)
        del data["signature"]
        answer, = self.env["med.exchange"].with_user(self.partner.user_id).submit(
            [data])["answers"]
        self.assertEqual(answer["outcome"], "rejected")
        self.file.action_apply()
        self.assertEqual(self.file.state, "applied")
