"""Verdicts of readings, units, classes and lots; what is not known is never a pass."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import reading as r
from odoo.addons.med_inspection.tools import sampling as s
from odoo.addons.med_inspection.tools import verdict as v

requirement = "ISO-7.4.3 ISO-8.2.6 SMP-3 SMP-5 SMP-13 I1 I4"

D = Decimal
DEFECTS = {"crack": "critical", "scratch": "minor", "dent": "major"}
LENGTH = r.Characteristic("length", "measured", "major", lower=D("9.90"), upper=D("10.10"),
                          uom="mm")
LOOK = r.Characteristic("look", "check", "minor", defects=("crack", "scratch"))
HOLES = r.Characteristic("holes", "counted", "major", lower=D(8), upper=D(8))
COLOUR = r.Characteristic("colour", "text", "minor", expected=("blue", "蓝色"))
PHOTO = r.Characteristic("photo", "picture", scope="lot")
STERILE = r.Characteristic("dose", "certificate", "critical", scope="lot", lower=D(25), uom="kGy")
CONVERSIONS = {("in", "mm"): r.Conversion(D("25.4")), ("mm", "in"): r.Conversion(divide=D("25.4")),
               ("°F", "°C"): r.Conversion(D(5), D(9), D(-32))}


def judged(characteristic, value, **more):
    reading = r.Reading("1", characteristic.key, value, **{"uom": characteristic.uom, **more})
    return r.judge_reading(characteristic, reading, DEFECTS, CONVERSIONS)


def outcome(characteristic, value, **more):
    found = judged(characteristic, value, **more)
    return found.outcome, found.reason


@pytest.mark.parametrize(("value", "expected"), [
    ("9.90", ("pass", "within")), ("10.10", ("pass", "within")), (10, ("pass", "within")),
    ("9.8999", ("fail", "below")), ("10.1000001", ("fail", "above")), (-10, ("fail", "below")),
    (None, ("missing", "empty")), (False, ("missing", "empty")), ("", ("missing", "empty")),
    (" ", ("missing", "empty")), (True, ("invalid", "not_a_number")),
    ("ten", ("invalid", "not_a_number")), ("10,0", ("invalid", "not_a_number")),
    ("nan", ("invalid", "not_finite")), (float("nan"), ("invalid", "not_finite")),
    (float("inf"), ("invalid", "not_finite")), (D("NaN"), ("invalid", "not_finite")),
    ("1e99", ("invalid", "out_of_range"))])
def test_a_measured_value(value, expected):
    assert outcome(LENGTH, value) == expected


@pytest.mark.parametrize(("limits", "value", "expected"), [
    ({"upper": None}, "1e30", "pass"), ({"upper": None}, "9.89", "fail"),
    ({"lower": None}, "-1e30", "pass"), ({"lower": None}, "10.11", "fail"),
    ({"lower_inclusive": False}, "9.90", "fail"), ({"lower_inclusive": False}, "9.901", "pass"),
    ({"upper_inclusive": False}, "10.10", "fail"), ({"upper_inclusive": False}, "10.09", "pass"),
    ({"decimals": 1}, "9.86", "pass"), ({"decimals": 1}, "9.84", "fail"),
    ({"decimals": 1, "rounding": "half_up"}, "10.15", "fail"),
    ({"decimals": 1, "rounding": "half_even"}, "10.15", "fail"),
    ({"decimals": 1, "rounding": "half_up"}, "9.85", "pass"),
    ({"decimals": 1, "rounding": "half_even"}, "9.85", "fail"),
    ({"decimals": 2, "rounding": "half_up"}, "10.105", "fail"),
    ({"decimals": 2, "rounding": "half_even"}, "10.105", "pass")])
def test_limits_sides_and_rounding(limits, value, expected):
    assert outcome(replace(LENGTH, **limits), value)[0] == expected


def test_units_of_measure_are_converted_exactly():
    assert judged(LENGTH, "0.39", uom="in").value == D("9.906")
    assert outcome(LENGTH, "0.3976377952755905", uom="in")[0] == "pass"
    assert outcome(LENGTH, "0.3976377952755906", uom="in") == ("fail", "above")
    inches = replace(LENGTH, lower=D("0.1"), upper=D("0.2"), uom="in")
    assert outcome(inches, "2.54", uom="mm")[0] == "pass"       # exactly 0.1 in
    assert outcome(inches, "2.53999999", uom="mm") == ("fail", "below")
    warm = replace(LENGTH, lower=D(2), upper=D(8), uom="°C", decimals=1)
    assert judged(warm, "46.4", uom="°F").value == D("8.0")
    assert outcome(warm, "46.5", uom="°F") == ("fail", "above")


def test_a_thirds_value_is_compared_whole():
    thirds = {("x", "y"): r.Conversion(divide=D(3))}
    narrow = replace(LENGTH, lower=D("0.3333333333333333333333333333"), upper=None, uom="y")
    reading = r.Reading("1", "length", 1, uom="x")
    assert r.judge_reading(narrow, reading, {}, thirds).outcome == "pass"
    open_end = replace(narrow, lower_inclusive=False)
    assert r.judge_reading(open_end, reading, {}, thirds).outcome == "pass"


@pytest.mark.parametrize("uom", ["", "cm", "inch"])
def test_an_unknown_unit_of_measure_is_never_a_pass(uom):
    assert outcome(LENGTH, "10", uom=uom) == ("invalid", "unit_of_measure")


@pytest.mark.parametrize(("value", "expected", "number"), [
    (8, "pass", 0), ("8", "pass", 0), ("8.0", "pass", 0), (6, "fail", 2), (11, "fail", 3),
    ("7.5", "invalid", 0), (-1, "invalid", 0), (None, "missing", 0)])
def test_a_count_says_how_many_nonconformities(value, expected, number):
    found = judged(HOLES, value)
    assert found.outcome == expected
    assert sum(count for _name, count in found.counts) == number


@pytest.mark.parametrize(("value", "defects", "expected", "counts"), [
    ("pass", (), ("pass", "within"), ()),
    ("fail", (), ("fail", "failed"), (("minor", 1),)),
    ("fail", ("crack",), ("fail", "failed"), (("critical", 1),)),
    ("fail", ("scratch", "crack", "scratch"), ("fail", "failed"),
     (("minor", 2), ("critical", 1))),
    ("pass", ("scratch",), ("invalid", "pass_with_defects"), ()),
    ("fail", ("dent",), ("invalid", "unknown_defect"), ()),
    ("fail", ("rust",), ("invalid", "unknown_defect"), ()),
    (None, (), ("missing", "empty"), ()), (False, (), ("missing", "empty"), ()),
    ("", ("crack",), ("missing", "empty"), ()), (True, (), ("invalid", "not_pass_or_fail"), ()),
    (1, (), ("invalid", "not_pass_or_fail"), ()), ("ok", (), ("invalid", "not_pass_or_fail"), ())])
def test_a_check_names_its_defects(value, defects, expected, counts):
    found = judged(LOOK, value, defects=defects)
    assert (found.outcome, found.reason) == expected
    assert found.counts == counts


@pytest.mark.parametrize(("characteristic", "value", "document", "expected"), [
    (COLOUR, "blue", "", ("pass", "within")), (COLOUR, " 蓝色 ", "", ("pass", "within")),
    (COLOUR, "red", "", ("fail", "unexpected")), (COLOUR, " ", "", ("missing", "empty")),
    (COLOUR, 7, "", ("invalid", "not_text")),
    (replace(COLOUR, expected=()), "anything", "", ("pass", "recorded")),
    (replace(COLOUR, expected=()), False, "", ("missing", "empty")),
    (PHOTO, None, "", ("missing", "no_document")), (PHOTO, "x", " ", ("missing", "no_document")),
    (PHOTO, None, "sha256:1", ("pass", "recorded")),
    (STERILE, "25", "", ("missing", "no_document")), (STERILE, "25", "c", ("pass", "within")),
    (STERILE, "24.9", "c", ("fail", "below")), (STERILE, None, "c", ("missing", "empty")),
    (replace(STERILE, lower=None), "see certificate", "c", ("pass", "recorded")),
    (replace(STERILE, lower=None), "", "c", ("missing", "empty")),
    (replace(STERILE, lower=None, record_only=True), "many", "c", ("invalid", "not_a_number"))])
def test_texts_pictures_and_certificates(characteristic, value, document, expected):
    assert outcome(characteristic, value, document=document) == expected


def test_a_parameter_that_is_only_recorded_still_needs_a_number():
    speed = r.Characteristic("speed", "measured", record_only=True)
    assert outcome(speed, "1200") == ("pass", "recorded")
    assert outcome(speed, "") == ("missing", "empty")
    assert outcome(speed, "fast") == ("invalid", "not_a_number")


@pytest.mark.parametrize("wrong", [
    {"key": ""}, {"kind": "measure"}, {"defect_class": "fatal"}, {"scope": "batch"},
    {"rounding": "down"}, {"readings": 0}, {"readings": True}, {"decimals": "2"}, {"decimals": 41},
    {"lower": None, "upper": None}, {"record_only": True}, {"lower": 9.9}, {"lower": D("NaN")},
    {"lower": D("10.2")}, {"lower": D("10.10"), "upper_inclusive": False}, {"kind": "text"}])
def test_a_characteristic_that_decides_nothing_is_refused(wrong):
    with pytest.raises(r.SpecError):
        replace(LENGTH, **wrong)


@pytest.mark.parametrize("wrong", [{"multiply": D(0)}, {"divide": D(0)}, {"multiply": 25.4},
                                   {"add": D("Infinity")}])
def test_a_factor_that_is_not_exact_is_refused(wrong):
    with pytest.raises(r.SpecError):
        r.Conversion(**wrong)


@given(st.decimals(-1000, 1000, places=4), st.decimals(-1000, 1000, places=4),
       st.decimals(-1000, 1000, places=4), st.booleans(), st.booleans())
def test_within_is_what_arithmetic_says(value, one, other, low_in, high_in):
    lower, upper = sorted((one, other))
    assume(lower < upper)
    sound = replace(LENGTH, lower=lower, upper=upper, lower_inclusive=low_in,
                    upper_inclusive=high_in)
    within = (lower <= value if low_in else lower < value) and (
        value <= upper if high_in else value < upper)
    assert (outcome(sound, value)[0] == "pass") == within


@given(st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.binary(),
                 st.integers(), st.decimals(), st.lists(st.integers())))
def test_no_value_of_any_kind_breaks_the_verdict_or_passes_without_being_within(value):
    found = judged(LENGTH, value)
    assert found.outcome in ("pass", "fail", "missing", "invalid")
    if found.outcome == "pass":
        assert D("9.90") <= found.value <= D("10.10")


# ---- lots


def plan_of(size, accept=0, mode="percent", gap=False):
    return s.Plan("aql", 1000, size, accept, accept + (3 if gap else 1), False, mode=mode,
                  gap=gap, table_size=size)


UNITS = [f"U{number}" for number in range(1, 6)]
PLANS = {"critical": plan_of(5), "major": plan_of(5, 1), "minor": plan_of(3, 1)}
SAMPLES = {"critical": UNITS, "major": UNITS, "minor": UNITS[:3]}
ALL = (LENGTH, LOOK, PHOTO)


def good(units=UNITS):
    found = [r.Reading(f"{unit}-l", "length", "10.0", unit, uom="mm") for unit in units]
    found += [r.Reading(f"{unit}-c", "look", "pass", unit) for unit in units]
    return [*found, r.Reading("photo", "photo", document="sha256:1")]


def changed(key, **values):
    return [replace(one, **values) if one.key == key else one for one in good()]


def lot(readings, characteristics=ALL, plans=PLANS, samples=SAMPLES, **more):
    return v.judge(characteristics, readings, plans, samples, defects=DEFECTS,
                   conversions=CONVERSIONS, **more)


def test_a_lot_with_every_value_good_is_accepted():
    found = lot(good())
    assert (found.outcome, found.complete, found.reasons) == ("accepted", True, ())
    assert [unit.outcome for unit in found.units] == ["pass"] * 5
    assert {one.outcome for one in found.characteristics} == {"pass"}
    assert [(one.defect_class, one.found) for one in found.classes] == [
        ("critical", 0), ("major", 0), ("minor", 0)]


@pytest.mark.parametrize("key", [one.key for one in good()])
def test_without_any_one_value_the_lot_is_not_accepted(key):
    found = lot([one for one in good() if one.key != key])
    assert (found.outcome, found.complete) == ("incomplete", False)
    assert [code for code, _subject in found.reasons] == ["missing"]
    assert {one.outcome for one in found.classes} == {"incomplete"}


@pytest.mark.parametrize("key", [one.key for one in good()])
@pytest.mark.parametrize("value", [None, "", "NaN", float("inf"), "??", [], True])
def test_with_any_value_unusable_the_lot_is_not_accepted(key, value):
    assert lot(changed(key, value=value, document="")).outcome == "incomplete"


@pytest.mark.parametrize(("readings", "reason"), [
    ([*good(), r.Reading("x", "length", "99", "U9", uom="mm")], "unknown_unit"),
    ([*good(), r.Reading("x", "length", "10", "", uom="mm")], "unknown_unit"),
    ([*good(), r.Reading("x", "width", "10", "U1", uom="mm")], "unknown_characteristic"),
    ([*good(), r.Reading("x", "length", "10", "U1", 1, uom="mm")], "unknown_place"),
    ([*good(), r.Reading("x", "length", "10", "U1", -1, uom="mm")], "unknown_place"),
    ([*good(), r.Reading("x", "length", "10", "U1", uom="mm")], "second_value"),
    ([*good(), r.Reading("U1-l", "length", "10", "U1", uom="mm")], "key_not_distinct"),
    ([*good(), r.Reading("x", "length", "10", "U1", uom="mm", retest_of="no", record="OOS-1")],
     "retest_of_unknown"),
    ([*good(), r.Reading("x", "length", "10", "U1", uom="mm", retest_of="U2-l", record="OOS-1")],
     "retest_of_unknown"),
    ([*good(), r.Reading("x", "length", "10", "U1", uom="mm", retest_of="x", record="OOS-1")],
     "retest_of_unknown"),
    ([*good(), r.Reading("x", "length", "10", "U1", uom="mm", retest_of="U1-l", record=" ")],
     "retest_without_record")])
def test_a_reading_that_belongs_nowhere_is_not_ignored(readings, reason):
    found = lot(readings)
    assert (found.outcome, found.complete) == ("incomplete", False)
    assert found.readings[-1].reason == reason
    assert [code for code, _subject in found.reasons] == ["unusable"]


def test_a_retest_stands_beside_the_first_value_and_does_not_wash_it_away():
    readings = [*changed("U1-l", value="11"),
                r.Reading("again", "length", "10", "U1", uom="mm", retest_of="U1-l",
                          record="OOS-1"),
                r.Reading("thrice", "length", "10", "U1", uom="mm", retest_of="again",
                          record="OOS-1")]
    found = lot(readings, plans={**PLANS, "major": plan_of(5)})
    assert found.outcome == "not_accepted"
    assert [one.outcome for one in found.readings if one.reading.characteristic == "length"
            and one.reading.unit == "U1"] == ["fail", "pass", "pass"]
    voided = lot(readings, plans={**PLANS, "major": plan_of(5)}, voided=["U1-l"])
    assert (voided.outcome, voided.complete) == ("accepted", True)
    first = voided.readings[0]
    assert (first.outcome, first.voided) == ("fail", True)


def test_a_failed_retest_counts_against_a_passed_first_value():
    readings = [*good(), r.Reading("again", "length", "11", "U1", uom="mm", retest_of="U1-l",
                                   record="OOS-1")]
    assert lot(readings, plans={**PLANS, "major": plan_of(5)}).outcome == "not_accepted"


def test_a_value_cannot_be_voided_without_being_repeated():
    readings = changed("U1-l", value="11")
    zero = {**PLANS, "major": plan_of(5)}
    assert lot(readings, plans=zero, voided=["U1-l"]).outcome == "not_accepted"
    bad = r.Reading("again", "length", "??", "U1", uom="mm", retest_of="U1-l", record="OOS-1")
    assert lot([*readings, bad], plans=zero, voided=["U1-l"]).outcome == "incomplete"


@pytest.mark.parametrize(("faults", "expected", "counts"), [
    ({"U1-l": "11"}, "accepted", [0, 1, 0]),
    ({"U1-l": "11", "U2-l": "9"}, "not_accepted", [0, 2, 0]),
    ({"U1-c": ("scratch",)}, "accepted", [0, 0, 1]),
    ({"U1-c": ("scratch",), "U2-c": ("scratch",)}, "not_accepted", [0, 0, 2]),
    ({"U1-c": ("scratch",), "U5-c": ("scratch",)}, "accepted", [0, 0, 1]),
    ({"U5-c": ("crack",)}, "not_accepted", [1, 0, 0]),
    ({"U1-l": "11", "U1-c": ("scratch",), "U2-c": ("scratch",)}, "accepted", [0, 1, 1]),
    ({"U1-l": "11", "U1-c": ("crack",)}, "not_accepted", [1, 0, 0])])
def test_each_class_is_judged_by_its_own_plan_and_a_unit_counts_in_its_worst(
        faults, expected, counts):
    readings = [one if one.key not in faults else replace(one, value=faults[one.key])
                if one.characteristic == "length"
                else replace(one, value="fail", defects=faults[one.key]) for one in good()]
    found = lot(readings)
    assert found.outcome == expected
    assert [one.found for one in found.classes] == counts
    assert found.complete


def test_a_critical_defect_counts_on_whatever_unit_it_is_found():
    samples = {**SAMPLES, "critical": UNITS[:3], "minor": UNITS}
    plans = {**PLANS, "critical": plan_of(3), "minor": plan_of(5, 1)}
    readings = changed("U5-c", value="fail", defects=("crack",))
    found = lot(readings, samples=samples, plans=plans)
    assert (found.outcome, found.classes[0].found) == ("not_accepted", 1)


def checks(found):
    """Readings of one check that can find every class, by unit."""
    return [r.Reading(unit, "look", "fail" if codes else "pass", unit, defects=tuple(codes))
            for unit, codes in found.items()]


@pytest.mark.parametrize(("codes", "counts"), [
    (("scratch",), [0, 0, 1]), (("scratch", "dent"), [0, 0, 1]), (("dent",), [0, 0, 1]),
    (("scratch", "crack"), [1, 0, 1]), (("crack",), [1, 0, 0])])
def test_a_worse_defect_on_a_unit_not_drawn_for_it_does_not_take_the_unit_out_of_its_class(
        codes, counts):
    look = replace(LOOK, defects=("crack", "dent", "scratch"))
    samples = {"critical": UNITS[:3], "major": UNITS[:3], "minor": UNITS}
    plans = {"critical": plan_of(3), "major": plan_of(3), "minor": plan_of(5)}
    found = lot(checks({**dict.fromkeys(UNITS, ()), "U5": codes}), (look,), plans, samples)
    assert found.outcome == "not_accepted"
    assert [one.found for one in found.classes] == counts


def test_a_worse_defect_on_a_unit_not_drawn_for_it_counts_per_hundred_items():
    look = replace(LOOK, defects=("crack", "dent", "scratch"))
    samples = {"critical": UNITS[:3], "major": UNITS[:3], "minor": UNITS}
    plans = {"critical": plan_of(3), "major": plan_of(3), "minor": plan_of(5, 2, "per_100")}
    readings = checks({**dict.fromkeys(UNITS, ()), "U5": ("scratch", "dent"), "U1": ("scratch",)})
    found = lot(readings, (look,), plans, samples)
    assert (found.outcome, [one.found for one in found.classes]) == ("not_accepted", [0, 0, 3])


def test_what_is_found_where_its_class_is_not_drawn_at_all_counts_in_the_next():
    look = replace(LOOK, defects=("dent", "scratch"))
    plans = {"major": s.omitted(1000, "ten lots accepted", "QA-17"), "minor": plan_of(5)}
    found = lot(checks({**dict.fromkeys(UNITS, ()), "U5": ("dent",)}), (look,), plans,
                {"minor": UNITS})
    assert (found.outcome, found.classes[1].found) == ("not_accepted", 1)


@st.composite
def found_worse(draw):
    """Any samples, Ac and modes, what was found on each unit, and one more defect of a class for
    which its unit was not drawn."""
    samples = {name: draw(st.lists(st.sampled_from(UNITS), unique=True)) for name in r.CLASSES}
    plans = {name: plan_of(max(1, len(samples[name])), draw(st.integers(0, 2)), draw(
        st.sampled_from(["percent", "per_100"]))) for name in r.CLASSES}
    drawn = sorted({unit for units in samples.values() for unit in units})
    assume(drawn)
    found = {unit: draw(st.lists(st.sampled_from(sorted(DEFECTS)), unique=True))
             for unit in drawn}
    more = [(unit, code) for unit in drawn for code, name in DEFECTS.items()
            if unit not in samples[name] and code not in found[unit]]
    assume(more)
    return samples, plans, found, draw(st.sampled_from(sorted(more)))


@given(found_worse(), st.booleans())
def test_a_defect_beyond_the_draw_never_makes_the_lot_better(case, worst_only):
    samples, plans, found, (unit, code) = case
    look = replace(LOOK, defects=("crack", "dent", "scratch"))
    before, after = (lot(checks(some), (look,), plans, samples, worst_only=worst_only)
                     for some in (found, {**found, unit: [*found[unit], code]}))
    for one, other in zip(before.classes, after.classes, strict=True):
        assert other.found >= one.found
    assert (before.outcome, after.outcome) not in [
        ("not_accepted", "accepted"), ("not_accepted", "incomplete")]


def test_a_unit_may_be_counted_in_each_class_it_fails():
    readings = [replace(one, value="11") if one.key == "U1-l" else
                replace(one, value="fail", defects=("scratch",)) if one.key in ("U1-c", "U2-c")
                else one for one in good()]
    assert lot(readings).outcome == "accepted"
    assert lot(readings, worst_only=False).outcome == "not_accepted"


def test_per_hundred_items_every_nonconformity_counts():
    plans = {"major": plan_of(3, 4, "per_100")}
    samples = {"major": UNITS[:3]}
    values = {"U1": 6, "U2": 9, "U3": 8}
    readings = [r.Reading(unit, "holes", value, unit) for unit, value in values.items()]
    found = lot(readings, (HOLES,), plans, samples)
    assert (found.outcome, found.classes[0].found) == ("accepted", 3)
    found = lot([*readings[:2], replace(readings[2], value=10)], (HOLES,), plans, samples)
    assert (found.outcome, found.classes[0].found) == ("not_accepted", 5)


def test_nonconformities_of_one_unit_add_up_over_its_characteristics():
    readings = [r.Reading("h", "holes", 6, "U1"), r.Reading("l", "length", 11, "U1", uom="mm")]
    found = lot(readings, (HOLES, LENGTH), {"major": plan_of(1, 9, "per_100")}, {"major": ["U1"]})
    assert (found.classes[0].found, found.units[0].counts) == (3, (("major", 3),))


def test_a_count_beyond_a_broken_limit_is_a_whole_nonconformity():
    few = replace(HOLES, lower=None, upper=D("2.5"))
    assert judged(few, 3).counts == (("major", 1),)
    assert judged(few, 4).counts == (("major", 2),)


def test_between_ac_and_re_a_reduced_gap_plan_accepts():
    for gap, expected in ((True, "accepted"), (False, "not_accepted")):
        plans = {"major": plan_of(5, 0, gap=gap)}
        readings = [r.Reading(unit, "length", "11" if unit in ("U1", "U2") else "10", unit,
                              uom="mm") for unit in UNITS]
        assert lot(readings, (LENGTH,), plans, {"major": UNITS}).outcome == expected


def test_a_lot_that_has_failed_has_failed_although_values_are_missing():
    readings = [replace(one, value="11") for one in good() if one.key in ("U1-l", "U2-l")]
    found = lot(readings)
    assert (found.outcome, found.complete) == ("not_accepted", False)
    assert found.reasons[0] == ("class", "major")
    assert [one.outcome for one in found.classes] == ["incomplete", "not_accepted", "incomplete"]


def test_a_failed_characteristic_of_the_lot_fails_the_lot():
    readings = [*good(), r.Reading("dose", "dose", "20", uom="kGy", document="c")]
    found = lot(readings, (*ALL, STERILE))
    assert (found.outcome, found.reasons) == ("not_accepted", (("lot_characteristic", "dose"),))
    assert lot(good(), (*ALL, STERILE)).outcome == "incomplete"


def test_what_is_not_required_may_be_missing_but_counts_when_it_fails():
    colour = replace(COLOUR, required=False, defect_class="critical")
    assert lot(good(), (*ALL, colour)).outcome == "accepted"
    readings = [*good(), r.Reading("c", "colour", "red", "U1")]
    assert lot(readings, (*ALL, colour)).outcome == "not_accepted"


def test_an_empty_inspection_is_not_a_pass():
    nothing = lot([], (), {}, {})
    assert (nothing.outcome, nothing.complete) == ("incomplete", False)
    for characteristics, samples, code in (
            ((), SAMPLES, "nothing_required"), ((PHOTO,), SAMPLES, "class_unexamined"),
            (ALL, {}, "sample_short"), (ALL, {**SAMPLES, "major": UNITS[:4]}, "sample_short"),
            ((LENGTH, PHOTO), SAMPLES, "class_unexamined"),
            ((LENGTH, replace(LOOK, required=False)), SAMPLES, "class_unexamined")):
        found = lot([], characteristics, PLANS, samples)
        assert found.outcome == "incomplete"
        assert code in [reason for reason, _subject in found.reasons]


def test_an_inspection_of_the_lot_alone_needs_no_classes_and_all_its_values():
    reading = r.Reading("p", "photo", document="sha256:1")
    assert lot([reading], (PHOTO,), {}, {}).outcome == "accepted"
    empty = lot([], (PHOTO,), {}, {})
    assert (empty.outcome, empty.complete) == ("incomplete", False)
    optional = lot([reading], (replace(PHOTO, required=False),), {}, {})
    assert (optional.outcome, optional.complete) == ("incomplete", False)


def test_a_skipped_lot_is_omitted_and_not_accepted():
    skip = s.omitted(1000, "ten lots accepted", "QA-17")
    plans = dict.fromkeys(PLANS, skip)
    assert lot([], (LENGTH, LOOK), plans, {}).outcome == "omitted"
    assert lot([], (LENGTH,), plans, {}).outcome == "omitted"
    assert lot([], ALL, plans, {}).outcome == "incomplete"
    mixed = lot([one for one in good() if one.key != "photo"], (LENGTH, LOOK),
                {**PLANS, "minor": skip}, {**SAMPLES, "minor": ()})
    assert (mixed.outcome, mixed.reasons) == ("accepted", (("class_omitted", "minor"),))


def test_several_readings_of_a_unit_all_count_as_one_nonconforming_unit():
    thrice = replace(LENGTH, readings=3)
    plans, samples = {"major": plan_of(2, 1)}, {"major": ["U1", "U2"]}
    values = {"U1": ("11", "11", "10"), "U2": ("10", "10", "10")}
    readings = [r.Reading(f"{unit}{place}", "length", value, unit, place, "mm")
                for unit, several in values.items() for place, value in enumerate(several)]
    found = lot(readings, (thrice,), plans, samples)
    assert (found.outcome, found.classes[0].found) == ("accepted", 1)
    assert lot(readings[:-1], (thrice,), plans, samples).outcome == "incomplete"


@pytest.mark.parametrize(("arguments", "code"), [
    (((LENGTH, LENGTH), [], PLANS, SAMPLES), "not_distinct"),
    (((LENGTH,), [], {"fatal": plan_of(1)}, {}), "unknown_class"),
    (((LENGTH,), [], PLANS, {"fatal": ["U1"]}), "unknown_class"),
    (((LENGTH,), [], {"major": None}, {}), "no_plan"),
    (((LENGTH,), [], PLANS, {"major": ["U1", "U1"]}), "units"),
    (((LENGTH,), [], PLANS, {"major": [""]}), "units"),
    (((LENGTH,), [], PLANS, {"major": [1]}), "units"),
    (((LENGTH,), [], {"minor": plan_of(1)}, {}), "class_without_plan"),
    (((LOOK,), [], {"minor": plan_of(1)}, {}), "class_without_plan"),
    (((replace(LOOK, defects=("rust",)),), [], PLANS, {}), "unknown_defect")])
def test_a_declaration_that_contradicts_itself_is_refused(arguments, code):
    with pytest.raises(r.SpecError) as caught:
        v.judge(*arguments, defects=DEFECTS)
    assert caught.value.code == code


VALUES = st.sampled_from(["10", "9.9", "11", "9", "10.1", "", None, "NaN", "x", float("inf")])
CHECKS = st.sampled_from([("pass", ()), ("fail", ()), ("fail", ("crack",)), ("pass", ()),
                          ("fail", ("scratch",)), ("fail", ("scratch", "crack")), (None, ()),
                          ("pass", ("crack",))])


@st.composite
def inspections(draw):
    """An inspection of length and look on 1…4 units with any values, and its Ac by class."""
    units = UNITS[:draw(st.integers(1, 4))]
    accept = {name: draw(st.integers(0, 2)) for name in r.CLASSES}
    readings = []
    for unit in units:
        for place in range(2):
            if draw(st.integers(0, 9)):
                readings.append(r.Reading(f"{unit}{place}", "length", draw(VALUES), unit, place,
                                          draw(st.sampled_from(["mm", "mm", "mm", "in", ""]))))
        if draw(st.integers(0, 9)):
            value, defects = draw(CHECKS)
            readings.append(r.Reading(f"{unit}c", "look", value, unit, defects=defects))
    return units, accept, readings


def slow(units, accept, readings):
    """The same verdict by asking every unit in turn."""
    known, failed = 0, dict.fromkeys(r.CLASSES, 0)
    for unit in units:
        hurt = set()
        for place in range(2):
            for one in readings:
                if (one.characteristic, one.unit, one.place) != ("length", unit, place):
                    continue
                if one.value in ("10", "9.9", "11", "9", "10.1") and one.uom:
                    size = Fraction(one.value) * (Fraction("25.4") if one.uom == "in" else 1)
                    known += 1
                    if not Fraction("9.9") <= size <= Fraction("10.1"):
                        hurt.add("major")
        for one in readings:
            if (one.characteristic, one.unit) == ("look", unit):
                if (one.value, one.defects) == ("pass", ()) or one.value == "fail":
                    known += 1
                if one.value == "fail":
                    hurt |= {DEFECTS[code] for code in one.defects} or {"minor"}
        for name in r.CLASSES:
            if name in hurt:
                failed[name] += 1
                break
    if any(failed[name] > accept[name] for name in r.CLASSES):
        return "not_accepted"
    return "accepted" if known == 3 * len(units) else "incomplete"


@given(inspections())
def test_the_verdict_agrees_with_asking_every_unit_in_turn(case):
    units, accept, readings = case
    plans = {name: plan_of(len(units), number) for name, number in accept.items()}
    samples = dict.fromkeys(plans, units)
    found = lot(readings, (replace(LENGTH, readings=2), LOOK), plans, samples)
    assert found.outcome == slow(units, accept, readings)
    assert len(found.readings) == len(readings)


@given(inspections(), st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_change_the_verdict(case, chance):
    units, accept, readings = case
    plans = {name: plan_of(len(units), number) for name, number in accept.items()}
    samples = dict.fromkeys(plans, units)
    characteristics = (replace(LENGTH, readings=2), LOOK)
    shuffled = list(readings)
    chance.shuffle(shuffled)
    one, other = (lot(some, characteristics, plans, samples) for some in (readings, shuffled))
    assert (one.outcome, one.classes, one.units) == (other.outcome, other.classes, other.units)
