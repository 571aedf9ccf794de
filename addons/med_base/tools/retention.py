"""How long a record must be kept: the longest of all rules that may apply.

Nothing here ever shortens a retention by guessing: a fact that is not known makes the answer
"unknown", and unknown means keep.
"""

from dataclasses import dataclass
from datetime import date

BASES = ("release", "expiry", "life_end", "certificate_end", "last_market", "record")
CONDITIONS = ("always", "implant", "not_implant", "expiry", "no_expiry", "class_1", "not_class_1")
UNTIL, FOR_EVER, UNKNOWN = "until", "for_ever", "unknown"


class RetentionError(ValueError):
    """A rule or fact that cannot be used."""


@dataclass(frozen=True)
class Rule:
    """One statutory or company rule.

    :param key: what the caller recognises it by
    :param market: code of the jurisdiction, or "" for a rule of the company itself
    :param condition: one of CONDITIONS
    :param base: one of BASES, the date the years are counted from
    :param years: whole years after that date; 0 keeps until the date itself
    :param for_ever: kept without end; base and years are not read
    """

    key: object
    market: str
    condition: str = "always"
    base: str = "record"
    years: int = 0
    for_ever: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of the record and its device; None is "not known".

    :param dates: date of each of BASES that is known
    :param implant: whether the device is an implant
    :param has_expiry: whether the device bears an expiry date
    :param class_1: whether the device is of class I
    """

    dates: dict
    implant: bool | None = None
    has_expiry: bool | None = None
    class_1: bool | None = None


@dataclass(frozen=True)
class Retention:
    """``status`` is "until" (with the last day in ``until``), "for_ever" or "unknown".

    ``decisive`` are the keys of the rules that decide, ``missing`` the facts that are lacking.
    """

    status: str
    until: date | None = None
    decisive: tuple = ()
    missing: tuple = ()

    def must_keep(self, today: date) -> bool:
        """Tell whether the record must still be there on ``today``."""
        return self.status != UNTIL or today <= self.until


def effective(rules, facts: Facts, markets) -> Retention:
    """Return the longest retention of the rules of ``markets`` and of the company's own rules.

    No rule at all, or a market without a rule, is unknown. For ever beats unknown, unknown
    beats every date.
    """
    markets = frozenset(markets)
    rules = [rule for rule in rules if not rule.market or rule.market in markets]
    covered = {rule.market for rule in rules}
    missing = {f"rule:{market}" for market in markets - covered}
    if not markets:
        missing.add("markets")
    ends, for_ever = {}, []
    for rule in rules:
        applies = _applies(rule.condition, facts)
        if applies is False:
            continue
        if applies is None:
            missing.add(_fact_of(rule.condition))
        elif rule.for_ever:
            for_ever.append(rule.key)
        elif (start := facts.dates.get(rule.base)) is None:
            missing.add(rule.base)
        else:
            ends[rule.key] = add_years(start, rule.years)
    if for_ever:
        return Retention(FOR_EVER, decisive=tuple(for_ever))
    if missing or not ends:
        return Retention(UNKNOWN, missing=tuple(sorted(missing or {"rule"})))
    last = max(ends.values())
    return Retention(UNTIL, last, tuple(key for key, end in ends.items() if end == last))


def add_years(day: date, years: int) -> date:
    """Add whole years; 29 February becomes 1 March, so that nothing is kept a day too short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if day.year + years > date.max.year:
            raise RetentionError("the end of retention is beyond the calendar") from None
        return date(day.year + years, 3, 1)


def _fact_of(condition):
    return {"expiry": "has_expiry", "no_expiry": "has_expiry"}.get(
        condition, condition.removeprefix("not_")
    )


def _applies(condition, facts):
    """True, False, or None when the fact is not known."""
    if condition == "always":
        return True
    if condition not in CONDITIONS:
        raise RetentionError(f"condition must be one of {', '.join(CONDITIONS)}")
    fact = getattr(facts, _fact_of(condition))
    if fact is None:
        return None
    return fact != condition.startswith(("not_", "no_"))
