"""What programs and people send as a reading, taken as it was written."""

import re
from datetime import datetime, timezone

_TIME = re.compile(r'\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?')


class EntryError(ValueError):
    """Not a value, or not a time."""


def entry_value(value):
    """Return the text of a value: as written, blanks at the ends removed.

    :param value: text, whole number or float (by its shortest text); None: no value
    :raise EntryError: a boolean or another type; longer than 2,000 characters
    """
    if value is None:
        return ''
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise EntryError(type(value).__name__)
    if isinstance(value, int) and value.bit_length() > 140:
        raise EntryError('int')
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if len(text) > 2000:
        raise EntryError('length')
    return text


def event_moment(text):
    """Return a naive UTC datetime without fractions of a second; None for an empty text.

    :param str text: ISO 8601; without a zone it is UTC
    :raise EntryError: it is no such time
    """
    if text in ('', None, False):
        return None
    if not isinstance(text, str) or not _TIME.fullmatch(text.strip()):
        raise EntryError(text)
    try:
        found = datetime.fromisoformat(text.strip().replace('Z', '+00:00'))
    except ValueError as error:
        raise EntryError(text) from error
    if found.tzinfo:
        found = found.astimezone(timezone.utc).replace(tzinfo=None)
    return found.replace(microsecond=0)
