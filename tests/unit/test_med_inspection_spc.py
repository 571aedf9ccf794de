"""Control charts, run rules and capability, against the worked cases and a second reading."""

import json
import re
from decimal import Decimal
from itertools import combinations
from math import erf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import run_rules as rr
from odoo.addons.med_inspection.tools import spc

requirement = "SPC-1 SPC-2 SPC-3 SPC-4 SPC-5 SPC-6 SPC-7"

D = Decimal
WORKED = [["10.0", "10.2", "9.9", "10.1", "9.8"], ["10.1", "10.0", "10.2", "9.9", "10.3"],
          ["9.7", "9.9", "10.0", "10.1", "9.8"], ["10.2", "10.1", "10.0", "10.3", "9.9"]]


def to(value, places):
    return round(value, places)


def test_the_worked_x_bar_r_case():
    limits = spc.xbar_r_limits(WORKED)
    mean, spread = spc.chart(limits, WORKED)
    assert [point.value for point in mean.points] == [D("10.0"), D("10.1"), D("9.9"), D("10.1")]
    assert [point.value for point in spread.points] == [D("0.4")] * 4
    first = mean.points[0]
    assert (first.center, first.upper, first.lower) == (D("10.025"), D("10.2558"), D("9.7942"))
    assert (spread.points[0].center, spread.points[0].upper, spread.points[0].lower) == (
        D("0.4"), D("0.8456"), None)
    assert (first.three_sigma, spread.points[0].three_sigma) == (D("0.2308"), D("0.4456"))
    assert mean.violations == spread.violations == ()


def test_the_worked_capability():
    limits = spc.xbar_r_limits(WORKED)
    assert to(limits.sigma, 5) == D("0.17197")
    found = spc.capability(limits.center, limits.sigma, "9.4", "10.6")
    assert (to(found.both, 4), to(found.least, 4)) == (D("1.1630"), D("1.1145"))
    assert found.least == found.high < found.low


def test_performance_uses_the_overall_deviation():
    mean, deviation = spc.overall([value for group in WORKED for value in group])
    assert mean == D("10.025")
    assert to(deviation, 6) == D("0.168195")
    found = spc.capability(mean, deviation, "9.4", "10.6")
    assert (to(found.both, 4), to(found.least, 4)) == (D("1.1891"), D("1.1396"))


def test_a_one_sided_specification_has_one_index():
    found = spc.capability(10, "0.5", upper=12)
    assert (found.both, found.low, found.least) == (None, None, found.high)
    assert to(found.high, 4) == D("1.3333")
    found = spc.capability(10, "0.5", lower=11)
    assert (found.both, found.high, to(found.least, 4)) == (None, None, D("-0.6667"))


@pytest.mark.parametrize(("arguments", "code"), [
    ((10, 0, 9, 11), "no_spread"), ((10, -1, 9, 11), "no_spread"), ((10, 1), "limits"),
    ((10, 1, 11, 9), "limits"), ((10, 1, 9, 9), "limits"), ((None, 1, 9), "empty"),
    ((10, "NaN", 9), "not_finite"), ((10, 1, "x"), "not_a_number")])
def test_an_index_without_meaning_is_refused(arguments, code):
    with pytest.raises(rr.SpcError) as caught:
        spc.capability(*arguments)
    assert caught.value.code == code


def normal(x):
    return (1 + erf(x / sqrt(2))) / 2


@pytest.mark.parametrize("size", spc.CONSTANTS)
def test_the_constants_are_those_of_the_normal_distribution(size):
    """d2 and d3 by integration of the range's distribution; A2, D3 and D4 follow from them."""
    step = 0.06
    below = [normal(-6 + step * number) for number in range(201)]
    d2 = step * sum(1 - p ** size - (1 - p) ** size for p in below)
    square = 2 * step * step * sum(
        1 - high ** size - (1 - low) ** size + (high - low) ** size
        for low, high in combinations(below, 2))
    square += step * step * sum(1 - p ** size - (1 - p) ** size for p in below)
    d3 = sqrt(square - d2 * d2)
    expected = (3 / (d2 * sqrt(size)), max(0, 1 - 3 * d3 / d2), 1 + 3 * d3 / d2, d2)
    for found, wanted in zip(spc.CONSTANTS[size], expected, strict=True):
        assert abs(float(found) - wanted) < 0.0012


