"""Which of several statuses counts for what is made of them."""

import pytest
from odoo.addons.med_quality.tools.status import RANK, better, worst

requirement = "ISO-7.5.8 T2"


@pytest.mark.parametrize(("statuses", "result"), [
    (["released"], "released"), (["released", "conditional"], "conditional"),
    (["released", False], "quarantine"), (["quarantine", "rejected", "released"], "rejected"),
    ([""], "quarantine"),
])
def test_the_worst_counts_and_none_is_quarantine(statuses, result):
    assert worst(statuses) == result


def test_each_status_is_better_than_those_after_it_only():
    for place, status in enumerate(RANK):
        for other, second in enumerate(RANK):
            assert better(status, second) is (place < other)
    assert better("released", False)
    assert not better(False, "quarantine")
