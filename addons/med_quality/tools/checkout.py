"""The check-out review of a delivery: whether what goes is what somebody confirmed.

Nothing here reads a database. Quantities are in the unit of the product, by a key of the caller's
(product and lot).
"""

DIGITS = 6

MISSING, CHANGED, SAME = "unreviewed", "changed", "same_person"


def differences(wanted, confirmed):
    """Return ``[(key, wanted, confirmed)]`` of what is not confirmed exactly, in order of keys.

    :param wanted: key → quantity that goes
    :param confirmed: key → quantity that was confirmed
    """
    return [(key, wanted.get(key, 0.0), confirmed.get(key, 0.0))
            for key in sorted({**wanted, **confirmed})
            if round(wanted.get(key, 0.0) - confirmed.get(key, 0.0), DIGITS)]


def obstacle(complete, wanted, confirmed):
    """Return why a delivery may not go, or "".

    :param complete: whether somebody closed the review
    """
    if not complete:
        return MISSING
    return CHANGED if differences(wanted, confirmed) else ""


def same_person(pickers, checkers, second):
    """Return the people who would check their own work; None where nobody is known to have picked.

    :param pickers: ids of the users who picked
    :param checkers: ids of the users who confirm and close the review
    :param second: whether checkers must be others than pickers
    """
    if not second:
        return set()
    return set(pickers) & set(checkers) if pickers else None


def needs_second(choice, policy, high_risk):
    """Return whether the checker must be another person than the picker.

    :param choice: of the product: ``company``, ``always``, ``second`` or ``never``
    :param policy: of the company: ``always``, ``risk`` or ``never``
    :param high_risk: class III or implant, or not known to be neither
    """
    if choice != "company":
        return choice == "second"
    return policy == "always" or (policy == "risk" and high_risk)
