"""The risk class of a case, by the rows of a matrix."""

import pytest
from odoo.addons.med_capa.tools.risk import Row, classify, number

requirement = "ISO-8.5.2 ISO-8.5.3"

ROWS = (Row("low", 1), Row("high", 50, 5), Row("medium", 25, 4))


@pytest.mark.parametrize("judged, told", [
    ((1, 1, 1), "low"), ((2, 3, 4), "low"), ((3, 3, 3), "medium"), ((4, 1, 1), "medium"),
    ((2, 5, 5), "high"), ((5, 1, 1), "high"), ((3, 2, 4), "low"), ((1, 5, 5), "medium"),
])
def test_the_highest_row_that_holds_decides(judged, told):
    assert classify(*judged, ROWS) == told


@pytest.mark.parametrize("judged", [(0, 5, 5), (5, 0, 5), (5, 5, 0)])
def test_what_is_not_judged_has_no_class(judged):
    assert number(*judged) == 0
    assert classify(*judged, ROWS) == ""


def test_without_a_row_that_holds_there_is_no_class():
    assert classify(1, 1, 1, (Row("high", 50),)) == ""
    assert classify(1, 1, 1, (Row("high", 0, 2),)) == ""
