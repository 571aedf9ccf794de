from datetime import timedelta

from odoo.fields import Datetime

from .common import ExchangeCase


class TestMonitor(ExchangeCase):
    """Who is late, silent or refused is seen at once (X8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("PLANT-MES", (("organisation", "in"), ("organisation", "out")),
                                 order_rule="apply")
        cls.watcher = cls.user("qa")

    def row(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["med.exchange.monitor"].with_user(self.watcher).browse(self.mes.id)

    def test_a_partner_in_order_is_good_and_a_suspended_one_off(self):
        self.assertEqual(self.row().rating, "good")
        self.mes.suspend()
        self.assertEqual(self.row().rating, "off")

    def test_what_was_received_and_refused_is_counted(self):
        exchange = self.env["med.exchange"].with_user(self.mes.user_id)
        good, wrong = self.envelope(self.mes), self.envelope(self.mes, {"name": 1}, object="H-2")
        exchange.submit([good, wrong])
        row = self.row()
        self.assertEqual((row.received_hour, row.received_day, row.refused), (2, 2, 1))
        self.assertEqual((row.rating, row.rank), ("bad", 1))
        found = self.env["med.exchange.message"].search(row.action_inbox()["domain"])
        self.assertEqual(found.name, wrong["id"])

    def test_silence_is_an_alarm_once_until_it_is_heard_of_again(self):
        watch = self.env["med.exchange.partner"]._cron_watch
        self.mes.silence_limit = 2
        self.env.cr.execute("UPDATE med_exchange_partner SET last_contact = %s WHERE id = %s",
                            [Datetime.now() - timedelta(hours=3), self.mes.id])
        self.assertEqual(self.row().rating, "silent")
        for _run in range(2):
            watch()
        self.assertEqual(len(self.mes.activity_ids), 1)
        self.env.cr.execute("UPDATE med_exchange_partner SET last_contact = %s WHERE id = %s",
                            [Datetime.now(), self.mes.id])
        self.env.invalidate_all()
        watch()
        self.assertFalse(self.mes.silent)

    def test_a_gap_that_nobody_fills_is_late_and_an_alarm_once(self):
        self.mes.order_rule = "wait"
        self.env["med.exchange"].with_user(self.mes.user_id).submit(
            self.envelope(self.mes, sequence=2))
        self.assertEqual((self.row().rating, self.row().waiting), ("good", 1))
        self.env.cr.execute(
            "UPDATE med_exchange_message SET create_date = create_date - interval '10 days'"
            " WHERE exchange_partner_id = %s", [self.mes.id])
        self.assertEqual(self.row().rating, "late")
        for _run in range(2):
            self.env["med.exchange.partner"]._cron_watch()
        self.assertEqual(len(self.mes.activity_ids), 1)
        self.assertIn("main: 1", self.mes.activity_ids.note)
        self.env["med.exchange"].with_user(self.mes.user_id).submit(
            self.envelope(self.mes, {"name": "Third", "code": "H-3"}, sequence=1, object="H-3"))
        self.env.invalidate_all()
        self.env["med.exchange.partner"]._cron_watch()
        self.assertFalse(self.mes.hanging)

    def test_only_partners_of_ones_own_companies_are_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.partner_of("OTHER", company_id=other.id)
        seen = self.env["med.exchange.monitor"].with_user(self.watcher).search([])
        self.assertIn(self.mes, seen.exchange_partner_id)
        self.assertNotIn(theirs.id, seen.ids)
