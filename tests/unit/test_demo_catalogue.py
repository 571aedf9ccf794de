"""The demonstration company is fictional, says so, and its history can be repeated (issue 2, C)."""

import importlib.util
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "setup" / "demo_company"


def _load(name):
    """The module by its path: the package itself needs Odoo."""
    spec = importlib.util.spec_from_file_location(f"demo_{name}", FOLDER / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogue, clock, gtin = _load("catalogue"), _load("clock"), _load("gtin")


@pytest.mark.parametrize("key", ["09520123456788", "19520123456785"])
def test_check_digits_agree_with_known_keys(key):
    """GS1's own example item 952 0123 45678 8 and its first packaging level."""
    assert gtin.check_digit(key[:-1]) == key[-1]


def test_every_trade_item_number_is_a_valid_demonstration_number_and_unique():
    keys = []
    for product in catalogue.PRODUCTS.values():
        if product.gtin:
            keys.append(gtin.gtin14(product.gtin))
            keys += [gtin.gtin14(product.gtin, level) for _n, level in product.packaging.values()]
    assert len(keys) == len(set(keys)) == 5
    for key in keys:
        assert len(key) == 14 and key[1:4] == "952" and gtin.check_digit(key[:-1]) == key[-1]


def test_every_company_and_partner_is_marked_as_a_demonstration():
    names = [row[0] for row in (*catalogue.COMPANIES.values(), *catalogue.PARTNERS.values())]
    assert all("(演示/demo)" in name for name in names)
    assert all(row[1].endswith(".example") for row in catalogue.COMPANIES.values())


def test_every_certificate_is_of_the_year_2099_and_called_fictional():
    texts = [*catalogue.CERTIFICATES.values(),
             *(p.description for p in catalogue.PRODUCTS.values() if p.description)]
    assert all("2099" in text and "fictional" in text for text in texts)


def test_the_cast_is_the_one_of_the_issue():
    kinds = [row[1] for row in catalogue.PARTNERS.values()]
    assert (kinds.count("supplier"), kinds.count("processor"), kinds.count("hospital")) == (6, 3, 4)
    assert len({row[2] for row in catalogue.PARTNERS.values() if row[1] == "dealer"}) == 3
    roles = {role for role, _name, _groups in catalogue.PEOPLE.values()}
    assert roles == {
        "viewer", "warehouse", "operator", "shift_leader", "inspector", "purchasing", "qa",
        "qa_release", "regulatory", "metrology", "auditor", "system_admin"}


def test_every_component_is_bought_or_made():
    made, bought = set(catalogue.RECIPES), set(catalogue.SOURCES)
    for _quantity, components, _operations, _processor, _extra in catalogue.RECIPES.values():
        assert set(components) <= made | bought


def test_things_planned_for_the_same_time_keep_their_order_and_nothing_happens_after_the_end():
    timeline = clock.Timeline(datetime(2026, 1, 31))
    timeline.plan(datetime(2026, 1, 3), "second")
    timeline.plan(datetime(2026, 1, 3), "third")
    timeline.plan(datetime(2026, 1, 1), "first")
    timeline.plan(datetime(2026, 2, 1), "too late")
    assert [action for _moment, action in timeline] == ["first", "second", "third"]
    assert timeline.left_out == 1


def test_nobody_works_on_a_weekend_or_on_national_day():
    days = clock.WorkingDays()
    assert not days.is_open(date(2026, 10, 1))
    assert not days.is_open(date(2026, 8, 1))
    assert days.add(date(2026, 7, 31), 1) == date(2026, 8, 3)


def test_chinese_hours_are_kept_as_utc():
    assert clock.at_hour(date(2026, 8, 3), 9, 30) == datetime(2026, 8, 3, 1, 30)
