from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import PDF, TOLD, CapaExchangeCase


@tagged("post_install", "-at_install")
class TestPaper(CapaExchangeCase):
    """A stamped answer counts once a second person has compared it and signed."""

    requirement = "Q6 V4 V6 ISO-8.5.2 ISO-4.2.5"

    def test_two_persons_enter_and_verify(self):
        request = self.sent()
        answer = self.noted(request)
        self.assertEqual((answer.state, answer.way, request.state, answer.file_ids.raw),
                         ("noted", "paper", "sent", PDF))
        asked = request.activity_ids.filtered(lambda one: "stamped" in one.summary)
        self.assertTrue(asked and asked.user_id != self.anna)
        with self.assertRaises(UserError):
            self.sign(answer, self.anna, "verified")
        with self.assertRaisesRegex(UserError, "second person"):
            answer.with_user(self.bert).med_transition("take")
        self.sign(answer, self.bert, "verified")
        self.assertEqual((answer.state, request.state, request.answer_id),
                         ("given", "answered", answer))
        self.assertEqual(answer.med_signature_status, "valid")
        self.accept(request)
        self.assertEqual(request.state, "accepted")

    def test_a_paper_that_is_wrong_is_dropped(self):
        request = self.sent()
        answer = self.noted(request)
        answer.with_user(self.bert).med_transition("drop", "Another request's paper")
        self.assertEqual((answer.state, request.state, request.answer_id.id),
                         ("dropped", "sent", False))
        with self.assertRaises(UserError):
            self.sign(answer, self.bert, "verified")

    def test_a_paper_verified_after_a_newer_answer_does_not_count(self):
        request = self.sent()
        paper = self.noted(request)
        newer = request._med_answer(self.supplier, TOLD, "message")
        self.assertEqual(request.answer_id, newer)
        later = self.noted(request)
        self.sign(paper, self.bert, "verified")
        self.assertEqual((paper.state, paper.superseded, request.answer_id, newer.superseded),
                         ("given", True, newer, False))
        self.sign(later, self.bert, "verified")
        self.assertEqual((request.answer_id, later.superseded, newer.superseded),
                         (later, False, True))

    def test_the_same_by_message_counts_at_once(self):
        request = self.sent()
        paper = self.noted(request)
        answer = request._med_answer(self.supplier, {
            "containment": paper.containment, "cause": paper.cause,
            "actions": paper.action_ids._med_plain()}, "message")
        self.assertNotEqual(answer, paper)
        self.assertEqual((request.state, request.answer_id), ("answered", answer))

    def test_who_may_not_enter_does_not(self):
        request = self.sent()
        with self.assertRaises(AccessError):
            self.noted(request, self.olga)
        for text, values in (("PDF, PNG or JPEG", {"file": "eA=="}),
                             ("future", {"signed_on": "2099-01-01"})):
            with self.assertRaisesRegex(UserError, text):
                self.noted(request, **values)
        self.assertFalse(request.answer_ids)

    def test_its_paper_stays(self):
        answer = self.noted(self.sent())
        file = answer.file_ids
        for one in (file, file.with_user(self.anna), file.with_user(
                self.env.ref("base.user_admin"))):
            for values in ({"raw": b"%PDF-1.7 other"}, {"name": "x.pdf"}, {"res_id": 0},
                           {"public": True}):
                with self.assertRaises(AccessError):
                    one.write(values)
            with self.assertRaises(AccessError):
                one.with_context(_force_unlink=True).unlink()
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.anna).create({
                "name": "more.pdf", "raw": PDF, "res_model": answer._name, "res_id": answer.id})
