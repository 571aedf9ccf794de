"""Waking what sends: once for the many commits of a moment.

For each commit Odoo tells its cron workers over a connection made for it, which costs more than an
event itself where many are told a second.
"""

import logging
import os
import threading

import psycopg2

_logger = logging.getLogger(__name__)
PAUSE = 0.4  # seconds in which more commits may come; what sends mostly runs by then

_due, _lock = set(), threading.Lock()


def wake(dbname, notify):
    """Have ``notify`` called soon in a thread of its own, unless it is about to be anyway.

    Should the process end before, the scheduled action finds the events in its next minute.
    """
    key = os.getpid(), dbname  # a fork has not its parent's threads
    with _lock:
        if key in _due:
            return
        _due.add(key)
    timer = threading.Timer(PAUSE, _tell, [key, notify])
    timer.daemon = True
    timer.start()


def _tell(key, notify):
    with _lock:
        _due.discard(key)  # before it is told: what commits from here on is told again
    try:
        notify()
    except psycopg2.Error as error:
        _logger.info("exchange: the sending of %s was not woken: %s", key[1], error)
