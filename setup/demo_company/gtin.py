"""GTINs of the demonstration company, all in GS1's prefix for demonstrations and examples."""

# Prefix 952 is set aside by GS1 for demonstrations and examples of the GS1 system.
DEMONSTRATION_PREFIX = "952"


def check_digit(digits):
    """The modulo-10 check digit of a GS1 key given without it (GS1 General Specifications, 7.9.1).

    >>> check_digit("629104150021")
    '3'
    """
    weighted = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-weighted % 10)


def gtin14(item, indicator=0):
    """GTIN-14 of the item numbered `item`; indicator 0 is the unit, 1 to 8 are packaging levels."""
    body = f"{indicator}{DEMONSTRATION_PREFIX}{item:09d}"
    return body + check_digit(body)
