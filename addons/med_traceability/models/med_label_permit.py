"""Which label records may be changed by the code that runs right now.

Not a context key: a caller over RPC chooses those.
"""
from contextlib import contextmanager
from contextvars import ContextVar

_permitted = ContextVar('med_label_permitted', default=frozenset())


@contextmanager
def permit(records):
    """Let these records, and no others, be moved on by the code inside."""
    keys = {(records._name, record_id) for record_id in records.ids}
    token = _permitted.set(_permitted.get() | keys)
    try:
        yield
    finally:
        _permitted.reset(token)


def is_permitted(records):
    """Whether all of these records may be moved on."""
    return _permitted.get() >= {(records._name, record_id) for record_id in records.ids}
