"""Messages that this server made itself from a file, and stands for instead of a signature.

The digests live in a ContextVar of this module: nothing that a caller sends stands for them.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_DIGESTS = ContextVar("med_exchange_file_digests", default=frozenset())


@contextmanager
def vouching(digests):
    """Stand for the messages of these digests, and no others, until the end of the block."""
    token = _DIGESTS.set(frozenset(digests))
    try:
        yield
    finally:
        _DIGESTS.reset(token)


def is_vouched(digest):
    """Return whether somebody stands for a message."""
    return isinstance(digest, str) and digest in _DIGESTS.get()
