from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ChangePortalCase

PDF = b"%PDF-1.7 drawing"


@tagged("post_install", "-at_install")
class TestDocuments(ChangePortalCase):
    """Documents of a notice: to its processor and nobody else outside, as they were told."""

    requirement = "V6 P4 A2"

    def uploaded(self, user=None, **values):
        return self.env["ir.attachment"].with_user(user or self.anna).create({
            "name": "drawing.pdf", "raw": PDF, "mimetype": "application/pdf",
            "res_model": "med.change.notice", **values})

    def told(self, file):
        return self.notice(document_ids=[Command.set(file.ids)])

    def test_he_gets_it_to_be_saved_and_nobody_else(self):
        file = self.uploaded(public=True)
        notice = self.told(file)
        self.assertEqual((file.sudo().res_id, file.sudo().public), (notice.id, False))
        other = self.uploaded()
        self.signed_in(self.porter)
        self.assertIn("drawing.pdf", self.url_open(self.page(notice)).text)
        answer = self.url_open(self.page(notice) + f"/files/{file.id}")
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(self.url_open(self.page(notice) + f"/files/{other.id}").status_code, 404)
        for user in (self.stranger, None):
            self.signed_in(user) if user else self.authenticate(None, None)
            for way in (self.page(notice) + f"/files/{file.id}", f"/web/content/{file.id}"):
                self.assertNotEqual(self.url_open(way).content, PDF)

    def test_the_signature_holds_which_documents_were_read(self):
        notice = self.told(self.uploaded())
        self.signed_in(self.porter)
        self.say(notice, answer="agreed")
        self.assertIn(self.uploaded().sudo().med_sha256, self.answers(notice).signature_id.content)

    @mute_logger("odoo.sql_db")
    def test_once_told_documents_stay(self):
        file = self.uploaded()
        notice = self.told(file)
        for change in ({"document_ids": [Command.clear()]},
                       {"document_ids": [Command.link(self.uploaded().id)]}):
            with self.assertRaisesRegex(UserError, "neither added nor taken away"):
                notice.with_user(self.anna).write(change)
        for one in (file.with_user(self.anna), file.sudo()):
            for values in ({"raw": b"%PDF-1.7 other"}, {"name": "x.pdf"}, {"res_id": 0},
                           {"public": True}):
                with self.assertRaisesRegex(AccessError, "stays as it is"):
                    one.write(values)
            with self.assertRaisesRegex(AccessError, "stays as it is"):
                one.unlink()

    def test_until_then_they_may_be_changed(self):
        notice = self.notice(told=False, document_ids=[Command.set(self.uploaded().ids)])
        notice.with_user(self.anna).document_ids = [Command.set(self.uploaded().ids)]
        self.assertEqual(len(notice.document_ids), 1)
        notice.document_ids.with_user(self.anna).name = "better.pdf"

    def test_no_file_of_another_record_or_person_is_told(self):
        refused = "uploaded here|not allowed to access"  # the second is Odoo's own
        for file in (self.uploaded(res_model="med.processor", res_id=self.file.id),
                     self.uploaded(self.bert), self.uploaded(type="url", url="https://example.com",
                                                     raw=False)):
            with self.assertRaisesRegex(AccessError, refused), self.env.cr.savepoint():
                self.notice(change=self.wanted(), told=False,
                            document_ids=[Command.set(file.ids)])
            planned = self.notice(change=self.wanted(), told=False)
            with self.assertRaisesRegex(AccessError, refused), self.env.cr.savepoint():
                planned.with_user(self.anna).document_ids = [Command.link(file.id)]
