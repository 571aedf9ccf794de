"""The plan as an inspection keeps it: plain JSON, turned into what the rules work with.

What was frozen decides for good. A plan, a unit of measure or a defect code that changes later
changes no inspection.
"""

import hashlib
import json
from dataclasses import asdict
from decimal import Decimal

from .number import exact
from .reading import Characteristic, Conversion, Reading
from .sampling import Plan
from .verdict import judge

FORM = 1


def digest(frozen):
    """Return the SHA-256 of a frozen plan: of its JSON with sorted keys, compact, UTF-8."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(',', ':'))
    return hashlib.sha256(text.encode()).hexdigest()


def keep_plan(plan):
    """Return a sampling plan as plain JSON types."""
    return asdict(plan) | {'basis': [list(pair) for pair in plan.basis]}


def read_plan(kept):
    """Return the Plan of what :func:`keep_plan` gave."""
    return Plan(**{**kept, 'basis': tuple((name, text) for name, text in kept['basis'])})


def read_characteristic(row):
    """Return the Characteristic of a frozen row; limits are texts, empty for none.

    :raise SpecError: it contradicts itself
    :raise NumberError: a limit is no number
    """
    return Characteristic(
        row['key'], row['kind'], row['defect_class'], row['scope'], row['required'],
        row['readings'], _limit(row['lower']), _limit(row['upper']), row['lower_inclusive'],
        row['upper_inclusive'], int(row['decimals']) if row['decimals'] else None,
        row['rounding'], row['uom'], tuple(row['expected']), tuple(row['defects']),
        row['record_only'])


def _limit(text):
    return exact(text) if text else None


def conversions(frozen):
    """Return ``(from, to)`` → :class:`.reading.Conversion`."""
    return {(source, target): Conversion(*map(Decimal, factors))
            for source, target, *factors in frozen['conversions']}


def defects(frozen):
    """Return code → class of the defects that the plan's checks can find."""
    return {code: row['class'] for code, row in frozen['defects'].items()}


def standing(rows):
    """Return the rows that no later row corrects, in order of entry.

    :param rows: dicts with ``id`` and ``corrects`` (id or None)
    """
    corrected = {row['corrects'] for row in rows}
    return [row for row in rows if row['id'] not in corrected]


def reading(row):
    """Return the Reading of a stored row."""
    return Reading(
        str(row['id']), row['characteristic'], row['value'], row['unit'] or '', row['place'],
        row['uom'] or '', tuple(row['defects'] or ()), row['document'] or '',
        str(row['retest_of'] or ''), row['record'] or '')


def verdict(frozen, samples, rows, voided=()):
    """Return the LotVerdict of an inspection as it stands.

    :param dict frozen: the frozen plan
    :param samples: ``(unit, classes)`` of each drawn unit
    :param rows: stored readings as dicts, in order of entry
    :param voided: ids of readings that an approved record found to be wrong
    """
    drawn = {name: [] for name in frozen['classes']}
    for unit, classes in samples:
        for name in classes:
            drawn[name].append(unit)
    return judge(
        [read_characteristic(row) for row in frozen['characteristics']],
        [reading(row) for row in standing(rows)],
        {name: read_plan(row['plan']) for name, row in frozen['classes'].items()}, drawn,
        defects=defects(frozen), conversions=conversions(frozen), voided=map(str, voided))


def rows_digest(rows, voided):
    """Return the SHA-256 of all readings, those corrected included, and of what was voided.

    :param rows: dicts of plain JSON types
    """
    text = json.dumps([rows, sorted(voided)], sort_keys=True, ensure_ascii=False,
                      separators=(',', ':'))
    return hashlib.sha256(text.encode()).hexdigest()
