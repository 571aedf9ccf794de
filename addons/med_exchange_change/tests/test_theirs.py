from odoo.addons.med_exchange.exceptions import Refused
from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestTheirs(ChangeExchangeCase):
    """A change that a partner announces begins one here, which is assessed here."""

    requirement = "X2 X3 X5 ISO-7.3.9 ISO-7.4.1 Q4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_stock(cls.tube, "T-1")

    def announce(self, record=None, **changes):
        return self.apply("change_notice", self.theirs(**changes), self.processor, record,
                          object_id="S-CH-4")

    def test_it_begins_a_change_in_its_first_state(self):
        notice = self.announce()
        change = notice.change_id
        self.assertEqual(
            (change.state, change.source, change.partner_id, change.title, change.reason,
             change.component_ids, str(change.effective_date), str(change.date_wanted),
             change.owner_id, change.requester_id, change.company_id),
            ("draft", "supplier", self.supplier, "Other alloy", "Supply", self.tube,
             "2026-06-01", "2026-04-15", self.anna, self.processor.user_id, self.company))
        self.assertIn("revision 4 → 5", change.description)
        self.assertIn("major", change.description)
        self.assertFalse(change.change_class)
        self.assertEqual((notice.direction, notice.state, notice.exchange_partner_id),
                         ("in", "received", self.processor))
        self.assertIn("Have it assessed", change.activity_ids.mapped("summary"))

    def test_a_product_that_is_made_here_is_a_product_of_the_change(self):
        notice = self.apply("change_notice", self.theirs(products=[{"product": "PU-1"}]), self.mes)
        self.assertEqual((notice.change_id.product_tmpl_ids, notice.change_id.component_ids.ids),
                         (self.template, []))

    def test_a_newer_version_changes_it_until_it_is_assessed(self):
        notice = self.announce()
        again = self.announce(notice, title="Other alloy and mill")
        self.assertEqual((again, notice.change_id.title), (notice, "Other alloy and mill"))
        notice.change_id.with_user(self.anna).write({
            "rollback": "Old alloy", "verification_plan": "Test", "effect_safety": "none",
            "effect_performance": "none", "effect_registration": "none"})
        self.answered(notice.change_id)
        self.sign(notice.change_id, self.anna, "reviewed")
        self.assertRefused("", "not changed from outside", "change_notice",
                           self.theirs(title="Nothing"), self.processor, notice)
        self.announce(notice, title="Other alloy and mill", state="effective")
        self.assertEqual((notice.their_state, notice.change_id.state), ("effective", "assessed"))
        self.assertIn("is now “effective”", "".join(
            notice.change_id.activity_ids.mapped("summary")))

    def test_we_say_what_we_decided_and_no_sooner(self):
        notice = self.announce()
        told = self.export("change_notice", notice)[notice.id]
        self.assertEqual(told, self.theirs())
        for state, ours in (("approved", "agreed"), ("rejected", "refused")):
            self.env.cr.execute("UPDATE med_change SET state = %s WHERE id = %s",
                                [state, notice.change_id.id])
            notice.change_id.invalidate_recordset()
            self.assertEqual(
                self.export("change_notice", notice)[notice.id]["agreement"], ours)

    def test_a_bad_announcement_is_refused_with_its_place(self):
        self.receive(self.case_part, {"C-1": 4}, self.other_supplier)
        for pointer, text, told in (
                ("/products/0/product", "not known", self.theirs(products=[{"product": "NO"}])),
                ("/products/0/product", "not known", self.theirs(products=[{"product": "PU-1"}])),
                ("/state", "Nothing of it is known", self.theirs(state="withdrawn")),
                ("/effective_lot", "from when", {
                    **self.theirs(), "effective_kind": "lot"}),
                ("/number", "not known", self.theirs(agreement="agreed"))):
            self.assertRefused(pointer, text, "change_notice", told, self.processor)
        notice = self.announce()
        self.assertRefused("/agreement", "is decided here", "change_notice",
                           self.theirs(agreement="agreed"), self.processor, notice)
        self.assertRefused("", "Nothing of yours", "change_notice", self.theirs(), self.dealer,
                           notice)
        self.assertEqual(self.env["med.change"].search_count([("source", "=", "supplier")]), 1)

    def test_one_that_is_taken_back_is_cancelled_until_it_is_assessed(self):
        handler = self.handler("change_notice", self.processor)
        notice = self.announce()

        def back():
            return handler._med_compensate(
                self.processor.with_env(handler.env), notice.with_env(handler.env), {}, None)

        self.assertIn("cancelled", back())
        self.assertEqual(notice.change_id.state, "cancelled")
        with self.assertRaisesRegex(Refused, "assessed here"):
            back()
