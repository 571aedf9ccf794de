"""The sequencer's thread: seals soon after a commit, at most once a second in each process.

PostgreSQL's advisory lock lets one process of all servers work; the others find nothing to do. A
scheduled action is the backstop.
"""

import logging
import os
import threading
import time
from functools import partial

import psycopg2
from odoo.sql_db import Cursor, db_connect
from odoo.tools import config

from . import keys
from .tools import sealing

_logger = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two passes


def seal(dbname):
    """Seal everything committed in a database; return how many entries, None if another does it.

    :raise SealError: the store or the key is not as it was left
    """
    with db_connect(dbname).cursor() as cr:
        if not sealing.try_lock(cr._obj):  # the pool may be closing: that is told below, once
            return None
        try:
            return _passes(cr, dbname)
        finally:
            cr.rollback()
            sealing.unlock(cr)


def _passes(cr, dbname):
    sealed = 0
    while True:
        cr.commit()  # the next snapshot is taken while the lock is held
        log, before, begun = _log(cr)
        signers = keys.signers(log)
        if not signers and begun:
            raise sealing.SealError(
                f"Sealing stopped: the private key of log {log} is not at {keys.path(log)}.")
        if not signers:
            if not sealing.waiting(cr):
                return sealed
            _record_key(cr, keys.add(log, before))
            continue
        done = sealing.seal(cr._obj, signers, keys.last(log, dbname))
        cr.commit()
        if done.note:
            keys.keep(log, dbname, done.note)
        sealed += done.sealed
        if not done.more:
            return sealed


def _log(cr):
    """Return the current log, the one before it, and whether the current one has a checkpoint."""
    cr.execute("SELECT med_audit.log_id()::text, s.log::text, s.log = med_audit.log_id()"
               "  FROM med_audit.seal_state s")
    log, sealed_log, begun = cr.fetchone()
    return log, sealed_log, begun


def _record_key(cr, key):
    """The log says which key signs it from now on."""
    cr.execute("SELECT med_audit.event('seal_key', '', NULL, jsonb_build_object('key', %s))", [key])


class _Sealer:
    """The thread of one process; made when first needed, in the process that needs it."""

    def __init__(self):
        self.process = os.getpid()
        self.pending, self.wake, self.told = set(), threading.Condition(), {}
        threading.Thread(target=self._run, name="med_audit.sealer", daemon=True).start()

    def ask(self, dbname):
        with self.wake:
            self.pending.add(dbname)
            self.wake.notify()

    def _run(self):
        while True:
            with self.wake:
                while not self.pending:
                    self.wake.wait()
                names, self.pending = self.pending, set()
            for name in names:
                problem = ""
                try:
                    seal(name)
                except (sealing.SealError, OSError) as error:
                    problem = str(error)
                except psycopg2.Error as error:  # gone, or shutting down: the next pass or server
                    _logger.info("%s is not sealed now: %s", name, error)
                if problem and problem != self.told.get(name):
                    _logger.warning("%s: %s", name, problem)
                self.told[name] = problem
            time.sleep(PAUSE)


_sealer = None
_making = threading.Lock()


def _ask(dbname):
    global _sealer
    with _making:
        if not _sealer or _sealer.process != os.getpid():
            _sealer = _Sealer()
    _sealer.ask(dbname)


def watch(cr):
    """Have what a transaction writes sealed soon after its commit; never under a test cursor."""
    if isinstance(cr, Cursor) and not config["test_enable"]:
        cr.postcommit.add(partial(_ask, cr.dbname))
