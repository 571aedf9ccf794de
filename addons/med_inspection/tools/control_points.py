"""What is plotted on a control chart: readings to points.

A point belongs to one inspection, so that an alert can name it.
"""

from dataclasses import dataclass
from itertools import groupby

from . import spc


@dataclass(frozen=True)
class Value:
    """One standing reading.

    :ivar reading: its id
    :ivar inspection: id of its inspection; the readings of one stand together
    :ivar unit: serial or number of the unit, "" for the lot
    :ivar number: what is charted, exact text or Decimal; None for ``p`` and ``u``
    :ivar found: nonconformities that it found
    """

    reading: int
    inspection: int
    unit: str
    number: object = None
    found: int = 0


@dataclass(frozen=True)
class Plotted:
    """One point of a chart, before limits are known.

    :ivar key: id of its last reading: stays the same whatever is read later
    :ivar data: as :func:`.spc.chart` takes it
    """

    key: int
    inspection: int
    unit: str
    data: object


def plot(kind, size, values):
    """Return the points of a chart in order.

    ``xbar_r``: where each unit of an inspection has ``size`` readings, each unit is a subgroup;
    else the readings of an inspection, in order, ``size`` at a time; what is left over is not
    plotted, since a subgroup of another size has other limits. ``i_mr``: each reading. ``p`` and
    ``u``: each inspection, its nonconforming units or its nonconformities among the units read.

    :param kind: one of :data:`.spc.CHARTS`
    :param size: readings in a subgroup (``xbar_r`` only)
    :param values: :class:`Value` in order of inspection, then of time
    """
    points = []
    for inspection, group in groupby(values, lambda value: value.inspection):
        group = list(group)
        if kind == 'i_mr':
            points += [Plotted(one.reading, inspection, one.unit, one.number) for one in group]
        elif kind == 'xbar_r':
            points += [Plotted(part[-1].reading, inspection, _units(part),
                               tuple(one.number for one in part))
                       for part in _subgroups(group, size)]
        else:
            points.append(_share(kind, inspection, group))
    return points


def limits_of(kind, points):
    """Return the :class:`.spc.Limits` that points give.

    :raise SpcError: they are too few, or do not vary
    """
    make = {'xbar_r': spc.xbar_r_limits, 'i_mr': spc.i_mr_limits, 'p': spc.p_limits,
            'u': spc.u_limits}[kind]
    return make([point.data for point in points])


def singles(kind, points):
    """Return the single values behind the points, for the overall deviation."""
    if kind == 'xbar_r':
        return [number for point in points for number in point.data]
    return [point.data for point in points]


def _subgroups(group, size):
    by_unit = {}
    for one in group:
        by_unit.setdefault(one.unit, []).append(one)
    if all(len(several) == size for several in by_unit.values()):
        return list(by_unit.values())
    return [group[start:start + size] for start in range(0, len(group) - size + 1, size)]


def _units(part):
    return ', '.join(dict.fromkeys(one.unit for one in part if one.unit))


def _share(kind, inspection, group):
    units = {}
    for one in group:
        units[one.unit] = units.get(one.unit, 0) + one.found
    found = sum(units.values()) if kind == 'u' else sum(map(bool, units.values()))
    return Plotted(group[-1].reading, inspection, '', (found, len(units)))
