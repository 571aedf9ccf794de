"""HIBCC: the supplier labelling standard (ANSI/HIBC 2.6), primary and secondary data.

``+`` labeler, product, unit of measure; behind ``/`` or in a symbol of its own expiry, lot or
serial; further ``/`` fields; a check character over everything. A symbol of its own begins ``+$``
and bears the check character of the primary symbol as a link.
"""

import re
from datetime import date
from functools import lru_cache

from .checks import mod43, pair
from .dates import mmyy, yyjjj, yymmdd, yyyymmdd
from .gs1 import pairs
from .result import Udi, UdiError, Warning, new_element

_PRIMARY = re.compile(r'[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]').fullmatch
_SECONDARY = re.compile(
    r'\$(?:\$\+?(?P<many>8\d{2}|9\d{5})?(?:(?P<month>[01]\d{3})|'
    r'(?P<flag>[23456])(?P<date>\d{5,8})|(?P<seven>7)|(?=$))|(?!\$)\+?)').match
_FIELD = re.compile(r'(16D|14D|S|Q)(.+)').fullmatch
_FORMS = {'$$': 'MMYY', '$$2': 'MMDDYY', '$$3': 'YYMMDD', '$$4': 'YYMMDDHH', '$$5': 'YYJJJ',
          '$$6': 'YYJJJHH'}
_SHAPES = {'2': 6, '3': 6, '4': 8, '5': 5, '6': 7}
"""Digits of a date by its flag: MMDDYY, YYMMDD, YYMMDDHH, YYJJJ, YYJJJHH."""

LABELS = {
    '+': 'Device identifier', '$': 'Lot', '$$7': 'Lot', '$+': 'Serial', '$$+7': 'Serial',
    '$$': 'Expiry', '$$2': 'Expiry', '$$3': 'Expiry', '$$4': 'Expiry', '$$5': 'Expiry',
    '$$6': 'Expiry',
    '$$8': 'Quantity', '$$9': 'Quantity', 'S': 'Serial', '16D': 'Manufactured', '14D': 'Expiry',
    'Q': 'Quantity', 'L': 'Link character',
}
_ORDER = ('+', '$$8', '$$9', '$$', '$$2', '$$3', '$$4', '$$5', '$$6', '$', '$$7', '$+', '$$+7', 'S',
          '16D', '14D', 'Q', 'L')
_EXPIRY = ('$$', '$$2', '$$3', '$$4', '$$5', '$$6')
_FOREIGN = re.compile(r'[^0-9A-Z\-. $/+%]').search


def recognise(text, today, _symbology=''):
    """Read a text that looks like HIBCC, else return None."""
    if text[:1] == '*' and text[1:2] == '+':
        text = text[1:].removesuffix('*')
    return read(text, today) if text[:1] == '+' else None


def read(text, today):
    """Read a symbol of HIBCC.

    :param text: from ``+`` to the check character, which may be printed ``_`` for a space
    :raises UdiError: on any character, check character, date or field that is wrong
    """
    if text[-1] == '_':
        text = text[:-1] + ' '
    if wrong := _FOREIGN(text):
        raise UdiError('character', '', f'{wrong[0]!r} is not a character of HIBCC.')
    if len(text) < 4:
        raise UdiError('length', '', 'The code is too short for HIBCC.')
    body, check = text[:-1], text[-1]
    if mod43(body) != check:
        raise UdiError('check', '', f'The check character {check!r} is wrong.')
    if body[1] == '$':
        link, body = body[-1], body[:-1]
        elements = _secondary(body[1:], today.year)
        if not elements:
            raise UdiError('format', '$', 'The secondary symbol bears nothing.')
        elements.append(new_element(('L', LABELS['L'], link, link)))
    else:
        primary, _slash, rest = body[1:].partition('/')
        if not _PRIMARY(primary):
            raise UdiError('format', '+', f'{primary!r} is not labeler, product and unit of '
                           'measure.')
        elements = [new_element(('+', LABELS['+'], primary, primary))]
        if _slash:
            elements += _secondary(rest, today.year)
            if len(elements) == 1:
                raise UdiError('format', '/', 'Nothing stands after the slash.')
    return _result(elements, text)


