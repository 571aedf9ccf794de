"""Sampling plans: every cell of the table, the arrows, c = 0, containers, and the draw."""

import hashlib
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import comb, isqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_inspection.tools import sampling as s

requirement = "SMP-1 SMP-2 SMP-3 SMP-4 SMP-12 SMP-13 SMP-14 SMP-16"

DATA = Path(__file__).resolve().parents[2] / "addons/med_inspection/data"
DOCUMENT = json.loads((DATA / "sampling_iso2859_1.json").read_text())
STANDARDS = json.loads((DATA / "sampling_standards.json").read_text())
TABLES = s.load(DOCUMENT, STANDARDS)
ISO = "iso_2859_1_1999"
SEED = "0123456789abcdef"


def plan(lot=1000, level="II", aql="1.5", severity="normal", standard=ISO, mode="percent"):
    return s.plan(TABLES, lot, level, aql, severity, standard, mode)


def lot_of(letter):
    """Return a lot size and a level that give a code letter."""
    return next((row["lot_min"], level) for row in DOCUMENT["code_letters"]
                for level in s.LEVELS if row[level] == letter)


@pytest.mark.parametrize("severity", s.SEVERITIES)
def test_every_cell_of_the_table_comes_out_as_it_stands_there(severity):
    single = set(map(tuple, DOCUMENT["single_source"]))
    seen = 0
    for letter, row in DOCUMENT["tables"][severity].items():
        lot, level = lot_of(letter)
        for aql, (plan_letter, size, accept, reject) in row.items():
            found = plan(lot, level, aql, severity, mode="per_100")
            assert (found.code_letter, found.plan_letter, found.table_size, found.accept,
                    found.reject) == (letter, plan_letter, size, accept, reject)
            assert found.sample_size == min(size, lot)
            assert found.full == (size >= lot)
            assert found.arrow == (letter != plan_letter)
            assert found.single_source == ((severity, letter, aql) in single)
            assert found.reject == found.accept + 1
            assert not found.gap
            seen += 1
    assert seen == 16 * 26


def test_every_range_and_level_gives_the_code_letter_at_both_of_its_ends():
    for row in DOCUMENT["code_letters"]:
        for level in s.LEVELS:
            for lot in (row["lot_min"], row["lot_max"] or 10 ** 9):
                assert plan(lot, level).code_letter == row[level]


@pytest.mark.parametrize(("lot", "letter"), [
    (8, "A"), (9, "B"), (15, "B"), (16, "C"), (90, "E"), (91, "F"), (1200, "J"), (1201, "K"),
    (500000, "P"), (500001, "Q")])
def test_the_boundaries_an_auditor_tries(lot, letter):
    assert plan(lot).code_letter == letter


def test_an_arrow_brings_sample_size_and_numbers_from_its_target():
    found = plan(150)
    assert (found.code_letter, found.plan_letter) == ("F", "G")
    assert (found.sample_size, found.accept, found.reject) == (32, 1, 2)
    assert found.arrow
    assert not found.full


def test_a_lot_no_larger_than_the_sample_is_inspected_whole():
    found = plan(8, aql="0.65")
    assert (found.table_size, found.sample_size, found.full) == (20, 8, True)
    assert plan(20, "I", "0.65").full
    assert not plan(21, "I", "0.65").full


@pytest.mark.parametrize("aql", ["0.01", "10"])
def test_a_lot_of_one_is_inspected_whole(aql):
    found = plan(1, aql=aql)
    assert (found.sample_size, found.full) == (1, True)


def test_an_aql_above_ten_exists_only_per_hundred_items():
    assert plan(aql="10").accept == 14
    with pytest.raises(s.PlanError) as caught:
        plan(aql="15")
    assert (caught.value.field, caught.value.code) == ("aql", "only_per_100")
    assert plan(aql="15", mode="per_100").accept == 21


@pytest.mark.parametrize(("field", "code", "values"), [
    ("lot_size", "out_of_range", {"lot": 0}),
    ("lot_size", "out_of_range", {"lot": True}),
    ("lot_size", "out_of_range", {"lot": 10.0}),
    ("lot_size", "out_of_range", {"lot": None}),
    ("level", "unknown", {"level": "IV"}),
    ("level", "unknown", {"level": ""}),
    ("aql", "unknown", {"aql": "0.5"}),
    ("aql", "empty", {"aql": False}),
    ("aql", "not_finite", {"aql": "NaN"}),
    ("aql", "not_exact", {"aql": 0.65}),
    ("severity", "unknown", {"severity": "stopped"}),
    ("standard", "unknown", {"standard": "iso_2859_1_2026"}),
    ("mode", "unknown", {"mode": "ppm"}),
    ("severity", "not_held", {"severity": "reduced", "standard": "mil_std_105e"}),
    ("severity", "not_held", {"severity": "reduced", "standard": "ansi_asq_z1_4_2003"}),
])
def test_what_is_not_known_is_refused_by_name(field, code, values):
    with pytest.raises(s.PlanError) as caught:
        plan(**values)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize("aql", ["1", "1.0", "1.00", 1, Decimal("1.000")])
