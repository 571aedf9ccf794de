from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged

from .common import ChangeExchangeCase

HOSTILE = {"med_exchange": True, "default_state": "agreed", "default_direction": "in",
           "default_told_at": "2026-01-01 00:00:00", "sudo": True}


@tagged("post_install", "-at_install")
class TestGuards(ChangeExchangeCase):
    """Notices and answers say what happened, whoever writes."""

    requirement = "ISO-7.3.9 P11-10e P11-10k A1 Q4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.change = cls.requested()
        cls.sent = cls.told_of(cls.change)

    def test_answers_come_by_steps_and_stay(self):
        answer = self.sent._med_answer(self.supplier, "refused", "No")
        admin = self.env.ref("base.user_admin")
        for user in (self.anna, admin, self.env.user):
            mine = answer.with_user(user).with_context(**HOSTILE)
            with self.assertRaises(AccessError):
                mine.write({"agreement": "agreed"})
            with self.assertRaises(AccessError):
                mine.write({"superseded": True})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"notice_id": self.sent.id, "partner_id": self.supplier.id,
                             "agreement": "agreed", "user_id": user.id,
                             "answered_at": "2026-03-02"})
        with self.assertRaises(AccessError):
            answer.sudo().write({"note": "Yes"})
        with self.assertRaises(AccessError):
            answer.sudo().copy()

    def test_how_far_a_notice_is_follows_from_its_steps(self):
        for values in ({"state": "agreed"}, {"told_at": False}, {"direction": "in"},
                       {"their_state": "x"}, {"exchange_partner_id": self.mes.id}):
            for user in (self.anna, self.env.ref("base.user_admin")):
                with self.assertRaises(AccessError):
                    self.sent.with_user(user).with_context(**HOSTILE).write(values)
        made = self.env["med.change.notice"].with_user(self.anna).with_context(**HOSTILE).create({
            "change_id": self.change.id, "partner_id": self.hospital.id, "state": "agreed",
            "description": "?"})
        self.assertEqual((made.state, made.direction, made.told_at), ("planned", "out", False))

    def test_what_a_partner_was_told_stays(self):
        for values in ({"description": "Nothing"}, {"partner_id": self.hospital.id},
                       {"product_ids": []}, {"reason": "?"}):
            with self.assertRaisesRegex(UserError, "what was said stays"):
                self.sent.with_user(self.anna).write(values)
        with self.assertRaisesRegex(UserError, "stays in the list"):
            self.sent.with_user(self.anna).unlink()
        with self.assertRaises(UserError):
            self.sent.with_user(self.anna).copy()
        planned = self.notice(self.change, self.hospital)
        planned.with_user(self.anna).unlink()
        self.assertFalse(planned.exists())

    def test_that_agreement_is_not_needed_after_all_says_quality_assurance(self):
        with self.assertRaises(AccessError):
            self.sent.with_user(self.otto).write({"agreement_needed": False})
        self.sent.with_user(self.anna).write({"agreement_needed": False})
        self.assertFalse(self.sent.agreement_needed)
        self.assertIn("no more", "".join(self.change.message_ids.mapped("body")))

    def test_what_was_approved_is_not_freed_of_an_agreement_by_its_owner(self):
        change = self.approved()
        change.with_user(self.anna).owner_id = self.otto
        planned = self.notice(change, self.hospital)
        for call in (lambda: planned.with_user(self.otto).write({"agreement_needed": False}),
                     lambda: planned.with_user(self.otto).unlink()):
            with self.assertRaisesRegex(AccessError, "quality assurance"):
                call()
        planned.with_user(self.anna).unlink()
        self.assertFalse(planned.exists())

    def test_a_partners_user_takes_no_step(self):
        for call in (lambda one: one.announce(), lambda one: one.answer("agreed", "Me"),
                     lambda one: one.action_announce(), lambda one: one.write({"answer_by": False}),
                     lambda one: one.change_id.action_find_partners(),
                     lambda one: one.change_id.action_announce()):
            with self.assertRaises(AccessError):
                call(self.sent.with_user(self.processor.user_id).with_context(**HOSTILE))
        self.assertFalse(self.sent.answer_ids)

    def test_a_notice_is_for_owner_and_quality_assurance(self):
        olaf = self.person("operator", "olaf")
        with self.assertRaises(AccessError):
            self.notice(self.change, self.hospital, user=olaf)
        with self.assertRaises(AccessError):
            self.sent.with_user(olaf).write({"answer_by": "2026-04-01"})
        with self.assertRaises(AccessError):
            self.sent.with_user(olaf).answer("agreed", "He said so")
        planned = self.notice(self.change, self.hospital)
        with self.assertRaises(AccessError):
            planned.with_user(olaf).announce()

    def test_a_notice_names_products_of_its_change_and_says_something(self):
        with self.assertRaisesRegex(UserError, "none of the products"):
            self.notice(self.change, self.hospital, product_ids=self.stent.ids)
        silent = self.notice(self.change, self.other_supplier, description=False)
        with self.assertRaisesRegex(UserError, "what the partner is to read"):
            silent.with_user(self.anna).announce()

    def test_notices_of_an_ended_change_stay(self):
        self.change.with_user(self.anna).med_transition("cancel", "Not needed")
        for call in (lambda: self.sent.with_user(self.anna).write({"answer_by": "2026-04-01"}),
                     lambda: self.notice(self.change, self.hospital),
                     lambda: self.change.with_user(self.anna).action_find_partners()):
            with self.assertRaises(UserError):
                call()