def test_single_values_and_their_moving_ranges():
    limits = spc.i_mr_limits(["10", "12", "11", "13"])
    assert (limits.center, to(limits.spread, 4)) == (D("11.5"), D("1.6667"))
    assert to(limits.sigma, 4) == D("1.4775")
    value, moving = spc.chart(limits, ["11", "16", "7"])
    assert (to(value.points[0].upper, 4), to(value.points[0].lower, 4)) == (
        D("15.9326"), D("7.0674"))
    assert [one.index for one in value.violations if one.rule == "beyond_3s"] == [1, 2]
    assert [(point.index, point.value) for point in moving.points] == [(1, 5), (2, 9)]
    assert to(moving.points[0].upper, 4) == D("5.4450")
    assert [one.index for one in moving.violations] == [2]


def test_proportions_have_limits_of_their_own_size():
    limits = spc.p_limits([(5, 100), (15, 100)])
    assert limits.center == D("0.1")
    series, = spc.chart(limits, [(19, 100), (20, 100), (8, 25), (3, 900), (10, 10)])
    small = series.points[2]
    assert [(to(point.upper, 4), point.lower and to(point.lower, 4)) for point in
            series.points[1:4]] == [(D("0.1900"), D("0.0100")), (D("0.2800"), None),
                                    (D("0.1300"), D("0.0700"))]
    assert small.three_sigma == D("0.18")
    assert [one.index for one in series.violations if one.rule == "beyond_3s"] == [1, 2, 3, 4]
    most, = spc.chart(spc.p_limits([(9, 10), (9, 10)]), [(10, 10)])
    assert most.points[0].upper is None
    assert most.violations == ()


def test_rates_may_exceed_one():
    limits = spc.u_limits([(8, 2), (10, 7), (18, 27)])
    assert limits.center == 1
    series, = spc.chart(limits, [(7, 1), (4, 1), (5, 1), (0, 9), (0, 10)])
    assert (series.points[1].upper, series.points[1].lower) == (4, None)
    assert (series.points[3].lower, to(series.points[4].lower, 4)) == (None, D("0.0513"))
    assert [one.index for one in series.violations if one.rule == "beyond_3s"] == [0, 2, 4]


@pytest.mark.parametrize(("call", "code"), [
    (lambda: spc.xbar_r_limits([]), "too_few"), (lambda: spc.xbar_r_limits(WORKED[:1]), "too_few"),
    (lambda: spc.xbar_r_limits([[1, 2], [1, 2, 3]]), "size"),
    (lambda: spc.xbar_r_limits([[1], [2]]), "size"),
    (lambda: spc.xbar_r_limits([range(11), range(11)]), "size"),
    (lambda: spc.xbar_r_limits([[1, None], [2, 3]]), "empty"),
    (lambda: spc.xbar_r_limits([[1, "nan"], [2, 3]]), "not_finite"),
    (lambda: spc.xbar_r_limits([[1, 1], [1, 1]]), "no_spread"),
    (lambda: spc.i_mr_limits([1]), "too_few"), (lambda: spc.i_mr_limits([1, 1]), "no_spread"),
    (lambda: spc.p_limits([(1, 10)]), "too_few"), (lambda: spc.p_limits([(0, 9)] * 2), "no_spread"),
    (lambda: spc.p_limits([(9, 9)] * 2), "no_spread"),
    (lambda: spc.p_limits([(11, 10)] * 2), "count"), (lambda: spc.u_limits([(1, 0)] * 2), "count"),
    (lambda: spc.u_limits([(-1, 9)] * 2), "count"), (lambda: spc.u_limits([(1.0, 9)] * 2), "count"),
    (lambda: spc.u_limits([(True, 9)] * 2), "count"), (lambda: spc.overall([1]), "too_few"),
    (lambda: spc.overall([1, 1]), "no_spread"),
    (lambda: spc.chart(spc.xbar_r_limits(WORKED), [[1, 2]]), "size"),
    (lambda: spc.chart(spc.xbar_r_limits(WORKED), WORKED, ["nelson_9"]), "rule"),
    (lambda: spc.chart(spc.xbar_r_limits(WORKED), WORKED, range_rules=["x"]), "rule")])
