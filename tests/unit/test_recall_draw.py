"""FDA-7.42: how many consignees are checked, and which."""

import pytest
from odoo.addons.med_recall_notice.tools.draw import DrawError, draw, percentage, size


@pytest.mark.parametrize(("level", "asked", "wanted"), [
    ("A", 0, 250), ("B", 33, 83), ("C", 0, 25), ("D", 0, 5), ("E", 0, 0)])
def test_a_level_asks_its_share_rounded_up(level, asked, wanted):
    assert size(250, percentage(level, asked)) == wanted


def test_the_same_seed_draws_the_same_whatever_the_order():
    assert draw(range(100), 10, "s") == draw(reversed(range(100)), 10, "s")
    assert draw(range(100), 10, "s") != draw(range(100), 10, "t")


def test_level_b_is_between_its_bounds():
    with pytest.raises(DrawError):
        percentage("B", 10)
