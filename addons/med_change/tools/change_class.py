"""The class of a change, from its effects and the rows of a table."""

from dataclasses import dataclass

CLASSES = ("minor", "moderate", "major")


@dataclass(frozen=True)
class Row:
    """A row: an effect of this strength makes the change at least of this class."""

    effect: str
    strength: str
    change_class: str


def classify(effects, rows, raised=None):
    """Return the worst class that the rows give, or None where it is not known.

    :param effects: effect → ``"none"``, ``"possible"``, ``"certain"``, or None: not judged yet
    :param rows: :class:`Row`; an effect without a row for its strength is not known
    :param raised: class that a person raised it to; it never lowers
    """
    found = [CLASSES[0]]
    for effect, strength in effects.items():
        if strength is None:
            return None
        if strength == "none":
            continue
        given = [row.change_class for row in rows
                 if (row.effect, row.strength) == (effect, strength)]
        if not given:
            return None
        found += given
    return max([*found, *filter(None, [raised])], key=CLASSES.index)
