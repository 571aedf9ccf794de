"""The simulated time in which the demonstration company's documents are posted."""

import heapq
import itertools
from datetime import datetime, time, timedelta

import holidays
from freezegun import freeze_time

# A log line tells when it was really written, not the simulated time.
REAL_TIME_MODULES = ["logging"]


class Clock:
    """Freezes Python's clock and the transaction's time stamp at the same moment.

    Odoo takes a document's dates from `datetime.now()` and `create_date` / `write_date` from
    `cr.now()`, which is read once a transaction; both follow `at()`. PostgreSQL's own `now()`
    (triggers, `CURRENT_TIMESTAMP`) is left true: an audit trail must say when it was written.
    """

    def __init__(self, env, moment):
        self.env = env
        self._freezer = freeze_time(moment, ignore=REAL_TIME_MODULES)
        self._frozen = None
        self._moment = moment

    def __enter__(self):
        self._frozen = self._freezer.start()
        self.at(self._moment)
        return self

    def __exit__(self, *exc):
        self._freezer.stop()
        self.env.cr._now = None

    def at(self, moment):
        """Move to `moment` (naive UTC datetime, as Odoo's own)."""
        self._moment = moment
        self._frozen.move_to(moment)
        self.env.cr._now = moment

    def later(self, **delta):
        """Let some time pass: keywords of `timedelta`."""
        self.at(self._moment + timedelta(**delta))

    @property
    def now(self):
        return self._moment


class WorkingDays:
    """The working days of a Chinese factory: Monday to Friday without public holidays.

    `holidays` knows the holidays and days off in lieu announced so far; in a year it does not
    know yet only the fixed ones count, which is good enough for made-up history.
    """

    def __init__(self):
        self._off = holidays.country_holidays("CN")

    def is_open(self, day):
        return day.weekday() < 5 and day not in self._off

    def on_or_after(self, day):
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def add(self, day, count):
        """The day that is `count` working days after `day`."""
        day = self.on_or_after(day)
        for _step in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day


class Timeline:
    """Things that are going to happen, taken in the order of their time.

    Two at the same time keep the order in which they were planned, so a run is repeatable.
    """

    def __init__(self, end):
        """`end` is the last moment (naive UTC) at which anything may happen."""
        self.end = end
        self.left_out = 0
        self._queue = []
        self._order = itertools.count()

    def plan(self, moment, action):
        if moment > self.end:
            self.left_out += 1
            return
        heapq.heappush(self._queue, (moment, next(self._order), action))

    def __iter__(self):
        while self._queue:
            moment, _order, action = heapq.heappop(self._queue)
            yield moment, action


def at_hour(day, hour, minute=0):
    """`hour`:`minute` in China (UTC+8, no summer time) on `day`, as naive UTC."""
    return datetime.combine(day, time(hour, minute)) - timedelta(hours=8)
