"""The order of messages in a stream: which may be applied now, which wait, what is missing."""

from dataclasses import dataclass

MOST_STREAMS = 1_000  # of one partner
WINDOW = 10_000  # numbers of a stream from the expected one on: so many may wait at most
MOST_WAITED = 100  # applied at once beside what comes, so that a transaction stays short
MOST_MISSING = 100  # numbers asked for in one answer; the next answer asks for more


@dataclass(frozen=True)
class Order:
    """What becomes of a stream with messages that have just come.

    :ivar ready: sequence numbers to apply now, in their order
    :ivar expected: the number that is expected next
    :ivar missing: numbers that have not come although later ones have, the first 100 of them
    :ivar more: nothing hinders the number that is expected next but `most`
    """

    ready: tuple
    expected: int
    missing: tuple
    more: bool


def arrange(expected, held, coming, wait=True, most=None):
    """Return the :class:`Order` of a stream.

    :param int expected: lowest number that has not come yet
    :param held: numbers from ``expected`` on that came before; they wait, or are applied already
    :param coming: numbers that come now; those below ``expected`` were given up, and are late
    :param wait: whether a message waits for those before it
    :param most: so many numbers have their turn at most; None: all whose turn it is
    """
    held, coming = set(held), set(coming)
    there = held | coming
    reached = expected
    end = None if most is None else expected + most
    while reached in there and reached != end:
        reached += 1
    missing = []
    last = max(there, default=0)
    for number in range(reached, last):
        if len(missing) == MOST_MISSING:
            break
        if number not in there:
            missing.append(number)
    if wait:
        ready = {number for number in there if number < reached}
    else:
        ready = coming
    return Order(tuple(sorted(ready)), reached, tuple(missing), reached in there)
