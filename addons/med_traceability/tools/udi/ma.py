"""MA (IDcode), the two-dimensional code of China's ZIIOT: read, stored and compared.

``MA.156.M0.`` registrant (6) ``.`` package, item and check character (8), then production
identifiers, each a dot, a letter and its data. The issuer gives codes by its own service and no
valid way of making check characters is published: none is made here, and none is held wrong.
"""

import re
from datetime import date
from functools import lru_cache

from .dates import yymmdd, yyyymmdd
from .gs1 import pairs
from .result import Udi, UdiError, Warning, new_element

_DI = re.compile(r'MA\.\d{3}\.M0\.[A-Z0-9]{6}\.[A-Za-z0-9]{8}')
_DATA = re.compile(r'[A-Za-z0-9_/+*-]{1,64}').fullmatch

LETTERS = {'L': 'lot', 'S': 'serial', 'M': 'manufactured', 'P': 'manufactured', 'D': 'sterilised',
           'V': 'expiry', 'E': 'expiry', 'C': 'check'}
"""What a letter means. Sources do not agree on V (valid until) and E (expired from): both are read
as the expiry, the earlier one counts, and a difference is told."""

_NAMES = {'lot': 'Lot', 'serial': 'Serial', 'manufactured': 'Manufactured', 'expiry': 'Expiry',
          'sterilised': 'Sterilisation lot', 'check': 'Check characters'}
_ORDER = 'SMPLDEVC'


def recognise(text, today, _symbology=''):
    """Read a text that looks like MA, else return None."""
    return read(text, today) if text[:3] == 'MA.' else None


def read(text, today, letters=None):
    """Read a code of MA.

    :param letters: what a letter means when not as in :data:`LETTERS`
    :raises UdiError: on a device identifier or a field that is not of its form
    """
    match = _DI.match(text)
    if not match:
        raise UdiError('format', 'MA', 'The code does not begin MA.156.M0., registrant (6), dot '
                       'and product (8).')
    di, rest = match[0], text[match.end():]
    elements = [new_element(('MA', 'Device identifier', di, di))]
    if rest:
        if rest[0] != '.':
            raise UdiError('format', 'MA', f'{rest[:8]!r} follows the device identifier without a '
                           'dot.')
        for field in rest[1:].split('.'):
            elements.append(_element(field[:1], field[1:], today.year, letters or LETTERS))
    return _result(elements, letters or LETTERS)


def build(elements, today):
    """Return the :class:`Udi` of elements: ``MA`` and letters; dates may be dates or ISO texts."""
    found = []
    for key, value in pairs(elements):
        if key == 'MA':
            found.append(new_element(('MA', 'Device identifier', check_di(value), value)))
            continue
        if LETTERS.get(key) in ('manufactured', 'expiry'):
            if isinstance(value, str) and re.fullmatch(r'\d{4}-\d\d-\d\d', value):
                value = value[2:].replace('-', '')
            elif isinstance(value, date):
                value = value.strftime('%y%m%d')
        found.append(_element(key, value, today.year, LETTERS))
    return _result(found, LETTERS)


def check_di(text):
    """Return ``MA.156.M0.``, registrant and product as they are, when their form is right."""
    if not _DI.fullmatch(text):
        raise UdiError('format', 'MA', f'{text!r} is not MA, country (3), M0, registrant (6) and '
                       'product (8) with dots between.')
    return text


def check_basic(text):
    """MA has no Basic UDI-DI."""
    raise UdiError('not_udi', 'MA', 'MA issues no Basic UDI-DI.')


def _element(letter, text, year, letters):
    meaning = letters.get(letter)
    if not meaning:
        raise UdiError('element', letter, f'{letter!r} is not a letter of MA.')
    if not _DATA(text):
        raise UdiError('character', letter, f'{text!r} is not the data of {letter}.')
    if meaning in ('manufactured', 'expiry'):
        day = None
        if text.isdigit() and len(text) in (6, 8):
            day = yymmdd(text, year) if len(text) == 6 else yyyymmdd(text)
        if day is None:
            raise UdiError('date', letter, f'{text} is not a date of the form YYMMDD or YYYYMMDD.')
        return new_element((letter, _NAMES[meaning], text, day))
    return new_element((letter, _NAMES[meaning], text, text))


@lru_cache(maxsize=1024)
def _order(keys):
    """Return keys in canonical order: worked out once for each set of them."""
    return tuple(sorted(keys, key=_ORDER.find))


def _result(elements, letters):
    held = {element.key: element for element in elements}
    if len(held) != len(elements):
        for element in elements:
            if held[element.key].text != element.text:
                raise UdiError('duplicate', element.key, f'{element.key} stands twice with '
                               f'different data: {held[element.key].text} and {element.text}.')
    if 'MA' not in held:
        raise UdiError('missing', 'MA', 'The code bears no device identifier.')
    meant, warnings = {}, []
    for key, element in held.items():
        meaning = letters.get(key, '')
        other = meant.setdefault(meaning, element)
        if other is element or other.value == element.value:
            continue
        if meaning not in ('expiry', 'manufactured'):
            raise UdiError('duplicate', key, f'{other.key} and {key} both mean {meaning}.')
        warnings.append(Warning('dates_disagree', key, f'{other.key} {other.text} and {key} '
                                f'{element.text} are different days.'))
        if element.value < other.value:
            meant[meaning] = element
    code = '.'.join([key + held[key].text if key != 'MA' else held[key].text
                     for key in _order(tuple(held))])
    lot, serial = meant.get('lot'), meant.get('serial')
    made, expiry = meant.get('manufactured'), meant.get('expiry')
    return Udi.of(
        issuer='ma', di=held['MA'].text, code=code, hri=code, elements=tuple(held.values()),
        lot=lot.text if lot else '', serial=serial.text if serial else '', donation='',
        software='', manufactured=made.value if made else None,
        expiry=expiry.value if expiry else None, manufactured_text=made.text if made else '',
        expiry_text=expiry.text if expiry else '', warnings=tuple(warnings))
