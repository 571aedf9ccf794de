"""Control charts with frozen limits, and capability.

Limits come from a phase-I set of points and are frozen (:meth:`Limits.kept`); later points are
judged by them, never the other way round. Decimal arithmetic, 28 digits kept.

The rules are those of :mod:`.run_rules`.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from .number import NumberError, exact
from .run_rules import NELSON, Point, SpcError, Violation, violations

# n: (A2, D3, D4, d2), to three decimals as ISO 7870-2 and the AIAG SPC manual print them
CONSTANTS = {size: tuple(map(Decimal, row.split())) for size, row in {
    2: '1.880 0 3.267 1.128', 3: '1.023 0 2.574 1.693', 4: '0.729 0 2.282 2.059',
    5: '0.577 0 2.114 2.326', 6: '0.483 0 2.004 2.534', 7: '0.419 0.076 1.924 2.704',
    8: '0.373 0.136 1.864 2.847', 9: '0.337 0.184 1.816 2.970',
    10: '0.308 0.223 1.777 3.078'}.items()}
CHARTS = ('xbar_r', 'i_mr', 'p', 'u')
_WORK = Context(prec=60, rounding=ROUND_HALF_EVEN)
_KEEP = Context(prec=28, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Limits:
    """Frozen limits of one chart.

    :ivar chart: one of ``CHARTS``
    :ivar size: units in a subgroup (``xbar_r``), 2 (``i_mr``, the span of a moving range), 0 (``p``
        and ``u``, where each point has its own)
    :ivar points: how many points of phase I they rest on
    :ivar center: grand mean, or the mean proportion or rate
    :ivar spread: mean range; 0 for ``p`` and ``u``
    """

    chart: str
    size: int
    points: int
    center: Decimal
    spread: Decimal

    def __post_init__(self):
        if self.chart not in CHARTS:
            raise SpcError('chart', self.chart)
        if self.size not in {'xbar_r': CONSTANTS, 'i_mr': (2,)}.get(self.chart, (0,)):
            raise SpcError('size', self.size)
        share = self.chart in ('p', 'u')
        if (self.center if share else self.spread) <= 0 or (
                self.chart == 'p' and self.center >= 1):
            raise SpcError('no_spread', self.chart)

    @property
    def sigma(self):
        """σ of single values within subgroups, R̄ / d2 (``xbar_r`` and ``i_mr`` only)."""
        return _KEEP.divide(self.spread, CONSTANTS[self.size][3]) if self.size else None

    def kept(self):
        """Return plain JSON types; the numbers as text, so that nothing is lost."""
        return {'chart': self.chart, 'size': self.size, 'points': self.points,
                'center': str(self.center), 'spread': str(self.spread)}

    @classmethod
    def read(cls, kept):
        """Return the Limits of what :meth:`kept` gave.

        :raise SpcError: it is not such a dict
        """
        try:
            return cls(kept['chart'], kept['size'], kept['points'], _number(kept['center']),
                       _number(kept['spread']))
        except (TypeError, KeyError):
            raise SpcError('kept', kept) from None


@dataclass(frozen=True)
class Series:
    """One line of a chart: ``mean``, ``range``, ``value``, ``moving_range``, ``share``, ``rate``.
    """

    name: str
    points: tuple[Point, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Capability:
    """Indices of a process against its specification; None where a side has no limit.

    :ivar both: (USL − LSL) / 6σ: Cp, or Pp with the overall σ
    :ivar low: (μ − LSL) / 3σ
    :ivar high: (USL − μ) / 3σ
    :ivar least: the smaller of the two, or the only one: Cpk, or Ppk
    """

    both: Decimal | None
    low: Decimal | None
    high: Decimal | None
    least: Decimal


def xbar_r_limits(subgroups):
    """Return the Limits of an X̄-R chart.

    :param subgroups: at least 2, each of the same 2…10 numbers
    """
    groups = _groups(subgroups)
    if len(groups) < 2:
        raise SpcError('too_few', len(groups))
    with localcontext(_WORK):
        center = sum(_mean(group) for group in groups) / len(groups)
        spread = sum(max(group) - min(group) for group in groups) / len(groups)
    return Limits('xbar_r', len(groups[0]), len(groups), _KEEP.plus(center), _KEEP.plus(spread))


def i_mr_limits(values):
    """Return the Limits of a chart of single values and their moving ranges of two.

    :param values: at least 2 numbers, in order of time
    """
    values = [_number(value) for value in values]
    if len(values) < 2:
        raise SpcError('too_few', len(values))
    with localcontext(_WORK):
        moves = [abs(two - one) for one, two in zip(values, values[1:], strict=False)]
        center, spread = _mean(values), _mean(moves)
    return Limits('i_mr', 2, len(values), _KEEP.plus(center), _KEEP.plus(spread))


def p_limits(samples):
    """Return the Limits of a chart of proportions.

    :param samples: at least 2 pairs (nonconforming units, units inspected)
    """
    return _share_limits('p', samples)


def u_limits(samples):
    """Return the Limits of a chart of rates.

    :param samples: at least 2 pairs (nonconformities, units inspected)
    """
    return _share_limits('u', samples)


def chart(limits, data, rules=NELSON, range_rules=('beyond_3s',)):
    """Return the Series of a chart, judged by frozen limits.

    Ranges and moving ranges are not spread evenly about their mean: by default only the limits
    themselves are watched there. Limits of ``p`` and ``u`` follow each point's own n, so that the
    zones do too.

    :param Limits limits: frozen
    :param data: as the function that made the limits takes it, one item or more
    :param rules: names out of ``WESTERN_ELECTRIC`` and ``NELSON``
    :return: two :class:`Series` (``xbar_r``, ``i_mr``) or one
    :raise SpcError: an unknown rule, or data of another shape than the limits
    """
    if limits.chart in ('p', 'u'):
        points = [_share_point(limits, index, *_counted(limits.chart, pair))
                  for index, pair in enumerate(data)]
        return (_series('share' if limits.chart == 'p' else 'rate', points, rules),)
    a2, d3, d4, d2 = CONSTANTS[limits.size]
    with localcontext(_WORK):
        if limits.chart == 'xbar_r':
            groups = _groups(data, limits.size)
            names, width = ('mean', 'range'), a2 * limits.spread
            main = [_mean(group) for group in groups]
            ranges = list(enumerate(max(group) - min(group) for group in groups))
        else:
            names, width = ('value', 'moving_range'), 3 * limits.spread / d2
            main = [_number(value) for value in data]
            ranges = [(index, abs(two - one)) for index, (one, two) in
                      enumerate(zip(main, main[1:], strict=False), 1)]
        lines = (limits.center, width, limits.center - width, limits.center + width)
        points = [Point(index, *map(_KEEP.plus, (value, *lines)))
                  for index, value in enumerate(main)]
        lines = (limits.spread, (d4 - 1) * limits.spread, d3 * limits.spread, d4 * limits.spread)
        spans = [Point(index, *map(_KEEP.plus, (value, *lines[:2])),
                       _KEEP.plus(lines[2]) if d3 else None, _KEEP.plus(lines[3]))
                 for index, value in ranges]
    return _series(names[0], points, rules), _series(names[1], spans, range_rules)


def capability(mean, sigma, lower=None, upper=None):
    """Return Cp and Cpk (σ within subgroups) or Pp and Ppk (σ of :func:`overall`).

    :param mean: number
    :param sigma: number above 0
    :param lower: LSL, or None
    :param upper: USL, or None; at least one of the two
    :raise SpcError: ``no_spread``, ``limits``, or no number
    """
    mean, sigma = _number(mean), _number(sigma)
    lower, upper = (None if limit is None else _number(limit) for limit in (lower, upper))
    if sigma <= 0:
        raise SpcError('no_spread', sigma)
    if lower is None and upper is None or None not in (lower, upper) and lower >= upper:
        raise SpcError('limits', (lower, upper))
    with localcontext(_WORK):
        low = None if lower is None else _KEEP.plus((mean - lower) / (3 * sigma))
        high = None if upper is None else _KEEP.plus((upper - mean) / (3 * sigma))
        both = None if None in (low, high) else _KEEP.plus((upper - lower) / (6 * sigma))
    return Capability(both, low, high, min(side for side in (low, high) if side is not None))


def overall(values):
    """Return mean and sample standard deviation (n − 1) of all single values.

    :param values: at least 2 numbers, not all equal
    """
    values = [_number(value) for value in values]
    if len(values) < 2:
        raise SpcError('too_few', len(values))
    with localcontext(_WORK):
        mean = _mean(values)
        deviation = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)).sqrt()
    if not deviation:
        raise SpcError('no_spread', mean)
    return _KEEP.plus(mean), _KEEP.plus(deviation)


def _number(value):
    try:
        return exact(value)
    except NumberError as error:
        raise SpcError(error.code, value) from None


def _mean(values):
    return sum(values) / len(values)


def _groups(subgroups, size=None):
    groups = [[_number(value) for value in group] for group in subgroups]
    for group in groups:
        if len(group) != (size or len(groups[0])) or len(group) not in CONSTANTS:
            raise SpcError('size', len(group))
    return groups


def _counted(chart, pair):
    found, units = pair
    for number in (found, units):
        if type(number) is not int or number < 0:
            raise SpcError('count', number)
    if not units or (chart == 'p' and found > units):
        raise SpcError('count', (found, units))
    return found, units


def _share_limits(chart, samples):
    counted = [_counted(chart, pair) for pair in samples]
    if len(counted) < 2:
        raise SpcError('too_few', len(counted))
    center = _KEEP.divide(Decimal(sum(found for found, _units in counted)),
                          Decimal(sum(units for _found, units in counted)))
    return Limits(chart, 0, len(counted), center, Decimal(0))


def _share_point(limits, index, found, units):
    with localcontext(_WORK):
        center = limits.center
        variance = center * (1 - center) if limits.chart == 'p' else center
        width = _KEEP.plus(3 * (variance / units).sqrt())
        lower = _KEEP.plus(center - width) if center > width else None
        upper = _KEEP.plus(center + width)
        if limits.chart == 'p' and upper > 1:
            upper = None
        return Point(index, _KEEP.plus(Decimal(found) / units), center, width, lower, upper)


def _series(name, points, rules):
    return Series(name, tuple(points), violations(points, rules))
