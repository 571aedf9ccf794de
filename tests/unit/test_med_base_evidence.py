"""T8: the canonical form of evidence, and how its values are printed."""
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_base.tools.evidence import canonical_json, digest, grouped, readable

requirement = "T8"


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
def test_the_same_content_gives_the_same_bytes_whatever_the_order(content):
    backwards = dict(reversed(content.items()))
    assert canonical_json(content) == canonical_json(backwards)
    assert json.loads(canonical_json(content)) == content


def test_the_canonical_form_is_utf8_with_sorted_keys_and_no_spaces():
    assert canonical_json({"b": [1, 2.5, True, ""], "a": {"批": "é"}}) == (
        '{"a":{"批":"é"},"b":[1,2.5,true,""]}'.encode())


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_has_no_form_for_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": number})


def test_the_digest_is_that_of_sha256sum():
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(b"x") == hashlib.sha256(b"x").hexdigest()


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_grouped_digest_is_the_same_digest_in_eight_groups(text):
    groups = grouped(text).split(" ")
    assert [len(group) for group in groups] == [8] * 8
    assert "".join(groups) == text


@pytest.mark.parametrize(("value", "kind", "text"), [
    (12.5, "number", "12.5"), (0.0, "number", "0"), (1000, "number", "1,000"),
    (0.000001, "number", "0.000001"), (-3.0, "number", "-3"), (100.0, "number", "100"),
    (-0.0, "number", "0"), (-1e-9, "number", "0"),
    ("2026-01-31T08:15:00Z", "date", "2026-01-31 08:15"),
    ("2026-01-31T08:15:07Z", "date", "2026-01-31 08:15:07"),
    ("", "date", ""), ("=1", "text", "=1"), (True, "word", "✓"), (False, "word", "✗"),
])
def test_a_value_is_printed_for_a_person(value, kind, text):
    assert readable(value, kind) == text
