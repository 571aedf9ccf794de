"""Which risk class a case has: severity × occurrence × detection, judged by rows of a matrix."""

from dataclasses import dataclass

CLASSES = ("low", "medium", "high")


@dataclass(frozen=True)
class Row:
    """One row of the matrix.

    :ivar risk_class: low, medium or high
    :ivar number_from: the row holds from this risk number on (1 to 125); 0: by number never
    :ivar severity_from: the row holds from this severity on, whatever the number; 0: never
    """

    risk_class: str
    number_from: int
    severity_from: int = 0


def number(severity, occurrence, detection):
    """Return the risk number (IEC 60812, 5.3.5), or 0 where one of the three is not judged."""
    return severity * occurrence * detection


def classify(severity, occurrence, detection, rows):
    """Return the highest class of the rows that hold; empty where none does or a value lacks."""
    reached = number(severity, occurrence, detection)
    held = [row.risk_class for row in rows if reached and (
        0 < row.number_from <= reached or 0 < row.severity_from <= severity)]
    return max(held, key=CLASSES.index, default="")
