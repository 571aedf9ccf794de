"""GS1: published examples, what is wrong with them when changed, and biip's own reading."""

import itertools
from datetime import date

import pytest
from biip import ParseError
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_traceability.tools.udi import (
    Udi,
    UdiError,
    build,
    check_basic,
    check_di,
    hri,
    join,
    parse,
)
from odoo.addons.med_traceability.tools.udi.checks import mod10, mod10_digit, pair

requirement = "T9 FDA-801 FDA-830 EU-27-new CN-UDI-2 GUDID-DATA"

TODAY = date(2026, 11, 22)
GTIN = "09506000134352"
FNC1 = "\x1d"

# text, source, expected; the source is where the example was published.
PUBLISHED = [
    ("(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234",
     "FDA, UDI formats by FDA-accredited issuing agency, 1.3 (2017); IMDRF N48, annex",
     {"di": "51022222233336", "manufactured": date(2014, 12, 31), "expiry": date(2015, 7, 7),
      "lot": "A213B1", "serial": "1234"}),
    ("0151022222233336" "11141231" "17150707" "10A213B1" + FNC1 + "211234",
     "the same in machine form",
     {"di": "51022222233336", "manufactured": date(2014, 12, 31), "expiry": date(2015, 7, 7),
      "lot": "A213B1", "serial": "1234"}),
    ("(01)06901234567892(11)141231(17)150707(10)A213B1(21)1234",
     "NMPA, questions and answers on UDI",
     {"di": "06901234567892", "lot": "A213B1", "serial": "1234"}),
    ("(01)00643169001763(17)160712(21)21A11F4855", "HL7 v2.9, participation information, PRT-10",
     {"di": "00643169001763", "expiry": date(2016, 7, 12), "serial": "21A11F4855"}),
    ("(01)00844588003288(17)141120(10)7654321D(21)10987654d321", "HL7 FHIR, Device example",
     {"di": "00844588003288", "lot": "7654321D", "serial": "10987654d321"}),
    ("(01)07032069804988(15)210526(10)0329", "biip documentation, GS1 message",
     {"di": "07032069804988", "lot": "0329"}),
    ("]C1010703206980498815210526100329", "biip documentation, GS1-128 with its identifier",
     {"di": "07032069804988", "lot": "0329"}),
]


@pytest.mark.parametrize("text, _source, expected", PUBLISHED)
def test_published_example_reads_as_published(text, _source, expected):
    udi = parse(text, today=TODAY)
    assert udi.issuer == "gs1"
    assert {key: getattr(udi, key) for key in expected} == expected
    assert same(parse(udi.code, today=TODAY), udi)
    assert same(parse(udi.hri, today=TODAY), udi)


@pytest.mark.parametrize("text, _source, _expected", PUBLISHED)
def test_any_other_digit_in_the_gtin_of_a_published_example_is_refused(text, _source, _expected):
    di = parse(text, today=TODAY).di
    for place, digit in itertools.product(range(14), "0123456789"):
        changed = di[:place] + digit + di[place + 1:]
        if changed != di:
            refused(text.replace(di, changed), "check", "01")


def same(udi, other):
    """Whether two readings tell the same, whatever the order of their elements."""
    return sorted(udi.elements) == sorted(other.elements) and udi.di == other.di


def refused(text, code, element=None):
    with pytest.raises(UdiError) as caught:
        parse(text, today=TODAY)
    assert caught.value.code == code, caught.value.reason
    if element is not None:
        assert caught.value.element == element
    assert str(caught.value) == caught.value.reason


# ---------------------------------------------------------------------- keys and rules

REFUSED = [
    ("00123456789012345675", "not_udi", "00"),
    ("(02)09506000134352(37)5", "not_udi", "02"),
    ("(8006)095060001343520102", "not_udi", "8006"),
    ("(8013)1987654Ad4X4bL5ttr2310c2K", "not_udi", "8013"),
    ("0109506000134353", "check", "01"),
    ("01095060001343", "length", "01"),
    ("0109506000134352" "17291301", "date", "17"),
    ("0109506000134352" "17290230", "date", "17"),
    ("0109506000134352" "11290001", "date", "11"),
    ("0109506000134352" "7003" "2901312460", "date", "7003"),
    ("0109506000134352" "7003" "2901002359", "date", "7003"),
    ("0109506000134352" "10" + "A" * 21, "format", "10"),
    ("0109506000134352" "10", "format", "10"),
    ("0109506000134352" "10A B", "format", "10"),
    ("0109506000134352" "10A" + FNC1 + FNC1 + "21B", "element", None),
    ("0109506000134352" "23A", "element", None),
    ("0109506000134352" "10A" + FNC1 + "10B", "duplicate", "10"),
    ("0109506000134352" "0109506000134376", "duplicate", "01"),
    ("0109506000134352" "235TPX" + FNC1 + "21S", "conflict", "21"),
    ("0109506000134352" "250A2", "missing", "250"),
    ("0109506000134352" "0209506000134352" "375", "conflict", "01"),
    ("0109506000134352" "375", "conflict", "01"),
    ("10A" + FNC1 + "375", "missing", "37"),
    ("240X", "missing", "01"),
    ("0109506000134352" "8014" "1987654Ad4X4bL5ttr2310c2J", "check", "8014"),
    ("0109506000134352" "4109506000134353", "check", "410"),
    ("0109506000134352" "253" "9506000134353X", "check", "253"),
    ("]C0" "0109506000134352", "symbology", ""),
    ("]E0" "9506000134353", "check", "01"),
    ("]E0" "17290131", "length", "01"),
    ("0109506000134352" "10é", "character", ""),
    ("", "empty", ""),
    ("   ", "empty", ""),
    ("hello", "issuer", ""),
    ("1" * 600, "length", ""),
]


