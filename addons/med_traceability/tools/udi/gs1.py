"""GS1: element strings, their rules, and the bracketed form for people.

Which application identifiers (AI) exist and what their data look like comes from biip's table,
which follows the GS1 General Specifications. biip reads a code with one scan over that table an
element and lets a wrong check digit pass, so the reading is our own: tests hold it against biip's.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .checks import mod10, pair
from .dates import yymmdd
from .gs1_ai import FNC1, LABELS, SHORT, check_together, find_ai
from .result import Element, Udi, UdiError, Warning, new_element

_KEYS = ('00', '01', '02', '03', '8006', '8013', '8026')
_HIDDEN = {'10', '11', '13', '15', '16', '17', '21', '30', '235', '240', '241', '250', '7003',
           '8012'}
"""AIs of device labels: what a lot may have swallowed when a separator was lost."""

_MAYBE = re.compile(r'(?=(?:10|21|235|240|241|250|8012).|1[13567]\d{6}|30\d{1,8}$|7003\d{10}$)')
_USUAL = re.compile(r'01(\d{14})(?:11(\d{6}))?(?:17(\d{6}))?(?:10([!"%-?A-Z_a-z]{1,20}))?'
                    r'(?:(?(4)\x1d)21([!"%-?A-Z_a-z]{1,20}))?'
                    ).fullmatch
_DI, _MADE, _EXPIRY, _LOT, _SERIAL = (LABELS[key] for key in ('01', '11', '17', '10', '21'))
_BRACKET = re.compile(r'\((\d{2,4})\)')


def recognise(text, today, symbology):
    """Read a text without GS1's symbology identifier when it looks like GS1; else None."""
    if text[:1] == '(':
        return read_human(text, today)
    if text[:1] != FNC1 and not text[:1].isdigit():
        return None
    if symbology:
        raise UdiError('symbology', '', f'A symbol {symbology} does not hold data of GS1.')
    try:
        return read(text, today)
    except UdiError as error:
        if error.code == 'ambiguous' or len(text) not in (12, 13, 14) or not text.isdigit():
            raise
        if not mod10(text):
            raise
        if text[:2] == '01':
            raise UdiError('ambiguous', '01', f'{text} could be a GTIN, or the beginning of a UDI '
                           'that was cut off.') from None
    return build({'01': text.zfill(14)}, today)


def read(text, today, *, separated=False):
    """Read element strings.

    :param text: data without symbology identifier
    :param today: the day around which two-digit years stand
    :param separated: whether the symbology says that this is GS1 data
    :returns: :class:`Udi`
    :raises UdiError: on anything that is not a device's UDI
    """
    udi = _usual(text, today.year)
    if udi:
        return udi
    start = 1 if text[:1] == FNC1 else 0
    end = len(text) - 1 if text[-1:] == FNC1 else len(text)
    elements, open_end = _elements(text, start, end, today.year, end < len(text))
    return _result(elements, separated or bool(start), open_end, text, today.year)


def _usual(text, year):
    """Read a label of the usual form, or return None: anything else has the long way.

    Device identifier, then manufacture and expiry, then lot and serial, each optional: the result
    is the long way's in less than half of its time.
    """
    match = _USUAL(text)
    if not match:
        return None
    di, made_text, expiry_text, lot, serial = match.groups('')
    if not mod10(di):
        return None
    elements, made, expiry, hri = [new_element(('01', _DI, di, di))], None, None, ''
    if made_text:
        made = yymmdd(made_text, year, True)
        if not made:
            return None
        elements.append(new_element(('11', _MADE, made_text, made)))
        hri = f'(11){made_text}'
    if expiry_text:
        expiry = yymmdd(expiry_text, year, True)
        if not expiry:
            return None
        elements.append(new_element(('17', _EXPIRY, expiry_text, expiry)))
        hri += f'(17){expiry_text}'
    if lot:
        elements.append(new_element(('10', _LOT, lot, lot)))
        hri += f'(10){lot}'
    if serial:
        elements.append(new_element(('21', _SERIAL, serial, serial)))
        hri += f'(21){serial}'
    if '(' in lot or '(' in serial:
        return None
    end, warnings = serial or lot, ()
    if end and _MAYBE.search(end, 1):
        held = {element.key: element for element in elements}
        warnings = _warnings(held, '21' if serial else '10', year)
    return Udi.of(
        issuer='gs1', di=di, code=text, hri=f'(01){di}{hri}', elements=tuple(elements), lot=lot,
        serial=serial, donation='', software='', manufactured=made, expiry=expiry,
        manufactured_text=made_text, expiry_text=expiry_text, warnings=warnings)


