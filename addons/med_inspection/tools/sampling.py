"""How many units of a lot to inspect, which ones, and how many bad ones it may hold.

Single sampling by attributes after ISO 2859-1:1999 (GB/T 2828.1-2012, MIL-STD-105E, ANSI/ASQ
Z1.4), c = 0 plans from LTPD and β, √n + 1 of containers, every unit, and the stated omission of a
lot. All decisions in whole numbers and fractions. The tables come in as parsed JSON
(``data/sampling_iso2859_1.json``, ``data/sampling_standards.json``); the seed too.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from heapq import nsmallest
from math import comb, isqrt, log, log1p

from .number import NumberError, exact

LEVELS = ('S-1', 'S-2', 'S-3', 'S-4', 'I', 'II', 'III')
SEVERITIES = ('normal', 'tightened', 'reduced')
MODES = ('percent', 'per_100')
CONTAINER_RULES = ('sqrt_plus_1', 'stepped')
_LEAST_LTPD = Fraction(1, 10_000)
_LEAST_BETA = Fraction(1, 10_000)


class PlanError(ValueError):
    """No plan follows from what was given.

    :ivar field: the argument to mend: ``lot_size``, ``level``, ``aql``, ``severity``…
    :ivar code: what is wrong with it: ``unknown``, ``missing``, ``not_held``, ``out_of_range``…
    """

    def __init__(self, field, code, value=None):
        super().__init__(f'{field}: {code} ({value!r})')
        self.field = field
        self.code = code
        self.value = value


@dataclass(frozen=True)
class Plan:
    """What to inspect of one lot for one class of nonconformity; plain values, to be kept as JSON.

    :ivar kind: ``aql``, ``full`` (every unit), ``zero`` (c = 0), ``containers`` or ``omitted``
    :ivar sample_size: units to inspect, never more than the lot
    :ivar accept: Ac, in nonconforming units (mode ``percent``) or nonconformities (``per_100``)
    :ivar reject: Re, in the same
    :ivar full: every unit is inspected
    :ivar gap: a lot with Ac < d < Re is accepted (reduced plans of MIL-STD-105E and Z1.4)
    :ivar table_size: n of the table, also where the lot is smaller
    :ivar code_letter: by lot size and level
    :ivar plan_letter: whose n, Ac and Re apply
    :ivar arrow: the table sent from the one letter to the other
    :ivar single_source: the cell was read in one publication only
    :ivar basis: the other numbers and texts that the plan rests on, as ``(name, text)`` pairs
    """

    kind: str
    lot_size: int
    sample_size: int
    accept: int
    reject: int
    full: bool
    mode: str = 'percent'
    gap: bool = False
    standard: str = ''
    level: str = ''
    aql: str = ''
    severity: str = ''
    code_letter: str = ''
    plan_letter: str = ''
    table_size: int = 0
    arrow: bool = False
    single_source: bool = False
    basis: tuple[tuple[str, str], ...] = ()

    def accepts(self, found):
        """Return whether a lot with so many found is accepted."""
        return found <= self.accept or (self.gap and found < self.reject)


@dataclass(frozen=True)
class Tables:
    """The master tables and the editions that use them; made by :func:`load`.

    :ivar aqls: AQL as the table writes it, ascending
    :ivar letters: ``(last lot size or None, {level: code letter})``, ascending
    :ivar cells: severity → code letter → AQL → ``(plan letter, n, Ac, Re)`` after the arrow
    :ivar single_source: ``(severity, code letter, AQL)``
    :ivar standards: key → its entry in ``sampling_standards.json``
    """

    aqls: tuple[str, ...]
    letters: tuple
    cells: dict
    single_source: frozenset
    standards: dict


def load(document, standards):
    """Return the Tables of the two parsed JSON files.

    :raise PlanError: a cell is missing or contradicts itself; field is the table's name
    """
    aqls = tuple(document['aql'])
    ranges = document['code_letters']
    ends = [row['lot_max'] for row in ranges]
    starts = [row['lot_min'] for row in ranges]
    if starts != [2, *(end + 1 for end in ends[:-1])] or ends[-1] is not None:
        raise PlanError('code_letters', 'not_contiguous')
    letters = tuple((row['lot_max'], {level: row[level] for level in LEVELS}) for row in ranges)
    used = {letter for _end, by_level in letters for letter in by_level.values()}
    common = {name: _checked(name, table, used, aqls) for name, table in
              document['tables'].items()}
    known = {}
    for key, entry in standards['standards'].items():
        own = {name: _checked(f'{key}.{name}', table, used, aqls, entry['gap'])
               for name, table in entry.get('tables', {}).items()}
        known[key] = {**entry, 'cells': {
            **{name: common[name] for name in entry['severities']}, **own}, 'own': frozenset(own)}
    return Tables(aqls, letters, common, frozenset(map(tuple, document['single_source'])), known)


def _checked(name, table, letters, aqls, gap=False):
    for letter in letters:
        for aql in aqls:
            _plan, size, accept, reject = table.get(letter, {}).get(aql) or ('', 0, 0, 0)
            if size < 2 or accept < 0 or reject <= accept or (reject > accept + 1 and not gap):
                raise PlanError(name, 'bad_cell', f'{letter} {aql}')
    return table


def plan(tables, lot_size, level, aql, severity, standard, mode='percent'):
    """Return the single sampling plan of a lot (ISO 2859-1:1999, 10; tables 1, 2-A, 2-B, 2-C).

    n, Ac and Re all come from the row the arrow leads to. Where n reaches the lot size every unit
    is inspected. The tables begin at lots of two; a lot of one is inspected whole by each of them
    and reads the first row.

    :param Tables tables: of :func:`load`
    :param int lot_size: units, at least 1
    :param str level: one of ``LEVELS``
    :param aql: text, int or Decimal that the table has, for example ``"0.65"``
    :param str severity: ``normal``, ``tightened`` or ``reduced``
    :param str standard: key of ``sampling_standards.json``
    :param str mode: ``percent`` (nonconforming units) or ``per_100`` (nonconformities per 100
        items); an AQL above 10 exists only as the latter
    :raise PlanError: naming the argument
    """
    lot_size = _lot_size(lot_size)
    if standard not in tables.standards:
        raise PlanError('standard', 'unknown', standard)
    if level not in LEVELS:
        raise PlanError('level', 'unknown', level)
    if severity not in SEVERITIES:
        raise PlanError('severity', 'unknown', severity)
    if mode not in MODES:
        raise PlanError('mode', 'unknown', mode)
    aql = _aql(tables, aql)
    if Decimal(aql) > 10 and mode == 'percent':
        raise PlanError('aql', 'only_per_100', aql)
    entry = tables.standards[standard]
    if severity not in entry['cells']:
        raise PlanError('severity', 'not_held', severity)
    letter = next(by_level[level] for end, by_level in tables.letters
                  if end is None or lot_size <= end)
    plan_letter, size, accept, reject = entry['cells'][severity][letter][aql]
    return Plan(
        'aql', lot_size, min(size, lot_size), accept, reject, size >= lot_size, mode,
        gap=entry['gap'] and severity == 'reduced', standard=standard, level=level, aql=aql,
        severity=severity, code_letter=letter, plan_letter=plan_letter, table_size=size,
        arrow=plan_letter != letter,
        single_source=severity not in entry['own']
        and (severity, letter, aql) in tables.single_source)


def stricter_accept(tables, used):
    """Return Ac with the AQL one step tighter for the sample that was inspected, or None.

    For the switching score (ISO 2859-1:1999, 9.3.3.2). The row is that of the plan letter, whose
    n was inspected. None where the table has no tighter AQL or would ask for another n: what a
    larger sample would have shown is not known, so nothing is gained.

    :param Plan used: an ``aql`` plan
    """
    place = tables.aqls.index(used.aql)
    table = tables.standards[used.standard]['cells'][used.severity]
    if place == 0 or used.plan_letter not in table:
        return None
    _letter, size, accept, _reject = table[used.plan_letter][tables.aqls[place - 1]]
    return accept if size == used.table_size else None


def every_unit(lot_size, accept=0, mode='percent'):
    """Return the plan that inspects every unit.

    :param int accept: how many may be found before the lot as a whole is not accepted
    """
    lot_size = _lot_size(lot_size)
    if isinstance(accept, bool) or not isinstance(accept, int) or accept < 0:
        raise PlanError('accept', 'out_of_range', accept)
    if mode not in MODES:
        raise PlanError('mode', 'unknown', mode)
    return Plan('full', lot_size, lot_size, accept, accept + 1, True, mode, table_size=lot_size)


def zero_binomial(lot_size, ltpd_percent, beta_percent):
    """Return the c = 0 plan for a lot taken from a long series.

    The smallest n with (1 − LTPD) ** n ≤ β: a lot as bad as the LTPD is accepted with a
    probability of at most β.

    :param ltpd_percent: text, int or Decimal, from 0.01 to below 100
    :param beta_percent: text, int or Decimal, from 0.01 to below 100
    :raise PlanError: naming the argument
    """
    lot_size = _lot_size(lot_size)
    bad, beta = _risk(ltpd_percent, beta_percent)
    good = 1 - bad

    def enough(size):
        return (good.numerator ** size * beta.denominator
                <= beta.numerator * good.denominator ** size)

    size = max(1, int(log(beta) / log1p(-bad)) - 1)  # near it: what decides is exact
    while size > 1 and enough(size):
        size -= 1
    while not enough(size):
        size += 1
    return _zero('binomial', lot_size, size, ltpd_percent, beta_percent)


def zero_hypergeometric(lot_size, ltpd_percent, beta_percent):
    """Return the c = 0 plan for one finite lot, drawn without putting back.

    The smallest n with C(N − D, n) / C(N, n) ≤ β, D being the smallest count of bad units that is
    at least LTPD of N: every lot as bad as the LTPD or worse is accepted with at most β.

    :raise PlanError: as :func:`zero_binomial`
    """
    lot_size = _lot_size(lot_size)
    bad, beta = _risk(ltpd_percent, beta_percent)
    count = -(-lot_size * bad.numerator // bad.denominator)

    def enough(size):
        few, other = sorted((size, count))
        return (comb(lot_size - other, few) * beta.denominator
                <= beta.numerator * comb(lot_size, few))

    return _zero('hypergeometric', lot_size, _smallest(enough, lot_size),
                 ltpd_percent, beta_percent)


def _zero(model, lot_size, size, ltpd, beta):
    return Plan('zero', lot_size, min(size, lot_size), 0, 1, size >= lot_size, table_size=size,
                basis=(('model', model), ('ltpd_percent', str(ltpd)), ('beta_percent', str(beta))))


def _smallest(enough, last):
    """Return the smallest of 1…last that is enough; all above it are, and last is."""
    low, high = 0, 1
    while not enough(high):
        low, high = high, min(high * 2, last)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def containers(count, rule='sqrt_plus_1'):
    """Return from how many containers of a delivery to sample; none may fail.

    ``sqrt_plus_1``: √N rounded up, plus 1. ``stepped``: all up to 3, √N + 1 up to 300, √N / 2 + 1
    above, rounded up (usual for materials in China). Neither is a plan with a stated risk.

    :raise PlanError: naming the argument
    """
    count = _lot_size(count)
    if rule not in CONTAINER_RULES:
        raise PlanError('rule', 'unknown', rule)
    if rule == 'stepped' and count <= 3:
        size = count
    elif rule == 'stepped' and count > 300:
        size = _root_up(-(-count // 4)) + 1
    else:
        size = _root_up(count) + 1
    return Plan('containers', count, min(size, count), 0, 1, size >= count, table_size=size,
                basis=(('rule', rule),))


def _root_up(number):
    root = isqrt(number)
    return root + (root * root < number)


def omitted(lot_size, reason, authority):
    """Return the plan of a lot that is not drawn: skip-lot, as a stated omission.

    No rule here decides that a lot may be skipped (ISO 2859-3 is not implemented): a person does,
    gives the reason, and the lot is recorded as not inspected, which no verdict calls accepted.

    :param str authority: who or what allowed it, for example the number of a signed approval
    :raise PlanError: a text is blank
    """
    lot_size = _lot_size(lot_size)
    for field, text in (('reason', reason), ('authority', authority)):
        if not isinstance(text, str) or not text.strip():
            raise PlanError(field, 'missing', text)
    return Plan('omitted', lot_size, 0, 0, 1, False,
                basis=(('reason', reason.strip()), ('authority', authority.strip())))


def draw(units, size, seed):
    """Return the units to inspect, sorted: those with the smallest SHA-256 of seed and name.

    The digest is over the UTF-8 bytes of ``seed``, one line feed, and the unit's name, so that
    ``sha256sum`` repeats the draw without Python: ``random.Random`` promises its floats across
    versions, not what ``sample`` does with them. The order in which the units are given does not
    matter, and the draw of a smaller size lies within that of a larger one with the same seed, so
    that the classes of one inspection share units.

    :param units: serial numbers, or 1…N, or package codes; all different, on one line each
    :param int size: of a :class:`Plan`
    :param str seed: at least 16 characters of chance, made before the units are known and stored
    :raise PlanError: naming the argument
    """
    if not isinstance(seed, str) or len(seed) < 16 or '\n' in seed:
        raise PlanError('seed', 'out_of_range', seed)
    names = {str(unit): unit for unit in units}
    if len(names) != len(units) or any('\n' in name or not name for name in names):
        raise PlanError('units', 'not_distinct')
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= len(names):
        raise PlanError('size', 'out_of_range', size)
    start = f'{seed}\n'.encode()

    def chance(name):
        return hashlib.sha256(start + name.encode()).digest()

    return tuple(sorted(names[name] for name in nsmallest(size, names, key=chance)))


def _lot_size(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PlanError('lot_size', 'out_of_range', value)
    return value


def _number(field, value):
    if isinstance(value, float):
        raise PlanError(field, 'not_exact', value)
    try:
        return exact(value)
    except NumberError as error:
        raise PlanError(field, error.code, value) from None


def _aql(tables, value):
    number = _number('aql', value)
    found = next((text for text in tables.aqls if Decimal(text) == number), None)
    if found is None:
        raise PlanError('aql', 'unknown', value)
    return found


def _risk(ltpd_percent, beta_percent):
    found = []
    for field, value, least in (('ltpd_percent', ltpd_percent, _LEAST_LTPD),
                                ('beta_percent', beta_percent, _LEAST_BETA)):
        share = Fraction(_number(field, value)) / 100
        if not least <= share < 1:
            raise PlanError(field, 'out_of_range', value)
        found.append(share)
    return found
