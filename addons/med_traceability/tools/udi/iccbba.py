"""ICCBBA: ISBT 128 data structures of medical devices of human origin and of blood bags.

Each structure begins with two identifying characters and has a length of its own, so that no
separator is needed (ISBT 128 Standard Technical Specification; UDI formats as accredited by FDA).
"""

import re
from datetime import date
from functools import lru_cache

from .dates import day_of_year
from .gs1 import pairs
from .result import Udi, UdiError, new_element

_STRUCTURES = {  # key: name, form of the data, length
    '=+': ('Compound message', re.compile(r'\d{5}').fullmatch, 5),
    '=/': ('Device identifier', re.compile(r'[A-Z0-9]{16}').fullmatch, 16),
    '=)': ('Device identifier (container)', re.compile(r'[A-Z0-9]{10}').fullmatch, 10),
    '=,': ('Serial', re.compile(r'[A-Z0-9]{6}').fullmatch, 6),
    '=': ('Donation', re.compile(r'[A-NP-Z1-9][A-Z0-9]{4}\d{8}[A-Z0-9]{2}').fullmatch, 15),
    '=>': ('Expiry', re.compile(r'\d{6}').fullmatch, 6),
    '=}': ('Manufactured', re.compile(r'\d{6}').fullmatch, 6),
    '&,1': ('Lot', re.compile(r'[A-Z0-9]{18}').fullmatch, 18),
    '&)': ('Lot (container)', re.compile(r'[A-Z0-9]{10}').fullmatch, 10),
}
_ORDER = {key: place for place, key in enumerate(_STRUCTURES)}
_DONATION = re.compile('=[A-NP-Z1-9]').match


def recognise(text, today, _symbology=''):
    """Read a text that looks like ISBT 128, else return None."""
    return read(text) if text[:1] in ('=', '&') else None


def read(text):
    """Read a symbol of ISBT 128.

    :raises UdiError: on any structure that is unknown, cut short, or not of its form
    """
    elements, at = [], 0
    while at < len(text):
        key = text[at:at + 2]
        if key == '&,':
            key = text[at:at + 3]
        elif key not in _STRUCTURES:
            key = key[0] if _DONATION(key) else key
        if key not in _STRUCTURES:
            raise UdiError('element', key[:2], f'No structure of ISBT 128 begins with {key!r}.')
        begin = at + len(key)
        at = begin + _STRUCTURES[key][2]
        elements.append(_element(key, text[begin:at]))
    return _result(elements)


def build(elements, _today):
    """Return the :class:`Udi` of elements; a date may be a ``date`` or ISO text."""
    found = []
    for key, value in pairs(elements):
        if key not in _STRUCTURES:
            raise UdiError('element', key, f'{key!r} is not a data structure of a device.')
        found.append(_element(key, _date_text(key, value)))
    return _result(found)


def check_di(text):
    """Return a device identifier of 16 characters, or 10 of a container, without its key."""
    for key in ('=/', '=)'):
        bare = text.removeprefix(key)
        if (bare != text or text[:1] != '=') and len(bare) == _STRUCTURES[key][2]:
            return _element(key, bare).text
    raise UdiError('length', '=/', f'{text!r} is not 16 characters, nor 10 of a container.')


def check_basic(text):
    """Return a Basic UDI-DI of ICCBBA as it is: facility, model and check characters, up to 25."""
    if not re.fullmatch(r'[A-NP-Z1-9][A-Z0-9-]{6,24}', text):
        raise UdiError('format', '', f'{text!r} is not a Basic UDI-DI of ICCBBA.')
    return text


def _date_text(key, value):
    if isinstance(value, str) and re.fullmatch(r'\d{4}-\d\d-\d\d', value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise UdiError('date', key, f'{value} is not a date.') from None
    if isinstance(value, str):
        return value
    return f'{value.year // 100 % 10}{value:%y%j}'


@lru_cache(maxsize=4096)
def _day(text):
    """Return the date of cYYJJJ, or None: c is the century's last digit, 9 for 19xx, 0 for 20xx."""
    century = 19 if text[0] == '9' else 20 + int(text[0])
    return day_of_year(century * 100 + int(text[1:3]), int(text[3:]))


def _element(key, text):
    label, form, size = _STRUCTURES[key]
    if len(text) != size:
        raise UdiError('length', key, f'{label} {key} has {size} characters, not {len(text)}.')
    if not form(text):
        raise UdiError('character', key, f'{text!r} is not the data of {label} {key}.')
    if key in ('=>', '=}'):
        day = _day(text)
        if day is None:
            raise UdiError('date', key, f'{text} is not a date of the form cYYJJJ.')
        return new_element((key, label, text, day))
    return new_element((key, label, text, text))


@lru_cache(maxsize=1024)
def _order(keys):
    """Return keys in canonical order: worked out once for each set of them."""
    return tuple(sorted(keys, key=_ORDER.get))


def _result(elements):
    held = {element.key: element for element in elements}
    if len(held) != len(elements):
        for element in elements:
            if held[element.key].text != element.text:
                raise UdiError('duplicate', element.key, f'{element.key} stands twice with '
                               f'different data: {held[element.key].text} and {element.text}.')
    if '=/' in held and '=)' in held:
        raise UdiError('conflict', '=)', 'The code bears two device identifiers, =/ and =).')
    di = held.get('=/') or held.get('=)')
    if not di:
        raise UdiError('missing', '=/', 'The code bears no device identifier.')
    announced = held.get('=+')
    if announced and int(announced.text[:2]) != len(held) - 1:
        raise UdiError('length', '=+', f'The compound message announces {announced.text[:2]} '
                       f'structures and holds {len(held) - 1}.')
    lot, made, expiry = held.get('&,1') or held.get('&)'), held.get('=}'), held.get('=>')
    serial, donation = held.get('=,'), held.get('=')
    code = ''.join([key + held[key].text for key in _order(tuple(held))])
    return Udi.of(
        issuer='iccbba', di=di.text, code=code, hri=code, elements=tuple(held.values()),
        lot=lot.text if lot else '', serial=serial.text if serial else '',
        donation=donation.text if donation else '', software='',
        manufactured=made.value if made else None, expiry=expiry.value if expiry else None,
        manufactured_text=made.text if made else '', expiry_text=expiry.text if expiry else '',
        warnings=())
