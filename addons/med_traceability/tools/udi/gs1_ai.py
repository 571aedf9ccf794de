"""GS1's application identifiers (AI): what their data look like, and which need or exclude others.

Which exist comes from biip's table, which follows the GS1 General Specifications.
"""

import re
from functools import lru_cache

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

FNC1 = '\x1d'
_PREDEFINED = {'00', '01', '02', '03', '04', *map(str, range(11, 21)), *map(str, range(31, 37)),
               '41'}
"""First two digits of the AIs whose length ends them: no separator needed (GS1, 7.8.5)."""

LABELS = {
    '01': 'Device identifier (GTIN)', '10': 'Lot', '11': 'Manufactured', '12': 'Due date',
    '13': 'Packed', '15': 'Best before', '16': 'Sell by', '17': 'Expiry',
    '20': 'Product variant', '21': 'Serial', '30': 'Count of items', '235': 'Third party serial',
    '240': 'Additional product identification', '241': 'Customer part number',
    '250': 'Secondary serial', '251': 'Reference to source', '7003': 'Expiry with time',
    '8008': 'Manufactured with time', '8012': 'Software version', '8013': 'Basic UDI-DI (GMN)',
    '8014': 'Master UDI-DI',
}
_MONTHS = {'11', '12', '13', '15', '16', '17', '4324', '4325'}
"""Dates whose day may be 00, the last of the month."""
_DATES = _MONTHS | {'4326', '7003', '7006', '7007', '7011', '8008'}
_CHECKED = {  # AI: how many first digits bear a check digit
    '00': 18, '01': 14, '02': 14, '03': 14, '253': 13, '255': 13, '402': 17, '410': 13, '411': 13,
    '412': 13, '413': 13, '414': 13, '415': 13, '416': 13, '417': 13, '8003': 14, '8006': 14,
    '8017': 18, '8018': 18, '8026': 14,
}
_PAIRED = {'8013', '8014'}
_ITEM = ('01', '02', '8006', '8026')
_NEEDS = {  # AI: groups, one AI of each of which must be in the code (GS1 syntax dictionary)
    '02': (('37',),), '10': (_ITEM,), '11': (_ITEM,), '13': (_ITEM,), '15': (_ITEM,),
    '16': (_ITEM,), '17': (_ITEM,), '20': (_ITEM,), '21': (('01', '03', '8006'),), '22': (('01',),),
    '30': (('01', '02'),), '37': (('02', '8026'),), '235': (('01',),), '240': (_ITEM,),
    '241': (_ITEM,), '242': (_ITEM,), '243': (('01',),), '250': (('01', '8006'), ('21',)),
    '251': (('01', '8006'),), '254': (('414',),), '7001': (_ITEM,), '7002': (('01', '02'),),
    '7003': (('01', '02'),), '7004': (('01',), ('10',)), '7006': (('01', '02'),),
    '7011': (('01', '02'),), '7020': (('01', '8006'), ('416',)), '7021': (('01', '8006'),),
    '7022': (('7021',),), '7240': (('01', '8006'),), '8005': (('01', '02'),),
    '8008': (('01', '02'),), '8012': (('01', '03', '8006'),), '8014': (('01',),),
    '8011': (('8010',),), '8019': (('8017', '8018'),), '8026': (('37',),), '8111': (('255',),),
    '8200': (('01',),), **{str(ai): (('01',),) for ai in range(710, 717)},
    **{str(ai): (('01', '8004'),) for ai in range(7230, 7240)},
}
_NOT_WITH = {'01': ('02', '255', '37'), '03': ('01', '02', '37'), '21': ('235',),
             '8006': ('01', '37'), '8017': ('8018',), '8026': ('02', '8006')}


class _Ai:
    """One application identifier, ready for reading."""

    __slots__ = ('checked', 'date', 'key', 'label', 'length', 'match', 'month', 'pair',
                 'plain', 'predefined', 'title', 'width')

    def __init__(self, entry):
        self.key, self.title = entry.ai, entry.data_title
        self.width = len(entry.ai)
        self.label = LABELS.get(entry.ai, entry.data_title)
        self.match = re.compile(entry.pattern.removeprefix('^' + entry.ai).removesuffix('$')
                                ).fullmatch
        self.predefined = entry.ai[:2] in _PREDEFINED
        digits = re.fullmatch(r'N\d\+N(\d+)', entry.format)
        self.length = int(digits[1]) if digits else 0
        self.date = entry.ai in _DATES
        self.month = entry.ai in _MONTHS
        self.checked = _CHECKED.get(entry.ai, 0)
        self.pair = entry.ai in _PAIRED
        self.plain = not (self.length or self.date or self.checked or self.pair
                          or self.match(''))


SHORT = {}
"""AIs of two digits, for the quick way."""


@lru_cache(maxsize=16384)
def find_ai(head):
    """Return the AI that begins four characters, or None. Asks biip once for each."""
    if not (head.isascii() and head[:2].isdigit()):
        return None
    try:
        entry = GS1ApplicationIdentifier.extract(head)
    except ParseError:
        return None
    found = _Ai(entry)
    if found.width == 2:
        found = SHORT.setdefault(found.key, found)
    return found


def check_together(keys):
    """Apply what an AI needs and what it excludes; return arguments of an error, or None.

    Production identifiers alone are half a UDI: their key stands in another symbol.
    """
    half = '01' not in keys
    for key in keys:
        for group in _NEEDS.get(key, ()):
            if not (half and '01' in group) and not any(other in keys for other in group):
                return ('missing', key, f'({key}) needs '
                        + ' or '.join(f'({other})' for other in group) + ' in the code.')
        for other in _NOT_WITH.get(key, ()):
            if other in keys:
                return ('conflict', key, f'({key}) must not stand with ({other}).')
    return None


for _key in LABELS:
    find_ai(_key)
