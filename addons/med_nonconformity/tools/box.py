"""The box of a deviation: what it must name, and what it covers at a moment.

Times are naive UTC datetimes, quantities are in the unit of the box.
"""

from dataclasses import dataclass
from datetime import datetime

# By kind: what must be there before it is submitted, besides what every kind asks for.
NEEDED = {
    "planned": ("quantity", "uom_id", "date_from", "date_to"),
    "unplanned": ("cause", "correction"),
    "concession": ("lot_ids", "quantity", "uom_id"),
}
DIGITS = 6
WARN_SHARE = 0.8


@dataclass(frozen=True)
class Box:
    """What was approved, and what is used of it.

    :ivar approved: when it was approved; None: it is not, or no longer
    :ivar start: first moment; None: from its approval
    :ivar end: last moment; None: until it is closed
    :ivar products: ids of products
    :ivar lots: ids of lots; empty: any lot of the products
    :ivar quantity: 0: not limited, which only named lots allow
    """

    approved: datetime | None
    start: datetime | None
    end: datetime | None
    products: frozenset
    lots: frozenset
    quantity: float
    used: float = 0.0


def obstacle(box, at, product, lot):
    """Return why a box does not cover a product and lot at a moment, or an empty text.

    :param lot: id; 0: none is named
    :return: ``unapproved``, ``unapproved_then``, ``early``, ``ended``, ``product``, ``open`` (it
        limits neither lots nor quantity), ``which_lot`` or ``lot``
    """
    if box.approved is None:
        return "unapproved"
    if at < box.approved:
        return "unapproved_then"
    if box.start and at < box.start:
        return "early"
    if box.end and at > box.end:
        return "ended"
    if product not in box.products:
        return "product"
    if not box.lots and box.quantity <= 0:
        return "open"
    if box.lots and lot not in box.lots:
        return "lot" if lot else "which_lot"
    return ""


def left(box):
    """Return how much may still be used, to six decimals; 0 also where nothing is limited."""
    return max(0.0, round(box.quantity - box.used, DIGITS)) if box.quantity > 0 else 0.0


def fits(box, wanted):
    """Return whether a quantity is within what is left."""
    return box.quantity <= 0 or round(box.used + wanted - box.quantity, DIGITS) <= 0


def runs_low(box, wanted):
    """Return whether using a quantity reaches the share of the box at which its owner is told."""
    limit = WARN_SHARE * box.quantity
    return box.quantity > 0 and box.used < limit <= round(box.used + wanted, DIGITS)