def check_di(text):
    """Return labeler, product and unit of measure, without ``+`` and check character.

    A text that begins with ``+`` must have its check character.
    """
    if text[:1] in '*+' and text:
        udi = recognise(text, date(2000, 1, 1))
        if not udi or len(udi.elements) != 1:
            raise UdiError('format', '+', f'{text!r} is not a primary symbol of HIBCC.')
        return udi.di
    if not _PRIMARY(text):
        raise UdiError('format', '+', f'{text!r} is not labeler (4), product (1 to 18) and unit of '
                       'measure (a digit).')
    return text


def check_basic(text):
    """Return a Basic UDI-DI of HIBCC: ``++``, labeler, model (1 to 17), two check characters.

    The characters are GS1's pair over what precedes them, ``++`` included (HIBC Basic UDI-DI).
    """
    if not re.fullmatch(r'\+\+[A-Z][A-Z0-9]{3}[A-Z0-9]{3,19}', text):
        raise UdiError('format', '++', f'{text!r} is not ++, labeler (4), model (1 to 17) and two '
                       'check characters.')
    if pair(text[:-2]) != text[-2:]:
        raise UdiError('check', '++', f'The check characters of {text} are wrong.')
    return text


def build(elements, today):
    """Return the :class:`Udi` of elements, keyed as :data:`LABELS` is; check characters are made.

    A date may be a ``date`` or ISO text where the form has a day.
    """
    texts = {}
    for key, value in pairs(elements):
        if key not in LABELS:
            raise UdiError('element', key, f'{key!r} is not a field of HIBCC.')
        text = _date_text(key, value)
        if texts.setdefault(key, text) != text:
            raise UdiError('duplicate', key, f'{key!r} stands twice with different data.')
    code = _code(texts)
    udi = read(code, today)
    if {element.key: element.text for element in udi.elements} != texts:
        raise UdiError('ambiguous', '', f'{code!r} would be read as something else.')
    return udi


def _code(texts):
    """Return the symbol of some fields."""
    for key, value in texts.items():
        if not value:
            raise UdiError('length', key, f'{key!r} is empty.')
    if ('+' in texts) == ('L' in texts):
        raise UdiError('missing', '+', 'A symbol bears either the device identifier or the link '
                       'character of the symbol that does.')
    first = [texts['+']] if '+' in texts else []
    dates = [key for key in _EXPIRY if key in texts]
    batches = [key for key in ('$', '$$7', '$+', '$$+7') if key in texts]
    counts = [key for key in ('$$8', '$$9') if key in texts]
    for group in (dates, batches, counts):
        if len(group) > 1:
            raise UdiError('conflict', group[1], f'{group[0]!r} and {group[1]!r} are of one field.')
    batch = batches[0] if batches else '$'
    if dates or counts or len(batch) > 2:
        data = '$$' + ('+' if '+' in batch else '')
        data += counts[0][2:] + texts[counts[0]] if counts else ''
        if dates:
            data += dates[0][2:] + texts[dates[0]]
        elif batches:
            data += '7'
        first.append(data + texts.get(batch, ''))
    elif batches:
        first.append(batch + texts[batch])
    first += [key + texts[key] for key in ('S', '16D', '14D', 'Q') if key in texts]
    body = '+' + '/'.join(first) + texts.get('L', '')
    if _FOREIGN(body):
        raise UdiError('character', '', f'{body!r} has characters that HIBCC has not.')
    return body + mod43(body)


def _date_text(key, value):
    if isinstance(value, str):
        if not re.fullmatch(r'\d{4}-\d\d-\d\d', value) or key not in (*_EXPIRY, '14D', '16D'):
            return value
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise UdiError('date', key, f'{value} is not a date.') from None
    form = {'$$2': '%m%d%y', '$$3': '%y%m%d', '$$5': '%y%j', '14D': '%Y%m%d', '16D': '%Y%m%d'}
    if key not in form:
        raise UdiError('date', key, f'{key!r} says more or less than a day: give its own text.')
    return value.strftime(form[key])


def _secondary(text, year):
    """Return the elements of secondary data, which begins with a flag or a field."""
    first, *fields = text.split('/')
    elements = []
    if first[:1] == '$':
        _flagged(first, year, elements)
    else:
        fields.insert(0, first)
    for field in fields:
        match = _FIELD(field)
        if not match:
            raise UdiError('element', field[:3], f'{field!r} is not a field of HIBCC.')
        elements.append(_field(match[1], match[2]))
    return elements


