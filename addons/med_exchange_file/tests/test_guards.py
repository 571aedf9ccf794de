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
                                   install_mode=True, force_delete=True)

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
        for one in (attachment, self.hostile(attachment)):
            with self.assertRaises(AccessError):
                one.unlink()
        place = {"res_model": "med.exchange.file", "res_id": self.file.id, "res_field": "content"}
        with self.assertRaises(AccessError), self.cr.savepoint():
            attachment.create({"name": "x", "raw": b"other", **place})
        beside = attachment.create({"name": "x", "raw": b"other"})
        with self.assertRaises(AccessError), self.cr.savepoint():
            beside.write(place)

    def test_a_file_that_was_exchanged_behind_its_back_is_not_taken_in(self):
        self.env.flush_all()
        other = self.env["ir.attachment"].create({"name": "x", "raw": TWO.replace(
            "Alpha", "Omega").encode()})
        self.env.flush_all()
        self.env.cr.execute("""
            UPDATE ir_attachment a SET store_fname = b.store_fname, db_datas = b.db_datas
              FROM ir_attachment b
             WHERE b.id = %s AND a.res_model = 'med.exchange.file' AND a.res_id = %s
               AND a.res_field = 'content'""", (other.id, self.file.id))
        self.assertEqual(self.env.cr.rowcount, 1)
        self.env.invalidate_all()
        for method in ("action_try", "action_apply", "result"):
            with self.assertRaisesRegex(UserError, "SHA-256 differs"):
                getattr(self.file, method)()
        self.assertFalse(self.organisations("F-1"))

    def test_nothing_is_taken_in_of_an_archived_partner(self):
        self.file.action_try()
        self.partner.active = False
        with self.assertRaisesRegex(UserError, "not active"):
            self.file.action_apply()
        self.assertFalse(self.organisations("F-1"))

    def test_no_context_removes_what_is_kept(self):
        lines, other = self.mapping.line_ids, self.mapping_of(self.partner, name="Other")
        other.archive()
        for record in (lines[0], lines, self.mapping, other, self.file, self.file.row_ids[0]):
            for one in (record, self.hostile(record), self.hostile(record.sudo())):
                with self.assertRaises(UserError):
                    one.unlink()
                self.assertEqual(one.exists(), one)
        draft = self.mapping_of(self.partner, state="draft", name="Draft")
        draft.line_ids[0].unlink()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_defaults_of_a_context_fill_in_nothing_of_a_file(self):
        forged = {f"default_{name}": value for name, value in {
            "reason": "x", "problem": "x", "make_count": 9, "applied_id": self.qa.id,
            "undone": True, "undoing": "x", "outcome": "same"}.items()}
        file = self.file_of(self.mapping.with_user(self.qa).with_context(**forged),
                            TWO + "F-4,Delta,Wuxi,CN,\n")
        self.assertFalse(file.reason or file.problem or file.make_count or file.applied_id)
        file.action_try()
        self.assertFalse(any(file.row_ids.mapped("undone")) or any(file.row_ids.mapped("undoing")))
        file.action_apply()
        file.undo(reason="Wrong")
        self.assertEqual(file.reason, "Wrong")

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
