"""Ids that other programs give."""

import pytest
from odoo.addons.med_base.tools.arguments import are_ids, is_id


@pytest.mark.parametrize("value", [0, 1, 2**31 - 1])
def test_an_id_is_a_whole_number_of_32_bits(value):
    assert is_id(value) and are_ids([value]) and are_ids((value, 1))


@pytest.mark.parametrize("value", [-1, 2**31, True, 1.0, "1", None, [1]])
def test_nothing_else_is_an_id(value):
    assert not is_id(value) and not are_ids([1, value])


def test_an_empty_list_is_a_list_of_ids_and_a_number_or_text_is_none():
    assert are_ids([]) and not are_ids(5) and not are_ids("12") and not are_ids({1: 2})
