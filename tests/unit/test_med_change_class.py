"""The worst effect gives the class; what is not known gives none."""

import pytest
from odoo.addons.med_change.tools.change_class import Row, classify

ROWS = [Row("safety", "possible", "moderate"), Row("safety", "certain", "major"),
        Row("performance", "certain", "moderate")]


@pytest.mark.parametrize(("safety", "performance", "raised", "found"), [
    ("none", "none", None, "minor"), ("possible", "none", None, "moderate"),
    ("possible", "certain", None, "moderate"), ("certain", "none", None, "major"),
    ("none", "none", "major", "major"), ("certain", "none", "minor", "major"),
    (None, "none", "major", None), ("none", "possible", None, None)])
def test_the_worst_counts_and_the_unknown_gives_none(safety, performance, raised, found):
    assert classify({"safety": safety, "performance": performance}, ROWS, raised) == found
