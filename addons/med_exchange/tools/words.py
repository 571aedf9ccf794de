"""Words: sentences that a caller may want in another language, and those people search by."""


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


SEARCHED = {"lot", "serial", "order", "number", "reference", "shipment", "delivery", "product",
            "code", "udi", "load", "recall"}
MOST_CHARACTERS = 8_000


def searched(payload):
    """Return the codes that a payload names, once each, by which people search its message."""
    found, left = {}, [payload]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [value for value in one.values() if isinstance(value, dict | list)]
            found |= {str(one[name]): True for name in sorted(SEARCHED & one.keys())
                      if isinstance(one[name], str | int) and not isinstance(one[name], bool)}
        elif isinstance(one, list):
            left += one
    return " ".join(found)[:MOST_CHARACTERS]
