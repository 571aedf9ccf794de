"""HIBCC, ICCBBA and MA: published examples, every check character, every form of a date."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_traceability.tools.udi import (
    UdiError,
    build,
    check_basic,
    check_di,
    join,
    ma,
    parse,
)
from odoo.addons.med_traceability.tools.udi.checks import MOD43, mod43

requirement = "T9 FDA-830 CN-UDI-2"

TODAY = date(2026, 11, 22)
MADE = date(2015, 10, 1)
SAME = {"di": "X999123ABC0", "lot": "1234AB", "serial": "5678EDFG", "manufactured": MADE}

PUBLISHED = [
    ("+X999123ABC0/$$05191234AB/S5678EDFG/16D20151001A",
     "OpenText IDOL, grammar of device identifiers", {**SAME, "expiry": date(2019, 5, 31)}),
    ("+X999123ABC0/$$20515191234AB/S5678EDFG/16D20151001I", "same",
     {**SAME, "expiry": date(2019, 5, 15)}),
    ("+X999123ABC0/$$31905151234AB/S5678EDFG/16D20151001J", "same",
     {**SAME, "expiry": date(2019, 5, 15)}),
    ("+X999123ABC0/$$4190515211234AB/S5678EDFG/16D20151001N", "same",
     {**SAME, "expiry": date(2019, 5, 15), "expiry_text": "19051521"}),
    ("+X999123ABC0/$$5191351234AB/S5678EDFG/16D20151001J", "same",
     {**SAME, "expiry": date(2019, 5, 15)}),
    ("+X999123ABC0/$$619135211234AB/S5678EDFG/16D20151001N", "same",
     {**SAME, "expiry": date(2019, 5, 15), "expiry_text": "1913521"}),
    ("+X999123ABC0/$1234AB/S5678EDFG/16D20151001/14D20190515.", "same",
     {**SAME, "expiry": date(2019, 5, 15)}),
    ("+A123BJC5D6E71G", "ANSI/HIBC 2.6, primary data", {"di": "A123BJC5D6E71"}),
    ("*+A123BJC5D6E71G*", "the same as printed beside Code 39", {"di": "A123BJC5D6E71"}),
    ("+$$52001510X3GD", "ANSI/HIBC 2.6, secondary data",
     {"di": "", "lot": "10X3", "expiry": date(2020, 1, 15)}),
    ("+A99912345/$$52001510X3/16D20111212/S77DEFG457", "ANSI/HIBC 2.6, concatenated with fields",
     {"di": "A99912345", "lot": "10X3", "serial": "77DEFG45", "manufactured": date(2011, 12, 12),
      "expiry": date(2020, 1, 15)}),
    ("+A123ABCDEFGHI1234567891E", "IDAutomation, HIBCC UDI", {"di": "A123ABCDEFGHI1234567891"}),
    ("=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123",
     "FDA, UDI formats by FDA-accredited issuing agency, 1.3 (2017)",
     {"di": "A9999XYZ100T0944", "serial": "000025", "donation": "A99971312345600",
      "expiry": date(2014, 2, 1), "manufactured": date(2013, 2, 1), "lot": "000000000000XYZ123"}),
    ("=)1TE123456A&)RZ12345678", "FDA, same document, blood bags",
     {"di": "1TE123456A", "lot": "RZ12345678"}),
    ("MA.156.M0.100350.01004YA10017.SLMSAGAAAC.M210628.LAY21062803.E220628.V220627.C3",
     "a maker's printing program for MA codes",
     None),
    ("MA.156.M0.100472.11103316.S1576130942.P190101.LABS20191201.E191201",
     "IdCodeChecker, example", {"di": "MA.156.M0.100472.11103316", "serial": "1576130942",
                                "lot": "ABS20191201", "manufactured": date(2019, 1, 1),
                                "expiry": date(2019, 12, 1)}),
    ("MA.156.M0.100011.2cscp023.Ste002.M200206.L343432.D555555.E200228.V200307.C9",
     "a maker's reading program for MA codes",
     {"di": "MA.156.M0.100011.2cscp023", "serial": "te002", "lot": "343432",
      "expiry": date(2020, 2, 28)}),
    ("MA.156.M0.100204.13351764", "an importer's test of MA codes",
     {"di": "MA.156.M0.100204.13351764"}),
]


@pytest.mark.parametrize("text, _source, expected", PUBLISHED)
def test_published_example_reads_as_published(text, _source, expected):
    if expected is None:  # its product has more than the eight characters of the rules
        return refused(text, "format", "MA")
    udi = parse(text, today=TODAY)
    assert {key: getattr(udi, key) for key in expected} == expected
    assert build(udi.issuer, udi.elements, today=TODAY) == udi.code
    assert sorted(parse(udi.code, today=TODAY).elements) == sorted(udi.elements)
    if "/16D20111212/S" not in text:  # the standard's own order of these two; FDA's is the other
        assert udi.code == text.strip("*")
    return None


def refused(text, code, element=None):
    with pytest.raises(UdiError) as caught:
        parse(text, today=TODAY)
    assert caught.value.code == code, caught.value.reason
    if element is not None:
        assert caught.value.element == element


def checked(body):
    return body + mod43(body)


# ---------------------------------------------------------------------- HIBCC

@pytest.mark.parametrize("text", [row[0] for row in PUBLISHED if row[0][0] == "+"])
def test_every_other_check_character_is_refused(text):
    for char in set(MOD43) - {text[-1]}:
        with pytest.raises(UdiError):
            parse(text[:-1] + char, today=TODAY)


def test_every_character_of_the_table_serves_as_check_character():
    """A space is one too, printed as an underscore."""
    seen = {}
    for item in itertools.product("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "09"):
        body = f"+A999X{item[0]}{item[1]}"
        seen.setdefault(mod43(body), body)
    assert set(seen) == set(MOD43)
    for char, body in seen.items():
        udi = parse(body + char, today=TODAY)
        assert udi.di == body[1:] and udi.code == body + char
        assert parse(udi.hri, today=TODAY) == udi
        assert udi.hri == body + char.replace(" ", "_")


def test_fda_example_bears_a_c_for_any_check_character_and_is_refused_as_printed():
    body = ("+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678"
            "/16D20130202")
    refused(body + "C", "check")
    udi = parse(checked(body), today=TODAY)
    assert (udi.di, udi.lot, udi.serial, udi.expiry, udi.manufactured) == (
        "H123PARTNO1234567890120", "LOT123456789012345", "XYZ456789012345678",
        date(2020, 2, 2), date(2013, 2, 2))


FORMS = [  # flag with a date, element, text, day
    ("$$0229", "$$", "0229", "2029-02-28"), ("$$0228", "$$", "0228", "2028-02-29"),
    ("$$1299", "$$", "1299", "1999-12-31"), ("$$2022928", "$$2", "022928", "2028-02-29"),
    ("$$3280229", "$$3", "280229", "2028-02-29"), ("$$428022923", "$$4", "28022923", "2028-02-29"),
    ("$$528060", "$$5", "28060", "2028-02-29"), ("$$528366", "$$5", "28366", "2028-12-31"),
    ("$$62806000", "$$6", "2806000", "2028-02-29"),
]


@pytest.mark.parametrize("flag, key, text, day", FORMS)
@pytest.mark.parametrize("count", ["", "805", "900123"])
@pytest.mark.parametrize("batch", ["", "LOT1", "1234567890"])
@pytest.mark.parametrize("plus", ["", "+"])
def test_every_form_of_a_date_with_quantity_lot_and_serial(flag, key, text, day, count, batch,
                                                            plus):
    code = checked("+A99912345/$$" + plus + count + flag[2:] + batch)
    udi = parse(code, today=TODAY)
    assert (udi.expiry.isoformat(), udi.expiry_text) == (day, text)
    assert (udi.serial if plus and batch else udi.lot) == batch
    assert key in [element.key for element in udi.elements]
    if count:
        assert udi.elements[1][::2] == ("$$" + count[0], count[1:])
    assert build("hibcc", udi.elements, today=TODAY) == udi.code
    if batch or not plus:  # a plus before no serial says nothing and is left out
        assert udi.code == code


@pytest.mark.parametrize("body, code, element", [
    ("+A99912345/$$1329", "date", "$$"), ("+A99912345/$$2133029", "date", "$$2"),
    ("+A99912345/$$2022929", "date", "$$2"), ("+A99912345/$$3290229", "date", "$$3"),
    ("+A99912345/$$429022824", "date", "$$4"), ("+A99912345/$$529366", "date", "$$5"),
    ("+A99912345/$$529000", "date", "$$5"), ("+A99912345/$$62936524", "date", "$$6"),
    ("+A99912345/$$429022", "date", "$$4"), ("+A99912345/$$2ABC", "format", None),
    ("+A99912345/$$ABC", "format", None), ("+A99912345/$$$1", "format", None),
    ("+A99912345/$$7", "length", None), ("+A99912345/$", "length", None),
    ("+A99912345/$+", "length", None), ("+A99912345/$" + "A" * 19, "length", "$"),
    ("+A99912345/16D20130230", "date", "16D"), ("+A99912345/16D2013020", "date", "16D"),
    ("+A99912345/Q5A", "character", "Q"), ("+A99912345/Z1", "element", None),
    ("+A99912345/", "element", None), ("+A99912345/S1/S2", "duplicate", "S"),
    ("+A99912345/$+S1/S2", "duplicate", "S"), ("+99912345/$A", "format", "+"),
    ("+A9991234X", "format", "+"), ("+A9995", "format", "+"), ("+A99912345/S", "element", None),
    ("+A99912345/S" + "A" * 19, "length", "S"), ("+$L", "length", None), ("+$", "length", None),
    ("+$$7L", "length", None)])
def test_field_of_a_wrong_form_is_refused(body, code, element):
    refused(checked(body), code, element)


@pytest.mark.parametrize("text", ["+a99912345K", "+A999_2345K", "+A999;2345K"])
def test_character_outside_the_table_is_refused(text):
    refused(text, "character")


def test_two_expiries_that_differ_are_told():
    udi = parse(checked("+A99912345/$$3290131L/14D20290201"), today=TODAY)
    assert udi.expiry == date(2029, 1, 31)
    assert [warning.code for warning in udi.warnings] == ["dates_disagree"]


def test_link_character_ties_the_secondary_symbol_to_its_primary():
    """ANSI/HIBC 2.6: G is the check character of the primary and the link of the secondary."""
    primary, secondary = (parse(text, today=TODAY) for text in ("+A123BJC5D6E71G",
                                                                "+$$52001510X3GD"))
    joined = join(secondary, primary, today=TODAY)
    assert joined.code == checked("+A123BJC5D6E71/$$52001510X3")
    other = parse(checked("+A123BJC5D6E72"), today=TODAY)
    with pytest.raises(UdiError) as caught:
        join(other, secondary, today=TODAY)
    assert (caught.value.code, caught.value.element) == ("link", "L")


def test_order_of_fields_is_free_when_read_and_fixed_when_written():
    udi = parse(checked("+A99912345/$$3290131L1/Q5/16D20250131/S9"), today=TODAY)
    assert udi.code == checked("+A99912345/$$3290131L1/S9/16D20250131/Q5")


@pytest.mark.parametrize("elements, code", [
    ({"$": "L1"}, "missing"), ({"+": "A99912345", "L": "G"}, "missing"),
    ({"+": "A99912345", "$": "$1"}, "format"), ({"+": "A99912345", "$": "+1"}, "ambiguous"),
    ({"+": "A99912345", "$": "A/S1"}, "ambiguous"), ({"+": "A99912345", "$": ""}, "length"),
    ({"+": "A99912345", "$": "a"}, "character"), ({"+": "A99912345", "x": "1"}, "element"),
    ({"+": "A99912345", "$": "A", "$+": "B"}, "conflict"),
    ({"+": "A99912345", "$$": date(2029, 1, 31)}, "date"),
    ({"+": "A99912345", "$$5": "2029-02-31"}, "date")])
def test_build_refuses_what_would_be_read_as_something_else(elements, code):
    with pytest.raises(UdiError) as caught:
        build("hibcc", elements, today=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize("key, text", [
    ("$$2", "012029"), ("$$3", "290120"), ("$$5", "29020"), ("14D", "20290120")])
def test_build_writes_a_day_in_the_form_of_its_flag(key, text):
    for value in (date(2029, 1, 20), "2029-01-20"):
        udi = parse(build("hibcc", {"+": "A99912345", key: value}, today=TODAY), today=TODAY)
        assert udi.expiry_text == text and udi.expiry == date(2029, 1, 20)


def test_device_identifier_of_hibcc():
    assert check_di("hibcc", "A123BJC5D6E71") == "A123BJC5D6E71"
    assert check_di("hibcc", "+A123BJC5D6E71G") == "A123BJC5D6E71"
    for text in ("+A123BJC5D6E71H", "1123BJC5D6E71", "A1231", "A123BJC5D6E7X",
                 "+$$52001510X3GD", ""):
        with pytest.raises(UdiError):
            check_di("hibcc", text)


def test_basic_udi_di_of_hibcc():
    """EUDAMED help, Basic UDI-DI depending on issuing entity: ++A999MODELIDENTIFIER11S8."""
    assert check_basic("hibcc", "++A999MODELIDENTIFIER11S8") == "++A999MODELIDENTIFIER11S8"
    for text in ("++A999MODELIDENTIFIER11S9", "++A999MODELIDENTIFIER12S8", "+A999MODEL11S8"):
        with pytest.raises(UdiError):
            check_basic("hibcc", text)


BATCH = st.text("ABCXYZ0123456789-. %", min_size=1, max_size=18).filter(lambda text: text.strip())
DAYS = st.dates(date(1990, 1, 1), date(2070, 1, 1))


@given(st.fixed_dictionaries({"+": st.from_regex(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]",
                                                 fullmatch=True)},
                             optional={"$$3": DAYS, "$": BATCH, "S": BATCH, "16D": DAYS,
                                       "Q": st.integers(0, 99999).map(str)}))
def test_hibcc_writes_what_it_reads(elements):
    code = build("hibcc", elements, today=TODAY)
    udi = parse(code, today=TODAY)
    assert build("hibcc", udi.elements, today=TODAY) == code == udi.code
    assert udi.lot == elements.get("$", "") and udi.serial == elements.get("S", "")
    assert udi.manufactured == elements.get("16D")


# ---------------------------------------------------------------------- ICCBBA

@pytest.mark.parametrize("text, code, element", [
    ("=,000025", "missing", "=/"), ("=/A9999XYZ100T094", "length", "=/"),
    ("=/A9999XYZ100T0944=>014367", "date", "=>"), ("=/A9999XYZ100T0944=>013366", "date", "=>"),
    ("=/A9999XYZ100T0944=>014000", "date", "=>"), ("=/A9999XYZ100T0944=?1", "element", None),
    ("=/A9999XYZ100T0944=A9997131234560", "length", "="),
    ("=/A9999XYZ100T0944=O99971312345600", "element", None),
    ("=/A9999XYZ100T0944=)1TE123456A", "conflict", "=)"),
    ("=/A9999XYZ100T0944=,000025=,000026", "duplicate", "=,"),
    ("=+03000=/A9999XYZ100T0944=,000025", "length", "=+"),
    ("=/a9999XYZ100T0944", "character", "=/")])
def test_structure_of_isbt_128_of_a_wrong_form_is_refused(text, code, element):
    refused(text, code, element)


def test_compound_message_and_centuries():
    udi = parse("=+03000=/A9999XYZ100T0944=>028366=}999365", today=TODAY)
    assert (udi.expiry, udi.manufactured) == (date(2028, 12, 31), date(1999, 12, 31))
    assert build("iccbba", {"=/": "A9999XYZ100T0944", "=>": date(2028, 2, 29)}) == (
        "=/A9999XYZ100T0944=>028060")


def test_iccbba_elements_are_written_in_one_order():
    udi = parse("=>014032=A99971312345600=,000025=/A9999XYZ100T0944", today=TODAY)
    assert udi.code == "=/A9999XYZ100T0944=,000025=A99971312345600=>014032"


def test_device_identifier_of_iccbba():
    assert check_di("iccbba", "=/A9999XYZ100T0944") == check_di("iccbba", "A9999XYZ100T0944")
    assert check_di("iccbba", "1TE123456A") == "1TE123456A"
    for text in ("A9999XYZ100T094", "=/1TE123456A", ""):
        with pytest.raises(UdiError):
            check_di("iccbba", text)


# ---------------------------------------------------------------------- MA

@pytest.mark.parametrize("text, code", [
    ("MA.156.M0.100472", "format"), ("MA.156.M1.100472.11103316", "format"),
    ("MA.156.M0.100472.1110331", "format"), ("MA.156.M0.100472.11103316X", "format"),
    ("MA.156.M0.100472.11103316.", "element"), ("MA.156.M0.100472.11103316.X1", "element"),
    ("MA.156.M0.100472.11103316.M201301", "date"), ("MA.156.M0.100472.11103316.M2020011", "date"),
    ("MA.156.M0.100472.11103316.M200100", "date"), ("MA.156.M0.100472.11103316.L", "character"),
    ("MA.156.M0.100472.11103316.LA.LB", "duplicate"),
    ("MA.156.M0.100472.11103316.L(1)", "character")])
def test_ma_code_of_a_wrong_form_is_refused(text, code):
    refused(text, code)


def test_dates_of_ma_have_six_or_eight_digits_and_the_earlier_expiry_counts():
    udi = parse("MA.156.M0.100472.11103316.M20200131.E210201.V210131", today=TODAY)
    assert (udi.manufactured, udi.expiry) == (date(2020, 1, 31), date(2021, 1, 31))
    assert [warning.code for warning in udi.warnings] == ["dates_disagree"]


def test_what_a_letter_means_can_be_set():
    text = "MA.156.M0.100472.11103316.E210201.V210131"
    udi = ma.read(text, TODAY, {**ma.LETTERS, "E": "check"})
    assert udi.expiry == date(2021, 1, 31) and not udi.warnings


def test_no_check_character_of_ma_is_made_or_held_wrong():
    for char in "0123456789":
        udi = parse(f"MA.156.M0.100472.1110331{char}.C{char}", today=TODAY)
        assert udi.elements[1].text == char


def test_ma_has_no_basic_udi_di():
    with pytest.raises(UdiError):
        check_basic("ma", "MA.156.M0.100472.11103316")


def test_ma_writes_dates_of_six_digits_in_one_order():
    assert build("ma", {"L": "A", "MA": "MA.156.M0.100472.11103316", "M": date(2020, 1, 31),
                        "V": "2021-01-31", "S": "B"}, today=TODAY) == (
        "MA.156.M0.100472.11103316.SB.M200131.LA.V210131")