@pytest.mark.parametrize("text, code, element", REFUSED)
def test_broken_rule_is_refused_with_its_element(text, code, element):
    refused(text, code, element)


def test_production_identifiers_alone_are_half_a_udi():
    """Their device identifier is in the other symbol of the label."""
    udi = parse("8012V1" + FNC1 + "10A", today=TODAY)
    assert (udi.di, udi.software, udi.lot) == ("", "V1", "A")


def test_ndc_software_and_master_di_are_kept():
    udi = parse("(01)00312345678906(10)L1(21)S1(715)1234567890(8012)V2.1"
                "(8014)1987654Ad4X4bL5ttr2310c2K", today=TODAY)
    assert udi.software == "V2.1"
    assert {"715", "8014"} <= {element.key for element in udi.elements}


def test_elements_are_read_in_any_order_and_written_in_one():
    parts = ["01" + GTIN, "11260131", "17290131", "10LOT-A" + FNC1, "21SER-B" + FNC1]
    codes = {parse("".join(order), today=TODAY).code for order in itertools.permutations(parts)}
    assert codes == {"01" + GTIN + "1126013117290131" "10LOT-A" + FNC1 + "21SER-B"}


def test_same_element_twice_with_the_same_data_counts_once():
    udi = parse("01" + GTIN + "17290131" "17290131", today=TODAY)
    assert [element.key for element in udi.elements] == ["01", "17"]


@pytest.mark.parametrize("prefix", ["", "]C1", "]d2", "]Q3", "]e0", FNC1, "]d2" + FNC1])
def test_symbology_identifier_and_leading_fnc1_are_stripped(prefix):
    assert parse(prefix + "01" + GTIN + "10A1", today=TODAY).code == "01" + GTIN + "10A1"


@pytest.mark.parametrize("text", ["9506000134352", "09506000134352", "]E09506000134352",
                                  "]I109506000134352"])
def test_bare_gtin_is_a_device_identifier(text):
    assert parse(text, today=TODAY).code == "01" + GTIN


def test_gtin_that_could_be_a_udi_cut_off_is_refused_unless_the_symbology_says_it():
    """One in ten truncations of (01) ends in a right check digit by chance."""
    for text in ("012345678905", "01" + "1" * 10 + mod10_digit("01" + "1" * 10)):
        refused(text, "ambiguous", "01")
        assert parse("]E0" + text, today=TODAY).di == text.zfill(14)


def test_ean_8_is_one_only_when_the_symbology_says_so():
    assert parse("]E496385074", today=TODAY).di == "00000096385074"
    refused("96385074", "missing")


def test_gtin_that_is_also_production_identifiers_is_refused():
    text = "17290131" "10123"
    text += mod10_digit(text)
    assert len(text) == 14 and mod10(text)
    refused(text, "ambiguous", "01")
    assert parse("]d2" + text, today=TODAY).lot == text[10:]


# ---------------------------------------------------------------------- dates

@pytest.mark.parametrize("text, expected", [
    ("260200", "2026-02-28"), ("280200", "2028-02-29"), ("280229", "2028-02-29"),
    ("261200", "2026-12-31"), ("260430", "2026-04-30"), ("760101", "2076-01-01"),
    ("770101", "1977-01-01"), ("000229", "2000-02-29"),
])
def test_day_00_is_the_last_of_the_month_and_years_stand_around_today(text, expected):
    udi = parse("01" + GTIN + "17" + text, today=TODAY)
    assert udi.expiry.isoformat() == expected
    assert udi.expiry_text == text


@pytest.mark.parametrize("year", range(2000, 2100))
def test_year_window_is_49_back_and_50_ahead(year):
    for two in range(100):
        found = parse(f"01{GTIN}17{two:02d}0101", today=date(year, 6, 1)).expiry.year
        assert found % 100 == two
        assert -49 <= found - year <= 50


