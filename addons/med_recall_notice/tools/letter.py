"""Letters with places to be filled in: ``{{reason}}``."""

import re

PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
PLACES = frozenset((
    "action", "answer", "company", "consignee", "date", "hazard", "instruction", "level", "lots",
    "number", "products", "reason", "srn", "urgent"))


def places(text):
    """Return the names of the places in a text."""
    return set(PLACE.findall(text or ""))


def fill(text, values):
    """Return the text with each place filled in; each value has been escaped by the caller.

    What was filled in is not read again: a place inside a value stays as it is.

    :param values: name → text
    :raise KeyError: a place that has no value
    """
    return PLACE.sub(lambda found: str(values[found[1]]), text or "")
