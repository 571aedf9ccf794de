"""Each unit of a recalled lot has one final state, whatever is done with it, and in which order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_recall_return.tools.reconcile import STATES, Declared, Sums, reconcile

CENT = Decimal("0.01")
ACTS = ("receive", "ship", "back", "scrap", "use", "supplier", "miss", "find", "correct", "release",
        "consume", "destroy_there", "correct_there", "lose_there", "pass_on")


class Books:
    """Naive books: single units that are told apart, and the sums that a stock would keep."""

    def __init__(self, here, there):
        self.units = [["here", None] for _ in range(here)]
        self.units += [[partner, None] for partner, count in enumerate(there, 1)
                       for _ in range(count)]
        self.came, self.gone = 0, dict.fromkeys(("destroyed", "transformed", "supplier", "lost"), 0)
        self.shipped = dict(enumerate(there, 1))
        self.returned = dict.fromkeys(self.shipped, 0)
        self.own = dict.fromkeys(("corrected", "released"), 0)
        self.field, self.passed = {}, {}

    def sums(self):
        scaled = {name: count * CENT for name, count in self.gone.items()}
        return Sums(on_hand=CENT * sum(unit[0] == "here" for unit in self.units),
                    came_in=self.came * CENT,
                    shipped={one: count * CENT for one, count in self.shipped.items()},
                    returned={one: count * CENT for one, count in self.returned.items()}, **scaled)

    def declared(self):
        return Declared(
            own={**{name: count * CENT for name, count in self.own.items()},
                 "destroyed": self.gone["destroyed"] * CENT, "lost": self.gone["lost"] * CENT},
            field={one: {name: count * CENT for name, count in kinds.items()}
                   for one, kinds in self.field.items()},
            passed={pair: count * CENT for pair, count in self.passed.items()})

    def at(self, place, state=None):
        return next((unit for unit in self.units if unit == [place, state]), None)

    def act(self, act, one, two):
        """Do it, if there is a unit it can be done with."""
        if act == "receive":
            self.came += 1
            self.units.append(["here", None])
        elif act == "ship":  # only what is finished passes the gate
            if unit := self.at("here", "corrected") or self.at("here", "released"):
                unit[0] = one
                self.shipped[one] += 1
        elif act == "back" and (unit := self.at(one)):
            unit[0] = "here"
            self.returned[one] += 1
        elif act in ("scrap", "use", "supplier", "miss") and (unit := self.at("here")):
            name = {"scrap": "destroyed", "use": "transformed", "miss": "lost"}.get(act, act)
            unit[:] = ["gone", name]
            self.gone[name] += 1
        elif act == "find" and (unit := self.at("gone", "lost")):
            unit[:] = ["here", None]
            self.gone["lost"] -= 1
        elif act in ("correct", "release") and (unit := self.at("here")):
            unit[1] = "corrected" if act == "correct" else "released"
            self.own[unit[1]] += 1
        elif act.endswith("_there") or act == "consume":
            if unit := self.at(one):
                unit[1] = {"consume": "consumed", "destroy_there": "destroyed",
                           "correct_there": "corrected", "lose_there": "lost"}[act] + " there"
                kinds = self.field.setdefault(one, {})
                name = unit[1].removesuffix(" there")
                kinds[name] = kinds.get(name, 0) + 1
        elif act == "pass_on" and one != two and (unit := self.at(one)):
            unit[0] = two
            self.passed[one, two] = self.passed.get((one, two), 0) + 1

    def count(self, test):
        return CENT * sum(bool(test(*unit)) for unit in self.units)


@given(here=st.integers(0, 5), there=st.tuples(st.integers(0, 4), st.integers(0, 4)),
       acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 2), st.integers(1, 2)),
                     max_size=40))
def test_no_sequence_breaks_the_balance(here, there, acts):
    books = Books(here, there)
    base = books.sums()
    for act, one, two in acts:
        books.act(act, one, two)
    found = reconcile(base, books.sums(), books.declared())
    assert sum(found.states.values()) == found.in_scope == CENT * len(books.units)
    assert (found.difference, found.excess, found.unproven, found.unexplained) == (0, 0, 0, 0)
    assert all(quantity >= 0 for quantity in found.states.values())
    told = {
        "still_here": lambda place, state: place == "here" and not state,
        "with_consignees": lambda place, state: place in (1, 2) and not state,
        "destroyed": lambda place, state: state in ("destroyed", "destroyed there"),
        "corrected": lambda place, state: state in ("corrected", "corrected there"),
        "consumed": lambda place, state: state == "consumed there",
        "transformed": lambda place, state: state == "transformed",
        "supplier": lambda place, state: state == "supplier",
        "released": lambda place, state: state == "released",
        "unaccounted": lambda place, state: state in ("lost", "lost there"),
    }
    assert set(told) == set(STATES)
    assert found.states == {name: books.count(test) for name, test in told.items()}
    assert found.settled == (
        not books.count(lambda place, state: place in ("here", 1, 2) and not state))


@given(numbers=st.lists(st.decimals(-9, 9, places=6), min_size=12, max_size=12),
       said=st.lists(st.decimals(0, 9, places=6), min_size=8, max_size=8))
def test_it_adds_up_even_where_books_and_people_err(numbers, said):
    base = Sums(*numbers[:6], shipped={1: said[6]})
    live = Sums(*numbers[6:], shipped={1: said[7]}, returned={2: said[5]})
    found = reconcile(base, live, Declared(
        own=dict(zip(("corrected", "released", "destroyed", "lost"), said, strict=False)),
        field={1: {"consumed": said[4]}}))
    assert sum(found.states.values()) == found.in_scope
    assert found.excess >= 0 and found.unproven >= 0 and found.unexplained >= 0


def sums(**values):
    return Sums(**{name: Decimal(value) if isinstance(value, int) else {
        one: Decimal(many) for one, many in value.items()} for name, value in values.items()})


BASE = sums(on_hand=3, shipped={1: 7})


@pytest.mark.parametrize(("live", "declared", "wrong"), [
    (BASE, Declared(field={1: {"consumed": Decimal(8)}}), "excess"),
    (BASE, Declared(own={"released": Decimal(4)}), "excess"),
    (BASE, Declared(own={"destroyed": Decimal(1)}), "excess"),
    (sums(on_hand=2, destroyed=1, shipped={1: 7}), Declared(), "unproven"),
    (sums(on_hand=2, lost=1, shipped={1: 7}), Declared(), "unexplained"),
    (sums(on_hand=2, shipped={1: 7}), Declared(), "difference"),
])
def test_what_does_not_fit_is_told_and_nothing_is_settled(live, declared, wrong):
    found = reconcile(BASE, live, declared)
    assert abs(getattr(found, wrong)) == 1
    assert not found.settled
    assert sum(found.states.values()) == found.in_scope


def test_who_gave_back_more_than_he_got_is_told():
    found = reconcile(BASE, sums(on_hand=4, shipped={1: 7}, returned={2: 1}), Declared())
    assert found.parties[2].open == -1 and found.parties[1].open == 7
    assert not found.settled
    mended = reconcile(BASE, sums(on_hand=4, shipped={1: 7}, returned={2: 1}),
                       Declared(passed={(1, 2): Decimal(1)}))
    assert (mended.parties[1].open, mended.parties[2].open) == (6, 0)