def test_an_aql_may_be_written_in_several_ways(aql):
    assert plan(aql=aql).aql == "1"


@pytest.mark.parametrize("standard", STANDARDS["standards"])
def test_all_editions_share_the_normal_and_tightened_tables(standard):
    for severity in ("normal", "tightened"):
        found, iso = plan(severity=severity, standard=standard), plan(severity=severity)
        assert found.standard == standard
        assert not found.gap
        assert (found.sample_size, found.accept) == (iso.sample_size, iso.accept)


def test_a_user_who_holds_the_standard_may_add_its_reduced_table_with_gaps():
    own = {letter: {aql: [row[0], row[1], row[2], row[3] + 1] for aql, row in cells.items()}
           for letter, cells in DOCUMENT["tables"]["reduced"].items()}
    entry = {**STANDARDS["standards"]["mil_std_105e"], "tables": {"reduced": own}}
    tables = s.load(DOCUMENT, {"standards": {"mil_std_105e": entry}})
    found = s.plan(tables, 1000, "II", "0.4", "reduced", "mil_std_105e")
    assert plan(aql="0.4", severity="reduced").single_source
    assert found.gap
    assert not found.single_source
    assert [found.accepts(d) for d in (found.accept, found.accept + 1, found.reject)] == [
        True, True, False]
    with pytest.raises(s.PlanError, match="bad_cell"):
        s.load(DOCUMENT, {"standards": {ISO: {
            **STANDARDS["standards"][ISO], "tables": {"reduced": own}}}})


@pytest.mark.parametrize("hurt", [
    lambda d: d["tables"]["normal"]["K"].pop("1.5"),
    lambda d: d["tables"]["normal"].pop("K"),
    lambda d: d["tables"]["normal"]["K"].update({"1.5": ["K", 125, 5, 5]}),
    lambda d: d["tables"]["normal"]["K"].update({"1.5": ["K", 125, 5, 7]}),
    lambda d: d["code_letters"].pop(3),
])
def test_a_table_with_a_hole_is_not_loaded(hurt):
    document = json.loads(json.dumps(DOCUMENT))
    hurt(document)
    with pytest.raises(s.PlanError):
        s.load(document, STANDARDS)


def test_one_step_tighter_keeps_the_sample_that_was_inspected():
    assert s.stricter_accept(TABLES, plan(1000, aql="1.5")) == 2       # J 80: 3 → 2
    assert s.stricter_accept(TABLES, plan(1000, aql="0.01")) is None  # no tighter AQL
    assert s.stricter_accept(TABLES, plan(1000, aql="0.65")) is None  # J 80 → K 125
    pointed = plan(5000, "II", "10")                                   # L → K 125, 21
    assert pointed.plan_letter == "K"
    assert s.stricter_accept(TABLES, pointed) == 14


def test_wherever_the_score_asks_for_it_the_tighter_number_is_known_and_smaller():
    for letter, row in DOCUMENT["tables"]["normal"].items():
        lot, level = lot_of(letter)
        for aql, (_letter, _size, accept, _reject) in row.items():
            if accept >= 2:
                tighter = s.stricter_accept(TABLES, plan(lot, level, aql, mode="per_100"))
                assert tighter is not None
                assert tighter < accept


def test_zero_plans_of_the_worked_cases():
    binomial = s.zero_binomial(10_000, 10, 10)
    assert (binomial.sample_size, binomial.accept, binomial.reject) == (22, 0, 1)
    finite = s.zero_hypergeometric(50, "10", "10")
    assert (finite.sample_size, finite.accept, finite.reject) == (18, 0, 1)
    assert dict(finite.basis) == {
        "model": "hypergeometric", "ltpd_percent": "10", "beta_percent": "10"}


def test_a_zero_plan_larger_than_the_lot_inspects_every_unit():
    found = s.zero_binomial(20, 10, 10)
    assert (found.table_size, found.sample_size, found.full) == (22, 20, True)
    assert s.zero_hypergeometric(1, 10, 10).full


@given(st.integers(1, 300), st.integers(1, 999), st.integers(1, 999))
def test_the_hypergeometric_sample_is_the_smallest_that_keeps_the_risk(lot, ltpd, beta):
    found = s.zero_hypergeometric(lot, Decimal(ltpd) / 10, Decimal(beta) / 10)
    bad = next(d for d in range(1, lot + 1) if Fraction(d, lot) >= Fraction(ltpd, 1000))

    def risk(n):
        return Fraction(comb(lot - bad, n), comb(lot, n))

    assert risk(found.sample_size) <= Fraction(beta, 1000)
    assert risk(found.sample_size - 1) > Fraction(beta, 1000)


@given(st.integers(5, 999), st.integers(1, 999))
def test_the_binomial_sample_is_the_smallest_that_keeps_the_risk(ltpd, beta):
    size = s.zero_binomial(10 ** 9, Decimal(ltpd) / 10, Decimal(beta) / 10).sample_size
    good = 1 - Fraction(ltpd, 1000)
    assert good ** size <= Fraction(beta, 1000) < good ** (size - 1)


