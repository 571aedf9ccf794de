"""What was used for several lots together is shared, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_outsourcing.tools.share import groups, share
from pytest import approx

requirement = "V5 V7"


def test_events_that_share_a_lot_are_one_group_and_others_stay_apart():
    found = groups([({1: 5.0}, {(7, 70): 5.0}), ({2: 5.0}, {(7, 71): 5.0}),
                    ({1: 1.0, 3: 2.0}, {(7, 70): 3.0})])
    told = sorted((sorted(one.made.items()), sorted(one.used.items())) for one in found)
    assert told == [([(1, 6.0), (3, 2.0)], [((7, 70), 8.0)]), ([(2, 5.0)], [((7, 71), 5.0)])]


def test_units_are_not_divided():
    left = {(7, lot): 1.0 for lot in range(4)} | {(8, 80): 3.0}
    taken = share(left, 2.0, 4.0, units=[7])
    assert taken == {(7, 0): 1.0, (7, 1): 1.0, (8, 80): 1.5}


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=8),
       st.dictionaries(st.integers(1, 5), st.floats(0.001, 10_000), max_size=4))
def test_parts_add_up_to_all_that_was_used(parts, used):
    left, whole = {(1, lot): amount for lot, amount in used.items()}, sum(parts)
    total = dict.fromkeys(left, 0.0)
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        taken = share(left, part, part if last else whole)
        for key, amount in taken.items():
            assert amount > 0
            total[key] += amount
            left[key] -= amount
        whole -= part
    assert total == approx({(1, lot): amount for lot, amount in used.items()}, abs=1e-4)
