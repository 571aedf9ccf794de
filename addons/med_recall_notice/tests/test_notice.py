from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo.addons.med_recall.tests.common import RecallCase
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger


class NoticeCase(RecallCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.shipped("L-1")
        cls.recall = cls.decided(cls.lot)
        cls.notices = cls.recall.notice_ids.sorted("id")

    def job(self, name):
        """Run one of the jobs, which may not commit here."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60):
            getattr(self.env["med.recall.notice"], name)()

    def letter(self, **values):
        return self.env["med.recall.letter"].with_user(self.anna).create({
            "recall_id": self.recall.id, "lang": "en_US", **values})

    def approved(self, **values):
        letter = self.letter(**values)
        self.sign(letter, self.rana, "approved")
        return letter

    def sent(self):
        self.approved()
        self.notices.with_user(self.anna).send()
        return self.notices


@tagged("post_install", "-at_install")
class TestNotice(NoticeCase):
    requirement = "CN-RC-2 CN-RC-5 FDA-7.49 FDA-7.42"

    def test_a_letter_lacks_nothing_and_its_writer_does_not_sign_it(self):
        us = self.env.ref("med_base.med_jurisdiction_us")
        letter = self.letter(jurisdiction_id=us.id)
        body = letter.body
        letter.body = body.replace("{{lots}}", "")
        with self.assertRaisesRegex(UserError, "{{lots}}"):
            self.sign(letter, self.rana, "approved")
        letter.body = body
        with self.assertRaises(UserError):
            self.sign(letter, self.anna, "approved")
        self.sign(letter, self.rana, "approved")
        with self.assertRaises(UserError):
            letter.subject = "Other"
        newer = letter.browse(letter.revise()["letter"])
        self.sign(newer, self.rana, "approved")
        self.assertEqual((letter.state, newer.version), ("superseded", 2))

    def test_each_consignee_has_one_notice_and_only_the_recall_writes_it(self):
        self.assertEqual(self.notices.partner_id, self.hospitals)
        self.assertEqual(self.recall.with_user(self.anna).prepare_notices()["prepared"], 0)
        with self.assertRaises(AccessError):
            self.notices.write({"state": "sent"})
        with self.assertRaisesRegex(UserError, "no signed letter"):
            self.notices.with_user(self.anna).send()

    @mute_logger("odoo.sql_db")
    def test_a_consignee_has_one_notice_of_a_version(self):
        one = self.notices[0]
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            one._med_born([{
                "recall_id": one.recall_id.id, "scope_id": one.scope_id.id, "name": "Again",
                "consignee_id": one.consignee_id.id, "lang": "en_US"}])

    def test_a_letter_says_what_is_done_with_each_lot(self):
        lots = self.lot + self.shipped("L-2")
        recall = self.assessed(lots)
        recall.write({"action": "take_back", "instruction": "Send back", "action_line_ids": [
            Command.create({"lot_id": lots[1].id, "action": "destroy",
                            "instruction": "Burn & <note> it"})]})
        recall.draw()
        self.sign(recall, self.rana, "approved", transition="decide")
        letter = self.env["med.recall.letter"].with_user(self.anna).create(
            {"recall_id": recall.id, "lang": "en_US"})
        self.sign(letter, self.rana, "approved")
        recall.with_user(self.anna).send_notices()
        one = recall.notice_ids[0]
        body = one._med_texts()[one.id].body
        self.assertIn("L-1: Send back", body)
        self.assertIn("L-2: Burn &amp; &lt;note&gt; it", body)

    def test_stock_without_a_lot_is_told_and_answered_by_its_product(self):
        one = self.sent()[0]
        product = self.env["product.product"].create({"name": "Untracked gauze"})
        with permit("med.recall.delivery", (), "born"):
            self.env["med.recall.delivery"].create({
                "scope_id": one.scope_id.id, "recall_id": one.recall_id.id, "lot_id": False,
                "partner_id": one.partner_id.id, "product_id": product.id, "shipped": 6, "net": 6})
        self.assertIn("Untracked gauze", one._med_texts()[one.id].body)
        one.with_user(self.anna).answer(
            [{"lot": -product.id, "held": 2, "sold_on": 4}], "Li", accounts=[
                {"lot": -product.id, "name": "Ward", "email": "w@example.com", "quantity": 4}])
        line = one.answer_ids.line_ids
        self.assertEqual((line.lot_id.id, line.product_id, line.received), (False, product, 6))
        child = one.child_ids
        self.assertEqual([(row["id"], row["net"]) for row in child._med_lot_rows()[child.id]],
                         [(-product.id, 4)])

    def test_what_should_come_first_is_said_and_keeps_nothing_back(self):
        self.approved()
        with patch.object(type(self.recall), "_med_notice_warnings", lambda _self: ["Report it"]):
            self.recall.invalidate_recordset(["notice_warning"])
            self.assertEqual(self.recall.notice_warning, "Report it")
            told = self.recall.with_user(self.anna).send_notices()
        self.assertEqual((told["warnings"], told["queued"]), (["Report it"], 2))

    def test_a_letter_that_cannot_be_typeset_does_not_stop_the_others(self):
        one, two = self.sent()
        real = type(one)._med_make_pdfs

        def make(notices):
            if one in notices:
                raise ValueError("no such font")
            return real(notices)
        with patch.object(type(one), "_med_make_pdfs", make), \
                self.assertLogs("odoo.addons.med_recall_notice", "ERROR"):
            self.job("_cron_pdf")
        self.assertEqual((one.pdf_failure, bool(two.pdf_id)), ("no such font", True))
        self.assertIn("typeset", "".join(self.recall.activity_ids.mapped("summary")))
        one._med_make_pdfs()
        self.assertEqual((one.pdf_failure, bool(one.pdf_id)), (False, True))

    def test_outsiders_have_so_many_customers_told_a_day_and_no_more(self):
        """C4: a link that got into wrong hands sends no flood of mails."""
        one, two = self.sent()
        self.recall.company_id.med_recall_link_mails = 2

        def answer(notice, *names, via="page"):
            return notice._med_answer(
                via, [{"lot": self.lot.id, "held": 1}], "Dora", "", "",
                [{"lot": self.lot.id, "email": f"{name}@example.com"} for name in names])
        answer(one, "a", "b")
        for notice, via in ((one, "page"), (two, "page"), (two, "rpc")):
            with self.assertRaisesRegex(UserError, "At most 2 .* and 2 were"), \
                    self.env.cr.savepoint():
                answer(notice, "c", via=via)
        self.assertEqual(answer(one, "a", "B")["told"], 0)
        self.assertEqual(answer(two)["told"], 0)
        self.assertEqual(answer(two, "c", "d", via="staff")["told"], 2)
        one.child_ids._med_store({"queued_at": self.now() - timedelta(hours=25)})
        self.assertEqual(answer(two, "e", "f")["told"], 2)
        self.assertEqual(set((one | two).child_ids.mapped("state")), {"queued"})

    def test_mails_are_written_once_and_what_became_of_them_is_seen(self):
        notices = self.sent()
        self.assertEqual(set(notices.mapped("state")), {"queued"})
        notices._med_write_mails()
        one, two = notices
        self.assertIn("L-1", one.mail_id.body_html)
        one.mail_id.state = "sent"
        two.mail_id.write({"state": "exception", "failure_reason": "550 no such user"})
        notices._med_on_mail(notices.mail_id)
        self.assertEqual((one.state, two.state, two.retry), ("sent", "failed", False))
        self.assertIn("did not arrive", "".join(self.recall.activity_ids.mapped("summary")))
        self.assertTrue(self.recall.initiated_at)
        told = self.recall._med_figures()
        self.assertEqual((told["sent"], told["told"], told["consignees"]), (1, 1, 2))
        two._med_store({"state": "queued"})
        two.mail_id.failure_reason = "[Errno 111] Connection refused"
        notices._med_on_mail(two.mail_id)
        self.assertTrue(two.retry)
        two._med_store({"retry_at": self.now()})
        two._cron_retry()
        self.assertEqual((two.state, two.mail_id.state), ("queued", "outgoing"))

    def test_whoever_is_silent_is_reminded_and_then_called(self):
        notices = self.sent()
        notices._med_store({"state": "sent", "sent_at": self.now() - timedelta(days=30)})
        for _time in range(3):
            notices._cron_remind()
            notices._med_store({"reminded_at": self.now() - timedelta(days=30)})
        self.assertEqual(notices.mapped("reminders"), [2, 2])
        self.assertEqual(notices.mapped("to_call"), [True, True])
        with self.assertRaisesRegex(UserError, "who was reached"):
            self.env["med.recall.call"].with_user(self.anna).create(
                {"notice_id": notices[0].id, "reached": True})

    def test_checks_are_drawn_and_judged(self):
        plan = self.env["med.recall.check.plan"].with_user(self.anna).create(
            {"recall_id": self.recall.id, "level": "A"})
        self.assertEqual(plan.draw()["drawn"], 2)
        with self.assertRaisesRegex(UserError, "drawn already"):
            plan.draw()
        plan.check_ids.write({"method": "phone", "result": "followed"})
        self.assertEqual(plan.verdict, "passed")
        self.assertEqual(self.recall._med_figures()["checks_passed"], 2)
