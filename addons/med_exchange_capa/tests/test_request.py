from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from .common import TOLD, CapaExchangeCase


@tagged("post_install", "-at_install")
class TestRequest(CapaExchangeCase):
    """A partner is asked, answers, is sent back and accepted; the CAPA waits for it."""

    requirement = "Q6 V5 V6 ISO-8.5.2 ISO-7.4.1"

    def test_from_the_nonconformity_to_the_accepted_answer(self):
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.supplier
        opened = case.with_user(self.anna).action_ask_partner()
        request = self.env["med.capa.request"].browse(opened["res_id"])
        self.assertRecordValues(request, [{
            "state": "draft", "direction": "out", "partner_id": self.supplier.id,
            "nonconformity_id": case.id, "capa_id": case.capa_ids.id,
            "lot_ids": self.lot.ids, "product_ids": self.tube.ids}])
        self.assertEqual(case.capa_ids.source, "supplier")
        self.assertEqual((case.request_count, case.capa_ids.request_count), (1, 1))
        request.with_user(self.anna).write({
            "problem": "Open", "date_due": fields.Date.today() + timedelta(days=9),
            "date_contain": fields.Date.today() + timedelta(days=1)})
        request.with_user(self.anna).action_send()
        self.assertEqual(request.state, "sent")
        self.assertEqual(request.activity_ids.date_deadline, request.date_contain)
        answer = request._med_answer(self.supplier, TOLD, "message")
        self.assertEqual((request.state, request.answer_id, answer.state, answer.action_ids.what),
                         ("answered", answer, "given", "Change the jaw"))
        self.assertIn("accept it", request.activity_ids.summary)
        self.send_back(request)
        self.assertEqual((request.state, answer.verdict, answer.verdict_note),
                         ("returned", "returned", "The cause is a guess"))
        newer = request._med_answer(self.supplier, {**TOLD, "cause": "Jaw worn by sand"},
                                    "message")
        self.assertEqual((request.state, request.answer_id, answer.superseded),
                         ("answered", newer, True))
        self.accept(request)
        self.assertEqual((request.state, newer.verdict, request.med_signature_status),
                         ("accepted", "accepted", "valid"))
        self.assertTrue(request.closed_at)
        self.assertFalse(request.activity_ids)
        with self.assertRaisesRegex(UserError, "no answer any more"):
            request._med_answer(self.supplier, {"cause": "Other"}, "message")

    def test_a_second_request_goes_under_the_same_capa(self):
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.supplier
        for _time in range(2):
            case.with_user(self.anna).action_ask_partner()
        self.assertEqual((len(case.capa_ids), case.request_count), (1, 2))

    def test_of_several_nonconformities_it_names_one_and_its_product(self):
        cases = self.env["med.nonconformity"]
        for name in ("Clip", "Cap"):
            case = self.reported(product=self.product(name, med_controlled=True).id)
            case.with_user(self.anna).partner_id = self.supplier
            cases |= case
        capa = self.env["med.capa"].with_user(self.anna)._med_begin(
            "Burrs", cases, self.company, source="supplier", partner_id=self.supplier.id)
        opened = capa.action_ask_partner()
        request = self.env["med.capa.request"].browse(opened["res_id"])
        self.assertIn(request.nonconformity_id, cases)
        self.assertEqual(request.product_ids, request.nonconformity_id.product_id)

    def test_a_capa_waits_for_the_requests_under_it(self):
        capa = self.planned()
        request, draft = self.sent(capa), self.request(capa)
        capa.action_ids.with_user(self.olga).finish(evidence="Work order 7")
        capa.with_user(self.anna).no_harm = "Tested again"
        for state in ("sent", "answered", "returned"):
            if state == "answered":
                request._med_answer(self.supplier, TOLD, "message")
            elif state == "returned":
                self.send_back(request)
            with self.subTest(state), self.assertRaisesRegex(UserError, request.name):
                self.sign(capa, self.anna, "verified")
            self.assertEqual((capa.state, request.state), ("planned", state))
        request._med_answer(self.supplier, TOLD, "message")
        self.accept(request)
        with self.assertRaisesRegex(UserError, f"waits for partners: {draft.name}"):
            self.sign(capa, self.anna, "verified")
        draft.with_user(self.anna).med_transition("cancel", "Not needed")
        self.sign(capa, self.anna, "verified")
        self.assertEqual(capa.state, "implemented")

    def test_a_capa_without_action_waits_too(self):
        capa = self.case()
        self.sent(capa)
        capa.with_user(self.anna).conclusion = "None"
        with self.assertRaisesRegex(UserError, "waits for partners"):
            self.sign(capa, self.anna, "reviewed", transition="cancel", reason="None")

    def test_nobody_is_asked_under_a_closed_capa(self):
        capa = self.judge(self.implemented())
        with self.assertRaisesRegex(UserError, "is closed"):
            self.request(capa)

    def test_an_answer_that_lacks_a_part_is_not_accepted(self):
        request = self.answered(told={"containment": "Stopped"})
        with self.assertRaisesRegex(UserError, "lacks: Root Cause, Corrective Actions"):
            self.accept(request)
        request._med_answer(self.supplier, {**TOLD, "note": "All"}, "message")
        self.accept(request)
        self.assertEqual(request.state, "accepted")

    def test_it_is_sent_back_only_with_words(self):
        request = self.answered()
        with self.assertRaisesRegex(UserError, "What Is Missing"):
            self.sign(request, self.anna, "reviewed", transition="return")

    def test_what_was_missing_is_not_signed_again_of_a_newer_answer(self):
        request = self.answered()
        self.send_back(request)
        request._med_answer(self.supplier, {**TOLD, "cause": "Sand"}, "message")
        first, _second = request.answer_ids.sorted("id")
        self.assertEqual((first.verdict_note, request.review), ("The cause is a guess", False))
        with self.assertRaisesRegex(UserError, "What Is Missing"):
            self.sign(request, self.anna, "reviewed", transition="return")
        request.with_user(self.anna).review = "No containment of lot 7"  # not yet signed
        request._med_answer(self.supplier, {**TOLD, "cause": "Sand in lot 7"}, "message")
        self.assertFalse(request.review)

    def test_the_same_answer_again_is_none(self):
        request = self.answered()
        self.assertEqual(request._med_answer(self.supplier, TOLD, "message"), request.answer_ids)
        self.assertEqual(len(request.answer_ids), 1)
        with self.assertRaisesRegex(UserError, "says nothing"):
            request._med_answer(self.supplier, {"cause": " "}, "message")

    def test_what_is_sent_can_be_answered_in_time(self):
        for text, values in (
                ("day to answer is over", {"date_due": "2020-01-01"}),
                ("before the whole answer", {"date_contain": "2099-01-01"}),
                ("what is asked", dict.fromkeys(
                    ("ask_containment", "ask_cause", "ask_corrective"), False)),
                ("Still to be filled in", {"problem": False})):
            request = self.request(**values)
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                request.with_user(self.anna).med_transition("send")
            self.assertEqual(request.state, "draft")

    def test_who_does_not_answer_in_time_is_told_of_once(self):
        request = self.sent()
        self.assertFalse(request.late)
        self.clock.move_to(f"{request.date_due + timedelta(days=1)} 08:00:00")
        request.invalidate_recordset(["late"])
        self.assertTrue(request.late)
        self.assertIn(request, self.env["med.capa.request"].search([("late", "=", True)]))
        for _time in range(2):
            self.env["med.capa.request"]._tell_unanswered()
        late = request.activity_ids.filtered(lambda one: "has not answered" in one.summary)
        self.assertEqual((len(late), late.user_id), (1, self.ines))

    def test_it_is_printed_with_what_is_asked_and_answered(self):
        def html(request):
            return self.env["ir.actions.report"]._render_qweb_html(
                "med_exchange_capa.report_capa_request", request.ids)[0].decode()

        request = self.sent()
        for words in (request.name, "3 of 20 were open", "signature and seal", "T-1"):
            self.assertIn(words, html(request))
        request._med_answer(self.supplier, TOLD, "message")
        for words in ("Worn jaw", "Change the jaw", "Qian"):
            self.assertIn(words, html(request))
