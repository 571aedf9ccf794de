from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.med_recall_notice_send import ATTEMPTS
from .smtp_server import SmtpServer
from .test_notice import NoticeCase


@tagged("post_install", "-at_install")
class TestSmtp(NoticeCase):
    """Mails over a real socket; the server is in ``smtp_server.py``."""

    requirement = "CN-RC-5 FDA-7.49 C6"

    @contextmanager
    def mailing(self):
        """Let mails leave, to the server in the block."""
        server = SmtpServer()
        server.up()
        Server = self.env["ir.mail_server"]
        Server.search([]).active = False
        Server.create({"name": "test", "smtp_host": "127.0.0.1", "smtp_port": server.port,
                       "smtp_encryption": "none"})
        try:
            with patch.object(type(Server), "_disable_send", classmethod(lambda cls: False)):
                yield server
        finally:
            server.end()

    def mailed(self):
        """Write what is queued, and send what is written."""
        self.job("_cron_write")
        self.notices.mail_id.filtered(lambda one: one.state == "outgoing").send()

    def later(self):
        self.notices.filtered("retry_at")._med_store(
            {"retry_at": self.now() - timedelta(minutes=1)})
        self.env["med.recall.notice"]._cron_retry()
        self.mailed()

    @mute_logger("odoo.addons.mail.models.mail_mail",
                 "odoo.addons.base.models.ir_mail_server")
    def test_nothing_is_lost_and_nothing_sent_twice(self):
        one, two = self.sent()
        with self.mailing() as server:
            server.refused.add("two@example.com")
            server.down()
            self.mailed()
            self.assertEqual((one.state, two.state), ("failed", "failed"))
            self.assertTrue(one.retry and two.retry)
            self.assertFalse(self.failed())
            self.env["med.recall.notice"]._cron_retry()
            self.assertEqual(one.state, "failed", "It is not time yet.")
            server.up()
            self.later()
            self.assertEqual((one.state, two.state, two.retry), ("sent", "failed", False))
            self.assertIn("550", two.failure)
            self.assertEqual(len(self.failed()), 1)
            self.later()
            self.assertEqual(self.told(server), ["one@example.com"])
            server.refused.clear()
            two.with_user(self.anna).send()
            self.mailed()
            self.mailed()
            self.assertEqual(self.told(server), ["one@example.com", "two@example.com"])
            mail = server.received[0][1]
            self.assertIn("L-1", mail.get_body(("html",)).get_content())
            self.assertIn(one._med_token(), mail.get_body(("html",)).get_content())
            self.assertNotIn("Hospital Two", mail.as_string())
            self.assertEqual(len({mail["Message-Id"] for _to, mail in server.received}),
                             len(server.received))
        self.assertEqual(set(self.notices.mapped("state")), {"sent"})

    def told(self, server):
        """Return the consignees whose mails were taken; the coordinator gets some too."""
        return [to for to, _mail in server.received if to in self.notices.mapped("email")]

    def failed(self):
        return self.recall.activity_ids.filtered(lambda one: "did not arrive" in one.summary)

    def test_each_wait_is_longer_and_the_end_of_them_is_told(self):
        one = self.sent()[0]
        waits = []
        for _try in range(ATTEMPTS):
            self.assertFalse(self.failed())
            one._med_failed("[Errno 111] Connection refused to port 587", retry=True)
            waits.append(one.retry_at and one.retry_at - one.failed_at)
        self.assertEqual(waits.pop(), False)
        self.assertTrue(all(wait < after for wait, after in zip(waits, waits[1:], strict=False)))
        self.assertEqual(len(self.failed()), 1)
        one.with_user(self.anna).send()
        self.assertEqual((one.attempts, one.state), (0, "queued"))

    def test_who_saw_his_page_before_the_mail_left_is_sent_it(self):
        one, two = self.sent()
        one._med_seen()
        two._med_acknowledge()
        with self.mailing() as server:
            self.mailed()
            self.assertEqual(sorted(self.told(server)), ["one@example.com", "two@example.com"])
        self.assertTrue(one.sent_at and one.read_at and two.sent_at)
        self.assertEqual((one.state, two.state), ("read", "acknowledged"))

    def test_a_drill_sends_nothing(self):
        drill = self.decided(self.shipped("L-DRILL"), drill=True)
        self.env["med.recall.letter"].with_user(self.anna).create(
            {"recall_id": drill.id, "lang": "en_US"})
        self.sign(drill.letter_ids, self.rana, "approved")
        told = drill.with_user(self.anna).send_notices()
        self.job("_cron_write")
        drill.notice_ids.with_user(self.anna).remind()
        self.assertEqual((told["simulated"], told["queued"]), (2, 0))
        self.assertEqual(set(drill.notice_ids.mapped("state")), {"simulated"})
        self.assertEqual(self.env["mail.mail"].search_count([
            ("email_to", "in", drill.notice_ids.mapped("email"))]), 0)
        self.assertTrue(drill.initiated_at)
        self.assertIn("DRILL", drill.notice_ids[0]._med_texts()[drill.notice_ids[0].id].subject)
