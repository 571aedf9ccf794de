"""Codes as modules, by Zint; the size of a module in whole dots of the printer.

Quiet zones: Data Matrix 1 module on each side (ISO/IEC 16022, 7.9.3), Code 128 10 modules left and
right (ISO/IEC 15417, 4.6), QR Code 4 modules (ISO/IEC 18004).
"""
import math
from dataclasses import dataclass

from .errors import LabelError

DOTS = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}
"""Dots a millimetre of each print head; a "203 dpi" head has 8 dots a millimetre."""


@dataclass(frozen=True)
class Symbology:
    """``identifiers``: what a reader must report before the data (ISO/IEC 15424)."""

    zint: str
    identifiers: tuple
    quiet: int
    linear: bool = False
    gs1: bool = False


SYMBOLOGIES = {
    'gs1_datamatrix': Symbology('DATAMATRIX', (']d2',), 1, gs1=True),
    'gs1_128': Symbology('GS1_128', (']C1',), 10, linear=True, gs1=True),
    'datamatrix': Symbology('DATAMATRIX', (']d1',), 1),
    'code128': Symbology('CODE128', (']C0',), 10, linear=True),
    'qr': Symbology('QRCODE', (']Q1',), 4),
}


@dataclass(frozen=True)
class Symbol:
    """Rows of modules, dark ones true; ``module`` and ``height`` in dots."""

    rows: tuple
    module: int
    height: int
    quiet: int

    @property
    def width(self):
        """Dots from the first dark module to the last."""
        return len(self.rows[0]) * self.module


def modules_of(minimum, dpi):
    """Return the least whole number of dots that makes a module of at least ``minimum`` mm."""
    if dpi not in DOTS:
        raise LabelError('module', dpi=dpi)
    return max(1, math.ceil(round(minimum * DOTS[dpi], 4)))


def encode(symbology, code, elements, minimum, dpi, height=0.0):
    """Return the Symbol of a code.

    :param code: the machine form, for symbologies that carry it as it stands
    :param elements: ``(application identifier, text)`` pairs, for those of GS1
    :param minimum: least size of a module in mm; made larger to a whole number of dots
    :param height: of the bars of a linear symbol, in mm
    :raises LabelError: the data cannot be encoded
    """
    import zint
    kind = SYMBOLOGIES[symbology]
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology[kind.zint]
    if kind.zint == 'DATAMATRIX':
        symbol.option_3 = zint.DataMatrixOptions.SQUARE.value
    try:
        if kind.gs1:
            symbol.input_mode = zint.InputMode.GS1
            symbol.warn_level = zint.WarningLevel.FAIL_ALL
            symbol.encode(''.join(f'[{key}]{text}' for key, text in elements))
        else:
            symbol.encode(code)
    except (RuntimeError, ValueError) as error:
        raise LabelError('encode', data=code, reason=str(error)) from error
    width, row_bytes = symbol.width, symbol.encoded_data.shape[1]
    data = symbol.encoded_data.tobytes()
    rows = tuple(
        tuple(bool(data[row * row_bytes + column // 8] >> column % 8 & 1)
              for column in range(width))
        for row in range(symbol.rows))
    module = modules_of(minimum, dpi)
    tall = math.ceil(height * DOTS[dpi]) if kind.linear else len(rows) * module
    return Symbol(rows, module, tall, kind.quiet)
