import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CapaPortalCase

PDF = ("paper.pdf", b"%PDF-1.7 jaw", "application/pdf")


@tagged("post_install", "-at_install")
class TestAccess(CapaPortalCase):
    """A processor sees and answers its own requests alone; of others it does not learn."""

    requirement = "P4 V4 A2 Q6"

    def setUp(self):
        super().setUp()
        self.own = self.request()
        self.signed_in(self.porter)

    def test_what_he_is_asked_is_what_he_reads(self):
        page = self.url_open(self.page(self.own)).text
        for told in ("3 of 20 were open", "Open seals", self.own.name, self.order.name, "S-1"):
            self.assertIn(told, page)
        for inside in ("Secret margin", self.capa.name):
            self.assertNotIn(inside, page)
        for url in ("/my/processor", "/my/processor/capas", self.url()):
            self.assertIn(self.own.name, self.url_open(url).text)

    def test_another_processors_user_finds_nothing_on_any_route(self):
        self.say(self.own, files=[PDF])
        file = self.answers(self.own).file_ids
        self.assertEqual(self.url_open(self.page(self.own) + f"/files/{file.id}").content, PDF[1])
        other = self.request(self.rival)
        form = self.fields_of(self.url_open(self.page(self.own, "?again=1")).text)
        self.signed_in(self.stranger)
        self.not_found(self.page(self.own), self.page(self.own, "?again=1"),
                       self.page(self.own) + f"/files/{file.id}",
                       self.page(other) + f"/files/{file.id}",
                       "/my/processor/capas/999999999")
        self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, PDF[1])
        self.assertNotIn(self.own.name, self.url_open("/my/processor/capas").text)
        form["csrf_token"] = self.fields_of(self.url_open(self.page(other)).text)["csrf_token"]
        answer = self.say(self.own, form, secret="stranger-secret", cause="Forged")
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(len(self.answers(self.own)), 1)
        self.assertFalse(self.answers(other))

    def test_a_paper_that_nobody_compared_or_that_is_dropped_is_not_shown(self):
        self.env["med.capa.request.note"].with_user(self.anna).create({
            "request_id": self.own.id, "person": "Zhao", "signed_on": "2026-03-01",
            "cause": "Of another firm", "file": base64.b64encode(PDF[1]), "filename": PDF[0],
        }).action_enter()
        paper = self.answers(self.own)
        file = self.page(self.own) + f"/files/{paper.file_ids.id}"
        page = self.url_open(self.page(self.own)).text
        self.assertIn("We compare the paper", page)
        for said in ("Of another firm", PDF[0]):
            self.assertNotIn(said, page)
        self.not_found(file)
        paper.with_user(self.anna).med_transition("drop", "Of another firm")
        self.env.flush_all()
        self.assertNotIn("We compare the paper", self.url_open(self.page(self.own)).text)
        self.not_found(file)

    def test_what_is_not_sent_is_not_there(self):
        draft = self.request(sent=False, title="Not sent")
        self.not_found(self.page(draft))
        self.assertNotIn("Not sent", self.url_open("/my/processor/capas").text)

    def test_our_own_people_and_strangers_find_nothing(self):
        for user in self.outsiders():
            self.signed_in(user)
            with self.subTest(user=user.login):
                self.not_found("/my/processor/capas", "/my/processor/capas/new",
                               self.page(self.own))
                for url in (self.page(self.own), "/my/processor/capas/new"):
                    answer = self.url_open(url, data={
                        "cause": "Forged", "secret": f"{user.login}-secret", "number": "X",
                        "title": "X", "state": "open", "csrf_token": Request.csrf_token(self)})
                    self.assertEqual(answer.status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(self.page(self.own), allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertFalse(self.answers(self.own))
        self.assertFalse(self.theirs())

    @mute_logger("odoo.http")
    def test_without_its_own_token_nothing_is_taken(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        form.pop("csrf_token")
        self.assertEqual(self.say(self.own, form).status_code, 400)
        self.assertFalse(self.answers(self.own))

    def test_the_method_itself_takes_no_others_answer(self):
        for user, file in ((self.stranger, self.rival_file), (self.stranger, self.file),
                           (self.anna, self.file), (self.porter, self.env["med.processor"])):
            with self.subTest(user=user.login), self.assertRaises(UserError), \
                    self.env.cr.savepoint():
                self.own.with_user(user).sudo()._med_portal_answer(
                    file.sudo(), {"cause": "x"}, (), f"{user.login}-secret")
        self.assertFalse(self.answers(self.own))

    def test_no_program_of_his_gets_past_the_page(self):
        mine = self.env(user=self.porter)
        for model in ("med.capa", "med.capa.request", "med.capa.request.answer",
                      "med.capa.request.action"):
            with self.assertRaises(AccessError):
                mine[model].search([], limit=1).read(["id"])
        for call in (lambda one: one.write({"order_id": False}), lambda one: one.action_note(),
                     lambda one: one.med_transition("cancel", "x")):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                call(self.own.with_env(mine)) and self.own.with_env(mine).read(["name"])
        with self.assertRaises(AccessError):
            mine["med.capa.request.note"].create({"request_id": self.own.id})
        for name in ("_med_portal_answer", "_med_portal_tell", "_med_answer", "_med_receive"):
            with self.assertRaises(AccessError):
                get_public_method(self.own, name)

    def test_an_order_and_lots_of_others_are_not_asked_about(self):
        lot = self.in_stock(self.stent, "X-9")
        for values in ({"order_id": self.order.id}, {"lot_ids": [Command.set(lot.ids)]}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.request(self.rival, **values)
        with self.assertRaisesRegex(UserError, "stays"):
            self.own.with_user(self.anna).order_id = False

    def test_my_account_counts_what_waits(self):
        self.assertIn("/my/processor/capas", self.url_open("/my/home").text)
        self.assertEqual(self.counted(self.porter, "med_capa_request_count"), {
            "med_capa_request_count": 1})
        self.assertEqual(self.counted(self.stranger, "med_capa_request_count"), {
            "med_capa_request_count": 0})