@pytest.mark.parametrize(("field", "ltpd", "beta"), [
    ("ltpd_percent", 0, 10), ("ltpd_percent", 100, 10), ("ltpd_percent", "0.001", 10),
    ("ltpd_percent", 0.1, 10), ("ltpd_percent", None, 10), ("beta_percent", 10, 0),
    ("beta_percent", 10, 100), ("beta_percent", 10, "1e-9"), ("beta_percent", 10, "nan")])
@pytest.mark.parametrize("rule", [s.zero_binomial, s.zero_hypergeometric])
def test_a_risk_out_of_range_is_refused_by_name(rule, field, ltpd, beta):
    with pytest.raises(s.PlanError) as caught:
        rule(1000, ltpd, beta)
    assert caught.value.field == field


@pytest.mark.parametrize(("count", "rule", "size"), [
    (1, "sqrt_plus_1", 1), (2, "sqrt_plus_1", 2), (4, "sqrt_plus_1", 3), (5, "sqrt_plus_1", 4),
    (100, "sqrt_plus_1", 11), (101, "sqrt_plus_1", 12), (400, "sqrt_plus_1", 21),
    (3, "stepped", 3), (4, "stepped", 3), (300, "stepped", 19), (400, "stepped", 11),
    (401, "stepped", 12)])
def test_containers_are_sampled_by_the_root_of_their_number(count, rule, size):
    found = s.containers(count, rule)
    assert (found.sample_size, found.accept, found.full) == (size, 0, size == count)


@given(st.integers(301, 10 ** 6))
def test_half_a_root_is_rounded_up_exactly(count):
    half = s.containers(count, "stepped").sample_size - 1
    assert 4 * half * half >= count > 4 * (half - 1) ** 2
    assert s.containers(count).sample_size == isqrt(count - 1) + 2


def test_every_unit_is_a_plan_too():
    found = s.every_unit(500)
    assert (found.sample_size, found.accept, found.reject, found.full) == (500, 0, 1, True)
    assert s.every_unit(500, 3).accepts(3)


@pytest.mark.parametrize(("call", "field"), [
    (lambda: s.every_unit(5, -1), "accept"), (lambda: s.every_unit(5, mode="x"), "mode"),
    (lambda: s.containers(5, "half"), "rule"), (lambda: s.omitted(5, " ", "A-1"), "reason"),
    (lambda: s.omitted(5, "stable", ""), "authority"), (lambda: s.draw(["a"], 2, SEED), "size"),
    (lambda: s.draw(["a", "a"], 1, SEED), "units"), (lambda: s.draw([1, "1"], 1, SEED), "units"),
    (lambda: s.draw(["a\nb"], 1, SEED), "units"), (lambda: s.draw(["a"], 1, "short"), "seed"),
    (lambda: s.draw(["a"], 1, SEED + "\n"), "seed")])
def test_the_other_plans_name_what_is_wrong(call, field):
    with pytest.raises(s.PlanError) as caught:
        call()
    assert caught.value.field == field


def test_a_skipped_lot_is_a_stated_omission():
    found = s.omitted(500, "ten lots accepted", "QA-2026-17")
    assert (found.kind, found.sample_size, found.full) == ("omitted", 0, False)
    assert dict(found.basis) == {"reason": "ten lots accepted", "authority": "QA-2026-17"}


def test_the_draw_can_be_repeated_with_sha256sum():
    units = [f"SN-{number:04}" for number in range(200)]
    by_hand = sorted(units, key=lambda unit: hashlib.sha256(
        f"{SEED}\n{unit}".encode()).hexdigest())
    assert s.draw(units, 13, SEED) == tuple(sorted(by_hand[:13]))
    assert s.draw(units, 5, SEED) == (
        "SN-0031", "SN-0035", "SN-0159", "SN-0167", "SN-0178")


@given(st.sets(st.text("ABC0123456789-", min_size=1), max_size=40), st.data())
def test_the_draw_depends_on_seed_and_units_alone_and_smaller_lies_within_larger(units, data):
    shuffled = data.draw(st.permutations(sorted(units)))
    size = data.draw(st.integers(0, len(units)))
    drawn = s.draw(shuffled, size, SEED)
    assert drawn == s.draw(sorted(units), size, SEED)
    assert len(set(drawn)) == size
    assert set(drawn) <= units
    assert set(s.draw(shuffled, size // 2, SEED)) <= set(drawn)


def test_over_many_seeds_every_unit_is_drawn_about_equally_often():
    counts = Counter(unit for seed in range(5000)
                     for unit in s.draw(range(1, 21), 4, f"{seed:016}"))
    assert len(counts) == 20
    chi_square = sum((count - 1000) ** 2 / 1000 for count in counts.values())
    assert chi_square < 43.8  # 19 degrees of freedom, 0.1 %