def _flagged(text, year, elements):
    """Read quantity, expiry and lot or serial."""
    match = _SECONDARY(text)
    if not match:
        raise UdiError('format', text[:3], f'No date of the form that {text[:3]} asks for.')
    rest, mark = text[match.end():], '$+' if '+' in match[0] else '$'
    many, flag = match['many'], match['flag']
    if many:
        key = '$$' + many[0]
        elements.append(new_element((key, LABELS[key], many[1:], many[1:])))
    if match['month']:
        elements.append(_expiry('$$', match['month'], year))
    elif flag:
        digits, width = match['date'], _SHAPES[flag]
        if len(digits) < width:
            raise UdiError('date', '$$' + flag, f'{digits} is not {width} digits.')
        rest = digits[width:] + rest
        elements.append(_expiry('$$' + flag, digits[:width], year))
    if not rest:
        if not elements or elements[-1].key[:2] != '$$' or match['seven']:
            raise UdiError('length', match[0], f'Nothing stands after {match[0]}.')
        return
    if len(rest) > 18:
        raise UdiError('length', mark, f'Lot or serial {rest} is longer than 18.')
    key = '$' + mark + '7' if match['seven'] and not many else mark
    elements.append(new_element((key, LABELS[key], rest, rest)))


def _expiry(key, text, year):
    if key == '$$':
        day = mmyy(text, year)
    elif key == '$$2':
        day = yymmdd(text[4:] + text[:4], year)
    elif key in ('$$3', '$$4'):
        day = yymmdd(text[:6], year)
    else:
        day = yyjjj(text[:5], year)
    if day is None or key in ('$$4', '$$6') and text[-2:] > '23':
        raise UdiError('date', key, f'{text} is not a date of the form {_FORMS[key]}.')
    return new_element((key, LABELS[key], text, day))


def _field(key, text):
    """Read one field behind a slash."""
    value = text
    if key in ('16D', '14D'):
        value = yyyymmdd(text) if len(text) == 8 and text.isdigit() else None
        if value is None:
            raise UdiError('date', key, f'{text} is not a date of the form YYYYMMDD.')
    elif key == 'Q' and not (text.isdigit() and len(text) <= 5):
        raise UdiError('character', key, f'Quantity {text} is not up to five digits.')
    elif len(text) > 18:
        raise UdiError('length', key, f'Serial {text} is longer than 18.')
    return new_element((key, LABELS[key], text, value))


def _result(elements, source):
    held = {element.key: element for element in elements}
    if len(held) != len(elements):
        for element in elements:
            if held[element.key].text != element.text:
                raise UdiError('duplicate', element.key, f'{element.key} stands twice with '
                               f'different data: {held[element.key].text} and {element.text}.')
    serial = held.get('$+') or held.get('$$+7')
    other = held.get('S')
    if other and serial and serial.text != other.text:
        raise UdiError('duplicate', 'S', f'The code bears two serials: {serial.text}, {other.text}')
    idle = not serial and ('/$$+' in source or source[:4] == '+$$+')  # a plus before no serial
    serial = serial or other
    expiry, other = next((held[key] for key in held if key in _EXPIRY), None), held.get('14D')
    warnings = ()
    if expiry and other and expiry.value != other.value:
        warnings = (Warning('dates_disagree', '14D', f'{expiry.text} and {other.text} are different'
                            ' days.'),)
    expiry = expiry or other
    lot, made, di = held.get('$') or held.get('$$7'), held.get('16D'), held.get('+')
    code = source
    if idle or len(held) != len(elements) or not _sorted(tuple(held)):
        code = _code({element.key: element.text for element in elements})
    return Udi.of(
        issuer='hibcc', di=di.text if di else '', code=code,
        hri=code[:-1] + '_' if code[-1] == ' ' else code, elements=tuple(held.values()),
        lot=lot.text if lot else '', serial=serial.text if serial else '', donation='',
        software='', manufactured=made.value if made else None,
        expiry=expiry.value if expiry else None, manufactured_text=made.text if made else '',
        expiry_text=expiry.text if expiry else '', warnings=warnings)


_PLACE = {key: place for place, key in enumerate(_ORDER)}


@lru_cache(maxsize=1024)
def _sorted(keys):
    """Whether fields stand in canonical order: worked out once for each set of them."""
    return keys == tuple(sorted(keys, key=_PLACE.get))
