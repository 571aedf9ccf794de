"""Check digits and characters of the issuers."""

MOD43 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
"""The characters of HIBCC; the place of one is its value (ANSI/HIBC 2.6)."""

_CSET82 = ('!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_'
           'abcdefghijklmnopqrstuvwxyz')
_CSET32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
_CSET82_VALUE = {char: value for value, char in enumerate(_CSET82)}
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_MOD43_VALUE = bytes(max(MOD43.find(chr(code)), 0) for code in range(256))


def mod10(digits):
    """Whether the last digit is the check digit of those before (GS1, 7.9.1).

    :param digits: ASCII digits, at least two
    """
    # A digit's code is 48 more than its value: n places with weights 3 and 1 add a known surplus.
    codes = digits.encode()
    own, thrice = codes[::-2], codes[-2::-2]
    return (sum(own) + 3 * sum(thrice) - 48 * (len(own) + 3 * len(thrice))) % 10 == 0


def mod10_digit(digits):
    """Return the check digit to be put behind some digits."""
    return next(digit for digit in '0123456789' if mod10(digits + digit))


def mod43(text):
    """Return the check character of HIBCC over a text in its own characters."""
    return MOD43[sum(text.encode().translate(_MOD43_VALUE)) % 43]


def pair(text):
    """Return the check character pair of a GS1 key with letters, GMN and MUDI (GS1, 7.9.5).

    :param text: up to 23 characters of GS1's set 82
    """
    total = sum(_CSET82_VALUE[char] * prime
                for char, prime in zip(reversed(text), _PRIMES, strict=False)) % 1021
    return _CSET32[total >> 5] + _CSET32[total & 31]
