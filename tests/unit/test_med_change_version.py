"""What differs between two versions, and with which lot one begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_change.tools.version_diff import Difference, begins, differences, flatten

CONTENT = st.recursive(st.text(max_size=3), lambda inner: st.dictionaries(
    st.text(max_size=3), inner, max_size=3), max_leaves=8).filter(
        lambda found: isinstance(found, dict))


def test_a_value_that_changed_came_or_went_is_told_with_its_path():
    old = {"bom": {"1": {"quantity": "1", "line": {"tube": "2"}}}}
    new = {"bom": {"1": {"quantity": "1", "line": {"tube": "3", "glue": "1"}}}, "udi": {}}
    assert differences(old, new) == [
        Difference(("bom", "1", "line", "glue"), None, "1"),
        Difference(("bom", "1", "line", "tube"), "2", "3")]
    assert differences(new, old)[0] == Difference(("bom", "1", "line", "glue"), "1", None)


@given(CONTENT, CONTENT)
def test_it_is_empty_exactly_when_both_say_the_same(one, other):
    assert differences(one, one) == []
    assert (not differences(one, other)) == (flatten(one) == flatten(other))


@pytest.mark.parametrize(("name", "first", "holds"), [
    ("P-0100", "P-0100", True), ("P-0101", "P-0100", True), ("P-0099", "P-0100", False),
    ("X-0101", "P-0100", False), ("P-0101-A", "P-0100", False), ("P-99", "P-0100", False),
    ("P-1000", "P-0100", True), ("2026-03-1", "2026-02-9", True), ("ABC", "ABC", True),
    ("ABD", "ABC", False), ("", "P-1", False)])
def test_a_lot_of_the_same_shape_and_no_lower_number_is_of_the_version(name, first, holds):
    assert begins(name, first) is holds