def read_human(text, today):
    """Read the bracketed form, ``(01)…(17)…(10)…``, as typed from a label.

    A bracket with digits begins an element. Where the digits are no AI, or what follows is not its
    data, the brackets could belong to the lot: refused.
    """
    marks = list(_BRACKET.finditer(text))
    if not marks or marks[0].start():
        raise UdiError('format', '', 'The text does not begin with an element such as (01).')
    elements = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        ai = find_ai(mark[1])
        value = text[mark.end():following.start() if following else len(text)].strip()
        if not ai or ai.key != mark[1]:
            raise UdiError('ambiguous' if elements else 'element', mark[1],
                           f'({mark[1]}) is not an application identifier of GS1.')
        try:
            elements.append(_element(ai, value, today.year))
        except UdiError as error:
            if not elements or error.code in ('check', 'date'):
                raise
            raise UdiError('ambiguous', ai.key, f'After ({ai.key}) stands {value!r}, which is not '
                           'its data: the brackets may be part of the element before.') from error
    return _result(elements, True, '', '', today.year)


def check_di(text):
    """Return a GTIN of 8, 12, 13 or 14 digits as 14 digits.

    :raises UdiError: when its length or check digit is wrong
    """
    if not (text.isascii() and text.isdigit()):
        raise UdiError('character', '01', 'A GTIN has digits only.')
    if len(text) not in (8, 12, 13, 14):
        raise UdiError('length', '01', f'A GTIN has 8, 12, 13 or 14 digits, not {len(text)}.')
    if not mod10(text):
        raise UdiError('check', '01', f'The check digit of GTIN {text} is wrong.')
    return text.zfill(14)


def check_basic(text):
    """Return a GMN, the Basic UDI-DI of GS1, when its check character pair is right."""
    ai = find_ai('8013')
    return _element(ai, text, 2000).text


def build(elements, today):
    """Return the machine form of elements in canonical order.

    :param elements: mapping or pairs of AI and text; a date may be a ``date`` or ISO text
    """
    read_ones = []
    for key, value in pairs(elements):
        ai = find_ai(key)
        if not ai or ai.key != key:
            raise UdiError('element', key, f'({key}) is not an application identifier of GS1.')
        if ai.date:
            value = date_text(value)
        read_ones.append(_element(ai, value, today.year))
    return _result(read_ones, True, '', '', today.year)


def pairs(elements):
    """Yield key and text of elements given as a mapping, as pairs, or as :class:`Element`."""
    for element in elements.items() if isinstance(elements, Mapping) else elements:
        if isinstance(element, Element):
            yield element.key, element.text
            continue
        try:
            key, value = element
        except (TypeError, ValueError):
            raise UdiError('format', '', 'Each element is a key and a text.') from None
        if not isinstance(key, str) or not isinstance(value, str | date):
            raise UdiError('format', str(key), 'Each element is a key and a text.')
        yield key, value


def date_text(value):
    """Return YYMMDD of a date or an ISO date; any other text as it is."""
    if isinstance(value, str) and re.fullmatch(r'\d{4}-\d\d-\d\d', value):
        return value[2:].replace('-', '')
    return value if isinstance(value, str) else value.strftime('%y%m%d')


def _elements(text, at, end, year, closed):
    """Return the elements of a text, and the key of the last one when nothing marks its end."""
    elements, last = [], ''
    while at < end:
        ai = SHORT.get(text[at:at + 2]) or find_ai(text[at:at + 4])
        if ai is None:
            raise UdiError('element', text[at:at + 4],
                           f'No application identifier of GS1 begins with {text[at:at + 4]!r}.')
        at += ai.width
        if ai.predefined:
            stop = at + ai.length
            elements.append(_element(ai, text[at:min(stop, end)], year))
            at = stop + 1 if stop < end and text[stop] == FNC1 else stop
            continue
        stop = text.find(FNC1, at, end)
        if stop < 0:
            stop = end
            if not closed:
                last = ai.key
        elements.append(_element(ai, text[at:stop], year))
        at = stop + 1
    return elements, last


def _element(ai, text, year):
    """Check the data of one AI and return the element."""
    if ai.plain and ai.match(text):
        return new_element((ai.key, ai.label, text, text))
    if ai.length:
        if len(text) != ai.length:
            raise UdiError('length', ai.key, f'({ai.key}) has {ai.length} digits, not {len(text)}.')
        if not text.isdigit():
            raise UdiError('character', ai.key, f'({ai.key}) has digits only, not {text!r}.')
        if ai.month and ai.length == 6:
            day = yymmdd(text, year, True)
            if day:
                return new_element((ai.key, ai.label, text, day))
    elif not (text and ai.match(text)):
        raise UdiError('format', ai.key, f'{text!r} is not the data of ({ai.key}) {ai.title}'
                       + (': a separator may be lost.' if len(text) > 20 else '.'))
    if ai.checked and not mod10(text[:ai.checked]):
        raise UdiError('check', ai.key, f'The check digit of ({ai.key}) {text} is wrong.')
    if ai.pair and (len(text) < 3 or len(text) > 25 or pair(text[:-2]) != text[-2:]):
        raise UdiError('check', ai.key, f'The check characters of ({ai.key}) {text} are wrong.')
    if ai.date:
        day = yymmdd(text[:6], year, ai.month)
        rest = text[6:]
        if day is None or rest and not _rest_of_date(ai.key, rest, year):
            raise UdiError('date', ai.key, f'({ai.key}) {text} is not a date.')
        return new_element((ai.key, ai.label, text, day))
    return new_element((ai.key, ai.label, text, text))


