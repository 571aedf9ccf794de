"""What the figures of quality are: shares, rates, periods, ages, and the order of causes.

The formulas of every trend and of the management review stand here and nowhere else; what is
counted is named in ``docs/user/trends.md``.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

BUCKETS = (("0_30", 30), ("31_60", 60), ("61_90", 90))
OLDEST = "over_90"
"""Age of an open record: the last day of each span, and the name of what is older."""


@dataclass(frozen=True)
class Period:
    """A period of whole days in a company's own time.

    :ivar begin: first moment of ``date_from`` in UTC
    :ivar end: first moment after ``date_to`` in UTC
    """

    date_from: date
    date_to: date
    begin: object
    end: object


@dataclass(frozen=True)
class Figure:
    """One figure: a count, or so many of so many.

    :ivar code: names it, and the words about it
    :ivar numerator: what is counted
    :ivar denominator: of how many; None where it is a mere count
    :ivar per: of 100: a percentage, or a rate per hundred; of 1: a mean
    :ivar unit: key of the unit
    :ivar detail: further lines of text, the most important first
    """

    code: str
    numerator: int
    denominator: int | None = None
    per: int = 1
    unit: str = "number"
    detail: tuple[str, ...] = ()

    @property
    def value(self):
        """Return the figure as decimal text; empty where there is nothing to divide by."""
        return str(self.numerator) if self.denominator is None else share(
            self.numerator, self.denominator, self.per)


@dataclass(frozen=True)
class Bar:
    """One cause of a Pareto chart: its count, its share and that of it and all before it, in %."""

    key: object
    count: int
    share: str
    cumulative: str


def share(numerator, denominator, per=100):
    """Return numerator ÷ denominator × per, rounded half up to one place, as decimal text.

    :return: ``"92.3"``; empty where the denominator is 0: nothing was counted, which is not 0
    """
    if not denominator:
        return ""
    exact = Decimal(numerator) * per / Decimal(denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def pareto(counts):
    """Return the causes as :class:`Bar`, the most frequent first, those equal by their key.

    The cumulative share is that of the running sum, so that roundings do not add up.

    :param counts: iterable of (key, count)
    """
    rows = sorted(counts, key=lambda row: (-row[1], str(row[0])))
    total, running, bars = sum(count for _key, count in rows), 0, []
    for key, count in rows:
        running += count
        bars.append(Bar(key, count, share(count, total), share(running, total)))
    return bars


def bucket(days):
    """Return the name of the span that an age in days falls into."""
    return next((name for name, last in BUCKETS if days <= last), OLDEST)


def before(date_from, date_to):
    """Return first and last day of the period that this one is compared with.

    Whole months are compared with as many whole months, other periods with as many days.
    """
    end = date_from - timedelta(1)
    if date_from.day == 1 and date_to.day == monthrange(date_to.year, date_to.month)[1]:
        months = (date_to.year - date_from.year) * 12 + date_to.month - date_from.month + 1
        return back(date_from, months), end
    return end - (date_to - date_from), end


def back(day, months):
    """Return the first day of the month that lies some months before that of a day."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def months(today, count):
    """Return (first day, last day) of the last months, the oldest first, this one included."""
    firsts = [back(today, number) for number in range(count - 1, -1, -1)]
    return [(first, first.replace(day=monthrange(first.year, first.month)[1])) for first in firsts]
