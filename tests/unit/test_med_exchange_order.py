"""The order of messages in a stream: no gap is passed, nothing is applied twice."""

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools.order import MOST_MISSING, arrange

requirement = "X2 X4"

numbers = st.sets(st.integers(1, 40))


def test_in_order_all_are_ready():
    told = arrange(1, (), (1, 2, 3))
    assert (told.ready, told.expected, told.missing) == ((1, 2, 3), 4, ())


def test_after_a_gap_they_wait_and_it_is_asked_for():
    told = arrange(2, (5,), (4,))
    assert (told.ready, told.expected, told.missing) == ((), 2, (2, 3))


def test_what_waited_is_ready_when_the_gap_is_filled():
    told = arrange(2, (3, 4, 7), (2,))
    assert (told.ready, told.expected, told.missing) == ((2, 3, 4), 5, (5, 6))


def test_by_the_other_rule_all_that_come_are_ready():
    told = arrange(2, (3,), (5, 9), wait=False)
    assert (told.ready, told.expected, told.missing) == ((5, 9), 2, (2, 4, 6, 7, 8))


def test_a_number_that_was_given_up_is_ready_when_it_comes_after_all():
    assert arrange(5, (), (2,)).ready == (2,)


def test_no_more_are_asked_for_than_fit_an_answer():
    assert len(arrange(1, (), (2**31 - 1,)).missing) == MOST_MISSING


@given(st.permutations(range(1, 16)), st.lists(st.integers(1, 5), min_size=1, max_size=15))
def test_however_they_come_each_is_ready_once_and_in_order(order, sizes):
    expected, held, done, coming = 1, set(), [], list(order)
    while coming:
        part, coming = coming[:sizes[0]], coming[sizes[0]:]
        sizes = sizes[1:] + sizes[:1]
        told = arrange(expected, held, part)
        done += told.ready
        expected = told.expected
        held = {number for number in held | set(part) if number >= expected}
    assert done == list(range(1, 16)) and not held


@given(st.integers(1, 20), numbers, numbers)
def test_nothing_behind_a_missing_number_is_ready(expected, held, coming):
    held = {number for number in held if number >= expected}
    told = arrange(expected, held, coming)
    assert all(number < told.expected for number in told.ready)
    assert not set(told.missing) & (held | coming)
    assert told.expected not in held | coming


@given(st.integers(1, 6), st.integers(1, 30))
def test_part_by_part_all_of_them_have_their_turn_in_order(most, last):
    expected, done, parts = 1, [], 0
    while expected <= last:
        told = arrange(expected, range(expected, last + 1), (), most=most)
        assert len(told.ready) <= most and not told.missing
        assert told.more == (told.expected <= last)
        done += told.ready
        expected, parts = told.expected, parts + 1
    assert done == list(range(1, last + 1)) and parts == -(-last // most)


def test_what_comes_behind_the_part_waits_and_the_gap_after_it_is_told():
    told = arrange(1, (2, 3, 4, 6), (1,), most=3)
    assert (told.ready, told.expected, told.missing, told.more) == ((1, 2, 3), 4, (5,), True)
