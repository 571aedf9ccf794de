"""A whole verification, in steps that can be taken up again later by another process.

First the chain (leaves, checkpoints, entries), then what was kept outside, the triggers, and the
live rows. The chain ends at its first bad place; the rest is looked at all the same.
"""

import time

from . import live
from .chain import Broken, Finding, as_dict
from .checkpoint import verified
from .note import NoteError
from .store import Store, against, completed, verify

PHASES = ("chain", "outside", "guards", "rows", "done")
MOST = 20  # findings of one run


class Run:
    """Verification of a database.

    :ivar state: JSON values: ``phase``, ``verified`` entries, ``total`` entries, ``findings``
        (dicts of :func:`.chain.as_dict`), and where to go on
    """

    def __init__(self, cr, keys, kept=(), thorough=True, state=None):
        """Begin, or go on from a state.

        :param cr: psycopg2 cursor in a REPEATABLE READ transaction
        :param keys: public keys of the log
        :param kept: ``[(where it was kept, signed note)]``, checkpoints from outside the database
        :param thorough: see :class:`.chain.Chain`
        """
        self.store, self.keys, self.kept, self.thorough = Store(cr), keys, kept, thorough
        self.state = state or {
            "phase": "chain", "verified": 0, "chain": None, "table": 0, "record": None,
            "checkpoint": "", "findings": []}
        self.state["total"] = self.store.value(
            "SELECT coalesce(max(seq) + 1, 0) FROM med_audit.leaf")

    @property
    def done(self):
        """Whether nothing is left to do."""
        return self.state["phase"] == "done"

    @property
    def intact(self):
        """Whether it is done and nothing was found."""
        return self.done and not self.state["findings"]

    def work(self, seconds=float("inf")):
        """Go on for about so many seconds, or to the end."""
        end = time.monotonic() + seconds
        while not self.done and time.monotonic() < end:
            finished = getattr(self, f"_{self.state['phase']}")(end)
            if finished:
                self.state["phase"] = PHASES[PHASES.index(self.state["phase"]) + 1]

    def _found(self, finding):
        if len(self.state["findings"]) < MOST:
            self.state["findings"].append(as_dict(finding))

    def _chain(self, end):
        try:
            chain = verify(self.store, self.keys, self.state["chain"], self.thorough,
                           until=lambda: time.monotonic() > end, progress=self._verified)
            if chain.more:
                self.state["chain"] = chain.state()
                return False
            completed(self.store, chain)
        except Broken as broken:
            self._found(broken.finding)
        self.state["checkpoint"] = self.store.value(
            "SELECT note FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1") or ""
        return True

    def _verified(self, count):
        self.state["verified"] = count

    def _outside(self, _end):
        for source, note in self.kept:
            try:
                against(self.store, source, verified(note, self.keys))
            except NoteError as error:
                self._found(Finding("LOG-3", f"{source}: {error}"))
            except Broken as broken:
                self._found(broken.finding)
        return True

    def _guards(self, _end):
        for finding in self.store.guards():
            self._found(finding)
        return True

    def _rows(self, end):
        targets = live.targets(self.store.cr)
        while self.state["table"] < len(targets):
            target = targets[self.state["table"]]
            for record, finding in live.differences(self.store.cr, target, self.state["record"]):
                if finding:
                    self._found(finding)
                else:
                    self.state["record"] = record
                if time.monotonic() > end and not finding:
                    return False
            self.state["record"] = None
            self.state["table"] += 1
        return True
