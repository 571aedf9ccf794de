"""The longest of the markets wins; what is not known is kept."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_base.tools import retention as rt

requirement = "ISO-4.2.5 CN-GMP-45-4 CN-GSP-7 CN-RC-8 EU-10.8 FDA-806.20 P11-10c"

GMP = [
    rt.Rule("life", "CN", base="life_end"),
    rt.Rule("release", "CN", base="release", years=2),
]
GSP = [
    rt.Rule("expiry", "CN", "expiry", "expiry", 2),
    rt.Rule("no expiry", "CN", "no_expiry", "record", 5),
    rt.Rule("implant", "CN", "implant", for_ever=True),
]
MDR = [
    rt.Rule("ten", "EU", "not_implant", "last_market", 10),
    rt.Rule("fifteen", "EU", "implant", "last_market", 15),
]


def facts(implant=None, has_expiry=None, class_1=None, **dates):
    return rt.Facts({name: date.fromisoformat(value) for name, value in dates.items()},
                    implant, has_expiry, class_1)


def test_gmp_keeps_to_the_later_of_device_life_and_two_years_from_release():
    long_life = facts(release="2026-01-01", life_end="2036-01-01")
    short_life = facts(release="2026-01-01", life_end="2027-01-01")
    assert rt.effective(GMP, long_life, {"CN"}) == rt.Retention(
        "until", date(2036, 1, 1), ("life",))
    assert rt.effective(GMP, short_life, {"CN"}) == rt.Retention(
        "until", date(2028, 1, 1), ("release",))


@pytest.mark.parametrize(
    ("known", "status", "until"),
    [
        ({"implant": False, "has_expiry": True, "expiry": "2027-03-31"}, "until", "2029-03-31"),
        ({"implant": False, "has_expiry": False, "record": "2026-03-31"}, "until", "2031-03-31"),
        ({"implant": True, "has_expiry": True, "expiry": "2027-03-31"}, "for_ever", None),
        ({"implant": True}, "for_ever", None),
        ({"has_expiry": True, "expiry": "2027-03-31"}, "unknown", None),
        ({"implant": False, "has_expiry": True}, "unknown", None),
        ({}, "unknown", None),
    ],
)
def test_gsp_expiry_no_expiry_implant_and_unknown(known, status, until):
    kept = rt.effective(GSP, facts(**known), {"CN"})
    assert (kept.status, kept.until and kept.until.isoformat()) == (status, until)


def test_longest_of_the_markets_wins():
    known = facts(implant=False, release="2026-01-01", life_end="2031-01-01",
                  last_market="2030-06-30")
    assert rt.effective(GMP + MDR, known, {"CN"}).until == date(2031, 1, 1)
    assert rt.effective(GMP + MDR, known, {"CN", "EU"}) == rt.Retention(
        "until", date(2040, 6, 30), ("ten",))


def test_implant_is_fifteen_years_in_the_union():
    known = facts(implant=True, last_market="2030-06-30")
    assert rt.effective(MDR, known, {"EU"}).until == date(2045, 6, 30)


def test_what_is_missing_is_named():
    kept = rt.effective(GMP + MDR, facts(release="2026-01-01"), {"CN", "EU", "US"})
    assert kept == rt.Retention("unknown", missing=("implant", "life_end", "rule:US"))


@pytest.mark.parametrize("markets", [set(), {"BR"}])
def test_no_market_or_a_market_without_a_rule_is_kept(markets):
    kept = rt.effective(GMP, facts(release="2026-01-01", life_end="2027-01-01"), markets)
    assert kept.status == "unknown"
    assert kept.must_keep(date(9999, 12, 31))


def test_rule_of_the_company_lengthens_and_does_not_stand_in_for_a_market():
    own = rt.Rule("own", "", years=30)
    known = facts(release="2026-01-01", life_end="2027-01-01", record="2026-01-01")
    assert rt.effective([*GMP, own], known, {"CN"}).until == date(2056, 1, 1)
    assert rt.effective([own], known, {"CN"}).status == "unknown"


def test_recall_records_follow_the_certificate_and_class_one_the_record():
    rules = [rt.Rule("cert", "CN", "not_class_1", "certificate_end", 5),
             rt.Rule("one", "CN", "class_1", "record", 5)]
    known = {"certificate_end": "2030-01-01", "record": "2026-01-01"}
    assert rt.effective(rules, facts(class_1=False, **known), {"CN"}).until == date(2035, 1, 1)
    assert rt.effective(rules, facts(class_1=True, **known), {"CN"}).until == date(2031, 1, 1)
    assert rt.effective(rules, facts(**known), {"CN"}).status == "unknown"


def test_last_day_itself_is_kept():
    kept = rt.Retention("until", date(2030, 1, 1))
    assert kept.must_keep(date(2030, 1, 1)) and not kept.must_keep(date(2030, 1, 2))


def test_leap_day_is_not_kept_a_day_too_short():
    assert rt.add_years(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert rt.add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_end_beyond_the_calendar_and_unknown_condition_are_refused():
    with pytest.raises(rt.RetentionError):
        rt.effective([rt.Rule("a", "CN", years=9000)], facts(record="2026-01-01"), {"CN"})
    with pytest.raises(rt.RetentionError):
        rt.effective([rt.Rule("a", "CN", "sometimes")], facts(record="2026-01-01"), {"CN"})


dates = st.dates(date(2000, 1, 1), date(2100, 12, 31))
rules = st.lists(
    st.builds(
        rt.Rule, st.integers(), st.sampled_from(["", "CN", "US", "EU"]),
        st.sampled_from(rt.CONDITIONS), st.sampled_from(rt.BASES), st.integers(0, 40),
        st.booleans(),
    ),
    max_size=12,
)
maybe = st.sampled_from([None, True, False])
some_facts = st.builds(
    rt.Facts, st.dictionaries(st.sampled_from(rt.BASES), dates), maybe, maybe, maybe
)
markets = st.frozensets(st.sampled_from(["CN", "US", "EU"]))
LENGTH = {"until": 0, "unknown": 1, "for_ever": 2}


def length(kept):
    return LENGTH[kept.status], kept.until or date.max


@given(rules, some_facts, markets, st.sampled_from(["CN", "US", "EU"]))
def test_one_more_market_never_shortens(some_rules, known, some_markets, market):
    fewer = rt.effective(some_rules, known, some_markets)
    more = rt.effective(some_rules, known, some_markets | {market})
    if some_markets:
        assert length(more) >= length(fewer)


@given(rules, some_facts, markets)
def test_a_date_is_the_latest_of_what_each_rule_asks_alone(some_rules, known, some_markets):
    kept = rt.effective(some_rules, known, some_markets)
    alone = [
        rt.effective([replace(rule, market="CN")], known, {"CN"})
        for rule in some_rules if not rule.market or rule.market in some_markets
    ]
    if kept.status == "until":
        assert kept.until == max(each.until for each in alone if each.until)
        assert all(each.status != "for_ever" for each in alone)
        assert all(each.missing in ((), ("rule",)) for each in alone)
    assert (kept.status == "for_ever") == any(each.status == "for_ever" for each in alone)
