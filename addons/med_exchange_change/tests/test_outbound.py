from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestOutbound(ChangeExchangeCase):
    """Who is told of a change, and of what."""

    requirement = "X1 X2 A3 V8 ISO-7.3.9 Q4"

    def test_partners_that_have_to_do_with_it_are_found(self):
        self.in_stock(self.tube, "T-1")
        change = self.requested(component_ids=self.tube.ids)
        self.assertTrue(change.with_user(self.anna).action_find_partners())
        mine = change.notice_ids.filtered(lambda one: one.partner_id == self.supplier)
        self.assertEqual((mine.product_ids, mine.state, mine.agreement_needed),
                         (self.tube, "planned", False))
        self.assertNotIn(self.hospital, change.notice_ids.partner_id)
        self.assertIn(self.mes.partner_id, change.notice_ids.partner_id)
        before = change.notice_ids
        change.with_user(self.anna).action_find_partners()
        self.assertEqual(change.notice_ids, before)

    def test_nobody_hears_before_he_is_told(self):
        change = self.requested()
        notice = self.notice(change)
        self.assertFalse(self.knows(self.processor, "change_notice", notice))
        with self.heard("change_notice") as heard:
            told = notice.with_user(self.anna).announce()
        self.assertEqual((heard.records, told), (notice, {
            "version": 1, "told": 1, "by_hand": []}))
        self.assertTrue(self.knows(self.processor, "change_notice", notice))

    def test_what_was_planned_before_is_heard_of_once_it_is_announced(self):
        notice = self.notice(self.requested())
        self.assertFalse(self.fed(self.processor, "change_notice"))  # committed, told to nobody
        notice.with_user(self.anna).announce()
        self.assertEqual(list(self.fed(self.processor, "change_notice")), [notice.name])
        self.assertFalse(self.fed(self.dealer, "change_notice"))

    def test_a_notice_is_told_to_its_partner_alone(self):
        change = self.requested()
        notice = self.told_of(change)
        for partner in (self.dealer, self.mes):
            self.assertFalse(self.knows(partner, "change_notice", notice))
        other = self.told_of(change, self.hospital, needed=False)
        self.assertTrue(self.knows(self.dealer, "change_notice", other))
        self.assertFalse(self.knows(self.processor, "change_notice", other))

    def test_a_notice_says_what_is_asked_of_its_partner(self):
        change = self.requested(
            effective_kind="date", effective_date="2026-06-01", component_ids=self.tube.ids)
        notice = self.told_of(change, answer_by="2026-04-01", product_ids=self.tube.ids)
        told = self.export("change_notice", notice)[notice.id]
        self.assertEqual(told, {
            "number": change.name, "title": "Other tube", "state": "announced",
            "description": "Tube B for tube A", "class": "minor", "effective_kind": "date",
            "effective_date": "2026-06-01", "products": [{"product": "TB-1"}],
            "answer_by": "2026-04-01", "agreement_needed": True})
        other = self.told_of(change, self.hospital, needed=False, product_ids=self.pump.ids)
        told = self.export("change_notice", other)[other.id]
        self.assertEqual((told["agreement_needed"], told["products"]),
                         (False, [{"product": "PU-1"}]))
        self.assertNotIn("Supplier stops", str(told))

    def test_each_step_is_told_in_the_words_of_the_schema(self):
        self.controlled()
        change = self.requested()
        notice = self.told_of(change)
        self.answered(change)
        for state, step in (
                ("announced", lambda: self.sign(change, self.anna, "reviewed")),
                ("approved", lambda: self.sign(change, self.bert, "approved")),
                ("effective", lambda: self.effective(change))):
            if state == "effective":
                self.revised(change)
                notice._med_answer(self.supplier, "agreed", "Fine")
            with self.heard("change_notice") as heard:
                step()
            self.assertIn(notice, heard.records)
            self.assertEqual(self.export("change_notice", notice)[notice.id]["state"], state)
        told = self.export("change_notice", notice)[notice.id]
        self.assertEqual((told["agreement"], told["agreement_note"], told["products"]), (
            "agreed", "Fine",
            [{"product": "PU-1", "revision_from": "1", "revision_to": "2"}]))

    def test_a_cancelled_change_is_withdrawn(self):
        change = self.requested()
        notice = self.told_of(change)
        with self.heard("change_notice") as heard:
            change.with_user(self.anna).med_transition("cancel", "Not needed")
        self.assertEqual(heard.records, notice)
        self.assertEqual(self.export("change_notice", notice)[notice.id]["state"], "withdrawn")

    def test_whom_no_program_tells_is_named(self):
        notice = self.notice(self.requested(), self.other_supplier)
        told = notice.with_user(self.anna).announce()
        self.assertEqual(told["by_hand"], [self.other_supplier.display_name])
        with self.assertRaisesRegex(UserError, "who answered"):
            notice.with_user(self.anna).answer("agreed", " ")
        notice.with_user(self.anna).answer("agreed", "Ms Li by letter")
        self.assertEqual((notice.state, notice.answer_ids.user_id), ("agreed", self.anna))

    def test_nobody_hears_without_the_right_or_of_another_company(self):
        notice = self.told_of(self.requested())
        company = self.env["res.company"].create({"name": "Far Away"})
        far = self.partner_of("FAR", [("change_notice", "out")], partner_id=self.supplier.id,
                              company_id=company.id)
        self.assertFalse(self.knows(far, "change_notice", notice))
        self.processor.right_ids.filtered(lambda right: right.schema == "change_notice").unlink()
        self.assertFalse(self.knows(self.processor, "change_notice", notice))

    def test_a_partners_user_reads_no_notice_or_answer(self):
        notice = self.told_of(self.requested())
        notice._med_answer(self.supplier, "agreed", "")
        for model in ("med.change", "med.change.notice", "med.change.answer"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.processor.user_id).search([], limit=1).read(["id"])

    def test_a_program_hears_its_notice_and_its_answer_is_not_told_back(self):
        notice = self.told_of(self.requested())
        self.assertEqual([(code, told["state"], told["agreement_needed"]) for code, told in
                          self.fed(self.processor, "change_notice").items()],
                         [(notice.name, "announced", True)])
        self.assertFalse(self.fed(self.dealer, "change_notice"))
        self.assertFalse(self.fed(self.mes, "change_notice"))
        self.assertFalse(self.env["med.exchange.event"].search([("state", "=", "broken")]))
