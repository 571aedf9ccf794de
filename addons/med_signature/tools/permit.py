"""The permit under which a guarded value is written (ARCHITECTURE, decision 5).

A permit names the model, the records and the value, is good for one write, and lives in a
ContextVar of this module: a caller over RPC can send no context key that stands for it, and the
code of a server action, which runs while the record is being written, finds nothing it could use
for another record or another value.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_PERMITS = ContextVar("med_signature_permits", default=())


class _Permit:
    __slots__ = ("ids", "model", "used", "value")

    def __init__(self, model, ids, value):
        self.model, self.ids, self.value, self.used = model, frozenset(ids), value, False


@contextmanager
def permit(model, ids, value):
    """Permit one write of ``value`` on exactly the records ``ids`` of ``model``.

    :param str model: name of the model
    :param ids: ids of the records; empty for records to be created
    :param value: hashable; what will be written, as :func:`take` is asked for it
    """
    token = _PERMITS.set((*_PERMITS.get(), _Permit(model, ids, value)))
    try:
        yield
    finally:
        _PERMITS.reset(token)


def take(model, ids, value):
    """Use up the permit for this write; return whether there was one."""
    wanted = frozenset(ids)
    for one in reversed(_PERMITS.get()):
        if not one.used and (one.model, one.ids, one.value) == (model, wanted, value):
            one.used = True
            return True
    return False
