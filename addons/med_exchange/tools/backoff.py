"""How long to wait before something is tried again."""

FIRST, LONGEST = 10, 3600  # seconds
SPREAD = 0.2


def wait(attempts, jitter, asked=0):
    """Return the seconds to wait after so many failed tries: doubled each time, up to an hour.

    :param attempts: from 1
    :param jitter: 0 to 1, drawn by the caller: many lines that failed together do not come back
        together
    :param asked: what the other side asked for (Retry-After, RFC 9110, 10.2.3)
    """
    if attempts < 1 or not 0 <= jitter <= 1:
        raise ValueError("attempts from 1, jitter from 0 to 1")
    doubled = min(LONGEST, FIRST * 2 ** min(attempts - 1, 20))
    return max(min(asked, LONGEST), round(doubled * (1 + SPREAD * (2 * jitter - 1)), 1))
