"""Switching rules as sequences of lots, and against a slow reading of the whole history."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import sampling as s
from odoo.addons.med_inspection.tools import switching as w

requirement = "SMP-5 SMP-6 SMP-7 SMP-8 SMP-9 SMP-10 SMP-11"

DATA = Path(__file__).resolve().parents[2] / "addons/med_inspection/data"
STANDARDS = json.loads((DATA / "sampling_standards.json").read_text())
TABLES = s.load(json.loads((DATA / "sampling_iso2859_1.json").read_text()), STANDARDS)
RULES = {key: w.rules(key, entry) for key, entry in STANDARDS["standards"].items()}
ISO, GB, MIL, Z14 = RULES
LIMITS = [{"from": 0, "to": 499, "limits": {"1.5": 2}}, {"from": 500, "to": None, "limits": {}}]


def plan_of(severity, standard=ISO, accept=1):
    """A plan with the Ac wanted; reduced plans with a gap are what a user of Z1.4 enters."""
    gap = severity == "reduced" and STANDARDS["standards"][standard]["gap"]
    return s.Plan("aql", 1000, 32, accept, accept + (3 if gap else 1), False, gap=gap,
                  standard=standard, level="II", aql="1.5", severity=severity, table_size=32)


def run(letters, standard=ISO, state=None, accept=1, **how):
    """Play lots: ``a`` accepted with none found, ``r`` not accepted, ``g`` in the gap, ``t``
    accepted but not with the tighter AQL, ``A`` and ``R`` resubmitted, ``l`` planned under
    another severity and not accepted, ``L`` so and accepted. Returns every step."""
    state, steps = state or w.State(), []
    for letter in letters:
        severity = state.severity if state.severity in s.SEVERITIES else "tightened"
        if letter in "lL":
            severity = "tightened" if severity != "tightened" else "normal"
        plan = plan_of(severity, standard, accept)
        found = {"a": 0, "A": 0, "L": 0, "t": accept, "g": accept + 1}.get(letter, plan.reject)
        steps.append(w.after(RULES[standard], state, w.Lot(
            plan, found, accept - 1 if accept else None, letter in "AR"), **how))
        state = steps[-1].state
    return steps


def last(letters, *args, **kwargs):
    return run(letters, *args, **kwargs)[-1]


TIGHT = w.State("tightened")
REDUCED = w.State("reduced")


@pytest.mark.parametrize("standard", RULES)
@pytest.mark.parametrize(("begin", "lots", "severity", "reason"), [
    ("normal", "r", "normal", "counted"),
    ("normal", "rr", "tightened", "tightened"),
    ("normal", "raaar", "tightened", "tightened"),
    ("normal", "raaaar", "normal", "counted"),
    ("normal", "raaaaraaar", "tightened", "tightened"),
    ("normal", "rRRRRR", "normal", "resubmitted"),
    ("normal", "rAAAAr", "tightened", "tightened"),
    ("normal", "rl", "normal", "other_severity"),
    ("tightened", "aaaa", "tightened", "counted"),
    ("tightened", "aaaaa", "normal", "relaxed"),
    ("tightened", "aaaaraaaa", "tightened", "counted"),
    ("tightened", "aaaaraaaaa", "normal", "relaxed"),
    ("tightened", "aaaaA", "tightened", "resubmitted"),
    ("tightened", "aaaaL", "tightened", "other_severity"),
    ("tightened", "aaaaRa", "normal", "relaxed"),
    ("tightened", "rrrr", "tightened", "counted"),
    ("tightened", "rrrrr", "stopped", "stopped"),
    ("tightened", "raraararaaar", "stopped", "stopped"),
    ("tightened", "rrrrR", "tightened", "resubmitted"),
    ("tightened", "rrrrl", "tightened", "other_severity"),
    ("tightened", "rrrraaaaarr", "tightened", "tightened"),
    ("tightened", "rrrraaaaarrr", "tightened", "counted"),
    ("tightened", "rrrrra", "stopped", "already_stopped"),
    ("reduced", "aaaaaaaaaaaa", "reduced", "counted"),
    ("reduced", "r", "normal", "reduced_failed"),
    ("reduced", "l", "normal", "reduced_failed"),
    ("reduced", "L", "reduced", "other_severity"),
    ("reduced", "R", "reduced", "resubmitted"),
    ("reduced", "rr", "normal", "counted"),
    ("reduced", "rrr", "tightened", "tightened"),
])
def test_sequences_of_lots(standard, begin, lots, severity, reason):
    step = last(lots, standard, w.State(begin))
    assert (step.state.severity, step.reason) == (severity, reason)


def test_two_of_five_counts_as_many_as_there_are():
    assert dict(last("rr").detail) == {"not_accepted": 2, "lots": 2}
    assert dict(last("raaar").detail) == {"not_accepted": 2, "lots": 5}


@pytest.mark.parametrize("standard", [ISO, GB])
def test_ten_perfect_lots_of_ac_two_or_more_score_thirty_and_fifteen_of_ac_zero_or_one(standard):
    for accept, lots in ((2, 10), (7, 10), (1, 15), (0, 15)):
        steps = run("a" * lots, standard, accept=accept)
        assert [step.state.score >= 30 for step in steps] == [False] * (lots - 1) + [True]
        assert [step.may_reduce for step in steps] == [False] * (lots - 1) + [True]
        assert steps[-1].state.severity == "normal"


@pytest.mark.parametrize(("lots", "accept", "score"), [
    ("aaa", 2, 9), ("aat", 2, 0), ("aata", 2, 3), ("aar", 2, 0), ("aara", 1, 2), ("aat", 1, 6),
    ("aaR", 1, 4), ("aaL", 1, 4), ("aaA", 2, 6)])
def test_the_score_grows_and_returns_to_zero(lots, accept, score):
    assert last(lots, accept=accept).state.score == score


def test_the_score_does_not_grow_where_the_tighter_number_is_not_known():
    state = w.after(RULES[ISO], w.State(score=27), w.Lot(plan_of("normal", accept=3), 0)).state
    assert state.score == 0


@pytest.mark.parametrize(("found", "score"), [(0, 30), (2, 30), (3, 0), (4, 0)])
def test_the_tighter_number_itself_still_scores(found, score):
    lot = w.Lot(plan_of("normal", accept=3), found, 2)
    assert w.after(RULES[ISO], w.State(score=27), lot).state.score == score


def test_the_score_is_zero_on_entering_normal():
    assert last("a" * 14 + "rr").state == TIGHT
    assert last("aaaaa", state=TIGHT).state == w.State()
    assert last("r", state=REDUCED).state == w.State()


def test_reduced_needs_steady_production_and_approval():
    waits = last("a" * 15)
    for how in ({}, {"steady": True}, {"approved": True}, {"steady": True, "approved": "no"},
                {"steady": "no", "approved": True}):
        assert last("a" * 15, **how).state.severity == "normal"
        with pytest.raises(w.SwitchError) as caught:
            w.reduce(RULES[ISO], waits.state, **{"steady": False, "approved": False, "aql": "1.5",
                                                 **how})
        assert caught.value.code == (
            "not_approved" if how.get("steady") is True else "not_steady")
    step = last("a" * 15, steady=True, approved=True)
    assert (step.state, step.reason, dict(step.detail)) == (REDUCED, "reduced", {"score": 30})
    assert w.reduce(RULES[ISO], waits.state, steady=True, approved=True, aql="1.5") == step


@pytest.mark.parametrize(("state", "code"), [
    (TIGHT, "not_normal"), (REDUCED, "not_normal"), (w.State("stopped"), "not_normal"),
    (w.State(score=29), "not_earned")])
def test_reduced_cannot_be_taken_unearned(state, code):
    with pytest.raises(w.SwitchError) as caught:
        w.reduce(RULES[ISO], state, steady=True, approved=True, aql="1.5")
    assert caught.value.code == code


def test_iso_has_no_gap_and_z14_accepts_in_it_but_returns_to_normal():
    for standard in (MIL, Z14):
        step = last("g", standard, REDUCED)
        assert (step.state, step.reason) == (w.State(), "reduced_gap")
        assert last("t", standard, REDUCED).state == REDUCED
    assert last("g", ISO, REDUCED).reason == "reduced_failed"


def test_z14_earns_reduced_by_ten_lots_in_a_row():
    steps = run("a" * 10, Z14)
    assert [step.may_reduce for step in steps] == [False] * 9 + [True]
    assert not last("aaaaaaaaar" + "a" * 9, Z14).may_reduce
    assert last("aaaaaaaaar" + "a" * 10, Z14).may_reduce
    assert not last("a" * 9 + "A", Z14).may_reduce
    assert last("a" * 10, Z14, steady=True, approved=True).state == REDUCED


def test_mil_std_105e_needs_the_limit_numbers_that_the_user_enters():
    assert not last("a" * 10, MIL).may_reduce
    assert last("a" * 10, MIL, limits=LIMITS).may_reduce
    assert last("aa" + "a" * 8 + "tt", MIL, limits=LIMITS).may_reduce
    assert not last("a" * 10 + "ttt", MIL, limits=LIMITS).may_reduce
    assert not last("a" * 10 + "ttt", Z14, limits=LIMITS).may_reduce
    assert last("ttt" + "a" * 10, MIL, limits=LIMITS).may_reduce
    assert w.limit_number(LIMITS, "1.5", 499) == 2
    assert w.limit_number(LIMITS, "1.5", 500) is None
    assert w.limit_number(LIMITS, "2.5", 100) is None
    many = w.State(recent=((50, 0),) * 10)
    assert not w.earned(RULES[Z14], many, "1.5", LIMITS)


def test_the_authority_may_order_normal_or_tightened_only():
    step = w.direct(REDUCED, "normal", " production irregular ")
    assert (step.state, step.reason, step.detail) == (
        w.State(), "directed", (("reason", "production irregular"),))
    assert w.direct(w.State(score=9), "tightened", "complaint").state == TIGHT
    for state, severity, reason, code in ((w.State(), "reduced", "x", "severity"),
                                          (w.State(), "stopped", "x", "severity"),
                                          (w.State("stopped"), "normal", "x", "state"),
                                          (w.State(), "normal", "x", "already"),
                                          (TIGHT, "tightened", "x", "already"),
                                          (REDUCED, "normal", " ", "reason")):
        with pytest.raises(w.SwitchError) as caught:
            w.direct(state, severity, reason)
        assert caught.value.code == code


def test_a_stopped_series_resumes_on_tightened_after_an_action_and_counts_anew():
    step = w.resume(last("rrrrr", state=TIGHT).state, "CAPA-7")
    assert (step.state, step.reason) == (TIGHT, "resumed")
    assert last("rrrr", state=step.state).state.severity == "tightened"
    assert last("rrrrr", state=step.state).state.severity == "stopped"
    for state, action, code in ((TIGHT, "CAPA-7", "not_stopped"),
                                (w.State("stopped"), "", "no_action"),
                                (w.State("stopped"), None, "no_action")):
        with pytest.raises(w.SwitchError) as caught:
            w.resume(state, action)
        assert caught.value.code == code


@pytest.mark.parametrize(("lot", "code"), [
    (w.Lot(s.every_unit(5), 0), "plan"), (w.Lot(plan_of("normal", Z14), 0), "standard"),
    (w.Lot(plan_of("normal"), -1), "found"), (w.Lot(plan_of("normal"), None), "found"),
    (w.Lot(plan_of("normal"), True), "found"), (w.Lot(plan_of("normal"), 1.0), "found")])
def test_a_lot_that_does_not_fit_is_refused(lot, code):
    with pytest.raises(w.SwitchError) as caught:
        w.after(RULES[ISO], w.State(), lot)
    assert caught.value.code == code


def test_real_plans_go_through_the_whole_circle():
    """Level II, 1.5, lots of 1,000: J 80 3/4, tightened 2/3, reduced 32 2/3."""
    state, seen = w.State(), []
    for found in [*[0] * 10, *[0] * 3, 5, 5, 5, *[0] * 5]:
        plan = s.plan(TABLES, 1000, "II", "1.5", state.severity, ISO)
        step = w.after(RULES[ISO], state, w.Lot(plan, found, s.stricter_accept(TABLES, plan)),
                       steady=True, approved=True)
        if step.state.severity != state.severity:
            seen.append((plan.sample_size, plan.accept, step.reason))
        state = step.state
    assert seen == [(80, 3, "reduced"), (32, 2, "reduced_failed"), (80, 3, "tightened"),
                    (80, 2, "relaxed")]


@pytest.mark.parametrize("broken", [
    {}, {"switching": {}}, {"switching": {**STANDARDS["standards"][ISO]["switching"], "x": 1}},
    {"switching": {**STANDARDS["standards"][ISO]["switching"], "reduce_lots": 10}},
    {"switching": {**STANDARDS["standards"][ISO]["switching"], "reduce_score": 0}}])
def test_an_edition_whose_rules_are_not_whole_is_refused(broken):
    with pytest.raises(w.SwitchError):
        w.rules("x", broken)


@pytest.mark.parametrize("broken", [
    {}, None, {**w.State().kept(), "severity": "lenient"}, {**w.State().kept(), "more": 1},
    {**w.State().kept(), "recent": [1]}])
def test_a_state_that_cannot_be_read_is_refused(broken):
    with pytest.raises(w.SwitchError):
        w.State.read(broken)


def oracle(standard, accept, letters):
    """Every severity and score of a history, found by reading the standard's sentences over it.

    The lots of the present spell are kept whole and counted again at each step; nothing is shared
    with the state machine. Approval and steadiness are always given. No limit numbers.
    """
    severity, spell, result = "normal", [], []
    scored = standard in (ISO, GB)
    for letter in letters:
        late = letter in "lL"
        ok = letter in "aAtL" or (letter == "g" and not scored and severity == "reduced")
        following = severity
        if letter in "AR" or severity == "stopped":
            pass
        elif late:
            if severity == "reduced" and not ok:
                following = "normal"
        else:
            spell.append(letter if ok else "r")
            bad = [place for place, one in enumerate(spell) if one == "r"]
            tail = len(spell) - 1 - bad[-1] if bad else len(spell)
            if severity == "normal":
                score = 0
                for one in spell:
                    perfect = one == "a" or (accept < 2 and one == "t")
                    score = score + (2 if accept < 2 else 3) if perfect else 0
                if any(two - one <= 4 for one, two in zip(bad, bad[1:], strict=False)):
                    following = "tightened"
                elif (scored and score >= 30) or (standard == Z14 and tail >= 10):
                    following = "reduced"
            elif severity == "tightened":
                if len(bad) == 5:
                    following = "stopped"
                elif tail >= 5:
                    following = "normal"
            elif bad or "g" in spell:
                following = "normal"
        if following != severity:
            severity, spell = following, []
        score = 0
        if scored and severity == "normal":
            for one in spell:
                perfect = one == "a" or (accept < 2 and one == "t")
                score = score + (2 if accept < 2 else 3) if perfect else 0
        result.append((severity, score))
    return result


@given(st.sampled_from(list(RULES)), st.integers(0, 4),
       st.lists(st.sampled_from(["a" * 5, "a" * 9, "a", "a", "t", "r", "rr", "g", "A", "R", "l",
                                 "L"]), max_size=40).map("".join))
@example(ISO, 1, "a" * 15 + "r" * 20)
def test_the_machine_agrees_with_a_slow_reading_of_the_whole_history(standard, accept, letters):
    steps = run(letters, standard, accept=accept, steady=True, approved=True)
    assert [(step.state.severity, step.state.score) for step in steps] == oracle(
        standard, accept, letters)


@given(st.sampled_from(list(RULES)), st.text("aatrrgARlL", max_size=60))
def test_a_state_survives_being_kept_and_what_does_not_count_changes_nothing(standard, letters):
    state = w.State()
    for step in run(letters, standard):
        assert w.State.read(json.loads(json.dumps(step.state.kept()))) == step.state
        assert len(step.state.window) <= 4
        if not step.counted:
            assert step.state == state
        state = step.state


def test_a_resubmitted_lot_counts_nowhere_whatever_it_brings():
    for state in (w.State(score=28, window=(False,)), replace(TIGHT, run=4, failed=4), REDUCED):
        for letter in "AR":
            assert last(letter, state=state).state == state
