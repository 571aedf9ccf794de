"""What a processor was sent, and what became of it: exact sums of a period, per product and lot.

opening + late + sent + made = used + scrapped + returned + adjusted + closing

Nothing here reads a database: the postings come in, in the product's unit. Each falls in exactly
one column; sums are made in decimal arithmetic, and nothing is rounded away.
"""

from dataclasses import dataclass, fields
from decimal import Decimal

INTO = {
    "transfer": ("sent", 1), "product": ("made", 1), "material": ("used", -1),
    "scrap": ("scrapped", -1), "unbuild": ("adjusted", -1), "count": ("adjusted", -1),
    "repack": ("adjusted", -1), "other": ("adjusted", -1),
}
"""Kind of a posting that brings goods to the place → its column, and the sign there."""

OUT_OF = {
    "transfer": ("returned", 1), "product": ("made", -1), "material": ("used", 1),
    "scrap": ("scrapped", 1), "unbuild": ("adjusted", 1), "count": ("adjusted", 1),
    "repack": ("adjusted", 1), "other": ("adjusted", 1),
}
"""Kind of a posting that takes goods from the place → its column, and the sign there."""

PLUS = ("opening", "late", "sent", "made")
MINUS = ("used", "scrapped", "returned", "adjusted", "closing")
MOVED = ("sent", "made", "used", "scrapped", "returned", "adjusted")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Sums:
    """One row of a statement.

    :ivar opening: there at the beginning; what was signed as closing last time, where it was
    :ivar late: what is known by now of the time before, beside what was signed then
    :ivar adjusted: counted less than the books said, taken apart or repacked; more is below zero
    :ivar closing: there at the end
    :ivar moved: what all postings up to now leave there
    :ivar there: what the stock says is there now; it knows nothing of the postings
    """

    opening: Decimal = ZERO
    late: Decimal = ZERO
    sent: Decimal = ZERO
    made: Decimal = ZERO
    used: Decimal = ZERO
    scrapped: Decimal = ZERO
    returned: Decimal = ZERO
    adjusted: Decimal = ZERO
    closing: Decimal = ZERO
    moved: Decimal = ZERO
    there: Decimal = ZERO

    @property
    def difference(self):
        """What the stock has beside what the postings leave; never hidden."""
        return self.there - self.moved

    @property
    def balanced(self):
        """Whether both sides of the equation are the same."""
        return sum((getattr(self, one) for one in PLUS), ZERO) == sum(
            (getattr(self, one) for one in MINUS), ZERO)

    @property
    def empty(self):
        """Whether there is nothing to say."""
        return not any(getattr(self, one) for one in NAMES if one not in ("moved", "there")) and (
            not self.difference)


NAMES = tuple(one.name for one in fields(Sums))


def column(side, kind):
    """Return the one column of a posting, and its sign there.

    :param side: ``in``: to the place; ``out``: from it
    :raise KeyError: an unknown side or kind: it is not left out of the sum in silence
    """
    return {"in": INTO, "out": OUT_OF}[side][kind]


def statement(postings, there=(), signed=None):
    """Return ``{key: Sums}`` of all that is not empty.

    :param postings: iterable of ``(key, at, side, kind, quantity)``; ``at`` is ``before``,
        ``within`` or ``after`` the period; quantities as Decimal, int or exact text
    :param there: iterable of ``(key, quantity)`` that the stock says is there now
    :param signed: ``{key: closing}`` of the statement before; None where there is none
    """
    found = {}

    def row(key):
        return found.setdefault(key, dict.fromkeys(NAMES, ZERO))

    for key, at, side, kind, quantity in postings:
        name, sign = column(side, kind)
        amount = Decimal(quantity)
        change, one = amount if side == "in" else -amount, row(key)
        one["moved"] += change
        if at == "before":
            one["opening"] += change
        elif at == "within":
            one[name] += sign * amount
        elif at != "after":
            raise KeyError(at)
    for key, quantity in there:
        row(key)["there"] += Decimal(quantity)
    if signed is not None:
        for key, quantity in signed.items():
            row(key)
            found[key]["late"] = found[key]["opening"] - Decimal(quantity)
            found[key]["opening"] = Decimal(quantity)
        for key in found.keys() - signed.keys():
            found[key]["late"], found[key]["opening"] = found[key]["opening"], ZERO
    for one in found.values():
        one["closing"] = sum((one[name] for name in PLUS), ZERO) - sum(
            (one[name] for name in MINUS[:-1]), ZERO)
    sums = {key: Sums(**one) for key, one in found.items()}
    return {key: one for key, one in sums.items() if not one.empty}


def outdated(kept, live):
    """Return the keys of which a kept statement no longer says what the postings say.

    :param kept: ``{key: Sums}`` as issued
    :param live: ``{key: Sums}`` of the same period now, without what was signed before
    """
    nothing, names = Sums(), (*MOVED, "closing")
    return {key for key in kept.keys() | live.keys() if any(
        getattr(kept.get(key, nothing), name) != getattr(live.get(key, nothing), name)
        for name in names)}
