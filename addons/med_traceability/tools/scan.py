"""What somebody scanned, as a label: a UDI, or a plain number.

No Odoo, no I/O, no clock: text and date come in.
"""
import re
from dataclasses import dataclass, replace
from datetime import date

from .udi import Udi, UdiError, join, parse

LOOKS_LIKE_UDI = re.compile(
    r'[\x1d\s]*(\][A-Za-z]\d|.*\(\d{2,4}\)|01\d{14}|\*?\+\S|=\S|&[,)]|MA\.)')
"""A code that begins like a UDI, or has its brackets, is one or is wrong: it is never taken for a
lot's number."""

KEYS = {
    'gs1': {'di': '01', 'manufactured': '11', 'expiry': '17', 'lot': '10', 'serial': '21'},
    'hibcc': {'di': '+', 'manufactured': '16D', 'expiry': '$$3', 'lot': '$', 'serial': 'S'},
    'iccbba': {'di': '=/', 'manufactured': '=}', 'expiry': '=>', 'lot': '&,1', 'serial': '=,'},
    'ma': {'di': 'MA', 'manufactured': 'M', 'expiry': 'V', 'lot': 'L', 'serial': 'S'},
}
"""Which element of an issuer bears what."""


@dataclass(frozen=True)
class Label:
    """A label as it was read; `udi` is None where it bears a plain number."""
    code: str
    hri: str
    udi: Udi | None = None
    lot: str = ''
    serial: str = ''
    expiry: date | None = None
    manufactured: date | None = None
    warnings: tuple = ()

    @property
    def bears_number(self):
        return bool(self.lot or self.serial)

    def numbered(self):
        """Return this plain number as the lot or serial it is."""
        return replace(self, lot=self.code, serial=self.code)


def read_label(text, *, today=None, letters=None):
    """Return what `text` says; symbols of one label stand on lines of their own.

    :param datetime.date today: for the window of two-digit years
    :param dict letters: what the letters of MA mean, see `tools.udi.parse`
    :raises UdiError: it begins like a UDI, and is none; it is empty; two symbols are not of one
        label
    """
    first, *others = [part.strip() for part in text.split('\n') if part.strip()] or ['']
    label = _read(first, today, letters, LOOKS_LIKE_UDI.match(first))
    for other in others:
        label = _joined(label, _read(
            other, today, letters, LOOKS_LIKE_UDI.match(other), label.udi), today)
    return label


def lot_elements(issuer, di, bears):
    """Return the elements of a lot's UDI, as `tools.udi.build` takes them.

    :param dict bears: ``lot``, ``serial``, ``expiry``, ``manufactured``: what the label bears
    """
    keys = KEYS[issuer]
    if issuer == 'hibcc' and 'serial' in bears and 'lot' not in bears:
        keys = {**keys, 'serial': '$+'}
    return [(keys[name], value) for name, value in {'di': di, **bears}.items()]


def _read(text, today, letters, is_udi, after=None):
    """Return one symbol as a label.

    :param is_udi: it begins like a UDI: it is one, or is refused
    :param after: the UDI of the first symbol: a second one often has no mark of its own
    """
    if text and not (is_udi or after):
        return Label(text, text)
    try:
        return _of(parse(text, today=today, letters=letters), text)
    except UdiError:
        if is_udi or not text:
            raise
        return Label(text, text)


def _of(udi, text):
    return Label(text, udi.hri, udi, udi.lot or udi.donation, udi.serial, udi.expiry,
                 udi.manufactured, udi.warnings)


def _joined(first, second, today):
    """Return two symbols as the one label they are on; a plain second one is its number."""
    code = f'{first.code}\n{second.code}'
    if first.udi and second.udi:
        whole = _of(join(first.udi, second.udi, today=today), code)
        return replace(whole, warnings=first.warnings + second.warnings)
    second = second.numbered()
    return replace(first, code=code, hri=f'{first.hri} {second.hri}', lot=first.lot or second.lot,
                   serial=first.serial or second.serial)
