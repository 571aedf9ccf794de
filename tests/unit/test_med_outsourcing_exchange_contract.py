"""X2, V4, V6: what an order froze as it is told, and what was measured in the order's own units."""

from decimal import Decimal

import pytest
from odoo.addons.med_exchange.tools import units
from odoo.addons.med_exchange.tools.units import UnitError
from odoo.addons.med_outsourcing_exchange.tools import contract

FROZEN = {
    "products": [{
        "product": 7, "bom": {"id": 3, "quantity": "10", "lines": [
            {"product": 8, "quantity": "1", "unit": "kg"},
            {"product": 9, "quantity": "20", "unit": "Big box"}]},
        "plans": [{"code": "EO", "version": 2, "stage": "process"}]}],
    "routing": [{"name": "Exposure", "work_center": "EO-2", "minutes": "60"}],
    "parameters": [
        {"key": "temp", "name": "Temperature", "unit": "°C", "low": "48", "high": "56",
         "plan": "EO.2"},
        {"key": "count", "name": "Strips", "unit": "", "low": "", "high": "about 3"}],
}
TEMP = FROZEN["parameters"][0]


def test_the_bill_is_told_for_the_whole_order():
    told = contract.materials(FROZEN, {8: "RESIN", 9: "CAP"}, {"kg": "kg"}, {7: Decimal("2.5")})
    assert told == [{"product": "RESIN", "quantity": {"value": "2.5", "unit": "kg"}},
                    {"product": "CAP", "quantity": {"value": "50", "unit": "{Big_box}"}}]


def test_material_that_is_gone_and_products_that_are_not_made_are_left_out():
    assert contract.materials(FROZEN, {8: "RESIN"}, {"kg": "kg"}, {}) == []
    assert len(contract.materials(FROZEN, {8: "RESIN"}, {"kg": "kg"}, {7: Decimal(1)})) == 1


def test_limits_are_told_with_their_unit_and_what_is_no_number_is_not_told():
    assert contract.parameters(FROZEN) == [
        {"name": "temp", "title": "Temperature", "plan": "EO.2",
         "low": {"value": "48", "unit": "Cel"}, "high": {"value": "56", "unit": "Cel"}},
        {"name": "count", "title": "Strips"}]
    assert contract.operations(FROZEN) == [{"name": "Exposure", "work_centre": "EO-2"}]
    assert contract.plans(FROZEN, {7: "KIT"}) == [
        {"plan": "EO.2", "stage": "process", "product": "KIT"}]


def test_an_order_that_froze_nothing_tells_nothing():
    assert contract.parameters({}) == contract.operations({}) == contract.plans({}, {}) == []
    assert contract.materials({}, {}, {}, {}) == []


@pytest.mark.parametrize(("told", "limits", "found"), [
    ({"measured": {"value": "52.40", "unit": "Cel"}}, TEMP, {"value": "52.40", "unit": "°C"}),
    ({"measured": {"value": "325.15", "unit": "K"}}, TEMP, {"value": "52", "unit": "°C"}),
    ({"measured": {"value": "122", "unit": "[degF]"},
      "low": {"value": "320.15", "unit": "K"}}, TEMP,
     {"value": "50", "low": "47", "unit": "°C"}),
    ({"measured": {"value": "100", "unit": "Cel"}}, TEMP, {"value": "100", "unit": "°C"}),
    ({"measured": {"value": "4", "unit": "1"}}, {"unit": ""}, {"value": "4", "unit": ""}),
    ({"measured": {"value": "8", "unit": "bar"}}, {}, {"value": "8", "unit": "bar"}),
    ({"text": "EO-12 rev 3"}, {}, {"value": "EO-12 rev 3", "unit": ""}),
])
def test_what_was_measured_is_taken_in_the_unit_of_the_order(told, limits, found):
    assert contract.reported({"name": "temp", **told}, limits) == {"name": "temp", **found}


@pytest.mark.parametrize(("row", "member"), [
    ({"measured": {"value": "52", "unit": "kPa"}}, "measured"),
    ({"measured": {"value": "52", "unit": "{grad}"}}, "measured"),
    ({"measured": {"value": "52", "unit": "Cel"}, "high": {"value": "5", "unit": "min"}}, "high"),
])
def test_what_measures_something_else_is_refused_at_its_place(row, member):
    with pytest.raises(UnitError) as caught:
        contract.reported({"name": "temp", **row}, TEMP)
    assert caught.value.member == member


@pytest.mark.parametrize(("ours", "told"), [
    ("°C", "Cel"), ("mm", "mm"), ("min", "min"), ("µm", "um"), ("in", "[in_i]"), ("", "1"),
    (False, "1"), ("EU/device", "{EU/device}"), ("µg/g", "{ug/g}"), ("mm³", "{mm3}"),
    ("N·m {x}", "{N?m_(x)}")])
def test_our_units_of_measure_are_told_by_ucum_or_as_our_own(ours, told):
    assert contract.ucum(ours) == told
    assert units.known(told)


def test_what_is_told_in_our_own_unit_comes_back_in_it():
    limits = {"unit": "EU/device"}
    told = {"name": "endotoxin", "measured": {"value": "12", "unit": "{EU/device}"}}
    assert contract.reported(told, limits) == {
        "name": "endotoxin", "value": "12", "unit": "EU/device"}
