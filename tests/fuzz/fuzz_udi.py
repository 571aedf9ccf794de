"""Feed mutated codes to the UDI parser: see README.md here."""

import sys
from datetime import date
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))
import conftest  # noqa: F401  (makes the rules importable without Odoo)

with atheris.instrument_imports(include=["odoo.addons.med_traceability.tools.udi"]):
    from odoo.addons.med_traceability.tools.udi import UdiError, build, checks, parse

TODAY = date(2026, 11, 22)


def told(udi):
    return (udi.issuer, udi.di, udi.lot, udi.serial, udi.donation, udi.software, udi.manufactured,
            udi.expiry, sorted(udi.elements))


def check(text):
    try:
        udi = parse(text, today=TODAY)
    except UdiError as error:
        assert error.code and error.reason
        return
    again = parse(("]d2" if udi.issuer == "gs1" else "") + udi.code, today=TODAY)
    assert told(again) == told(udi) and again.code == udi.code, (text, udi, again)
    assert build(udi.issuer, udi.elements, today=TODAY) == udi.code, (text, udi)


def one_input(data):
    text = data.decode("utf-8", "replace") if data[:1] != b"\xff" else data.decode("latin-1")
    check(text)
    if text[:1] == "+":  # few mutations keep the check character right: give it
        check(text + checks.mod43(text))
    digits = text[:13]
    if len(digits) == 13 and digits.isascii() and digits.isdigit():
        check("01" + digits + checks.mod10_digit(digits) + text[13:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
