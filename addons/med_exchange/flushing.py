"""Who writes what the ORM holds back while messages are carried out."""

from contextlib import contextmanager


@contextmanager
def flushing_as(env):
    """Let what is flushed within a block be flushed by ``env``, and all of it at its end.

    A savepoint flushes by the first environment of the transaction. In a call that is the
    partner's user, who may read nothing: a monetary field of a lot is rounded by a currency.
    """
    transaction = env.transaction
    before = transaction.default_env
    transaction.default_env = env
    try:
        yield
        env.flush_all()
    finally:
        transaction.default_env = before
