"""Where each unit of a recalled lot ended: everything in scope has one place and one final state.

in scope = still here + with consignees + destroyed + corrected + consumed + made into other lots
         + returned to the supplier + released + unaccounted

Exact: decimals, nothing is rounded. What the stock's postings say counts; what people declare says
which state a unit has where stock does not know it (REQUIREMENTS TRC-3, CN-RC-11).
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
GONE = ("destroyed", "transformed", "supplier", "lost")
POOL = ("corrected", "released")
FIELD = ("consumed", "destroyed", "corrected", "lost")
"""Final states of what a consignee has, in the order in which they are believed."""
STATES = ("still_here", "with_consignees", "destroyed", "corrected", "consumed", "transformed",
          "supplier", "released", "unaccounted")


@dataclass(frozen=True)
class Sums:
    """What the postings of one lot come to, at one time. Quantities are Decimal.

    :ivar on_hand: in our own stock, and on its way between our companies
    :ivar came_in: received or made, without what came back from consignees
    :ivar destroyed: scrapped; ``transformed``: used up or made into other lots; ``supplier``: sent
        back to him; ``lost``: taken off by inventory counts. Each less what was taken back
    :ivar shipped: consignee → quantity; ``returned``: the same
    """

    on_hand: Decimal = ZERO
    came_in: Decimal = ZERO
    destroyed: Decimal = ZERO
    transformed: Decimal = ZERO
    supplier: Decimal = ZERO
    lost: Decimal = ZERO
    shipped: dict = dataclasses.field(default_factory=dict)
    returned: dict = dataclasses.field(default_factory=dict)

    def net(self):
        return sum(self.shipped.values(), ZERO) - sum(self.returned.values(), ZERO)


@dataclass(frozen=True)
class Declared:
    """What people said became of units.

    :ivar own: of our stock: ``corrected``, ``released``; ``destroyed`` with a certificate, and
        ``lost`` explained, prove what the stock says
    :ivar field: consignee → {one of FIELD → quantity}
    :ivar passed: (from, to) → quantity that one consignee handed on to another
    """

    own: dict = dataclasses.field(default_factory=dict)
    field: dict = dataclasses.field(default_factory=dict)
    passed: dict = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Party:
    """One consignee's part of a lot; ``open`` below 0: he gave back more than he got."""

    received: Decimal
    returned: Decimal
    has: Decimal
    finished: Decimal
    states: dict
    open: Decimal


@dataclass(frozen=True)
class Account:
    """One lot.

    :ivar states: one of STATES → quantity; they add up to ``in_scope``
    :ivar parties: consignee → Party
    :ivar returned: came back since the scope was frozen
    :ivar excess: declared beyond what there is: some unit would have two states
    :ivar unproven: scrapped without a certificate; ``unexplained``: lost without a reason
    :ivar difference: what postings do not explain; anything but 0 is an error of the books
    :ivar unfit: of our own stock, what must not leave; as ``still_here``, and also right while
        stock has moved and its posting is not written yet
    """

    in_scope: Decimal
    states: dict
    parties: dict
    returned: Decimal
    excess: Decimal
    unproven: Decimal
    unexplained: Decimal
    difference: Decimal
    unfit: Decimal

    @property
    def settled(self):
        """Whether each unit has its one final state, and each that is lost has its reason."""
        return not (self.states["still_here"] or self.excess or self.unproven or self.unexplained
                    or self.difference or any(party.open for party in self.parties.values()))


def reconcile(base, live, declared):
    """Account for all units of one lot.

    :param Sums base: when the scope was frozen
    :param Sums live: now
    :param Declared declared: what became of units
    :return: :class:`Account`
    """
    came = live.came_in - base.came_in
    gone = {name: getattr(live, name) - getattr(base, name) for name in GONE}
    for name, quantity in gone.items():
        if quantity < 0:  # found again, or taken back: it is there once more
            came, gone[name] = came - quantity, ZERO
    own = {name: declared.own.get(name, ZERO) for name in (*POOL, "destroyed", "lost")}
    pool = sum((own[name] for name in POOL), ZERO)
    parties, left, excess = {}, pool, ZERO
    for partner in sorted(_partners(base, live, declared)):
        parties[partner], left, over = _party(partner, base, live, declared, left)
        excess += over
    here = min(left, max(live.on_hand, ZERO))
    used = pool - (left - here)
    corrected = min(own["corrected"], used)
    summed = {name: sum((party.states[name] for party in parties.values()), ZERO)
              for name in FIELD}
    states = {
        "still_here": live.on_hand - here,
        "with_consignees": sum((party.open for party in parties.values()), ZERO),
        "destroyed": gone["destroyed"] + summed["destroyed"],
        "corrected": corrected + summed["corrected"],
        "consumed": summed["consumed"],
        "transformed": gone["transformed"], "supplier": gone["supplier"],
        "released": used - corrected,
        "unaccounted": gone["lost"] + summed["lost"],
    }
    in_scope = live.on_hand + live.net() + sum(gone.values(), ZERO)
    difference = in_scope - (base.on_hand + base.net() + came)
    most = max(live.on_hand, live.on_hand - difference, ZERO)
    return Account(
        in_scope=in_scope, states=states, parties=parties,
        returned=sum(live.returned.values(), ZERO) - sum(base.returned.values(), ZERO),
        excess=excess + left - here + sum(
            max(own[name] - gone[name], ZERO) for name in ("destroyed", "lost")),
        unproven=max(gone["destroyed"] - own["destroyed"], ZERO),
        unexplained=max(gone["lost"] - own["lost"], ZERO),
        difference=difference, unfit=most - min(left, most))


def _partners(base, live, declared):
    return {*base.shipped, *base.returned, *live.shipped, *live.returned, *declared.field,
            *(partner for pair in declared.passed for partner in pair)}


def _party(partner, base, live, declared, pool):
    """Return one consignee's part, what is left of the finished units, and what is too much."""
    shipped, returned = (getattr(live, name).get(partner, ZERO) for name in ("shipped", "returned"))
    passed = sum((quantity if to == partner else -quantity
                  for (source, to), quantity in declared.passed.items()
                  if partner in (source, to) and source != to), ZERO)
    has = shipped - returned + passed
    said = declared.field.get(partner, {})
    left, states, over = max(has, ZERO), {}, ZERO
    for name in FIELD:
        states[name] = min(said.get(name, ZERO), left)
        left -= states[name]
        over += said.get(name, ZERO) - states[name]
    # What was shipped to him since the freeze are units that were corrected or released before.
    again = max(shipped - base.shipped.get(partner, ZERO), ZERO)
    finished = min(left, again, pool)
    return Party(received=shipped, returned=returned, has=has, finished=finished, states=states,
                 open=has - sum(states.values(), ZERO) - finished), pool - finished, over
