import logging
from unittest.mock import patch

import psycopg2
from odoo.tests import tagged

from .. import waker
from .outbox import OutboxCase


class Timer:
    """A timer that goes off when it is told."""

    made = []

    def __init__(self, _seconds, function, arguments):
        self.go_off = lambda: function(*arguments)

    def start(self):
        self.made.append(self)


@tagged("post_install", "-at_install")
class TestWaker(OutboxCase):
    """What sends is woken soon, and once for the many events of a moment."""

    requirement = "X4 what happens is told within seconds"

    def setUp(self):
        super().setUp()
        Timer.made = []
        self.startPatcher(patch.object(waker.threading, "Timer", Timer))
        self.dbname = self.env.cr.dbname
        self.addCleanup(waker._due.clear)

    def triggered(self):
        drain = self.env.ref("med_exchange.med_exchange_cron_drain")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", drain.id)])

    def commit(self, *names):
        """Tell of new organisations; let what a commit sets off run, and nothing else."""
        self.env.cr.postcommit.clear()
        self.tell(*names)
        hooks = [one for one in self.env.cr.postcommit._funcs if one.func is waker.wake]
        self.env.cr.postcommit.clear()
        for hook in hooks:
            hook()

    def test_once_for_many(self):
        self.hearer("HEARS")
        self.registry_enter_test_mode()
        before = self.triggered()
        for number in range(3):
            self.commit(f"W{number}")
        self.assertEqual((len(Timer.made), self.triggered()), (1, before))
        Timer.made[0].go_off()
        self.assertEqual(self.triggered(), before + 1)

    def test_again_after(self):
        """What commits after the sending was woken wakes it again."""
        self.hearer("HEARS")
        self.registry_enter_test_mode()
        before = self.triggered()
        self.commit("A")
        Timer.made[0].go_off()
        self.commit("B")
        Timer.made[1].go_off()
        self.assertEqual(self.triggered(), before + 2)

    def test_nobody_hears(self):
        self.commit("C")
        self.assertFalse(Timer.made)

    def test_database_gone(self):
        """Who cannot be woken is not told with a traceback: the next minute sends."""
        with patch.object(self.registry, "cursor", side_effect=psycopg2.OperationalError("gone")):
            waker.wake(self.dbname)
            with self.assertLogs(waker._logger, logging.INFO) as log:
                Timer.made[0].go_off()
        self.assertIn("was not woken: gone", log.output[0])
        waker.wake(self.dbname)
        self.assertEqual(len(Timer.made), 2)
