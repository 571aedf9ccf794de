"""Readings to points, and points to paper (SPC-3, SPC-5)."""

import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest
from odoo.addons.med_inspection.tools import control_points, control_svg, spc
from odoo.addons.med_inspection.tools.control_points import Value, plot
from odoo.addons.med_inspection.tools.run_rules import SpcError

GROUPS = ((10.0, 10.2, 9.9, 10.1, 9.8), (10.1, 10.0, 10.2, 9.9, 10.3),
          (9.7, 9.9, 10.0, 10.1, 9.8), (10.2, 10.1, 10.0, 10.3, 9.9))


def values(groups, per_unit=False):
    number, found = 0, []
    for inspection, group in enumerate(groups, 1):
        for place, one in enumerate(group):
            number += 1
            found.append(Value(number, inspection, "U1" if per_unit else f"U{place}", one))
    return found


def test_the_worked_case_gives_its_limits():
    points = plot("xbar_r", 5, values(GROUPS))
    limits = control_points.limits_of("xbar_r", points)
    assert (limits.center, limits.spread) == (Decimal("10.025"), Decimal("0.4"))
    assert [point.key for point in points] == [5, 10, 15, 20]


def test_units_with_as_many_readings_are_the_subgroups():
    rows = [Value(1, 1, "A", 1), Value(2, 1, "B", 5), Value(3, 1, "A", 2), Value(4, 1, "B", 6)]
    assert [(one.unit, one.data) for one in plot("xbar_r", 2, rows)] == [
        ("A", (1, 2)), ("B", (5, 6))]


def test_a_rest_is_no_subgroup_and_no_inspection_lends_to_the_next():
    rows = values([GROUPS[0][:3], GROUPS[1][:2]])
    assert [one.data for one in plot("xbar_r", 2, rows)] == [(10.0, 10.2), (10.1, 10.0)]


def test_single_values_are_points_with_their_unit():
    assert [(one.key, one.unit, one.data) for one in plot("i_mr", 0, values([(1, 2)]))] == [
        (1, "U0", 1), (2, "U1", 2)]


@pytest.mark.parametrize("kind, data", [("p", (2, 3)), ("u", (5, 3))])
def test_units_and_nonconformities_are_counted_apart(kind, data):
    rows = [Value(1, 7, "A", None, 3), Value(2, 7, "A", None, 1), Value(3, 7, "B", None, 1),
            Value(4, 7, "C", None, 0)]
    [point] = plot(kind, 0, rows)
    assert (point.key, point.inspection, point.data) == (4, 7, data)


def test_points_that_do_not_vary_give_no_limits():
    with pytest.raises(SpcError):
        control_points.limits_of("i_mr", plot("i_mr", 0, values([(1, 1, 1)])))


def test_singles_are_all_values_behind_the_points():
    assert control_points.singles("xbar_r", plot("xbar_r", 2, values([(1, 2, 3, 4)]))) == [
        1, 2, 3, 4]


@pytest.mark.parametrize("kind, rows", [
    ("xbar_r", values(GROUPS)), ("i_mr", values([(1, 2, 3, 9)])),
    ("p", [Value(1, 1, "A", None, 1), Value(2, 1, "B"), Value(3, 2, "A"), Value(4, 2, "C")])])
def test_a_drawing_has_every_point_and_escapes_what_people_wrote(kind, rows):
    points = plot(kind, 5, rows)
    for series in spc.chart(control_points.limits_of(kind, points), [one.data for one in points]):
        drawn = control_svg.draw(
            series, ["<b>&"] * len(points), lines=(("USL", Decimal("10.6")),))
        root = ElementTree.fromstring(drawn)
        circles = root.findall(".//{http://www.w3.org/2000/svg}circle")
        assert len(circles) == len(series.points)
        assert "USL 10.6" in drawn