def _rest_of_date(key, text, year):
    """Whether what follows a date's six digits is a time of day, or a second date."""
    if key == '7007':
        return yymmdd(text, year) is not None
    return text[:2] < '24' and text[2:4] < '60' and text[4:6] < '60'


def _result(elements, separated, open_end, source, year):
    """Check the elements together and return the :class:`Udi`."""
    held = {element.key: element for element in elements}
    if len(held) != len(elements):
        elements = _without_repetition(elements)
        held = {element.key: element for element in elements}
    di = held.get('01')
    if di is None:
        _check_without_di(held, separated, source)
    plan = _plan(tuple(held))
    if plan.error:
        raise UdiError(*plan.error)
    texts = tuple([held[key].text for key in plan.order])
    warnings = _warnings(held, open_end, year) if open_end or plan.both_dates else ()
    hri = plan.hri % texts
    if hri.count('(') != len(texts):
        warnings += _misread_brackets(elements)
    lot, serial, software = held.get('10'), held.get('21'), held.get('8012')
    made, expiry = held.get(plan.made), held.get(plan.expiry)
    return Udi.of(
        issuer='gs1', di=di.text if di else '', code=plan.code % texts, hri=hri,
        elements=tuple(elements), lot=lot.text if lot else '', serial=serial.text if serial else '',
        donation='', software=software.text if software else '',
        manufactured=made.value if made else None, expiry=expiry.value if expiry else None,
        manufactured_text=made.text if made else '', expiry_text=expiry.text if expiry else '',
        warnings=warnings)


def _without_repetition(elements):
    """Return the elements once each; the same AI with other data is refused."""
    held = {}
    for element in elements:
        other = held.setdefault(element.key, element)
        if other.text != element.text:
            raise UdiError('duplicate', element.key, f'({element.key}) stands twice with different '
                           f'data: {other.text} and {element.text}.')
    return list(held.values())


class _Plan(NamedTuple):
    """What follows from the AIs of a code alone, so that it is worked out once for each set.

    :ivar error: arguments of an :class:`UdiError`, or None
    :ivar order: the keys in canonical order: device identifier, then what needs no separator, then
        the others, each by number
    :ivar code: template of the machine form, and `hri` of the printed one, for the texts in order
    """

    error: tuple | None
    order: tuple
    code: str
    hri: str
    made: str
    expiry: str
    both_dates: bool


@lru_cache(maxsize=4096)
def _plan(keys):
    order = tuple(sorted(keys, key=lambda key: (key != '01', not find_ai(key).predefined, key)))
    code = ''.join(key + '%s' + ('' if find_ai(key).predefined else FNC1) for key in order)
    return _Plan(
        check_together(keys), order, code.removesuffix(FNC1),
        ''.join(f'({key})%s' for key in order), '11' if '11' in keys else '8008',
        '17' if '17' in keys else '7003', {'11', '8008'} <= {*keys} or {'17', '7003'} <= {*keys})


def _warnings(held, open_end, year):
    """Return what is doubtful in the data of a code."""
    warnings = []
    if open_end:
        hidden = _hidden(held[open_end].text, held, year)
        if hidden:
            warnings.append(Warning(
                'separator_lost', open_end, f'No separator ends ({open_end}) {held[open_end].text};'
                ' it could also hold ' + ', '.join(f'({key})' for key in hidden) + '.', hidden))
    for key, other in (('17', '7003'), ('11', '8008')):
        if key in held and other in held and held[key].value != held[other].value:
            warnings.append(Warning('dates_disagree', key, f'({key}) {held[key].text} and ({other})'
                                    f' {held[other].text} are different days.'))
    return tuple(warnings)


def _misread_brackets(elements):
    return tuple(
        Warning('brackets', element.key, f'The printed form of ({element.key}) {element.text} would'
                ' be read as several elements.')
        for element in elements if _BRACKET.search(element.text))


def _check_without_di(held, separated, source):
    """Refuse what is not about a device; production identifiers alone are half a UDI."""
    for key in _KEYS:
        if key in held:
            what = {'00': 'a shipping container', '02': 'the content of a shipping container',
                    '8013': 'a model (Basic UDI-DI)'}.get(key, 'no device')
            raise UdiError('not_udi', key, f'({key}) identifies {what}: this is not a UDI.')
    if not {'10', '11', '17', '21', '7003', '8008', '8012'} & held.keys():
        raise UdiError('missing', '01', 'The code bears no device identifier.')
    if not separated and len(source) in (8, 12, 13, 14) and source.isdigit() and mod10(source):
        raise UdiError('ambiguous', '01', f'{source} could be a GTIN or production identifiers.')


def _hidden(text, held, year):
    """Return the keys of elements that the end of an unended element could be, or ().

    None of them may be in the code already, and together they must read without an error.
    """
    for start in _MAYBE.finditer(text, 1):
        try:
            elements, _last = _elements(text, start.start(), len(text), year, False)
        except UdiError:
            continue
        keys = tuple(element.key for element in elements)
        if len(set(keys)) == len(keys) and not any(
                key in held or key not in _HIDDEN for key in keys):
            return keys
    return ()
