"""Is it good? The verdict of each reading, unit, class of nonconformity, and of the lot.

A value that is missing, unreadable, not finite, in an unknown unit of measure or of an undrawn unit
is never a pass, and a lot with such a value is never accepted. Values are compared exactly.
Reasons are codes; words are made above.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from .number import ROUNDINGS, NumberError, exact, rounded, shown
from .sampling import Plan

KINDS = ('measured', 'counted', 'check', 'text', 'picture', 'certificate')
CLASSES = ('critical', 'major', 'minor')  # the worst first
SCOPES = ('unit', 'lot')
LOT = ''


class SpecError(ValueError):
    """The inspection itself is not declared soundly.

    :ivar key: characteristic, defect code, class or unit that is wrong
    :ivar code: what is wrong with it
    """

    def __init__(self, key, code):
        super().__init__(f'{key}: {code}')
        self.key = key
        self.code = code


@dataclass(frozen=True)
class Characteristic:
    """One thing to look at, frozen from the inspection plan.

    :ivar kind: ``measured`` (number, limits), ``counted`` (whole number, limits inclusive),
        ``check`` (``pass`` or ``fail`` with defect codes), ``text``, ``picture``, or
        ``certificate`` (a value from an attached document, judged as measured where there are
        limits, else as text)
    :ivar defect_class: of a failure that names no defect code: one of ``CLASSES``
    :ivar scope: ``unit``: of every drawn unit of its classes; ``lot``: once, and its failure alone
        means that the lot is not accepted
    :ivar required: without a value the lot is not accepted
    :ivar readings: how many per unit, each judged by itself
    :ivar lower: least value as Decimal, in ``uom``; None: no limit on that side
    :ivar upper: greatest value
    :ivar lower_inclusive: the limit itself passes
    :ivar upper_inclusive: the limit itself passes
    :ivar decimals: None: the value is compared as it is (全数值比较法); else it is first rounded to
        so many places (修约值比较法; GB/T 8170-2008, 4.3)
    :ivar rounding: ``half_up`` or ``half_even`` (GB/T 8170)
    :ivar uom: unit of measure in which the limits are stated
    :ivar expected: texts of which one must be given; empty: any text
    :ivar defects: codes of defects that the check can find
    :ivar record_only: a measured, counted or certificate value without limits: any value passes
    """

    key: str
    kind: str
    defect_class: str = 'major'
    scope: str = 'unit'
    required: bool = True
    readings: int = 1
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool = True
    upper_inclusive: bool = True
    decimals: int | None = None
    rounding: str = 'half_even'
    uom: str = ''
    expected: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    record_only: bool = False

    def __post_init__(self):
        limits = [limit for limit in (self.lower, self.upper) if limit is not None]
        for wrong, code in (
            (not self.key, 'key'),
            (self.kind not in KINDS, 'kind'),
            (self.defect_class not in CLASSES, 'defect_class'),
            (self.scope not in SCOPES, 'scope'),
            (self.rounding not in ROUNDINGS, 'rounding'),
            (type(self.readings) is not int or self.readings < 1, 'readings'),
            (self.decimals is not None and (
                type(self.decimals) is not int or abs(self.decimals) > 40), 'decimals'),
            (not all(type(limit) is Decimal and limit.is_finite() for limit in limits), 'limits'),
            (bool(limits) and self.kind not in ('measured', 'counted', 'certificate'), 'limits'),
            (self.kind in ('measured', 'counted') and bool(limits) == self.record_only, 'limits'),
        ):
            if wrong:
                raise SpecError(self.key, code)
        if len(limits) == 2:
            closed = self.kind == 'counted' or (self.lower_inclusive and self.upper_inclusive)
            if self.lower > self.upper or (self.lower == self.upper and not closed):
                raise SpecError(self.key, 'limits')

    @property
    def numeric(self):
        return self.kind in ('measured', 'counted') or (
            self.kind == 'certificate' and (self.record_only or self.lower is not None
                                            or self.upper is not None))


@dataclass(frozen=True)
class Conversion:
    """How a value in one unit of measure becomes one in another: (value + add) × multiply / divide.

    °F → °C is ``Conversion(add=Decimal(-32), multiply=Decimal(5), divide=Decimal(9))``; nothing
    is rounded on the way.
    """

    multiply: Decimal = Decimal(1)
    divide: Decimal = Decimal(1)
    add: Decimal = Decimal(0)

    def __post_init__(self):
        parts = (self.multiply, self.divide, self.add)
        if not all(type(part) is Decimal and part.is_finite() for part in parts) \
                or not self.multiply or not self.divide:
            raise SpecError('conversion', 'factor')

    def __call__(self, value):
        return (Fraction(value) + Fraction(self.add)) * Fraction(self.multiply) / Fraction(
            self.divide)


@dataclass(frozen=True)
class Reading:
    """One value as it was entered; never overwritten.

    :ivar key: its own name, different from all others of the inspection
    :ivar characteristic: key of the :class:`Characteristic`
    :ivar value: number (see :func:`.number.exact`), ``pass`` or ``fail``, or text; None, False
        and blank text are no value
    :ivar unit: serial or number of the drawn unit; ``LOT`` for a characteristic of the lot
    :ivar place: which of the several readings of the unit, from 0
    :ivar uom: unit of measure of the value
    :ivar defects: codes that a failed check names
    :ivar document: the picture or certificate, for example its digest
    :ivar retest_of: key of the earlier reading of the same place that this one repeats
    :ivar record: the out-of-specification record under which it was repeated
    """

    key: str
    characteristic: str
    value: object = None
    unit: str = LOT
    place: int = 0
    uom: str = ''
    defects: tuple[str, ...] = ()
    document: str = ''
    retest_of: str = ''
    record: str = ''


@dataclass(frozen=True)
class Judged:
    """The verdict of one reading.

    :ivar outcome: ``pass``, ``fail``, ``missing`` (no value) or ``invalid`` (no usable value)
    :ivar reason: ``within``, ``recorded``, ``below``, ``above``, ``failed``, ``unexpected``;
        ``empty``, ``no_document``; ``not_a_number``, ``not_finite``, ``out_of_range``,
        ``not_whole``, ``not_text``, ``unit_of_measure``, ``not_pass_or_fail``,
        ``pass_with_defects``, ``unknown_defect``, ``unknown_characteristic``, ``unknown_unit``,
        ``unknown_place``, ``second_value``, ``retest_of_unknown``, ``retest_without_record``,
        ``key_not_distinct``
    :ivar value: what was compared with the limits, in their unit of measure
    :ivar counts: nonconformities by class, as ``(class, number)``
    :ivar voided: an out-of-specification record found this value to be wrong; another stands
    """

    reading: Reading
    outcome: str
    reason: str
    value: Decimal | None = None
    counts: tuple[tuple[str, int], ...] = ()
    voided: bool = False


@dataclass(frozen=True)
class UnitVerdict:
    """One drawn unit: ``pass``, ``fail`` or ``incomplete``, its worst class and what is missing.

    :ivar missing: ``(characteristic, place)`` of required values that do not stand
    """

    unit: str
    outcome: str
    worst: str = ''
    counts: tuple[tuple[str, int], ...] = ()
    missing: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class CharacteristicVerdict:
    """How many readings of a characteristic passed, failed, are missing or invalid."""

    characteristic: str
    outcome: str
    passed: int = 0
    failed: int = 0
    missing: int = 0
    invalid: int = 0


@dataclass(frozen=True)
class ClassVerdict:
    """One class against its plan: ``accepted``, ``not_accepted``, ``incomplete`` or ``omitted``.

    :ivar found: nonconforming units or nonconformities among ``sample_size``, by the plan's mode
    """

    defect_class: str
    outcome: str
    found: int
    sample_size: int
    accept: int
    reject: int


@dataclass(frozen=True)
class LotVerdict:
    """The lot: ``accepted``, ``not_accepted``, ``incomplete`` or ``omitted`` (not drawn).

    :ivar complete: every required value stands and no reading is left unexplained
    :ivar reasons: ``(code, subject)``: ``class`` (not accepted), ``lot_characteristic``,
        ``missing``, ``unusable`` (reading), ``sample_short`` (class), ``class_unexamined``,
        ``nothing_required``; ``class_omitted`` (not drawn)
    """

    outcome: str
    complete: bool
    reasons: tuple[tuple[str, str], ...]
    classes: tuple[ClassVerdict, ...]
    characteristics: tuple[CharacteristicVerdict, ...]
    units: tuple[UnitVerdict, ...]
    readings: tuple[Judged, ...]


def judge_reading(characteristic, reading, defects=None, conversions=None):
    """Return the Judged of one reading by itself, whatever its unit and place.

    :param Characteristic characteristic: the one it is of
    :param dict defects: defect code → class
    :param dict conversions: ``(from, to)`` units of measure → :class:`Conversion`
    """
    if characteristic.kind in ('picture', 'certificate') and not _filled(reading.document):
        return Judged(reading, 'missing', 'no_document')
    if characteristic.kind == 'picture':
        return Judged(reading, 'pass', 'recorded')
    if characteristic.kind == 'check':
        return _judge_check(characteristic, reading, defects or {})
    if characteristic.numeric:
        return _judge_number(characteristic, reading, conversions or {})
    return _judge_text(characteristic, reading)


def _filled(text):
    return isinstance(text, str) and bool(text.strip())


def _empty(value):
    return value is None or value is False or (isinstance(value, str) and not value.strip())


def _judge_check(characteristic, reading, defects):
    if _empty(reading.value):
        return Judged(reading, 'missing', 'empty')
    if reading.value not in ('pass', 'fail'):
        return Judged(reading, 'invalid', 'not_pass_or_fail')
    if reading.value == 'pass':
        if reading.defects:
            return Judged(reading, 'invalid', 'pass_with_defects')
        return Judged(reading, 'pass', 'within')
    if not all(code in characteristic.defects and code in defects for code in reading.defects):
        return Judged(reading, 'invalid', 'unknown_defect')
    counts = defaultdict(int)
    for code in reading.defects:
        counts[defects[code]] += 1
    return Judged(reading, 'fail', 'failed',
                  counts=tuple(counts.items()) or ((characteristic.defect_class, 1),))


def _judge_text(characteristic, reading):
    if _empty(reading.value):
        return Judged(reading, 'missing', 'empty')
    if not isinstance(reading.value, str):
        return Judged(reading, 'invalid', 'not_text')
    if not characteristic.expected:
        return Judged(reading, 'pass', 'recorded')
    if reading.value.strip() in characteristic.expected:
        return Judged(reading, 'pass', 'within')
    return Judged(reading, 'fail', 'unexpected', counts=((characteristic.defect_class, 1),))


def _judge_number(characteristic, reading, conversions):
    try:
        written = exact(reading.value)
    except NumberError as error:
        return Judged(reading, 'missing' if error.code == 'empty' else 'invalid', error.code)
    value = written
    if reading.uom != characteristic.uom:
        conversion = conversions.get((reading.uom, characteristic.uom))
        if conversion is None:
            return Judged(reading, 'invalid', 'unit_of_measure')
        value = conversion(written)
        written = shown(value)
    counted = characteristic.kind == 'counted'
    if counted and (value < 0 or int(value) != value):
        return Judged(reading, 'invalid', 'not_whole')
    if characteristic.decimals is not None and not counted:
        value = written = rounded(value, characteristic.decimals, characteristic.rounding)
    if _beyond(characteristic.lower, value, counted or characteristic.lower_inclusive, -1):
        reason, limit = 'below', characteristic.lower
    elif _beyond(characteristic.upper, value, counted or characteristic.upper_inclusive, 1):
        reason, limit = 'above', characteristic.upper
    else:
        return Judged(reading, 'pass', 'recorded' if characteristic.record_only else 'within',
                      written)
    number = ceil(abs(Fraction(value) - Fraction(limit))) if counted else 1
    return Judged(reading, 'fail', reason, written, ((characteristic.defect_class, number),))


def _beyond(limit, value, inclusive, side):
    """Compare as Decimals or as Fractions, both of which Python compares exactly."""
    if limit is None:
        return False
    if isinstance(value, Fraction):
        limit = Fraction(limit)
    return (value > limit if side > 0 else value < limit) or (value == limit and not inclusive)


def judge(characteristics, readings, plans, samples, *, defects=None, conversions=None,
          voided=(), worst_only=True):
    """Return the LotVerdict of an inspection.

    Every drawn unit of a class is examined for every characteristic that can find a
    nonconformity of that class, the code of a defect included. A lot is accepted when each
    required value stands, no reading is unexplained, each characteristic of the lot passes and
    each class's plan accepts what was found. It is not accepted as soon as a class reaches Re or a
    characteristic of the lot fails, although values may still be missing (``complete`` is then
    False). A retest stands beside the first value, and both must pass, unless an
    out-of-specification record found the first one to be wrong (``voided``).

    :param characteristics: :class:`Characteristic`, keys distinct
    :param readings: :class:`Reading` in the order in which they were entered
    :param dict plans: class → :class:`.sampling.Plan`; every class that can be found has one
    :param dict samples: class → the drawn units, texts
    :param dict defects: defect code → class
    :param dict conversions: ``(from, to)`` units of measure → :class:`Conversion`
    :param voided: keys of readings that an approved record declares wrong, and that were repeated
    :param worst_only: in mode ``percent`` a unit counts in its worst class alone, as a defective
        is defined (MIL-STD-105E, 3; ISO 2859-1:1999, 3.1); False: in each class it fails
    :raise SpecError: the declaration contradicts itself
    """
    defects, voided = dict(defects or {}), frozenset(voided)
    by_key = {one.key: one for one in characteristics}
    found_by = _declared(characteristics, by_key, plans, samples, defects)
    drawn = {one.key: _units(one, found_by, samples) for one in characteristics}
    judged = _standing(by_key, readings, drawn, defects, conversions, voided)

    standing = defaultdict(list)  # (characteristic, unit, place) → Judged
    for one in judged:
        if not one.voided and one.outcome in ('pass', 'fail'):
            reading = one.reading
            standing[reading.characteristic, reading.unit, reading.place].append(one)
    missing = [(one.key, unit, place) for one in characteristics if one.required
               for unit in sorted(drawn[one.key]) for place in range(one.readings)
               if (one.key, unit, place) not in standing]
    unusable = [one.reading.key for one in judged if one.outcome == 'invalid' and not one.voided]
    units = _unit_verdicts(samples, standing, missing)
    classes = [_class_verdict(name, plans[name], samples.get(name, ()), units, worst_only)
               for name in CLASSES if name in plans]

    omitted = {name for name in plans if plans[name].kind == 'omitted'}
    gaps = [('missing', '/'.join((key, unit, str(place)))) for key, unit, place in missing]
    gaps += [('unusable', key) for key in unusable]
    gaps += [('sample_short', one.defect_class) for one in classes
             if len(samples.get(one.defect_class, ())) < one.sample_size]
    gaps += [('class_unexamined', name) for name in plans if name not in omitted and not any(
        one.required and one.scope == 'unit' and name in found_by[one.key]
        for one in characteristics)]
    if not any(one.required for one in characteristics) and omitted != set(plans):
        gaps.append(('nothing_required', ''))
    bad = [('class', one.defect_class) for one in classes if one.outcome == 'not_accepted']
    bad += [('lot_characteristic', key) for key in dict.fromkeys(
        key for (key, unit, _place), several in standing.items()
        if by_key[key].scope == 'lot' and any(one.outcome == 'fail' for one in several))]
    if bad:
        outcome = 'not_accepted'
    elif gaps or not plans:
        outcome = 'incomplete'
    else:
        outcome = 'omitted' if omitted == set(plans) else 'accepted'
    if gaps:
        classes = [one if one.outcome in ('not_accepted', 'omitted') else ClassVerdict(
            one.defect_class, 'incomplete', one.found, one.sample_size, one.accept, one.reject)
            for one in classes]
    skipped = [('class_omitted', name) for name in CLASSES if name in omitted]
    return LotVerdict(
        outcome, not gaps and bool(plans), (*bad, *gaps, *skipped), tuple(classes),
        _characteristic_verdicts(characteristics, judged, missing), units, tuple(judged))


def _declared(characteristics, by_key, plans, samples, defects):
    """Return characteristic → the classes it can find; raise SpecError for what does not fit."""
    if len(by_key) != len(characteristics):
        raise SpecError('characteristics', 'not_distinct')
    for name in (*plans, *samples, *defects.values()):
        if name not in CLASSES:
            raise SpecError(str(name), 'unknown_class')
    for name, plan in plans.items():
        if not isinstance(plan, Plan):
            raise SpecError(name, 'no_plan')
        units = samples.get(name, ())
        if len(set(units)) != len(units) or not all(map(_filled, units)):
            raise SpecError(name, 'units')
    found_by = {}
    for one in characteristics:
        unknown = [code for code in one.defects if code not in defects]
        if unknown:
            raise SpecError(unknown[0], 'unknown_defect')
        found_by[one.key] = {one.defect_class, *(defects[code] for code in one.defects)}
        if one.scope == 'unit' and not found_by[one.key] <= set(plans):
            raise SpecError(one.key, 'class_without_plan')
    return found_by


def _units(characteristic, found_by, samples):
    if characteristic.scope == 'lot':
        return {LOT}
    return {unit for name in found_by[characteristic.key] for unit in samples.get(name, ())}


def _standing(by_key, readings, drawn, defects, conversions, voided):
    """Return a Judged for each reading, those that do not belong where they claim as invalid."""
    judged, first, places = [], {}, {}
    repeated = {reading.retest_of for reading in readings if reading.retest_of}
    for reading in readings:
        place = (reading.characteristic, reading.unit, reading.place)
        one = by_key.get(reading.characteristic)
        if reading.key in places:
            reason = 'key_not_distinct'
        elif one is None:
            reason = 'unknown_characteristic'
        elif reading.unit not in drawn[one.key]:
            reason = 'unknown_unit'
        elif type(reading.place) is not int or not 0 <= reading.place < one.readings:
            reason = 'unknown_place'
        elif not reading.retest_of and place in first:
            reason = 'second_value'
        elif reading.retest_of and places.get(reading.retest_of) != place:
            reason = 'retest_of_unknown'
        elif reading.retest_of and not _filled(reading.record):
            reason = 'retest_without_record'
        else:
            reason = ''
            first.setdefault(place, reading.key)
            places[reading.key] = place
        if reason:
            judged.append(Judged(reading, 'invalid', reason))
            continue
        result = judge_reading(one, reading, defects, conversions)
        if reading.key in voided and reading.key in repeated:
            result = Judged(reading, result.outcome, result.reason, result.value, result.counts,
                            voided=True)
        judged.append(result)
    return judged


def _unit_verdicts(samples, standing, missing):
    counts, failed, lacking = defaultdict(lambda: defaultdict(int)), set(), defaultdict(list)
    for (_key, unit, _place), several in standing.items():
        if any(one.outcome == 'fail' for one in several):
            failed.add(unit)
            worst = max((dict(one.counts) for one in several),
                        key=lambda found: [found.get(name, 0) for name in CLASSES])
            for name, number in worst.items():
                counts[unit][name] += number
    for key, unit, place in missing:
        lacking[unit].append((key, place))
    result = []
    for unit in sorted({unit for units in samples.values() for unit in units}):
        found = tuple((name, counts[unit][name]) for name in CLASSES if name in counts[unit])
        outcome = 'fail' if unit in failed else 'incomplete' if unit in lacking else 'pass'
        result.append(UnitVerdict(unit, outcome, found[0][0] if found else '', found,
                                  tuple(lacking[unit])))
    return tuple(result)


def _class_verdict(name, plan, sample, units, worst_only):
    if plan.kind == 'omitted':
        return ClassVerdict(name, 'omitted', 0, 0, plan.accept, plan.reject)
    sample, found = set(sample), 0
    for unit in units:
        number = dict(unit.counts).get(name, 0)
        if not number or (unit.unit not in sample and name != 'critical'):
            continue
        if plan.mode == 'per_100':
            found += number
        elif not worst_only or unit.worst == name:
            found += 1
    return ClassVerdict(name, 'accepted' if plan.accepts(found) else 'not_accepted', found,
                        plan.sample_size, plan.accept, plan.reject)


def _characteristic_verdicts(characteristics, judged, missing):
    tally, lacking = defaultdict(lambda: defaultdict(int)), defaultdict(int)
    for one in judged:
        if not one.voided:
            tally[one.reading.characteristic][one.outcome] += 1
    for key, _unit, _place in missing:
        lacking[key] += 1
    result = []
    for one in characteristics:
        found = tally[one.key]
        outcome = 'fail' if found['fail'] else 'incomplete' if (
            lacking[one.key] or found['invalid']) else 'pass' if found['pass'] else 'missing'
        result.append(CharacteristicVerdict(
            one.key, outcome, found['pass'], found['fail'], lacking[one.key], found['invalid']))
    return tuple(result)
