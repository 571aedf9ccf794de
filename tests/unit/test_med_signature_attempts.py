"""Wrong secrets lock signing for a while; weak PINs are not taken; a permit is good once."""

from datetime import datetime, timedelta

import pytest
from odoo.addons.med_signature.tools import attempts, permit

requirement = "P11-300d P11-200a2 P11-10f"

NOW = datetime(2026, 11, 22, 12)


def ago(*minutes, outcome="failed"):
    return [(NOW - timedelta(minutes=minute), outcome) for minute in minutes]


@pytest.mark.parametrize(("found", "until"), [
    ([], None),
    (ago(1, 2), None),
    (ago(1, 2, 3), NOW + timedelta(minutes=29)),
    (ago(1, 2) + ago(3, outcome="succeeded") + ago(4, 5), None),
    (ago(1, outcome="lifted") + ago(2, 3, 4), None),
    (ago(31, 32, 33), None),
    (ago(1, 40, 41, 42), None),
    (ago(1, 2, 3, 40, 41, 42), NOW + timedelta(minutes=29)),
    (ago(1, 2, 3, 4), NOW + timedelta(minutes=29)),
])
def test_signing_is_locked_after_three_wrong_secrets_in_a_row_for_half_an_hour(found, until):
    assert attempts.locked_until(found, NOW, 3, 30) == until


@pytest.mark.parametrize(("pin", "why"), [
    ("", "digits"), ("12a456", "digits"), ("１２３４５６", "digits"), ("48215", "short"),
    ("111111", "pattern"), ("123456", "pattern"), ("987654", "pattern"), ("890123", "pattern"),
    ("121212", "pattern"), ("482915", None), ("7302846", None)])
def test_a_pin_that_can_be_guessed_is_not_taken(pin, why):
    assert attempts.weak_pin(pin, 6) == why


def test_a_permit_is_good_for_one_write_of_one_value_on_its_records():
    assert not permit.take("med.x", [1, 2], "done")
    with permit.permit("med.x", [1, 2], "done"):
        assert not permit.take("med.x", [1], "done")
        assert not permit.take("med.x", [1, 2, 3], "done")
        assert not permit.take("med.x", [1, 2], "open")
        assert not permit.take("med.y", [1, 2], "done")
        assert permit.take("med.x", [2, 1], "done")
        assert not permit.take("med.x", [1, 2], "done")
    assert not permit.take("med.x", [1, 2], "done")


def test_a_permit_ends_with_an_error_too():
    with pytest.raises(ZeroDivisionError), permit.permit("med.x", [1], "done"):
        raise ZeroDivisionError
    assert not permit.take("med.x", [1], "done")
