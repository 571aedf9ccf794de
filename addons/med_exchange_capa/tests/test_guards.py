from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import TOLD, CapaExchangeCase


@tagged("post_install", "-at_install")
class TestGuards(CapaExchangeCase):
    """Who asks, what may be told to whom, and what stays as it was."""

    requirement = "Q6 V6 P4 A2 ISO-8.5.2"

    def test_quality_assurance_alone_sends_and_judges(self):
        request = self.request()
        for user in (self.olga, self.walter, self.ines):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                request.with_user(user).med_transition("send")
        buyer = self.person("purchasing", "bernd")
        draft = self.request(user=buyer)
        with self.assertRaisesRegex(UserError, "not yours"):
            draft.with_user(buyer).med_transition("send")
        with self.assertRaises(AccessError):
            self.request(user=self.olga)
        self.assertEqual((request.state, draft.state), ("draft", "draft"))
        self.assertEqual(request.with_user(self.olga).title, "Open seals")  # all may read it
        with self.assertRaises(AccessError):
            request.with_user(self.olga).title = "Other"

    def test_once_sent_it_stays(self):
        request = self.sent()
        other = self.in_stock(self.tube, "T-2")
        for user in (self.anna, self.env.ref("base.user_admin"), self.env.user):
            for values in ({"problem": "Other"}, {"title": "Other"}, {"date_due": "2099-01-01"},
                           {"lot_ids": [Command.link(other.id)]}, {"ask_cause": False},
                           {"partner_id": self.other_supplier.id}):
                with self.subTest(values=values), self.assertRaises(UserError), \
                        self.env.cr.savepoint():
                    request.with_user(user).with_context(install_mode=True).write(values)
        with self.assertRaises(UserError):
            request.with_user(self.anna).review = "Before there is an answer"

    def test_what_follows_from_steps_is_not_written(self):
        request = self.answered()
        for values in ({"state": "accepted"}, {"name": "X"}, {"answer_id": False},
                       {"sent_at": False}, {"direction": "in"}, {"their_number": "X"}):
            with self.subTest(values=values), self.assertRaises(AccessError), \
                    self.env.cr.savepoint():
                request.sudo().write(values)
        made = self.request(direction="in", their_state="open", answer_id=request.answer_id.id,
                            review="x")
        self.assertEqual((made.direction, made.their_state, made.answer_id.id, made.review),
                         ("out", False, False, False))
        with self.assertRaisesRegex(UserError, "stays with its CAPA"):
            made.capa_id = self.case()
        with self.assertRaises(UserError):
            made.with_user(self.anna).unlink()
        with self.assertRaises(UserError):
            made.copy()

    def test_the_partners_own_steps_are_not_taken_by_us(self):
        request = self.sent()
        with self.assertRaisesRegex(UserError, "itself answers"):
            request.with_user(self.anna).med_transition("answer")
        with self.assertRaisesRegex(UserError, "itself tells"):
            self.request().with_user(self.anna).med_transition("receive")
        request._med_answer(self.supplier, TOLD, "message")
        self.send_back(request)
        with self.assertRaisesRegex(UserError, "itself answers"):
            request.with_user(self.anna).med_transition("answer")  # by the answer sent back

    def test_an_answer_is_neither_made_nor_changed_nor_removed(self):
        answer = self.answered().answer_id
        for user in (self.anna, self.env.ref("base.user_admin"), self.env.user):
            for one, values in ((answer, {"cause": "Other"}), (answer, {"superseded": True}),
                                (answer, {"verdict": "accepted"}), (answer, {"user_id": 1}),
                                (answer.action_ids, {"what": "Other"})):
                with self.assertRaises(AccessError):
                    one.with_user(user).with_context(install_mode=True).write(values)
            for one in (answer.action_ids, answer):
                with self.assertRaises(AccessError):
                    one.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.env["med.capa.request.answer"].create({
                "request_id": answer.request_id.id, "partner_id": self.supplier.id,
                "way": "message", "user_id": self.env.uid, "answered_at": "2026-01-01"})
        with self.assertRaises(AccessError):
            self.env["med.capa.request.action"].create({
                "answer_id": answer.id, "kind": "corrective", "what": "Forged"})
        with self.assertRaises(AccessError):
            answer.copy()

    def test_another_organisation_answers_nothing(self):
        request = self.sent()
        for partner in (self.hospital, self.other_supplier, self.env["res.partner"]):
            with self.assertRaisesRegex(AccessError, "not yours"):
                request._med_answer(partner, TOLD, "message")
        with self.assertRaisesRegex(UserError, "Nothing is asked"):
            self.request()._med_answer(self.supplier, TOLD, "message")
        self.assertFalse(request.answer_ids)

    def test_goods_and_nonconformities_of_others_are_not_told(self):
        theirs = self.receive(self.tube, {"OTHER": 5}, self.other_supplier)
        lot = self.env["stock.lot"].search([("name", "=", "OTHER")])
        case = self.reported(lot)
        case.with_user(self.anna).partner_id = self.other_supplier
        for text, values in (
                ("nothing to do with the lot", {"lot_ids": [Command.set(lot.ids)]}),
                ("nothing to do with", {"product_ids": [Command.set(self.stent.ids)]}),
                ("neither about", {"nonconformity_id": case.id})):
            with self.subTest(text), self.assertRaisesRegex(UserError, text), \
                    self.env.cr.savepoint():
                self.request(**values)
            draft = self.request()
            with self.subTest(text), self.assertRaisesRegex(UserError, text), \
                    self.env.cr.savepoint():
                draft.with_user(self.anna).write(values)
        self.assertTrue(theirs is not False)

    def test_another_company_sees_nothing(self):
        request = self.answered()
        company = self.env["res.company"].create({"name": "Other company"})
        stranger = self.person("qa", "quentin")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        mine = self.env(user=stranger, context={"allowed_company_ids": company.ids})
        for model in ("med.capa.request", "med.capa.request.answer", "med.capa.request.action"):
            self.assertFalse(mine[model].search([]), model)
        with self.assertRaises(AccessError):
            request.with_env(mine).read(["title"])