@pytest.mark.parametrize("text", ["270229", "260431", "260001", "261301", "260132"])
def test_day_that_does_not_exist_is_refused(text):
    refused("01" + GTIN + "17" + text, "date", "17")


def test_expiry_with_a_time_of_day_is_the_expiry():
    udi = parse("01" + GTIN + "7003" "2901311530", today=TODAY)
    assert (udi.expiry, udi.expiry_text) == (date(2029, 1, 31), "2901311530")


def test_two_expiries_that_differ_are_told():
    udi = parse("01" + GTIN + "17290131" "7003" "2902011530", today=TODAY)
    assert [warning.code for warning in udi.warnings] == ["dates_disagree"]


# ---------------------------------------------------------------------- lost separators

@pytest.mark.parametrize("lot, hidden", [
    ("ABC21S99", ("21",)), ("ABC17290131", ("17",)), ("A1129013121S", ("11", "21")),
    ("ABC1729013121S9", ("17", "21")), ("A8012V1", ("8012",)), ("A305", ("30",)),
])
def test_lot_that_may_have_swallowed_elements_is_flagged_and_kept(lot, hidden):
    udi = parse("01" + GTIN + "10" + lot, today=TODAY)
    assert udi.lot == lot and udi.serial == ""
    [warning] = udi.warnings
    assert (warning.code, warning.element, warning.hidden) == ("separator_lost", "10", hidden)


@pytest.mark.parametrize("lot", ["ABC", "A17999999", "A1799", "21ABC", "A01" + GTIN, "A21"])
def test_lot_that_holds_no_whole_element_is_not_flagged(lot):
    assert not parse("01" + GTIN + "10" + lot, today=TODAY).warnings


def test_lot_ended_by_a_separator_is_not_flagged_whatever_it_looks_like():
    assert not parse("01" + GTIN + "10ABC21S99" + FNC1, today=TODAY).warnings
    assert not parse("01" + GTIN + "10ABC17290131" + FNC1 + "21S", today=TODAY).warnings


def test_element_that_the_code_bears_already_is_not_the_hidden_one():
    assert not parse("01" + GTIN + "21S" + FNC1 + "10ABC21X", today=TODAY).warnings


def test_fixed_length_element_without_its_separator_is_refused():
    refused("01" + GTIN + "7003" "2901311530" "10A", "length", "7003")


# ---------------------------------------------------------------------- the form for people

def test_human_form_allows_spaces_between_elements():
    assert parse(f"(01) {GTIN} (17) 290131 (10) AB1", today=TODAY).lot == "AB1"


@pytest.mark.parametrize("text", [
    f"(01){GTIN}(10)AB(12)", f"(01){GTIN}(10)AB(99)X(17)x", f"(01){GTIN}(10)A(23)B",
    f"(01){GTIN}(10)A(0000)B"])
def test_brackets_that_may_belong_to_the_lot_are_refused(text):
    refused(text, "ambiguous")


def test_brackets_without_digits_belong_to_the_lot():
    assert parse(f"(01){GTIN}(10)AB(X)C", today=TODAY).lot == "AB(X)C"


def test_scanned_lot_whose_printed_form_would_be_misread_is_flagged():
    udi = parse("01" + GTIN + "10AB(21)5" + FNC1 + "240X", today=TODAY)
    assert udi.lot == "AB(21)5"
    assert [warning.code for warning in udi.warnings] == ["brackets"]


# ---------------------------------------------------------------------- identifiers

def test_gtin_of_any_length_becomes_fourteen_digits():
    assert check_di("gs1", "96385074") == "00000096385074"
    assert check_di("gs1", "036000291452") == "00036000291452"
    assert check_di("gs1", " 9506000134352 ") == GTIN


@pytest.mark.parametrize("text, code", [
    ("9506000134353", "check"), ("123", "length"), ("95060001343ab", "character"),
    ("９５０６０００１３４３５２", "character")])
def test_wrong_gtin_is_refused(text, code):
    with pytest.raises(UdiError) as caught:
        check_di("gs1", text)
    assert caught.value.code == code


def test_check_pair_of_the_gs1_example_of_a_global_model_number():
    """GS1 General Specifications, 7.9.5: model number 1987654Ad4X4bL5ttr2310c has pair 2K."""
    assert pair("1987654Ad4X4bL5ttr2310c") == "2K"
    assert check_basic("gs1", "1987654Ad4X4bL5ttr2310c2K") == "1987654Ad4X4bL5ttr2310c2K"