def test_what_gives_no_chart_is_refused(call, code):
    with pytest.raises(rr.SpcError) as caught:
        call()
    assert caught.value.code == code


@pytest.mark.parametrize("limits", [
    spc.xbar_r_limits(WORKED), spc.i_mr_limits([1, 2, 4]), spc.p_limits([(1, 7), (2, 7)]),
    spc.u_limits([(1, 7), (2, 7)])])
def test_frozen_limits_come_back_to_the_last_digit(limits):
    assert spc.Limits.read(json.loads(json.dumps(limits.kept()))) == limits


@pytest.mark.parametrize(("change", "code"), [
    ({"chart": "np"}, "chart"), ({"size": 11}, "size"), ({"center": "NaN"}, "not_finite"),
    ({"spread": "0"}, "no_spread"), ({"spread": None}, "empty")])
def test_limits_that_cannot_be_read_are_refused(change, code):
    with pytest.raises(rr.SpcError) as caught:
        spc.Limits.read({**spc.xbar_r_limits(WORKED).kept(), **change})
    assert caught.value.code == code
    with pytest.raises(rr.SpcError):
        spc.Limits.read({})
    with pytest.raises(rr.SpcError):
        spc.Limits.read(None)


def test_new_points_do_not_move_frozen_limits():
    limits = spc.xbar_r_limits(WORKED)
    wild = [["20", "20", "20", "20", "20.5"]] * 30
    assert spc.chart(limits, WORKED + wild)[0].points[0] == spc.chart(limits, WORKED)[0].points[0]


# ---- rules: a point z is z tenths of σ from a centre line of 100


def points(values):
    return [rr.Point(index, D(100) + D(value) / 10, D(100), D(3), D(97), D(103))
            for index, value in enumerate(values)]


def broken(rule, values):
    return [(one.index, one.first) for one in rr.violations(points(values), [rule])]


@pytest.mark.parametrize(("rule", "values", "expected"), [
    ("beyond_3s", [30, -30, 31, -31], [(2, 2), (3, 3)]),
    ("two_of_three_2s", [21, 0, 21], [(2, 0)]),
    ("two_of_three_2s", [21, 21], [(1, 0)]),
    ("two_of_three_2s", [21, 21, 0], [(1, 0)]),
    ("two_of_three_2s", [21, 0, 0, 21], []),
    ("two_of_three_2s", [21, -21, 0], []),
    ("two_of_three_2s", [21, 20, 20], []),
    ("two_of_three_2s", [-21, 25, -21], [(2, 0)]),
    ("four_of_five_1s", [11, 11, 0, 11, 11], [(4, 0)]),
    ("four_of_five_1s", [11, 11, 11, 11], [(3, 0)]),
    ("four_of_five_1s", [11, 11, 11, 10, 10, 11], []),
    ("four_of_five_1s", [-11, -11, -35, 0, -11], [(4, 0)]),
    ("four_of_five_1s", [11, 11, -11, -11, 11], []),
    ("eight_one_side", [1] * 8, [(7, 0)]),
    ("eight_one_side", [1] * 7 + [0] + [1] * 7, []),
    ("eight_one_side", [-1] * 9, [(7, 0), (8, 1)]),
    ("nine_one_side", [1] * 8, []),
    ("nine_one_side", [1] * 9, [(8, 0)]),
    ("nine_one_side", [1] * 8 + [-1] + [1] * 8, []),
    ("six_trend", [0, 1, 2, 3, 4], []),
    ("six_trend", [0, 1, 2, 3, 4, 5], [(5, 0)]),
    ("six_trend", [0, 1, 2, 2, 3, 4, 5], []),
    ("six_trend", [5, 4, 3, 2, 1, 0, -1], [(5, 0), (6, 1)]),
    ("fourteen_alternating", [0, 1] * 6 + [0], []),
    ("fourteen_alternating", [0, 1] * 7, [(13, 0)]),
    ("fourteen_alternating", [0, 1] * 3 + [1, 0] * 5, []),
    ("fifteen_within_1s", [10, -10, 0] * 5, [(14, 0)]),
    ("fifteen_within_1s", [10, -10, 0] * 4 + [1, 1], []),
    ("fifteen_within_1s", [1] * 7 + [11] + [1] * 7, []),
    ("eight_outside_1s", [11, -11] * 4, [(7, 0)]),
    ("eight_outside_1s", [11] * 7 + [-11], [(7, 0)]),
    ("eight_outside_1s", [11] * 8, []),
    ("eight_outside_1s", [11, -11] * 3 + [11, -10], [])])
