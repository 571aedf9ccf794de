from odoo.addons.med_exchange.tests.told import neither
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapaPortalCase

PDF = ("jaw.pdf", b"%PDF-1.7 jaw", "application/pdf")


@tagged("post_install", "-at_install")
class TestAnswer(CapaPortalCase):
    """An answer is signed with the person's own password, to what he has before him."""

    requirement = "Q6 V4 V6 X2 ISO-8.5.2 CN-GMP-OUT"

    def setUp(self):
        super().setUp()
        self.own = self.request()
        self.signed_in(self.porter)

    def test_he_answers_with_evidence_and_signs(self):
        answer = self.say(self.own, files=[PDF])
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        [found] = self.answers(self.own)
        self.assertRecordValues(found, [{
            "way": "portal", "state": "given", "containment": "Line 2 is stopped",
            "cause": "Worn jaw", "user_id": self.porter.id, "person": self.porter.name,
            "partner_id": self.porter.partner_id.id}])
        self.assertRecordValues(found.action_ids, [{
            "kind": "corrective", "what": "Change the jaw", "who": "Qian"}])
        self.assertEqual((found.file_ids.name, found.file_ids.raw), ("jaw.pdf", PDF[1]))
        self.assertRecordValues(found.signature_id, [{
            "meaning": "answered", "method": "portal", "user_id": self.porter.id,
            "processor_id": self.file.id, "res_id": self.own.id, "status": "valid"}])
        for said in ("3 of 20", "Worn jaw", "Change the jaw", found.file_ids.sudo().med_sha256):
            self.assertIn(said, found.signature_id.content)
        self.assertEqual(self.own.state, "answered")
        page = self.url_open(self.page(self.own)).text
        self.assertIn("Change the jaw", page)
        self.assertNotIn('name="secret"', page)

    def test_what_is_sent_back_is_answered_anew(self):
        self.say(self.own)
        self.own.with_user(self.anna).review = "The cause is a guess"
        self.sign(self.own, self.anna, "reviewed", transition="return")
        self.env.flush_all()
        page = self.url_open(self.page(self.own)).text
        self.assertIn("The cause is a guess", page)
        self.assertIn("Worn jaw", page)  # to be gone on from
        self.assertEqual(self.say(self.own, cause="Sand in the jaw").status_code, 303)
        first, last = self.answers(self.own)
        self.assertEqual((first.verdict, first.superseded, last.cause, self.own.answer_id),
                         ("returned", True, "Sand in the jaw", last))
        self.sign(self.own, self.anna, "reviewed", transition="accept")
        self.env.flush_all()
        page = self.url_open(self.page(self.own)).text
        self.assertIn("Accepted", page)
        self.assertEqual(self.say(self.own, {"csrf_token": self.token(), "digest": "x"},
                                  ).status_code, 422)

    def token(self):
        return self.fields_of(self.url_open("/my/processor/capas/new").text)["csrf_token"]

    def test_a_processor_whose_file_is_being_revised_answers(self):
        self.file.with_user(self.anna).med_transition("revise", "Another process")
        self.env.flush_all()
        self.assertEqual(self.file.state, "draft")
        self.assertEqual(self.say(self.own).status_code, 303)
        self.assertEqual(self.answers(self.own).signature_id.status, "valid")
        self.assertEqual(self.tell().status_code, 303)
        made = self.theirs()
        form = self.fields_of(self.url_open(self.page(made, "?again=1")).text)
        self.assertEqual(self.say(made, form, state="planned").status_code, 303)
        self.assertEqual(self.theirs().their_state, "planned")

    def test_a_wrong_password_signs_nothing(self):
        for secret, text in (("wrong", "Nothing was signed"), ("", "fill this in"),
                             ("porter\0-secret", "fill this in")):
            answer = self.say(self.own, secret=secret)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(text, answer.text)
            self.assertIn("Change the jaw", answer.text)
        self.assertFalse(self.answers(self.own))
        self.assertFalse(self.env["med.processor.signature"].search(
            [("res_model", "=", self.own._name)]))

    def test_what_cannot_be_read_comes_back_at_its_field(self):
        for text, fields in (
                ("Write a day", {"action_due_0": "soon"}),
                ("fill this in", {"action_what_0": ""}),
                ("fill this in", {"containment": "", "cause": "", "action_what_0": "",
                                  "action_who_0": "", "action_due_0": ""})):
            answer = self.say(self.own, **fields)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(text, answer.text)
        answer = self.say(self.own, files=[("a.exe", b"MZ", "application/octet-stream")])
        self.assertIn("is not taken", answer.text)
        self.assertEqual(self.say(self.own, more="1").status_code, 200)
        self.assertFalse(self.answers(self.own))

    def test_he_answers_to_what_he_read(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        self.say(self.own)
        self.own.with_user(self.anna).review = "The cause is a guess"
        self.sign(self.own, self.anna, "reviewed", transition="return")
        self.env.flush_all()
        answer = self.say(self.own, form, cause="Blind")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Read it again", answer.text)

    def test_the_same_again_is_signed_once(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        for _time in range(2):
            self.assertEqual(self.say(self.own, form).status_code, 303)
        self.assertEqual(len(self.answers(self.own)), 1)
        self.assertEqual(len(self.env["med.processor.signature"].search(
            [("res_model", "=", self.own._name)])), 1)

    def test_nothing_is_answered_once_it_is_cancelled(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        self.own.with_user(self.anna).med_transition("cancel", "Not needed")
        self.env.flush_all()
        self.assertIn("Cancelled by us", self.url_open(self.page(self.own)).text)
        answer = self.say(self.own, form)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("no answer any more", answer.text)
        self.assertFalse(self.answers(self.own))

    def test_a_signature_is_not_put_under_an_answer_by_hand(self):
        self.say(self.own)
        with self.assertRaises(AccessError):
            self.answers(self.own).sudo().write({"signature_id": False})

    def test_its_order_is_told_to_a_program_too(self):
        told = self.env["med.exchange.corrective_action"].sudo()._med_export(self.own)[
            self.own.id]
        self.assertEqual((told["order"], [one["lot"] for one in told["lots"]]),
                         (self.order.name, ["S-1"]))
        self.assertNotIn("/order", neither("corrective_action", [told]))

    def test_the_capa_waits_for_it(self):
        with self.assertRaisesRegex(UserError, self.own.name):
            self.capa._check_requests()

    def test_the_list_is_searched_filtered_and_sorted(self):
        other = self.request(title="Other thing")
        self.say(other)
        for query, there in (
                ("?filterby=open", [self.own]), ("?filterby=late", []),
                ("?search=Other+thing", [other]), ("?sortby=due", [self.own, other]),
                ("?filterby=odd&sortby=odd", [self.own, other]), ("?filterby=own", []),
                ("?search=margin", []), ("?search=Other%00thing", [other])):
            page = self.url_open(f"/my/processor/capas{query}").text
            self.assertEqual("Show everything" in page, "search" in query)
            self.assertEqual({one for one in (self.own, other)
                              if f'href="/my/processor/capas/{one.id}"' in page}, set(there))