@pytest.mark.parametrize("place", range(25))
def test_any_changed_character_of_a_global_model_number_is_refused(place):
    model = "1987654Ad4X4bL5ttr2310c2K"
    changed = model[:place] + ("7" if model[place] != "7" else "8") + model[place + 1:]
    with pytest.raises(UdiError):
        check_basic("gs1", changed)


# ---------------------------------------------------------------------- writing

def test_build_takes_dates_and_iso_text_and_puts_elements_in_order():
    code = build("gs1", {"21": "S1", "10": "L1", "17": "2029-01-31", "11": date(2026, 2, 1),
                         "01": GTIN}, today=TODAY)
    assert code == "01" + GTIN + "1126020117290131" "10L1" + FNC1 + "21S1"
    assert hri("gs1", [("01", GTIN), ("10", "L1")], today=TODAY) == f"(01){GTIN}(10)L1"


@pytest.mark.parametrize("elements, code", [
    ({"01": "123"}, "length"), ({"99999": "x"}, "element"), ({"01": GTIN, "10": ""}, "format"),
    ({"01": GTIN, "17": "2029-13-31"}, "date"), ([("01",)], "format"), ([["01", 5]], "format"),
    ({"01": GTIN, "10": "A" + FNC1 + "21B"}, "format"), ({}, "missing")])
def test_build_refuses_what_is_no_udi(elements, code):
    with pytest.raises(UdiError) as caught:
        build("gs1", elements, today=TODAY)
    assert caught.value.code == code


def test_build_of_another_issuer_is_refused():
    with pytest.raises(UdiError) as caught:
        build("ean", {})
    assert caught.value.code == "issuer"


def test_two_symbols_of_one_label_are_joined():
    first, second = parse("01" + GTIN, today=TODAY), parse("]C1" "17290131" "10L1", today=TODAY)
    assert (second.di, second.lot) == ("", "L1")
    assert join(second, first, today=TODAY).code == "01" + GTIN + "17290131" "10L1"
    for pair_of in ((first, first), (second, second)):
        with pytest.raises(UdiError):
            join(*pair_of, today=TODAY)


def test_result_is_frozen():
    udi = parse("01" + GTIN, today=TODAY)
    with pytest.raises(AttributeError):
        udi.lot = "X"
    assert isinstance(udi, Udi) and udi == parse("]d201" + GTIN, today=TODAY)


# ---------------------------------------------------------------------- against biip

X = "".join(chr(code) for code in range(33, 123) if chr(code) not in "#$@[\\]^`")
TEXT = st.text(X, min_size=1, max_size=20)
DATES = st.dates(date(1990, 1, 1), date(2060, 1, 1)).map(lambda day: day.strftime("%y%m%d"))
PARTS = st.fixed_dictionaries({"01": st.integers(0, 10**13 - 1).map(
    lambda number: f"{number:013d}" + mod10_digit(f"{number:013d}"))}, optional={
        "11": DATES, "17": DATES, "10": TEXT, "21": TEXT, "240": TEXT, "8012": TEXT,
        "20": st.integers(0, 99).map(lambda number: f"{number:02d}"),
        "30": st.integers(0, 10**8 - 1).map(str)})


@given(PARTS, st.randoms())
def test_reading_agrees_with_biip(parts, chance):
    keys = list(parts)
    chance.shuffle(keys)
    text = "".join(key + parts[key] + (FNC1 if key in ("10", "21", "240", "8012", "30") else "")
                   for key in keys)
    udi = parse("]d2" + text, today=TODAY)
    message = GS1Message.parse(text)
    assert [(element.key, element.text) for element in udi.elements] == [
        (element.ai.ai, element.value) for element in message.element_strings]
    for mine, theirs in zip(udi.elements, message.element_strings, strict=True):
        if theirs.date:
            assert mine.value.strftime("%m%d") == theirs.date.strftime("%m%d")


@given(PARTS)
def test_quick_way_and_long_way_read_the_same(parts):
    """The usual form is read by one expression; a separator at its end takes the long way."""
    usual = {key: parts[key] for key in ("01", "11", "17", "10", "21") if key in parts}
    code = build("gs1", usual, today=TODAY)
    quick, long = parse(code, today=TODAY), parse("]d2" + FNC1 + code, today=TODAY)
    assert quick == long and quick.code == long.code and quick.hri == long.hri


@given(st.text("0123456789AB" + FNC1, min_size=1, max_size=40))
def test_what_biip_cannot_read_is_not_accepted(text):
    try:
        udi = parse("]d2" + text, today=TODAY)
    except UdiError:
        return
    try:
        message = GS1Message.parse(text.strip(FNC1))
    except ParseError:
        # biip refuses a code that ends within a fixed length; so do we. What is left: an AI's
        # separator after a fixed length, which biip's scan takes for an element.
        assert FNC1 in text
        return
    assert {element.key for element in udi.elements} == {
        element.ai.ai for element in message.element_strings}
