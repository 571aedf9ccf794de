"""The order of life of an order at a processor, and how far it is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_outsourcing.tools.life import LIVE, WHEN, Facts, Said, obstacle, state_of

requirement = "V5 V6 ISO-7.4.2"

NOW = datetime(2026, 3, 2, 8)
HOUR = timedelta(hours=1)
NOTHING = {"ordered": 10.0, "done": 0.0, "coming": 0.0, "shipped": 0.0, "back": 0.0,
           "open": True, "receipts": True, "decided": False}


def said(*kinds):
    return [Said(kind, NOW - (9 - number) * HOUR) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(("kind", "state", "time", "before", "told"), [
    ("acknowledged", "released", NOW, (), ""),
    ("acknowledged", "acknowledged", NOW, ("acknowledged",), "state"),
    ("acknowledged", "draft", NOW, (), "state"),
    ("started", "released", NOW, (), "state"),
    # The goods were faster than the paper: once, and nothing else than what comes before.
    ("acknowledged", "received", NOW, (), ""),
    ("acknowledged", "received", NOW, ("acknowledged",), "state"),
    ("finished", "received", NOW, ("acknowledged", "started"), ""),
    ("finished", "received", NOW, ("acknowledged",), "order"),
    ("finished", "received", NOW, ("acknowledged", "started", "finished"), "state"),
    ("shipped", "received", NOW, ("acknowledged", "started", "finished"), "state"),
    ("finished", "accepted", NOW, ("acknowledged", "started"), "state"),
    ("started", "acknowledged", NOW - 10 * HOUR, ("acknowledged",), "order"),
    ("started", "acknowledged", NOW, ("acknowledged",), ""),
    ("started", "acknowledged", NOW + HOUR, ("acknowledged",), "future"),
    ("started", "acknowledged", NOW + HOUR / 60, ("acknowledged",), ""),
    ("acknowledged", "released", NOW - 100 * HOUR, (), "early"),
    ("shipped", "started", NOW, ("acknowledged", "started"), "order"),
    ("shipped", "started", NOW, ("acknowledged", "started", "finished"), ""),
    ("step", "acknowledged", NOW, ("acknowledged",), "state"),
    ("note", "cancelled", NOW, (), ""), ("finished", "cancelled", NOW, (), "state")])
def test_what_may_be_said_when(kind, state, time, before, told):
    assert obstacle(kind, time, state, said(*before), NOW - 50 * HOUR, NOW) == told


def test_a_correction_is_taken_where_the_first_report_would_not_be():
    before = said("acknowledged", "started")
    assert obstacle("started", NOW, "finished", before, None, NOW) == "state"
    assert not obstacle("started", NOW, "finished", before, None, NOW, correcting=True)
    assert not obstacle("started", NOW, "received", before, None, NOW, correcting=True)
    assert obstacle("started", NOW, "cancelled", before, None, NOW, correcting=True) == "state"


def test_a_correction_comes_before_what_follows_from_it():
    before = said("acknowledged", "started", "step")  # nine, eight and seven hours ago
    assert not obstacle("acknowledged", NOW - 8 * HOUR, "started", before[1:], None, NOW,
                        correcting=True)
    assert obstacle("acknowledged", NOW - 7.5 * HOUR, "started", before[1:], None, NOW,
                    correcting=True) == "late"
    assert obstacle("started", NOW, "started", before[::2], None, NOW, correcting=True) == "late"
    assert not obstacle("started", NOW, "started", before, None, NOW, correcting=True), (
        "another start came first")
    assert not obstacle("step", NOW, "started", before[:2], None, NOW, correcting=True)


def test_no_kind_is_taken_of_a_draft():
    for kind in WHEN:
        assert obstacle(kind, NOW, "draft", said("acknowledged", "started"), None, NOW) == "state"


@pytest.mark.parametrize(("kinds", "changes", "state"), [
    ((), {}, "released"), (("acknowledged",), {}, "acknowledged"),
    (("acknowledged", "declined"), {}, "declined"),
    (("acknowledged", "started"), {"done": 9.0}, "started"),
    (("acknowledged", "started"), {"done": 10.0}, "finished"),
    (("started", "shipped"), {"done": 10.0, "coming": 9.0, "shipped": 8.0}, "finished"),
    (("started", "shipped"), {"done": 10.0, "coming": 9.0, "shipped": 9.0}, "shipped"),
    ((), {"back": 4.0}, "released"), ((), {"back": 4.0, "open": False}, "received"),
    ((), {"back": 4.0, "open": False, "receipts": False}, "released"),
    ((), {"back": 10.0, "open": False, "receipts": False}, "received"),
    (("started",), {"done": 10.0, "coming": 9.0, "back": 9.0, "open": False,
                    "receipts": False}, "received"),
    ((), {"back": 10.0, "open": False, "decided": True}, "accepted"),
    ((), {"decided": True}, "released")])
def test_how_far_it_is(kinds, changes, state):
    assert state_of(said(*kinds), Facts(**{**NOTHING, **changes})) == state


@given(st.lists(st.sampled_from(["acknowledged", "started", "finished", "shipped"]), max_size=6),
       st.floats(0, 20), st.floats(0, 20), st.floats(0, 20))
def test_more_that_is_done_never_takes_an_order_back(kinds, done, shipped, more):
    def rank(extra):
        return LIVE.index(state_of(said(*kinds), Facts(**{
            **NOTHING, "done": done + extra, "coming": done, "shipped": shipped})))

    assert rank(more) >= rank(0)
