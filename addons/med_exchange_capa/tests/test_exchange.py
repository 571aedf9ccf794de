from odoo.tests.common import tagged

from .common import CapaExchangeCase


@tagged("post_install", "-at_install")
class TestExchange(CapaExchangeCase):
    """A request goes out as a message to its partner alone, and its answer comes in."""

    requirement = "Q6 V6 X1 X2 X3 X5 A3 ISO-8.5.2"

    def answer(self, request, partner=None, record=None, **changes):
        return self.apply("corrective_action", self.answer_of(request, **changes),
                          partner or self.processor, record, object_id="THEIR-1")

    def test_a_request_says_what_is_asked_and_how_far_it_is(self):
        request = self.sent(date_contain=False)
        told = self.export("corrective_action", request)[request.id]
        self.assertEqual(told, {
            "kind": "request", "number": request.name, "state": "sent", "title": "Open seals",
            "problem": "3 of 20 were open", "products": ["TB-1"],
            "lots": [{"product": "TB-1", "lot": "T-1"}],
            "asks": ["containment", "cause", "corrective"],
            "answer_by": request.date_due.isoformat()})
        self.answer(request)
        self.send_back(request)
        told = self.export("corrective_action", request)[request.id]
        self.assertEqual((told["state"], told["review"], told["cause"], told["actions"]), (
            "returned", "The cause is a guess", "Worn jaw", [
                {"kind": "corrective", "what": "Change the jaw", "who": "Qian",
                 "due": "2026-12-10"}]))

    def test_a_nonconformity_goes_by_the_number_its_partner_knows(self):
        for partner, own in ((self.mes, False), (self.processor, True)):
            case = self.apply("nonconformity", self.told(
                {"lot": "T-1"}, number=f"N-{partner.code}", state="reported"), partner,
                object_id=f"N-{partner.code}")
            case.with_user(self.anna).partner_id = self.supplier
            request = self.sent(nonconformity_id=case.id)
            told = self.export("corrective_action", request)[request.id]
            self.assertEqual(told["nonconformity"], "N-STERILE" if own else case.name)

    def test_it_is_told_to_its_partner_alone_and_once_it_is_sent(self):
        draft = self.request()
        self.assertFalse(self.knows(self.processor, "corrective_action", draft))
        request = self.sent()
        self.assertTrue(self.knows(self.processor, "corrective_action", request))
        for partner in (self.dealer, self.mes):
            self.assertFalse(self.knows(partner, "corrective_action", request))
        self.assertEqual(list(self.fed(self.processor, "corrective_action")), [request.name])
        self.assertFalse(self.fed(self.dealer, "corrective_action"))
        self.answer(request)
        self.accept(request)
        fed = self.fed(self.processor, "corrective_action")
        self.assertEqual(fed[request.name]["state"], "accepted")

    def test_an_answer_is_kept_with_who_when_and_by_which_message(self):
        request = self.sent()
        self.answer(request, person="Zhao", remarks="More in March")
        answer = request.answer_id
        self.assertRecordValues(answer, [{
            "way": "message", "state": "given", "person": "Zhao", "note": "More in March",
            "containment": "Line 2 is stopped", "cause": "Worn jaw",
            "exchange_partner_id": self.processor.id, "user_id": self.processor.user_id.id,
            "partner_id": self.processor.partner_id.id}])
        self.assertRecordValues(answer.action_ids, [{
            "kind": "corrective", "what": "Change the jaw", "who": "Qian"}])
        self.assertEqual(request.state, "answered")

    def test_an_answer_is_taken_once_through_the_door(self):
        request, sent = self.sent(), {"id": "again", "sequence": 1}
        for outcome in ("accepted", "duplicate"):
            self.assertAnswer(self.telling(
                self.processor, "corrective_action", self.answer_of(request), request.name,
                **sent), outcome)
        self.assertEqual((request.state, len(request.answer_ids)), ("answered", 1))
        self.assertAnswer(self.telling(
            self.processor, "corrective_action", self.answer_of(request, cause="Sand"),
            request.name, version=2, sequence=2), "accepted")
        self.assertEqual(request.answer_id.cause, "Sand")

    def test_what_is_wrong_is_refused_and_applies_nothing(self):
        request, draft = self.sent(), self.request()
        other = self.sent()
        for pointer, text, partner, record, changes in (
                ("/number", "not known", self.dealer, None, {}),
                ("/number", "not known", self.mes, None, {}),
                ("", "Nothing of yours", self.dealer, request, {}),
                ("/number", "not known", self.processor, None, {"number": draft.name}),
                ("/number", "asked about", self.processor, request, {"number": other.name}),
                ("/state", "answered", self.processor, None, {"state": "accepted"}),
                ("/kind", "asked by us", self.processor, request, {"kind": "own"}),
                ("", "says nothing", self.processor, None, {
                    "containment": "", "cause": "", "actions": []})):
            with self.subTest(text):
                self.assertRefused(pointer, text, "corrective_action",
                                   self.answer_of(request, **changes), partner, record)
        self.assertFalse(self.env["med.capa.request.answer"].search_count([]))
        self.assertEqual(set((request | other).mapped("state")), {"sent"})

    def test_nothing_is_answered_once_it_is_accepted_or_cancelled(self):
        request, gone = self.answered(), self.sent()
        self.accept(request)
        gone.with_user(self.anna).med_transition("cancel", "Not needed")
        for one in (request, gone):
            self.assertRefused("", "no answer any more", "corrective_action",
                               self.answer_of(one, cause="New"), self.processor)
