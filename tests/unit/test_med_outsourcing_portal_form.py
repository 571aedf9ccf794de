"""From the fields of a page to a report (V5, V7)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from odoo.addons.med_outsourcing_portal.tools import form

SHANGHAI = ZoneInfo("Asia/Shanghai")
ASKED = ({"name": "Temperature", "unit": "degC", "low": "50", "high": "60"},
         {"name": "Colour", "unit": "", "low": "", "high": ""})
BASE = {"reference": "P1", "time": "2026-03-31T14:05:07", "person": " Li Wei "}


def read(kind="step", **fields):
    return form.read(kind, {**BASE, **fields}, SHANGHAI, ASKED, (7, 8))


def refused(**fields):
    with pytest.raises(form.FormError) as caught:
        read(**fields)
    return caught.value.name, caught.value.code


def test_another_revision_is_said_with_the_deviation_that_allows_it():
    told = read(revision="V1", deviation="DEV/1", made_to=" V0 ").report
    assert (told["revision"], told["deviation"]) == ("V0", "DEV/1")
    told = read(revision="V1", deviation="", made_to="V0").report
    assert told["revision"] == "V1"
    assert "deviation" not in told
    assert refused(revision="V1", deviation="DEV/1", made_to=" ") == ("made_to", "missing")


def test_a_nul_is_a_space():
    assert read(note="a\0b", person="\0").report["note"] == "a b"
    assert "person" not in read(person="\0").report


def test_a_time_is_local_and_kept_as_utc():
    told = read().report
    assert told["time"] == datetime(2026, 3, 31, 6, 5, 7)
    assert told["person"] == "Li Wei"
    assert "note" not in told


@pytest.mark.parametrize("fields, wrong", [
    ({"time": ""}, ("time", "missing")), ({"time": "yesterday"}, ("time", "time")),
    ({"reference": " "}, ("reference", "missing")),
    ({"lot_name_0": "L1", "lot_quantity_0": "1,5"}, ("lot_quantity_0", "number")),
    ({"lot_name_0": "L1", "lot_quantity_0": "nan"}, ("lot_quantity_0", "number")),
    ({"lot_name_0": "L1", "lot_quantity_0": "1e9"}, ("lot_quantity_0", "number")),
    ({"lot_name_3": "", "lot_quantity_3": "4"}, ("lot_name_3", "missing")),
    ({"lot_name_0": "L1", "lot_quantity_0": "4", "lot_outcome_0": "stolen"},
     ("lot_outcome_0", "outcome")),
    ({"used_product_0": "9", "used_lot_0": "M1", "used_quantity_0": "1"},
     ("used_product_0", "product")),
    ({"lot_product_0": "9", "lot_name_0": "M1", "lot_quantity_0": "1"},
     ("lot_product_0", "product")),
    ({"used_product_0": "", "used_lot_0": "M1", "used_quantity_0": "1"},
     ("used_product_0", "product")),
    ({"used_product_0": "7", "used_lot_0": "", "used_quantity_0": "1"}, ("used_lot_0", "missing")),
    ({"param_name_2": "", "param_value_2": "5"}, ("param_name_2", "missing")),
    ({"param_name_0": "Temperature", "param_value_0": "warm"}, ("param_value_0", "number")),
])
def test_what_cannot_be_read_is_told_at_its_field(fields, wrong):
    assert refused(**fields) == wrong


def test_rows_without_a_quantity_are_left_out_and_places_are_remembered():
    said = read(lot_name_0="L1", lot_quantity_0="", lot_name_2="L2", lot_quantity_2="４.5",
                lot_outcome_2="scrap", used_product_1="8", used_lot_1="M1", used_quantity_1="2")
    assert said.report["lots"] == [{"lot": "L2", "quantity": 4.5, "outcome": "scrap"}]
    assert said.report["used"] == [{"product": 8, "lot": "M1", "quantity": 2.0}]
    assert said.field_of("/lots/0/quantity") == "lot_quantity_2"
    assert said.field_of("/lots/0") == "lot_name_2"
    assert said.field_of("/used/0/product") == "used_product_1"
    assert said.field_of("/time") == "time"
    assert said.field_of("/supersedes") == ""
    assert said.field_of("") == ""
    assert said.field_of("/lots") == "lot_name_0"


def test_limits_are_those_ordered_whatever_the_page_says():
    said = read(param_name_0="Temperature", param_value_0="61", param_unit_0="degF",
                param_low_0="0", param_high_0="999", param_name_1="Colour", param_value_1="blue")
    assert said.report["parameters"] == [
        {"name": "Temperature", "value": "61", "unit": "degC", "low": "50", "high": "60"},
        {"name": "Colour", "value": "blue", "unit": ""}]
    assert [said.row_of("parameters", name) for name in ("Temperature", "Colour", "?")] == [
        0, 1, None]


def test_rows_end_somewhere():
    many = {f"lot_name_{row}": "L" for row in (0, 5, form.MOST_ROWS, 10 ** 6)}
    assert form.rows_of(many, "lot_name") == [0, 5]


def test_material_that_arrived_says_of_which_product_it_is():
    told = read("received", lot_name_0="M1", lot_quantity_0="2", lot_product_0="8",
                lot_name_1="M2", lot_quantity_1="3", lot_product_1="")
    assert told.report["lots"] == [
        {"lot": "M1", "quantity": 2, "outcome": "good", "product": 8},
        {"lot": "M2", "quantity": 3, "outcome": "good"}]
    assert told.field_of("/lots/0/product") == "lot_product_0"
