from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron
from odoo.tests import TransactionCase, tagged

from .. import waker


class Timer:
    """A timer that goes off when it is told."""

    made = []

    def __init__(self, _seconds, function, arguments):
        self.go_off = lambda: function(*arguments)

    def start(self):
        self.made.append(self)


@tagged("post_install", "-at_install")
class TestWaker(TransactionCase):
    """What sends is woken soon, and once for the many events of a moment."""

    requirement = "X4 what happens is told within seconds"

    def setUp(self):
        super().setUp()
        self.told = []
        Timer.made = []
        self.startPatcher(patch.object(waker.threading, "Timer", Timer))
        self.startPatcher(patch.object(
            IrCron, "_notifydb", lambda cron: self.told.append(cron.ids)))

    def test_once_for_many(self):
        drain = self.env.ref("med_exchange.med_exchange_cron_drain")
        for _time in range(3):
            drain._notifydb()
        self.assertEqual((len(Timer.made), self.told), (1, []))
        Timer.made[0].go_off()
        self.assertEqual(self.told, [drain.ids])

    def test_again_after(self):
        """What commits after the workers were woken wakes them again."""
        drain = self.env.ref("med_exchange.med_exchange_cron_drain")
        drain._notifydb()
        Timer.made[0].go_off()
        drain._notifydb()
        Timer.made[1].go_off()
        self.assertEqual(self.told, [drain.ids, drain.ids])

    def test_others_at_once(self):
        """Scheduled actions of others are woken as ever."""
        other = self.env["ir.cron"].search([], limit=1, order="id")
        self.assertNotEqual(other, self.env.ref("med_exchange.med_exchange_cron_drain"))
        other._notifydb()
        self.assertEqual((Timer.made, self.told), ([], [other.ids]))

