"""Codes are written as they are seen."""

import pytest
from odoo.addons.med_exchange.tools.code import is_plain


@pytest.mark.parametrize("code", ["L1", "L\xc41", "批号-1", "A B", "😀"])
def test_what_is_seen_as_it_is_written(code):
    assert is_plain(code)


@pytest.mark.parametrize("code", [
    "LA\u03081", "L1 ", " L1", "L1\u200b", "\u202eL1", "L\t1", "L\xad1", "L\u20281", "\ufeffL1"])
def test_what_looks_like_another(code):
    assert not is_plain(code)
