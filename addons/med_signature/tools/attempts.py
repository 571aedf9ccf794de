"""When signing is locked after wrong secrets, and which secrets are too weak to be set."""

from datetime import timedelta

DIGITS = "0123456789"


def locked_until(attempts, now, tries, minutes):
    """Return until when signing is locked, or None.

    :param attempts: (time, outcome) newest first; outcome ``failed``, ``succeeded`` or ``lifted``
    :param now: present time, of the same kind as the times
    :param tries: wrong secrets in a row that lock; a lock that ran out leaves as many again
    :param minutes: how long the lock lasts after the last of them
    """
    run = []
    for when, outcome in attempts:
        if outcome != "failed":
            break
        run.append(when)
    run.reverse()
    count, until = 0, None
    for when in run:
        if until and when >= until:
            count, until = 0, None
        count += 1
        if count >= tries:
            until = when + timedelta(minutes=minutes)
    return until if until and until > now else None


def weak_pin(pin, length):
    """Return why a PIN is too weak: ``digits``, ``short`` or ``pattern``; None when it will do.

    :param length: digits it must have at least
    """
    if not pin or set(pin) - set(DIGITS):
        return "digits"
    if len(pin) < length:
        return "short"
    steps = {(int(right) - int(left)) % 10 for left, right in zip(pin, pin[1:], strict=False)}
    if steps <= {0} or steps in ({1}, {9}) or len(set(pin)) < 3:
        return "pattern"
    return None
