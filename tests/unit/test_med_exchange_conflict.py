"""What is done when both sides changed a thing, and what differs."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_exchange.tools.conflict import (
    differences,
    flat,
    has_crossed,
    is_said,
    put,
    steps,
    verdict,
)

requirement = "X3"

plain = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text("ab/~", max_size=3),
    lambda inner: st.dictionaries(st.text("ab/~", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=8)
objects = st.dictionaries(st.text("ab/~", min_size=1, max_size=3), plain, max_size=4)

BASE = {"known": 1, "version": 2, "base": 1, "met": True, "changed": False, "late": False}


def told(policy="ask", **changes):
    return verdict(policy, **{**BASE, **changes})


def test_what_only_they_changed_is_applied_by_every_rule():
    for policy in ("theirs", "ours", "newest", "ask"):
        assert told(policy) == "apply"
        assert told(policy, known=0, met=False, base=0, version=1) == "apply"


@pytest.mark.parametrize("parting", [{"changed": True}, {"base": 0}, {"base": 7, "version": 8}])
def test_where_both_parted_the_rule_decides(parting):
    assert told("theirs", **parting) == "apply"
    assert told("ours", **parting) == "ours"
    assert told("ask", **parting) == "ask"
    assert told("no such rule", **parting) == "ask"
    for theirs, ours, wanted in (("2026-02", "2026-01", "apply"), ("2026-01", "2026-02", "ours"),
                                 ("2026-01", "2026-01", "ours"), ("", "", "ours")):
        assert told("newest", theirs_at=theirs, ours_at=ours, **parting) == wanted


def test_an_older_version_is_refused_in_order_and_overtaken_out_of_it():
    for policy, version in itertools.product(("theirs", "ask"), (1, 0)):
        assert told(policy, version=version) == "stale"
        assert told(policy, version=version, late=True) == "overtaken"


def test_out_of_order_a_later_version_need_not_follow_the_last_one():
    assert told(late=True, base=4, version=5) == "apply"
    assert told(late=True, base=4, version=5, changed=True) == "ask"


def test_a_thing_of_ours_that_is_gone_is_a_conflict():
    assert told(met=False, changed=True) == "ask"


def test_differences_name_the_field():
    assert differences({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 4, "d": 3}, "e": 5}) == [
        ("/a", 1, None), ("/b/c", 2, 4), ("/e", None, 5)]


def test_a_quantity_is_one_value():
    one, other = {"value": "1", "unit": "mm"}, {"value": "2", "unit": "mm"}
    assert differences({"q": one}, {"q": other}) == [("/q", one, other)]


@given(objects, objects)
def test_taking_every_difference_of_one_side_makes_it_that_side(ours, theirs):
    made = theirs
    for pointer, mine, _other in differences(ours, theirs):
        made = put(made, pointer, mine)
    taken = dict(flat(made))
    for pointer, mine in flat(ours):
        if mine != {}:
            assert taken[pointer] == mine
    assert not [row for row in differences(ours, made) if row[1] not in (None, {})]


def test_put_into_what_is_not_there_says_so():
    for data, pointer in (({"a": 1}, "/a/b"), ({"a": [1]}, "/a/1"), ({"a": [1]}, "/a/x")):
        with pytest.raises(LookupError):
            put(data, pointer, 3)
    assert put({"a": [1, {"b": 2}]}, "/a/1/b", 3) == {"a": [1, {"b": 3}]}


@pytest.mark.parametrize(("pointer", "said"), [
    ("/photo", True), ("/empty", False), ("/none", False), ("/lines/-/status", True),
    ("/lines/-/other", False), ("/photo/-/x", False), ("/lines/status", False)])
def test_what_is_said_is_found_through_lists(pointer, said):
    data = {"photo": "p.jpg", "empty": "", "lines": [{}, {"status": "blocked"}]}
    assert is_said(data, steps(pointer)) is said


def test_where_their_state_crossed_our_word_the_rule_decides():
    assert [told(policy, crossed=True) for policy in ("theirs", "ours", "ask")] == [
        "apply", "ours", "ask"]


MOMENT = datetime(2026, 11, 23, 4, 30, 0, 900_000)


@pytest.mark.parametrize(("ours", "seen", "sent_at", "wanted"), [
    (None, None, MOMENT, False), ((0, None), None, MOMENT, False),
    ((3, MOMENT), None, MOMENT - timedelta(seconds=1), True),
    ((3, MOMENT), None, MOMENT.replace(microsecond=0), False),  # an envelope has no fractions
    ((3, MOMENT), 2, MOMENT + timedelta(days=1), True),
    ((3, MOMENT), 3, MOMENT - timedelta(days=1), False), ((3, MOMENT), 0, MOMENT, True),
    ((3, None), None, MOMENT, False)])
def test_a_state_crosses_our_word_by_what_it_says_it_saw_else_by_its_time(
        ours, seen, sent_at, wanted):
    assert has_crossed(ours, seen, sent_at) is wanted
