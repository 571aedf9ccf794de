"""How much of what a processor made or processed is good, by its own reports.

Sums are ``{key: quantity}``; nothing here knows a database.
"""


def most(*sums):
    """Return the greatest quantity of each key."""
    return {key: max(one.get(key, 0.0) for one in sums)
            for key in {key for one in sums for key in one}}


def good(finished, rejected, sent_back):
    """Return how much of each key is good.

    :param finished: reported as finished and good
    :param rejected: reported as finished and rejected
    :param sent_back: reported as shipped and rejected; of it, what was not rejected before was
        called good
    """
    worse = most(rejected, sent_back)
    return {key: round(max(quantity + rejected.get(key, 0.0) - worse.get(key, 0.0), 0.0), 6)
            for key, quantity in finished.items()}


def missing(asked, told, key):
    """Return the names of the steps that nobody reported of a lot.

    :param asked: names of the frozen routing
    :param told: ``{name, lower case: keys or None for every lot}``
    """
    return [name for name in asked if name.casefold() not in told or (
        told[name.casefold()] is not None and key not in told[name.casefold()])]
