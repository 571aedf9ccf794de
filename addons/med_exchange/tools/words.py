"""Words: sentences that a caller may want in another language, and those people search by."""

import re

UNFIT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL and UTF-8 have no place for these


def _lt(text):
    """Mark a template for translation; whoever calls the rules translates it."""
    return text


class Sentence(str):
    """A sentence that can be said in another language.

    :ivar template: what it was made from, marked for translation
    :ivar values: what is put into it: named, or in their order
    """

    def __new__(cls, text, template="", values=()):
        made = super().__new__(cls, text)
        made.template, made.values = template or text, values
        return made


def plain(template, *args, **values):
    """Return the :class:`Sentence` of a template with its values, in English."""
    values = values or args
    return Sentence(template % values if values else template, template, values)


SEARCHED = {"order", "number", "reference", "shipment", "delivery", "product", "code", "udi",
            "load", "recall"}
ENDINGS = ("lot", "batch", "serial")  # supplier_lot, indicator_lot, …
MOST_CHARACTERS = 1_000_000  # as a message has bytes: each of its lots is found
LONGEST = 128


def searched(payload):
    """Return the codes that a payload names, once each, by which people search its message.

    It may be anything: also what is refused is searched by the codes that are in it.
    """
    found, left = {}, [payload]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [value for value in one.values() if isinstance(value, dict | list)]
            names = sorted(name for name in one if isinstance(name, str) and (
                name in SEARCHED or name.lower().endswith(ENDINGS)))
            found |= {text: True for name in names if (text := code_in(one[name]))}
        elif isinstance(one, list):
            left += one
    return " ".join(found)[:MOST_CHARACTERS]


def code_in(value):
    """Return the text of a code that was sent, "" where it is none or cannot be kept."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < LONGEST:
        value = str(value)
    if not isinstance(value, str):
        return ""
    return UNFIT.sub("", value[:LONGEST])
