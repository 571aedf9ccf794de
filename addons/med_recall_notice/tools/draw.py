"""Which consignees an effectiveness check asks (21 CFR 7.42(b)(3))."""

from fractions import Fraction
from hashlib import sha256

SHARES = {"A": 100, "C": 10, "D": 2, "E": 0}


class DrawError(ValueError):
    """There is no such level, or the percentage is outside what the level allows."""


def percentage(level, asked=0):
    """Return the percentage of a level; level B is between 10 and 100, as asked.

    :raise DrawError: no such level, or level B outside its bounds
    """
    if level == "B":
        if not 10 < asked < 100:
            raise DrawError("level B is more than 10 and less than 100 percent")
        return asked
    if level not in SHARES:
        raise DrawError(f"no level {level}")
    return SHARES[level]


def size(population, share):
    """Return how many of a population a percentage means, rounded up."""
    wanted = Fraction(str(share)) * population / 100
    return -(-wanted.numerator // wanted.denominator)


def draw(ids, count, seed):
    """Return ``count`` of ``ids``, in ascending order: those with the least SHA-256 of seed|id.

    The same seed over the same ids always draws the same, and nobody can choose by the seed alone
    without leaving it behind.
    """
    ranked = sorted(set(ids), key=lambda one: (sha256(f"{seed}|{one}".encode()).digest(), one))
    return sorted(ranked[:count])
