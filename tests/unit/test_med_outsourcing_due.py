"""Who is told of what is due, and when (ISO-7.4.1, V1)."""

import pytest
from odoo.addons.med_outsourcing.tools.due import NEVER, OVERDUE, parse_steps, reached, to_tell

STEPS = [90, 60, 30]


@pytest.mark.parametrize(("text", "steps"), [
    ("90, 60, 30", STEPS), ("30,60 ,90", STEPS), ("7", [7]), ("30，60", [60, 30]),
    ("30,30,", [30])])
def test_days_are_read_in_any_order_and_with_chinese_commas(text, steps):
    assert parse_steps(text) == steps


@pytest.mark.parametrize("text", ["", " ", ",", "soon", "1.5", "-1", "0, 30", "99999"])
def test_what_is_no_list_of_days_is_refused(text):
    with pytest.raises(ValueError):
        parse_steps(text)


@pytest.mark.parametrize(("left", "step"), [
    (91, None), (90, 90), (61, 90), (60, 60), (30, 30), (0, 30), (-1, OVERDUE)])
def test_the_last_day_still_counts(left, step):
    assert reached(left, STEPS) == step


def test_each_step_is_told_once_even_when_days_are_left_out():
    told, heard = NEVER, []
    for left in (100, 89, 88, 31, 29, 1, 0, -1, -2):
        step = to_tell(left, STEPS, told)
        if step is not None:
            told = step
            heard.append((left, step))
    assert heard == [(89, 90), (31, 60), (29, 30), (-1, OVERDUE)]
