import io

from odoo.tests import tagged

from ..tools import upload
from .common import PortalCase

PDF = b"%PDF-1.7 test"


@tagged("post_install", "-at_install")
class TestFiles(PortalCase):
    """Files of a processor: kept with his report, back to himself, to no other outside."""

    requirement = "V7 P4"

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)

    def note(self, *files, **fields):
        return self.send("note", files=[
            (name, io.BytesIO(content), "application/octet-stream") for name, content in files],
            note="Result", **fields)

    def kept(self):
        self.env.invalidate_all()
        return self.order.event_ids._med_files()

    def test_a_file_is_kept_with_its_report_under_a_clean_name(self):
        answer = self.note(("..\\..\\cycle 7.PDF", PDF))
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(self.kept(), [{
            "name": "cycle 7.pdf", "raw": PDF, "mimetype": "application/pdf", "public": False,
            "access_token": False, "res_model": "med.outsourcing.event"}])
        self.assertIn("cycle 7.pdf (SHA-256 ", self.events(kind="note").note)

    def test_sent_twice_a_file_is_kept_once(self):
        form = self.form("note")
        for _again in range(2):
            answer = self.send("note", form=form, note="Result", files=[
                ("a.pdf", io.BytesIO(PDF), "application/pdf")])
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(len(self.kept()), 1)

    def test_the_same_number_with_another_file_is_refused(self):
        form = self.form("note")
        for content, code in ((PDF, 303), (PDF + b"2", 422)):
            answer = self.send("note", form=form, note="Result", files=[
                ("a.pdf", io.BytesIO(content), "application/pdf")])
            self.assertEqual(answer.status_code, code)
        self.assertEqual(self.kept().mapped("raw"), [PDF])

    def test_what_is_not_what_it_says_is_refused_and_the_text_is_there(self):
        for name, content in (("page.html", b"<script>"), ("a.svg", b"<svg/>"),
                              ("a.pdf", b"<script>"), ("empty.pdf", b"")):
            with self.subTest(name=name):
                answer = self.note((name, content))
                self.assertEqual(answer.status_code, 422)
                self.assertIn("Result", answer.text)
        self.assertFalse(self.kept())
        self.assertFalse(self.events())

    def test_too_large_and_too_many(self):
        answer = self.note(("a.pdf", PDF + b"0" * upload.MOST_BYTES))
        self.assertEqual(answer.status_code, 422)
        answer = self.note(*[(f"{i}.pdf", PDF) for i in range(upload.MOST_FILES + 1)])
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.kept())

    def test_more_than_an_hours_worth_waits(self):
        self.assertEqual(self.note(("a.pdf", PDF)).status_code, 303)
        # The database keeps the size; nobody sends 200 MB in a test.
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_attachment SET file_size = %s WHERE id = %s",
                            [upload.MOST_HOUR, self.kept().id])
        answer = self.note(("b.pdf", PDF + b"b"))
        self.assertEqual(answer.status_code, 422)
        self.assertIn("within an hour", answer.text)
        self.assertEqual(len(self.kept()), 1)

    def test_he_gets_it_back_and_only_to_be_saved(self):
        self.note(("a.pdf", PDF))
        answer = self.url_open(self.url("files", str(self.kept().id)))
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_nobody_else_outside_gets_it_by_any_way(self):
        self.note(("a.pdf", PDF))
        file = self.kept()
        other = self.env["ir.attachment"].create({
            "name": "ours.pdf", "raw": PDF, "res_model": self.order._name,
            "res_id": self.order.id})
        self.env.flush_all()
        self.assertEqual(self.url_open(self.url("files", str(other.id))).status_code, 404)
        ways = (self.url("files", str(file.id)), f"/web/content/{file.id}",
                f"/web/content/{file.id}?access_token=x", f"/web/image/{file.id}")
        for user in (self.stranger, None):
            if user:
                self.signed_in(user)
            else:
                self.authenticate(None, None)
            for way in ways:
                with self.subTest(user=user and user.login, way=way):
                    answer = self.url_open(way)
                    self.assertNotEqual(answer.content, PDF)
        self.signed_in(self.porter)
        self.assertNotEqual(self.url_open(f"/web/content/{other.id}").content, PDF)
