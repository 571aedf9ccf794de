"""May a schema follow another as the next minor version of the same major?

Yes, when every message that the earlier one allows is allowed by the later, and means the same:
then a partner who speaks 1.0 need not notice that 1.1 is there. Anything else is a new major
version.
"""

from fractions import Fraction

from .envelope import Problem
from .envelope import pointer as step
from .schema import resolved

_LOW = ("minimum", "minLength", "minItems", "x-minimum")
_HIGH = ("maximum", "maxLength", "maxItems", "x-maximum")
_SAME = ("pattern", "format", "const")  # may be dropped, not changed or added
_MEANING = ("x-unit", "x-truth")


def breaks(old, new):
    """Return what keeps ``new`` from being a minor version after ``old``: list of Problem.

    :param old: body of the earlier schema; pointers are those of fields in a message
    """
    return list(_compare(old, old, new, new, "", frozenset()))


def _compare(old_body, old, new_body, new, pointer, seen):
    pair = (old.get("$ref"), new.get("$ref"))
    if None not in pair:
        if pair in seen:
            return
        seen |= {pair}
    old, new = resolved(old_body, old), resolved(new_body, new)
    yield from (Problem(pointer, text) for text in _own(old, new))
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, inner in before.items():
        here = pointer + step(name)
        if name in after:
            yield from _compare(old_body, inner, new_body, after[name], here, seen)
        else:
            yield Problem(here, "is gone: who sends it would be refused.")
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield Problem(pointer + step(name), "has become required.")
    if "items" in old:
        yield from _compare(old_body, old["items"], new_body, new.get("items", {}),
                            f"{pointer}/-", seen)
    elif "items" in new:
        yield Problem(f"{pointer}/-", "has become limited.")


def _own(old, new):
    """What a part itself forbids more than before, or means otherwise."""
    if lost := _types(old) - _types(new):
        yield f"may no longer be {', '.join(sorted(lost))}."
    if "enum" in new:
        if "enum" not in old:
            yield "has become a closed list of values."
        elif lost := [value for value in old["enum"] if value not in new["enum"]]:
            yield f"may no longer be {', '.join(map(str, lost))}."
    for keyword in _SAME:
        if keyword in new and new[keyword] != old.get(keyword):
            yield f"must now have another {keyword}."
    for keyword in _LOW:
        if keyword in new and (keyword not in old
                               or Fraction(new[keyword]) > Fraction(old[keyword])):
            yield f"has a higher {keyword} than before."
    for keyword in _HIGH:
        if keyword in new and (keyword not in old
                               or Fraction(new[keyword]) < Fraction(old[keyword])):
            yield f"has a lower {keyword} than before."
    if new.get("uniqueItems") and not old.get("uniqueItems"):
        yield "may no longer have the same row twice."
    for keyword in _MEANING:
        if new.get(keyword) != old.get(keyword):
            yield f"means something else: {keyword} was {old.get(keyword)}, is {new.get(keyword)}."
    if new.get("x-precision", 99) < old.get("x-precision", 0):
        yield "keeps fewer decimal places than before."
    for state, later in old.get("x-states", {}).items():
        if lost := set(later) - set(new.get("x-states", {}).get(state, ())):
            yield f"may no longer turn from {state} into {', '.join(sorted(lost))}."


def _types(part):
    """Types that a part allows; without a type, everything."""
    kind = part.get("type", ["string", "integer", "boolean", "array", "object", "null"])
    return {kind} if isinstance(kind, str) else set(kind)
