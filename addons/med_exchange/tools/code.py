"""Codes that people read and type: two that look alike are one; no Odoo."""

import unicodedata

UNSEEN = {"Cc", "Cf", "Zl", "Zp"}  # controls, marks of direction, joiners, line separators


def is_plain(code):
    """Return whether a code is written as it is seen.

    Composed (NFC), without blanks around it, and without characters that nobody sees.
    """
    return code == unicodedata.normalize("NFC", code).strip() and not any(
        unicodedata.category(one) in UNSEEN for one in code)
