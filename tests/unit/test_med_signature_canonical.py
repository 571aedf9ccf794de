"""What is signed has one text: same content, same digest; other content, another."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_signature.tools import canonical as c

requirement = "P11-70 P11-10a-2 CN-GMP-46-4 S1"

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-c.LARGEST, c.LARGEST)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cs", "Mn"])), inner),
    max_leaves=12)


def test_the_order_of_keys_is_that_of_rfc_8785():
    # RFC 8785, 3.2.3, the example of property sorting
    content = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "1": "One",
               "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control",
               "\u00f6": "Latin Small Letter O With Diaeresis"}
    assert list(json.loads(c.canonical(content)).values()) == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face"]


def test_text_is_compared_in_nfc_and_written_without_blanks():
    assert c.canonical({"name": "e\u0301", "lines": [1, None, True]}) == (
        '{"lines":[1,null,true],"name":"\u00e9"}')


@given(PLAIN)
def test_the_text_reads_back_and_is_its_own_canonical_form(content):
    try:
        text = c.canonical(content)
    except c.CanonicalError:
        return  # two keys that NFC makes one
    assert c.canonical(json.loads(text)) == text


@given(PLAIN, PLAIN)
def test_different_content_has_a_different_digest(one, other):
    try:
        texts = c.canonical(one), c.canonical(other)
    except c.CanonicalError:
        return
    assert (texts[0] == texts[1]) == (c.digest(texts[0]) == c.digest(texts[1]))


@pytest.mark.parametrize("content", [
    1.0, {"a": float("nan")}, {1: "a"}, 2 ** 53, -(2 ** 53), b"bytes", {"x": {"y": object()}},
    "\ud800", {"e\u0301": 1, "\u00e9": 2}, datetime(2026, 1, 1)])
def test_what_has_no_single_text_is_refused(content):
    with pytest.raises(c.CanonicalError):
        c.canonical(content)


@pytest.mark.parametrize(("value", "digits", "text"), [
    (0.1, None, "0.1"), (1e-7, None, "0.0000001"), (-0.0, 2, "0.00"), (2.5, 0, "2"),
    (1.005, 3, "1.005"), (12, None, "12"), (Decimal("1E+3"), None, "1000")])
def test_measured_values_are_decimal_text(value, digits, text):
    assert c.decimal_text(value, digits) == text


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(c.CanonicalError):
        c.decimal_text(float("inf"))


def test_times_are_utc():
    china = timezone(timedelta(hours=8))
    assert c.time_text(datetime(2026, 11, 22, 8, tzinfo=china)) == "2026-11-22T00:00:00Z"
    assert c.time_text(datetime(2026, 11, 22, 8)) == "2026-11-22T08:00:00Z"
    assert c.time_text(date(2026, 11, 22)) == "2026-11-22"
