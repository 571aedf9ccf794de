"""Which inspection plan applies? The most specific one whose targets are all met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What a plan is for. An empty set means: all.

    :ivar key: handed back by :func:`match`
    :ivar code: of the plan; among equally specific ones the first code in order wins
    :ivar products: a product is meant when it is here or one of its categories is below
    :ivar categories: product categories
    :ivar partners: suppliers
    :ivar operations: of a routing
    :ivar workcenters: work centres
    """

    key: object
    code: str
    products: frozenset = frozenset()
    categories: frozenset = frozenset()
    partners: frozenset = frozenset()
    operations: frozenset = frozenset()
    workcenters: frozenset = frozenset()


@dataclass(frozen=True)
class Subject:
    """What is to be inspected; None where there is none.

    :ivar categories: of the product, its own first, then those above it
    """

    product: object = None
    categories: tuple = ()
    partner: object = None
    operation: object = None
    workcenter: object = None


def match(targets, subject):
    """Return the key of the most specific target that the subject meets, or None.

    A product named goes before its category, a near category before a far one; then a named
    supplier, operation and work centre, in this order.
    """
    found = [(rank, target.code, number, target) for number, target in enumerate(targets)
             if (rank := _rank(target, subject)) is not None]
    if not found:
        return None
    return min(found, key=lambda one: ([-part for part in one[0]], one[1], one[2]))[3].key


def _rank(target, subject):
    product = 0
    if target.products or target.categories:
        near = next((place for place, category in enumerate(subject.categories)
                     if category in target.categories), None)
        if subject.product is not None and subject.product in target.products:
            product = len(subject.categories) + 1
        elif near is not None:
            product = len(subject.categories) - near
        else:
            return None
    rank = [product]
    for wanted, actual in ((target.partners, subject.partner),
                           (target.operations, subject.operation),
                           (target.workcenters, subject.workcenter)):
        if wanted and actual not in wanted:
            return None
        rank.append(1 if wanted else 0)
    return rank
