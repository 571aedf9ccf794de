"""Is the lot good? The verdict of each unit, characteristic and class, and of the lot.

A lot with a value that is missing, unusable or of an undrawn unit is never accepted.
"""

from collections import defaultdict
from dataclasses import dataclass

from .reading import CLASSES, LOT, Judged, SpecError, filled, judge_reading
from .sampling import Plan


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


def judge(characteristics, readings, plans, samples, *, defects=None, conversions=None,
          voided=(), worst_only=True):
    """Return the LotVerdict of an inspection.

    Every drawn unit of a class is examined for every characteristic that can find a
    nonconformity of that class, the code of a defect included. A lot is accepted when each
    required value stands, no reading is unexplained, each characteristic of the lot passes and
    each class's plan accepts what was found; an inspection of the lot alone (line clearance,
    process parameters) has no classes. It is not accepted as soon as a class reaches Re or a
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
        is defined (MIL-STD-105E, 3; ISO 2859-1:1999, 3.1), among those for which it was drawn;
        False: in each class it fails
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
    counted = _counted(units, plans, samples)
    classes = [_class_verdict(name, plans[name], counted, worst_only)
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
    decides = bool(plans) or any(
        one.required and one.scope == 'lot' for one in characteristics)
    bad = [('class', one.defect_class) for one in classes if one.outcome == 'not_accepted']
    bad += [('lot_characteristic', key) for key in dict.fromkeys(
        key for (key, unit, _place), several in standing.items()
        if by_key[key].scope == 'lot' and any(one.outcome == 'fail' for one in several))]
    if bad:
        outcome = 'not_accepted'
    elif gaps or not decides:
        outcome = 'incomplete'
    else:
        outcome = 'omitted' if plans and omitted == set(plans) else 'accepted'
    if gaps:
        classes = [one if one.outcome in ('not_accepted', 'omitted') else ClassVerdict(
            one.defect_class, 'incomplete', one.found, one.sample_size, one.accept, one.reject)
            for one in classes]
    skipped = [('class_omitted', name) for name in CLASSES if name in omitted]
    return LotVerdict(
        outcome, not gaps and decides, (*bad, *gaps, *skipped), tuple(classes),
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
        if len(set(units)) != len(units) or not all(map(filled, units)):
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
        elif reading.retest_of and not filled(reading.record):
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


def _counted(units, plans, samples):
    """Return ``(nonconformities by class, critical ones in addition)`` of each unit, as counted.

    A nonconformity that was found counts (ISO 2859-1:1999, 3.1): one of a class for which the unit
    was not drawn counts in the worst milder class for which it was. A critical one counts as it is
    on whatever unit it is found, and takes nothing from what else the unit counts for.
    """
    drawn = {name: set(samples.get(name, ())) for name, plan in plans.items()
             if plan.kind != 'omitted'}
    result = []
    for unit in units:
        mine = [name for name in CLASSES if unit.unit in drawn.get(name, ())]
        counts, beside = defaultdict(int), {}
        for name, number in unit.counts:
            if name == 'critical' and name not in mine:
                beside[name] = number
                continue
            milder = CLASSES[CLASSES.index(name):]
            place = next((one for one in milder if one in mine), '')
            if place and number:
                counts[place] += number
        result.append((counts, beside))
    return result


def _class_verdict(name, plan, counted, worst_only):
    if plan.kind == 'omitted':
        return ClassVerdict(name, 'omitted', 0, 0, plan.accept, plan.reject)
    found = 0
    for counts, beside in counted:
        number = counts.get(name, 0) + beside.get(name, 0)
        worst = next((one for one in CLASSES if one in counts), '')
        if plan.mode == 'per_100':
            found += number
        elif number and (not worst_only or name in beside or name == worst):
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
