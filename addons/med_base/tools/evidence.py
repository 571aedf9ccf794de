"""The form in which evidence is kept: bytes that are the same for the same content."""
import hashlib
import json


def canonical_json(answer):
    """Return the canonical bytes of plain data: UTF-8, keys sorted, no spaces (version 1).

    :raises ValueError: a number that JSON has no form for
    """
    return json.dumps(answer, sort_keys=True, separators=(',', ':'), ensure_ascii=False,
                      allow_nan=False).encode()


def digest(data):
    """Return the SHA-256 of bytes, as ``sha256sum`` prints it."""
    return hashlib.sha256(data).hexdigest()


def readable(value, kind='text'):
    """Return a value as it is printed: quantities with no idle zeros, times without T and Z."""
    if kind == 'date':
        return value.replace('T', ' ').removesuffix('Z').removesuffix(':00')
    if isinstance(value, bool):
        return '✓' if value else '✗'
    if isinstance(value, (int, float)):
        return f'{round(value, 6) or 0:,.6f}'.rstrip('0').rstrip('.')
    return str(value)


def grouped(text, size=8):
    """Return a digest in groups, so that two people can compare it aloud."""
    return ' '.join(text[start:start + size] for start in range(0, len(text), size))
