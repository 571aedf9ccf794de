"""Numbers as people and instruments write them, read exactly or not at all.

``Decimal`` alone reads too much: ``NaN``, ``Infinity``, ``1_000``, full-width digits, and exponents
that would fill the memory.
"""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

ROUNDINGS = {'half_up': ROUND_HALF_UP, 'half_even': ROUND_HALF_EVEN}
_WRITTEN = re.compile(r'[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?', re.ASCII)
_DIGITS = 40
_READABLE = Context(prec=28, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=500)
_STEPS = {decimals: Decimal((0, (1,), -decimals)) for decimals in range(-_DIGITS, _DIGITS + 1)}


class NumberError(ValueError):
    """Not a number that can be judged.

    :ivar code: ``empty``, ``not_a_number``, ``not_finite`` or ``out_of_range``
    """

    def __init__(self, code, value):
        super().__init__(f'{code}: {str(value)[:80]!r}')
        self.code = code
        self.value = value


def exact(value):
    """Return the Decimal that a value states.

    :param value: Decimal, int, float (read by its shortest text, so 0.1 is 0.1) or text with a
        decimal point, ASCII digits, no thousands separator; at most 40 digits and 10 ** ±40
    :raise NumberError: empty, a boolean, NaN, an infinity, another type, too long or too large
    """
    if value is None or value is False or (isinstance(value, str) and not value.strip()):
        raise NumberError('empty', value)
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float, str)):
        raise NumberError('not_a_number', value)
    if isinstance(value, Decimal):
        found = value
    else:
        if isinstance(value, int) and value.bit_length() > 140:
            raise NumberError('out_of_range', hex(value))
        text = repr(value) if isinstance(value, float) else str(value).strip()
        if text.lstrip('+-').lower() in ('nan', 'snan', 'inf', 'infinity'):
            raise NumberError('not_finite', value)
        if not _WRITTEN.fullmatch(text):
            raise NumberError('not_a_number', value)
        found = Decimal(text)
    if not found.is_finite():
        raise NumberError('not_finite', value)
    _sign, digits, exponent = found.as_tuple()
    if len(digits) > _DIGITS or abs(exponent) > _DIGITS:
        raise NumberError('out_of_range', value)
    return found


def rounded(value, decimals, rounding):
    """Return a number rounded to so many decimals, as a Decimal; it is rounded once.

    A tie goes away from zero (``half_up``) or to the even digit (``half_even``, GB/T 8170-2008,
    3.2); negative numbers are rounded by their absolute value, as there.

    :param value: Decimal of :func:`exact`, or Fraction
    :param int decimals: places after the point, −40 to 40; negative: tens, hundreds…
    :raise ValueError: an unknown rounding rule
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f'unknown rounding: {rounding}')
    if isinstance(value, Fraction):
        scaled = abs(value) * Fraction(10) ** decimals
        whole, rest = divmod(scaled.numerator, scaled.denominator)
        tie = 2 * rest - scaled.denominator
        if tie > 0 or (tie == 0 and (rounding == 'half_up' or whole % 2)):
            whole += 1
        found = Decimal(-whole if value < 0 else whole).scaleb(-decimals, _WIDE)
    else:
        found = value.quantize(_STEPS[decimals], ROUNDINGS[rounding], _WIDE)
    found = found.copy_abs() if found.is_zero() else found
    return found if decimals >= 0 else found.quantize(_STEPS[0], context=_WIDE)


def shown(value):
    """Return a rational number as a Decimal of at most 28 digits, for reading."""
    return _READABLE.divide(Decimal(value.numerator), Decimal(value.denominator))
