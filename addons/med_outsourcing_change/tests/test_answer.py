from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ChangePortalCase


@tagged("post_install", "-at_install")
class TestAnswer(ChangePortalCase):
    """An answer is signed with the person's own password, once, to what he has before him."""

    requirement = "V6 X2 ISO-7.3.9 ISO-7.4.1 CN-GMP-OUT"

    def setUp(self):
        super().setUp()
        self.own = self.notice()
        self.signed_in(self.porter)

    def tasks(self):
        """Return what was put before somebody because of an answer."""
        return self.change.activity_ids.filtered(lambda one: "Assembly works" in (
            one.summary or ""))

    def test_he_agrees(self):
        with self.assertRaisesRegex(UserError, "waits for the agreement"):
            self.change._check_agreed()
        answer = self.say(self.own, answer="agreed")
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        [found] = self.answers(self.own)
        self.assertRecordValues(found, [{
            "agreement": "agreed", "note": False, "user_id": self.porter.id,
            "partner_id": self.porter.partner_id.id, "exchange_partner_id": False}])
        self.assertRecordValues(found.signature_id, [{
            "meaning": "agreed", "method": "portal", "user_id": self.porter.id,
            "processor_id": self.file.id, "res_id": self.own.id, "status": "valid"}])
        self.assertIn("Tube B for tube A", found.signature_id.content)
        self.assertEqual(self.own.state, "agreed")
        self.change._check_agreed()
        self.assertFalse(self.tasks())
        page = self.url_open(self.page(self.own)).text
        self.assertIn("porter", page)
        self.assertNotIn('name="secret"', page)

    def test_who_is_being_revised_is_told_and_answers(self):
        self.file.with_user(self.anna).med_transition("revise", reason="New process")
        self.assertTrue(self.file._med_is_open())
        more = self.wanted()
        notice = self.notice(change=more, told=False)
        self.assertEqual(notice.with_user(self.anna).announce()["by_hand"], [])
        found = self.wanted()
        found.with_user(self.anna).action_find_partners()
        self.assertEqual(found.notice_ids.partner_id, self.maker)
        self.env.flush_all()
        for one in (self.own, notice):
            answer = self.say(one, answer="agreed")
            self.assertEqual(answer.status_code, 303, answer.text[-2000:])
            self.assertEqual(self.answers(one).signature_id.processor_id, self.file)
        # A file that was never approved has no place of its own: nobody looks in by it.
        new = self.draft(self.env["res.partner"].create({"name": "New"}), ["assembly"])
        self.assertFalse(new._med_is_open())

    def test_a_condition_is_somebodys_to_look_at(self):
        answer = self.say(self.own, answer="condition", note="From June, not before")
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        [found] = self.answers(self.own)
        self.assertEqual((found.agreement, found.note), ("agreed", "From June, not before"))
        [task] = self.tasks()
        self.assertEqual(task.user_id, self.anna)
        self.assertIn("on a condition", task.summary)
        self.assertIn("From June", str(task.note))
        self.assertIn("From June", self.url_open(self.page(self.own)).text)

    def test_he_refuses_with_a_reason_and_the_change_waits(self):
        self.assertEqual(self.say(self.own, answer="refused").status_code, 422)
        self.assertEqual(
            self.say(self.own, answer="refused", note="Needs a new validation").status_code, 303)
        [found] = self.answers(self.own)
        self.assertEqual((found.agreement, self.own.state), ("refused", "refused"))
        with self.assertRaisesRegex(UserError, "waits for the agreement"):
            self.change._check_agreed()
        self.assertIn("Refused", "".join(self.tasks().mapped("summary")))

    def test_what_is_half_said_is_refused_and_still_there(self):
        for fields, told in (
                ({}, "Please fill this in"), ({"answer": "perhaps"}, "Please fill this in"),
                ({"answer": "condition", "note": " "}, "Please fill this in"),
                ({"answer": "agreed", "note": "But not in June"}, "clear the text"),
                ({"answer": "refused", "note": "No", "secret": ""}, "Please fill this in"),
                ({"answer": "refused", "note": "No", "digest": "0"}, "has changed"),
                ({"answer": "refused", "note": "No", "secret": "wrong-secret"}, "")):
            with self.subTest(fields=fields):
                answer = self.say(self.own, **fields)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(told, answer.text)
                self.assertNotIn("porter-secret", answer.text)
                self.assertNotIn("wrong-secret", answer.text)
                if note := fields.get("note", "").strip():
                    self.assertIn(note, answer.text)
        self.assertFalse(self.answers(self.own))
        self.assertFalse(self.signatures(self.own))
        self.assertEqual(self.own.state, "told")

    def test_sent_twice_it_is_one_answer_and_one_signature(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        for _again in range(2):
            self.assertEqual(self.say(self.own, form, answer="agreed").status_code, 303)
        self.assertEqual(len(self.answers(self.own)), 1)
        self.assertEqual(len(self.signatures(self.own)), 1)

    def test_the_newest_answer_counts_and_each_is_signed(self):
        for choice, note in (("refused", "No"), ("agreed", ""), ("refused", "No")):
            self.assertEqual(self.say(self.own, answer=choice, note=note).status_code, 303)
        self.assertEqual(self.answers(self.own).mapped("superseded"), [True, True, False])
        self.assertEqual(len(self.own.answer_ids.signature_id), 3)
        self.assertEqual(self.own.state, "refused")
        self.assertEqual(set(self.own.answer_ids.signature_id.mapped("status")), {"valid"})

    def test_an_answer_that_came_by_message_is_signed_once_it_is_given_here(self):
        found = self.own._med_answer(self.maker, "agreed", "")
        self.assertEqual(self.say(self.own, answer="agreed").status_code, 303)
        self.assertEqual(self.answers(self.own), found)
        self.assertTrue(found.signature_id)

    def test_nothing_is_answered_after_it_was_withdrawn(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        self.change.with_user(self.anna).med_transition("cancel", "Not needed")
        self.env.flush_all()
        page = self.url_open(self.page(self.own)).text
        self.assertIn("Withdrawn", page)
        self.assertNotIn('name="secret"', page)
        answer = self.say(self.own, form, answer="agreed")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("takes no answer", answer.text)
        self.assertFalse(self.answers(self.own))
        self.assertFalse(self.signatures(self.own))

    def test_he_answers_to_what_he_read(self):
        form = self.fields_of(self.url_open(self.page(self.own)).text)
        self.change.with_user(self.anna).title = "Quite another tube"
        self.env.flush_all()
        answer = self.say(self.own, form, answer="agreed")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Read it again", answer.text)
        self.assertFalse(self.answers(self.own))

    def test_a_question_that_has_changed_is_asked_again(self):
        self.say(self.own, answer="agreed")
        self.change.with_user(self.anna).description = "Tube C for tube A"
        self.env.flush_all()
        self.assertEqual(self.own.state, "told")
        page = self.url_open(self.page(self.own)).text
        self.assertIn("Counts no more", page)
        self.assertIn('name="secret"', page)
        self.assertEqual(self.say(self.own, answer="agreed").status_code, 303)
        self.assertEqual(self.own.state, "agreed")

    def test_a_signature_is_not_put_under_an_answer_by_hand(self):
        self.say(self.own, answer="agreed")
        found = self.answers(self.own)
        with self.assertRaises(AccessError):
            found.sudo().write({"signature_id": False})
        with self.assertRaises(AccessError):
            found.with_user(self.anna).with_context(install_mode=True).write(
                {"signature_id": False})

    def test_the_list_has_what_waits_first(self):
        done = self.notice(change=self.wanted("Answered one"))
        self.say(done, answer="agreed")
        late = self.notice(change=self.wanted("Late one"), answer_by="2026-02-01")
        page = self.url_open("/my/processor/changes").text
        places = [page.index(f'href="/my/processor/changes/{one.id}"')
                  for one in (late, self.own, done)]
        self.assertEqual(places, sorted(places))
        for query, there in (
                ("?filterby=late", [late]), ("?filterby=open", [late, self.own]),
                ("?filterby=answered", [done]), ("?filterby=ended", []),
                ("?search=Late+one", [late]), ("?sortby=newest", [late, done, self.own]),
                ("?filterby=odd&sortby=odd&search=margin", []), ("/page/9", None)):
            page = self.url_open(f"/my/processor/changes{query}")
            self.assertEqual(page.status_code, 200)
            if there is not None:
                self.assertEqual({one for one in (late, done, self.own) if (
                    f'href="/my/processor/changes/{one.id}"' in page.text)}, set(there), query)
