"""What somebody scanned, as a label: a UDI, or a plain number.

No Odoo, no I/O, no clock: text and date come in.
"""
import re
from dataclasses import dataclass, replace
from datetime import date

from .udi import Udi, UdiError, parse

LOOKS_LIKE_UDI = re.compile(r'[\x1d\s]*(\][A-Za-z]\d|\(\d{2,4}\)|01\d{14}|\+\S|=\S|MA\.)')
"""A code that begins like a UDI is one, or is wrong: it is never taken for a lot's number."""


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

    def joined(self, other):
        """Return this label with what `other`, a second symbol of the same label, bears."""
        bears = {name: getattr(other, name) for name in ('lot', 'serial', 'expiry', 'manufactured')
                 if getattr(other, name)}
        if other.udi is None and not bears:
            bears = {'lot': other.code, 'serial': other.code}
        return replace(self, code=f'{self.code}\n{other.code}', hri=f'{self.hri} {other.hri}',
                       warnings=self.warnings + other.warnings, **bears)

    def numbered(self):
        """Return this plain number as the lot or serial it is."""
        return replace(self, lot=self.code, serial=self.code)


def read_label(text, *, today=None):
    """Return what `text` says; symbols of one label stand on lines of their own.

    :param datetime.date today: for the window of two-digit years
    :raises UdiError: it begins like a UDI, and is none; or it is empty
    """
    first, *others = [part.strip() for part in text.split('\n') if part.strip()] or ['']
    label = _read(first, today, LOOKS_LIKE_UDI.match(first))
    for other in others:
        label = label.joined(_read(other, today, LOOKS_LIKE_UDI.match(other), label.udi))
    return label


def _read(text, today, is_udi, after=None):
    """Return one symbol as a label.

    :param is_udi: it begins like a UDI: it is one, or is refused
    :param after: the UDI of the first symbol: a second one often has no mark of its own
    """
    if text and not (is_udi or after):
        return Label(text, text)
    try:
        udi = parse(text, today=today)
    except UdiError:
        if is_udi or not text:
            raise
        return Label(text, text)
    return Label(text, udi.hri, udi, udi.lot or udi.donation, udi.serial, udi.expiry,
                 udi.manufactured, udi.warnings)


KEYS = {'gs1': {'di': '01', 'manufactured': '11', 'expiry': '17', 'lot': '10', 'serial': '21'}}
"""Which element of an issuer bears what."""


def lot_elements(issuer, di, bears):
    """Return the elements of a lot's UDI, as `tools.udi.build` takes them.

    :param dict bears: ``lot``, ``serial``, ``expiry``, ``manufactured``: what the label bears
    """
    keys = KEYS[issuer]
    return [(keys[name], value) for name, value in {'di': di, **bears}.items()]
