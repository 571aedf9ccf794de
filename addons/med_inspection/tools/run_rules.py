"""Run rules: which patterns of points on a control chart are worth a look.

The rules, so that a count can be repeated by hand (Western Electric, Statistical Quality Control
Handbook, 1956; Nelson, Journal of Quality Technology 16, 1984). σ is a third of the way from the
centre line to the upper limit. *Beyond* is strict: a point on a line is not beyond it, it belongs
to the zone inside; a point on the centre line is on neither side and ends a run. A rule is reported
at each point that completes or continues its pattern, which ends with that point:

========================  =========================================================================
``beyond_3s``             1 point beyond a control limit (Western Electric 1, Nelson 1)
``two_of_three_2s``       2 of at most 3 points in a row beyond 2σ on the same side, the last one
                          of them (Western Electric 2, Nelson 5)
``four_of_five_1s``       4 of at most 5 points in a row beyond 1σ on the same side, the last one
                          of them (Western Electric 3, Nelson 6)
``eight_one_side``        8 points in a row on one side of the centre line (Western Electric 4)
``nine_one_side``         9 points in a row on one side of the centre line (Nelson 2)
``six_trend``             6 points in a row, each higher than the one before, or each lower: five
                          steps; an equal point ends the trend (Nelson 3)
``fourteen_alternating``  14 points in a row alternating up and down: thirteen steps, none of them
                          level (Nelson 4)
``fifteen_within_1s``     15 points in a row not beyond 1σ, on either side (Nelson 7)
``eight_outside_1s``      8 points in a row beyond 1σ, some above and some below (Nelson 8)
========================  =========================================================================
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

WESTERN_ELECTRIC = ('beyond_3s', 'two_of_three_2s', 'four_of_five_1s', 'eight_one_side')
NELSON = ('beyond_3s', 'nine_one_side', 'six_trend', 'fourteen_alternating', 'two_of_three_2s',
          'four_of_five_1s', 'fifteen_within_1s', 'eight_outside_1s')
_WORK = Context(prec=60, rounding=ROUND_HALF_EVEN)


class SpcError(ValueError):
    """No chart, limit or index follows from what was given.

    :ivar code: ``chart``, ``rule``, ``too_few``, ``size``, ``count``, ``no_spread``, ``limits``,
        ``kept``, or why a value is no number (:class:`.number.NumberError`)
    """

    def __init__(self, code, value=None):
        super().__init__(f'{code}: {value}')
        self.code = code
        self.value = value


@dataclass(frozen=True)
class Point:
    """One plotted point and the lines it is judged by.

    :ivar index: of the subgroup, value or sample, from 0
    :ivar three_sigma: distance from the centre line to an unclipped limit
    :ivar lower: None: no limit on that side (it would lie at or below 0)
    :ivar upper: None: no limit on that side (a proportion above 1)
    """

    index: int
    value: Decimal
    center: Decimal
    three_sigma: Decimal
    lower: Decimal | None
    upper: Decimal | None

    def beyond(self, sigmas):
        """Return 1 above so many σ, −1 below as many, else 0."""
        with localcontext(_WORK):
            off = self.value - self.center
            return (abs(3 * off) > sigmas * self.three_sigma) * ((off > 0) - (off < 0))


@dataclass(frozen=True)
class Violation:
    """A rule that the points up to ``index`` break, and the first point of the pattern."""

    rule: str
    index: int
    first: int


def violations(points, rules=NELSON):
    """Return every Violation of the rules by the points, in order of index and of rules.

    :param points: :class:`Point` in order
    :raise SpcError: an unknown rule
    """
    if unknown := [rule for rule in rules if rule not in _RULES]:
        raise SpcError('rule', unknown[0])
    found = []
    for end in range(len(points)):
        for rule in rules:
            length, broken = _RULES[rule]
            first = broken(points[max(0, end + 1 - length):end + 1], length)
            if first is not None:
                found.append(Violation(rule, points[end].index, first.index))
    return tuple(found)


def _limit(window, _length):
    one = window[-1]
    high = one.upper is not None and one.value > one.upper
    return one if high or (one.lower is not None and one.value < one.lower) else None


def _some(count, sigmas):
    def broken(window, _length):
        side = window[-1].beyond(sigmas)
        same = [point for point in window if side and point.beyond(sigmas) == side]
        return same[0] if len(same) >= count else None
    return broken


def _one_side(window, length):
    sides = {point.beyond(0) for point in window}
    return window[0] if len(window) == length and sides in ({1}, {-1}) else None


def _steps(window):
    return [(two.value > one.value) - (two.value < one.value)
            for one, two in zip(window, window[1:], strict=False)]


def _trend(window, length):
    return window[0] if len(window) == length and set(_steps(window)) in ({1}, {-1}) else None


def _alternating(window, length):
    steps = _steps(window)
    turns = all(one * two == -1 for one, two in zip(steps, steps[1:], strict=False))
    return window[0] if len(window) == length and turns else None


def _within(window, length):
    return window[0] if len(window) == length and not any(
        point.beyond(1) for point in window) else None


def _outside(window, length):
    sides = {point.beyond(1) for point in window}
    return window[0] if len(window) == length and sides == {1, -1} else None


_RULES = {  # name: (points looked at, the first point of a broken pattern or None)
    'beyond_3s': (1, _limit),
    'two_of_three_2s': (3, _some(2, 2)),
    'four_of_five_1s': (5, _some(4, 1)),
    'eight_one_side': (8, _one_side),
    'nine_one_side': (9, _one_side),
    'six_trend': (6, _trend),
    'fourteen_alternating': (14, _alternating),
    'fifteen_within_1s': (15, _within),
    'eight_outside_1s': (8, _outside),
}
