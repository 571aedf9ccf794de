"""Is one value good? Characteristics of an inspection, readings, and the verdict of each by itself.

A value that is missing, unreadable, not finite or in an unknown unit of measure is never a pass.
Values are compared exactly. Reasons are codes; words are made above.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from .number import ROUNDINGS, NumberError, exact, rounded, shown

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
    """How a value in one unit becomes one in another: (value + add) × multiply / divide + then.

    °F → °C is ``Conversion(add=Decimal(-32), multiply=Decimal(5), divide=Decimal(9))``; nothing
    is rounded on the way.
    """

    multiply: Decimal = Decimal(1)
    divide: Decimal = Decimal(1)
    add: Decimal = Decimal(0)
    then: Decimal = Decimal(0)

    def __post_init__(self):
        parts = (self.multiply, self.divide, self.add, self.then)
        if not all(type(part) is Decimal and part.is_finite() for part in parts) \
                or not self.multiply or not self.divide:
            raise SpecError('conversion', 'factor')

    def __call__(self, value):
        return (Fraction(value) + Fraction(self.add)) * Fraction(self.multiply) / Fraction(
            self.divide) + Fraction(self.then)


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


def judge_reading(characteristic, reading, defects=None, conversions=None):
    """Return the Judged of one reading by itself, whatever its unit and place.

    :param Characteristic characteristic: the one it is of
    :param dict defects: defect code → class
    :param dict conversions: ``(from, to)`` units of measure → :class:`Conversion`
    """
    if characteristic.kind in ('picture', 'certificate') and not filled(reading.document):
        return Judged(reading, 'missing', 'no_document')
    if characteristic.kind == 'picture':
        return Judged(reading, 'pass', 'recorded')
    if characteristic.kind == 'check':
        return _judge_check(characteristic, reading, defects or {})
    if characteristic.numeric:
        return _judge_number(characteristic, reading, conversions or {})
    return _judge_text(characteristic, reading)


def filled(text):
    """Return whether something is text that is not blank."""
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
