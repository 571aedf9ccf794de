"""Unique device identifiers: read, check and write them in the forms of their issuers.

GS1, HIBCC, ICCBBA (21 CFR 830, EU 2019/939) and MA/IDcode (China). Nothing here needs a database:

>>> udi = parse('(01)09506000134352(17)290131(10)A1')
>>> udi.di, udi.lot, udi.expiry.isoformat()
('09506000134352', 'A1', '2029-01-31')
"""

from datetime import date

from . import gs1, hibcc, iccbba, ma
from .result import CODES, Element, Udi, UdiError, Warning

ISSUERS = {'gs1': gs1, 'hibcc': hibcc, 'iccbba': iccbba, 'ma': ma}
LIMIT = 512
"""Characters that a code may have; the longest symbols of issuers hold far less."""

_GS1_SYMBOLOGIES = (']C1', ']e0', ']d2', ']Q3', ']J1')
_EAN_SYMBOLOGIES = {']E0': (12, 13), ']E4': (8,), ']I1': (14,)}


def parse(text, *, today=None, letters=None):
    """Read a UDI from a scanner or from a keyboard.

    :param text: as scanned, with or without symbology identifier, FNC1 as ``\\x1d``; or the form
        printed beside the symbol
    :param today: the day around which two-digit years stand (−49/+50 years); today when not given
    :param letters: what the letters of MA mean, when not as in ``ma.LETTERS``
    :returns: :class:`Udi`
    :raises UdiError: when the text is no UDI of an issuer known here; nothing is guessed
    """
    today = today or date.today()
    text = text.strip('\r\n\t')
    if not text or text.isspace():
        raise UdiError('empty', '', 'There is no code.')
    if len(text) > LIMIT:
        raise UdiError('length', '', f'A UDI has at most {LIMIT} characters.')
    if not text.isascii():
        raise UdiError('character', '', 'A UDI has characters of ASCII only.')
    symbology = ''
    if text[0] == ']':
        symbology, text = text[:3], text[3:]
    if symbology in _GS1_SYMBOLOGIES:
        return gs1.read(text, today, separated=True)
    if symbology in _EAN_SYMBOLOGIES:
        if len(text) not in _EAN_SYMBOLOGIES[symbology]:
            raise UdiError('length', '01', f'{text!r} is not the content of this symbol.')
        return gs1.build({'01': gs1.check_di(text)}, today)
    text = text.strip(' ') if text[:1] not in '+*' else text
    if letters and text.startswith('MA.'):
        return ma.read(text, today, letters)
    for reader in ISSUERS.values():
        udi = reader.recognise(text, today, symbology)
        if udi:
            return udi
    raise UdiError('issuer', '', 'The code is not of GS1, HIBCC, ICCBBA or MA.')


def build(issuer, elements, *, today=None):
    """Return the machine form of elements in canonical order.

    :param issuer: ``gs1``, ``hibcc``, ``iccbba`` or ``ma``
    :param elements: mapping, pairs, or :class:`Element`: key to text; a date of a date element may
        be a ``date`` or ISO text
    :raises UdiError: when they make no UDI, or one that would read differently
    """
    return _issuer(issuer).build(elements, today or date.today()).code


def join(first, second, *, today=None):
    """Return one UDI of two symbols of a label: device identifier, and production identifiers.

    :param first: a :class:`Udi` with a device identifier; the two may come in either order
    :raises UdiError: when they cannot be of one label: other issuers, two or no device identifiers,
        data that differ, or a link character of HIBCC that is not the first symbol's check
        character
    """
    if not first.di:
        first, second = second, first
    if first.issuer != second.issuer:
        raise UdiError('issuer', '', 'The two symbols are of different issuers.')
    if not first.di or second.di:
        raise UdiError('missing' if not first.di else 'duplicate', '',
                       'One of the two symbols bears the device identifier, the other none.')
    elements = [*first.elements, *second.elements]
    if first.issuer == 'hibcc':
        link = elements.pop(next(place for place, element in enumerate(elements)
                                 if element.key == 'L'))
        if first.code[-1] != link.text:
            raise UdiError('link', 'L', f'The link character {link.text!r} is not the check '
                           f'character {first.code[-1]!r} of the first symbol.')
    return _issuer(first.issuer).build(elements, today or date.today())


def hri(issuer, elements, *, today=None):
    """Return the form to print beside the symbol; see :func:`build`."""
    return _issuer(issuer).build(elements, today or date.today()).hri


def check_di(issuer, text):
    """Return a device identifier in canonical form.

    :raises UdiError: when it is not one of this issuer's
    """
    return _issuer(issuer).check_di(text.strip())


def check_basic(issuer, text):
    """Return a Basic UDI-DI (EU 2017/745, annex VI, part C) in canonical form.

    :raises UdiError: when it is not one of this issuer's
    """
    return _issuer(issuer).check_basic(text.strip())


def _issuer(name):
    if name not in ISSUERS:
        raise UdiError('issuer', '', f'{name!r} is not one of {", ".join(ISSUERS)}.')
    return ISSUERS[name]