def test_counts_and_edges_of_the_rules(rule, values, expected):
    assert broken(rule, values) == expected


def test_all_rules_are_named():
    assert set(rr.WESTERN_ELECTRIC + rr.NELSON) == set(rr._RULES)
    assert len(rr.NELSON) == 8


ZONES = "AaBbCcoDdEeFf"  # above: A > 3σ, B > 2σ, C > 1σ, c ≤ 1σ … o centre … below: d, D, E, F


def zone(value):
    for letter, low in (("A", 30), ("B", 20), ("C", 10), ("c", 0)):
        if value > low:
            return letter
        if -value > low:
            return {"A": "F", "B": "E", "C": "D", "c": "d"}[letter]
    return "o"


def second_reading(rule, values):
    """The index of each point that breaks a rule, by regular expressions over zones and steps."""
    zones = "".join(map(zone, values))
    steps = "".join("=+-"[(b > a) - (b < a)] for a, b in zip(values, values[1:], strict=False))
    patterns = {
        "beyond_3s": "[AF]$",
        "two_of_three_2s": "[AB].?[AB]$|[EF].?[EF]$",
        "four_of_five_1s": "|".join(
            f"{one}$" for side in ("[ABC]", "[DEF]")
            for one in (side * 4, side * 3 + "." + side, side * 2 + "." + side * 2,
                        side + "." + side * 3)),
        "eight_one_side": "[ABCc]{8}$|[dDEF]{8}$",
        "nine_one_side": "[ABCc]{9}$|[dDEF]{9}$",
        "six_trend": r"\+{5}$|-{5}$",
        "fourteen_alternating": r"(\+-){6}\+$|(-\+){6}-$",
        "fifteen_within_1s": "[cod]{15}$",
        "eight_outside_1s": "(?=.*[ABC].*$)(?=.*[DEF].*$)[ABCDEF]{8}$",
    }
    text = steps if rule in ("six_trend", "fourteen_alternating") else zones
    shift = len(zones) - len(text)
    last = 8 if rule == "eight_outside_1s" else 15
    return [end + shift - 1 for end in range(1, len(text) + 1)
            if re.search(patterns[rule], text[max(0, end - last):end])]


@pytest.mark.parametrize("rule", rr._RULES)
@given(values=st.one_of(
    st.lists(st.sampled_from([-31, -30, -21, -20, -11, -10, -1, 0, 1, 10, 11, 20, 21, 30, 31]),
             max_size=40),
    st.lists(st.sampled_from([[1] * 7, [11, -11] * 3, [0, 1] * 6, list(range(5)), [-11] * 3,
                              [0], [5], [25], [-5], list(range(9, 2, -1))]),
             max_size=8).map(lambda parts: [one for part in parts for one in part])))
def test_the_rules_agree_with_a_second_reading(rule, values):
    assert [index for index, _first in broken(rule, values)] == second_reading(rule, values)
