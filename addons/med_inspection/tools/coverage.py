"""How much of what is there of a lot went through its process (ISO 13485:2016, 7.5.7).

Units of a lot cannot be told from each other. Where it is not known which ones left, those that
went through are taken to have left, and the rest does not pass for them.
"""

ORDER = ("raw", "joined", "back", "found", "run", "gone", "scrapped", "missed")


def processed(events, whole=False):
    """Return how much of what is there went through.

    :param events: rows ``(time, what, quantity)`` in any order; ``raw`` came in from anywhere,
        ``joined`` came in by a split, merge or relabelling, ``back`` was returned by a consignee,
        ``found`` and ``missed`` when counting, ``gone`` left or was consumed, ``scrapped``, and
        ``run`` went through. At one moment what came in is before the run, what left is behind it
    :param bool whole: the lot began as a part of one that went through; what joins such a lot, or
        one that had a run, went through itself
    """
    raw = done = away = absent = 0
    for _time, what, quantity in sorted(events, key=lambda row: (row[0], ORDER.index(row[1]))):
        if what == "run":
            moved, whole = min(quantity, raw), True
            raw, done = raw - moved, done + moved
        elif what == "gone":
            first = min(quantity, done)
            raw, done, away = max(0, raw - quantity + first), done - first, away + first
        elif what in ("scrapped", "missed"):
            last = min(done, max(0, quantity - raw))
            raw, done = max(0, raw - quantity), done - last
            absent += last if what == "missed" else 0
        else:
            again = quantity if what == "joined" and whole else min(
                quantity, {"back": away, "found": absent}.get(what, 0))
            raw, done = raw + quantity - again, done + again
            away -= again if what == "back" else 0
            absent -= again if what == "found" else 0
    return done
