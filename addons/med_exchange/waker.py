"""Waking what sends: once for the many commits of a moment.

A trigger written by each transaction, and the cron workers told at each commit, cost more than an
event itself where many are told a second.
"""

import logging
import os
import threading

import psycopg2
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)
PAUSE = 0.4  # seconds in which more commits may come; what sends mostly runs by then

_due, _lock = set(), threading.Lock()


def wake(dbname):
    """Have the sending of a database run soon, unless it is about to be woken anyway.

    Called when events are committed. Should the process end before the pause does, the scheduled
    action finds them in its next minute.
    """
    key = os.getpid(), dbname  # a fork has not its parent's threads
    with _lock:
        if key in _due:
            return
        _due.add(key)
    timer = threading.Timer(PAUSE, _trigger, [key])
    timer.daemon = True
    timer.start()


def _trigger(key):
    with _lock:
        _due.discard(key)  # before it is woken: what commits from here on wakes it again
    try:
        with Registry(key[1]).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            if drain := env.ref("med_exchange.med_exchange_cron_drain", False):
                drain._trigger()
    except psycopg2.Error as error:
        _logger.info("exchange: the sending of %s was not woken: %s", key[1], error)
