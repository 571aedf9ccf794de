"""A proved image as a ZPL II label: ``^GF`` graphic fields of exactly its dots.

Rows are written in the alternative compression of the ZPL II Programming Guide (repeat counts G-Y
and g-z, a comma for the rest of a row in white, a colon for a row like the one above). A field
holds no more than 99,999 bytes, so that a large label is sent in bands.
"""
import functools
import re

LIMIT = 99_999
RUN = re.compile(r'(.)\1{2,}')  # shorter runs are shorter as they stand


def label(image, copies=1):
    """Return the ZPL of one label as ASCII text."""
    row_bytes = -(-image.width // 8)
    packed = image.packed
    rows = [packed[start:start + row_bytes].hex().upper()
            for start in range(0, len(packed), row_bytes)]
    band = LIMIT // row_bytes
    fields = ''.join(
        f'^FO0,{start}' + _field(rows[start:start + band], row_bytes)
        for start in range(0, len(rows), band))
    return (f'^XA^PW{image.width}^LL{image.height}^LH0,0^LS0\n{fields}'
            f'^PQ{copies}\n^XZ\n')


def _field(rows, row_bytes):
    total, above, lines = len(rows) * row_bytes, None, []
    for row in rows:
        lines.append(':' if row == above else _row(row))
        above = row
    return f'^GFA,{total},{total},{row_bytes},' + ''.join(lines) + '^FS\n'


@functools.lru_cache(maxsize=8192)  # labels of one job share most rows
def _row(row):
    kept = row.rstrip('0')
    if len(kept) < len(row):
        return _runs(kept) + ','
    return _runs(row)


def _runs(text):
    return RUN.sub(lambda run: _count(len(run.group())) + run.group(1), text)


def _count(number):
    """Return the repeat count before a digit: z for each 400, g-y for twenties, G-Y for ones."""
    twenties, ones = divmod(number % 400, 20)
    return ('z' * (number // 400) + (chr(ord('f') + twenties) if twenties else '')
            + (chr(ord('F') + ones) if ones else ''))
