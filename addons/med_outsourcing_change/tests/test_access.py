from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ChangePortalCase


@tagged("post_install", "-at_install")
class TestAccess(ChangePortalCase):
    """A processor sees and answers its own notices alone; of others it does not learn."""

    requirement = "P4 V4 A2"

    def setUp(self):
        super().setUp()
        self.own = self.notice()
        self.signed_in(self.porter)

    def test_what_he_was_told_is_what_he_reads(self):
        page = self.url_open(self.page(self.own)).text
        for told in ("Tube B for tube A", "Other tube", self.change.name, self.stent.name):
            self.assertIn(told, page)
        for inside in ("too dear", "Secret margin"):
            self.assertNotIn(inside, page)
        for url in ("/my/processor", "/my/processor/changes", self.url()):
            self.assertIn(self.change.name, self.url_open(url).text)

    def test_another_processors_user_sees_and_answers_nothing(self):
        other = self.notice(self.rival)
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        self.signed_in(self.stranger)
        self.not_found(self.page(self.own), self.page(self.own) + "/files/1",
                       "/my/processor/changes/999999999")
        self.assertNotIn(f"changes/{self.own.id}", self.url_open("/my/processor/changes").text)
        form["csrf_token"] = self.fields_of(self.url_open(self.page(other)).text)["csrf_token"]
        answer = self.say(self.own, form, answer="agreed", secret="stranger-secret")
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.answers(self.own))
        self.assertFalse(self.answers(other))

    def test_the_method_itself_takes_no_others_answer(self):
        for user, file in ((self.stranger, self.rival_file), (self.stranger, self.file),
                           (self.anna, self.file)):
            # The first is refused before anything is signed; whose people sign, the signature says.
            wanted = AccessError if file == self.file else UserError
            with self.subTest(user=user.login), self.assertRaises(UserError) as caught, \
                    self.env.cr.savepoint():
                self.own.with_user(user).sudo()._med_portal_answer(
                    file.sudo(), "agreed", "", f"{user.login}-secret")
            self.assertIs(type(caught.exception), wanted)
        self.assertFalse(self.answers(self.own))

    def test_what_nobody_told_him_is_not_there(self):
        planned = self.notice(change=self.wanted("Not told"), told=False)
        self.not_found(self.page(planned))
        self.assertNotIn("Not told", self.url_open("/my/processor/changes").text)
        self.assertNotIn("Not told", self.url_open(self.url()).text)

    def test_our_own_people_and_strangers_find_nothing(self):
        for user in self.outsiders():
            self.signed_in(user)
            with self.subTest(user=user.login):
                self.not_found("/my/processor/changes", self.page(self.own))
                answer = self.url_open(self.page(self.own), data={
                    "answer": "agreed", "secret": f"{user.login}-secret",
                    "csrf_token": Request.csrf_token(self)})
                self.assertEqual(answer.status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(self.page(self.own), allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertFalse(self.answers(self.own))

    @mute_logger("odoo.http")
    def test_without_its_own_token_nothing_is_taken(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        form.pop("csrf_token")
        self.assertEqual(self.say(self.own, form, answer="agreed").status_code, 400)
        self.assertFalse(self.answers(self.own))

    def test_no_program_of_his_gets_past_the_page(self):
        mine = self.env(user=self.porter)
        for model in ("med.change", "med.change.notice", "med.change.answer"):
            with self.assertRaises(AccessError):
                mine[model].search([], limit=1).read(["id"])
        for call in (lambda one: one.answer("agreed", "x"), lambda one: one.announce(),
                     lambda one: one.write({"document_ids": []})):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                call(self.own.with_env(mine))
        for name in ("_med_portal_answer", "_med_answer", "_med_portal_mail"):
            with self.assertRaises(AccessError):
                get_public_method(self.own, name)

    def test_an_ended_processor_finds_nothing(self):
        with patch.object(type(self.file), "_med_check_empty"):  # as if all were received
            self.file.with_user(self.anna).med_transition("end", reason="Contract ended")
        self.env.flush_all()
        self.not_found("/my/processor/changes", self.page(self.own))

    def test_my_account_counts_what_waits(self):
        self.assertIn("/my/processor/changes", self.url_open("/my/home").text)
        self.assertEqual(self.counted(self.porter, "med_change_notice_count"), {
            "med_change_notice_count": 1})
        self.assertEqual(self.counted(self.stranger, "med_change_notice_count"), {
            "med_change_notice_count": 0})
        self.assertEqual(self.counted(self.anna, "med_change_notice_count"), {
            "med_change_notice_count": 0})
