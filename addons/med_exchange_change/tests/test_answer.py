from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestAnswer(ChangeExchangeCase):
    """What partners answer, and that a change waits for it."""

    requirement = "X2 X3 ISO-7.3.9 ISO-7.4.1 Q4 CN-GMP-QA"

    def answer(self, notice, agreement="agreed", partner=None, **changes):
        return self.apply("change_notice", self.answered_with(notice, agreement, **changes),
                          partner or self.processor, object_id=notice.name)

    def test_an_answer_is_kept_with_who_when_and_by_which_message(self):
        change = self.requested()
        notice = self.told_of(change)
        found = self.answer(notice, "refused", agreement_note="Not without a new validation")
        self.assertEqual((found, notice.state), (notice, "refused"))
        answer = change.answer_ids
        self.assertEqual(
            (answer.agreement, answer.note, answer.partner_id, answer.user_id,
             answer.exchange_partner_id, answer.notice_id),
            ("refused", "Not without a new validation", self.processor.partner_id,
             self.processor.user_id, self.processor, notice))
        self.assertIn("Refused", "".join(change.activity_ids.mapped("summary")))

    def test_an_answer_is_known_by_the_number_of_the_change_as_well(self):
        notice = self.told_of(self.requested())
        self.apply("change_notice", self.answered_with(notice), self.processor,
                   object_id="OUR-ANSWER-1")
        self.assertEqual(notice.state, "agreed")

    def test_the_newest_answer_counts_and_the_same_again_is_none(self):
        notice = self.told_of(self.requested())
        self.answer(notice, "refused")
        self.answer(notice, "agreed", agreement_note="After the talk")
        self.answer(notice, "agreed", agreement_note="After the talk")
        self.assertEqual(notice.state, "agreed")
        self.assertEqual(
            [(one.agreement, one.superseded) for one in notice.answer_ids.sorted("id")],
            [("refused", True), ("agreed", False)])

    def test_a_change_waits_for_every_partner_that_has_to_agree(self):
        self.controlled()
        change = self.requested()
        asked, other = self.told_of(change), self.told_of(change, self.hospital, needed=False)
        planned = self.notice(change, self.other_supplier)
        self.answered(change)
        self.sign(change, self.anna, "reviewed")
        self.sign(change, self.bert, "approved")
        self.revised(change)
        for waiting in ("Other", "Supplier"):
            with self.assertRaisesRegex(UserError, "waits for the agreement"):
                self.effective(change)
            self.assertEqual(change.state, "approved")
            if waiting == "Other":
                planned.with_user(self.anna).announce()
                planned._med_answer(self.other_supplier, "agreed", "")
        self.answer(asked, "refused")
        with self.assertRaisesRegex(UserError, self.supplier.name):
            self.effective(change)
        self.answer(asked, "agreed")
        self.effective(change)
        self.assertEqual((change.state, other.state), ("effective", "told"))

    def test_an_answer_counts_for_what_was_asked_alone(self):
        change = self.requested()
        notice = self.told_of(change)
        self.answer(notice)
        change.with_user(self.anna).title = "Other tube"  # the same words
        self.assertEqual(notice.state, "agreed")
        change.with_user(self.anna).description = "Tube C for tube A"
        self.assertEqual((notice.state, notice.answer_ids.superseded), ("told", True))
        self.answer(notice)
        self.answered(change)
        self.sign(change, self.anna, "reviewed")
        self.assertEqual(notice.state, "agreed")
        change.with_user(self.anna).med_transition("revise", "Once more")
        self.assertEqual((notice.state, len(notice.answer_ids)), ("told", 2))

    def test_an_answer_that_does_not_come_is_told_once(self):
        change = self.requested()
        notice = self.told_of(change, answer_by="2026-03-01")
        ontime = self.told_of(change, self.hospital, answer_by="2036-03-01")
        self.env["med.change.notice"]._tell_unanswered()
        self.env["med.change.notice"]._tell_unanswered()
        told = change.activity_ids.filtered(lambda one: "has not answered" in one.summary)
        self.assertEqual(len(told), 1)
        self.assertIn(self.supplier.display_name, told.summary)
        self.assertEqual((notice.overdue_told, ontime.overdue_told), (True, False))

    def test_what_cannot_be_answered_is_refused_with_its_place(self):
        notice = self.told_of(self.requested())
        planned = self.notice(self.requested())
        for partner, pointer, text, told, code in (
                (self.processor, "/agreement", "Say “agreed”", self.answered_with(
                    notice, agreement=None), notice.name),
                (self.dealer, "/number", "not known", self.answered_with(notice), notice.name),
                (self.mes, "/number", "not known", self.answered_with(notice), notice.name),
                (self.processor, "/number", "not known", self.answered_with(planned),
                 planned.name),
                (self.processor, "/number", "not known", self.answered_with(
                    notice, number="CHG/0"), notice.name)):
            self.assertRefused(pointer, text, "change_notice", {
                name: value for name, value in told.items() if value}, partner, object_id=code)
        self.assertRefused("/number", "You were asked about", "change_notice",
                           self.answered_with(notice, number="CHG/0"), self.processor, notice)
        self.assertRefused("", "Nothing of yours", "change_notice", self.answered_with(notice),
                           self.dealer, notice)
        self.assertFalse(self.env["med.change.answer"].search_count([]))

    def test_nothing_is_answered_once_a_change_is_ended(self):
        change = self.requested()
        notice = self.told_of(change)
        change.with_user(self.anna).med_transition("cancel", "Not needed")
        self.assertRefused("/state", "takes no answer", "change_notice",
                           self.answered_with(notice), self.processor, object_id=notice.name)

    def test_a_partners_page_answers_by_the_same_method(self):
        change = self.requested()
        notice = self.told_of(change)
        ward = self.env["res.partner"].create({"name": "Desk", "parent_id": self.supplier.id})
        answer = change._med_answer(ward, "agreed", "On the page")
        self.assertEqual((answer.notice_id, answer.partner_id, notice.state),
                         (notice, ward, "agreed"))
        with self.assertRaisesRegex(UserError, "not asked"):
            change._med_answer(self.hospital, "agreed", "")
        for wrong in (self.hospital, self.env["res.partner"]):
            with self.assertRaises(AccessError):
                notice._med_answer(wrong, "agreed", "")
        with self.assertRaisesRegex(UserError, "must be"):
            notice._med_answer(ward, "perhaps", "")

    def test_an_answer_taken_back_stays_in_the_list_and_counts_no_more(self):
        notice = self.told_of(self.requested())
        handler = self.handler("change_notice", self.processor)
        before = self.export("change_notice", notice)[notice.id]
        self.answer(notice)

        def back():
            return handler._med_compensate(
                self.processor.with_env(handler.env), notice.with_env(handler.env), before,
                self.env["med.exchange.message"])

        self.assertIn("taken back", back())
        self.assertEqual((notice.state, notice.answer_ids.sorted("id").mapped("agreement")),
                         ("told", ["agreed", "withdrawn"]))
        notice.change_id.with_user(self.anna).med_transition("cancel", "Not needed")
        with self.assertRaisesRegex(Refused, "takes no answer"):
            back()
