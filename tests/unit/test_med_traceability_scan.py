"""What a scanner reads, as a label: UDIs, two symbols of one label, plain numbers."""
from datetime import date

import pytest
from odoo.addons.med_traceability.tools.scan import KEYS, lot_elements, read_label
from odoo.addons.med_traceability.tools.udi import UdiError, build

requirement = "T9"

TODAY = date(2026, 3, 2)
GTIN = '09506000134352'


def test_a_udi_says_lot_serial_and_dates():
    label = read_label(f'01{GTIN}1727123110L1\x1d21S1', today=TODAY)
    assert (label.udi.di, label.lot, label.serial, label.expiry) == (
        GTIN, 'L1', 'S1', date(2027, 12, 31))


@pytest.mark.parametrize("text", ['L-1', '12345', 'A(B', '20', 'MA-7', '4006381333931'])
def test_a_plain_number_stays_one(text):
    label = read_label(text, today=TODAY)
    assert (label.udi, label.code, label.bears_number) == (None, text, False)
    assert label.numbered().lot == label.numbered().serial == text


@pytest.mark.parametrize("text", [
    '', ' ', f'01{GTIN[:-1]}910L1', '(01)1234', ']C1zz', 'MA.156', '+A123', f'01){GTIN}(10)L1',
    '(99)X'])
def test_what_begins_like_a_udi_and_is_none_is_refused(text):
    with pytest.raises(UdiError):
        read_label(text, today=TODAY)


def test_two_symbols_are_one_label():
    label = read_label(f']C101{GTIN}\n]C11727123110L5', today=TODAY)
    assert (label.udi.di, label.lot, label.expiry) == (GTIN, 'L5', date(2027, 12, 31))
    plain = read_label(f'01{GTIN}\nLOT-9', today=TODAY)
    assert (plain.udi.di, plain.lot, plain.serial) == (GTIN, 'LOT-9', 'LOT-9')


def test_two_device_identifiers_are_not_one_label():
    with pytest.raises(UdiError):
        read_label(f'01{GTIN}\n01{GTIN}', today=TODAY)


@pytest.mark.parametrize("issuer, di, lot, serial", [
    ('gs1', GTIN, 'L1', 'S1'), ('ma', 'MA.156.M0.100000.ABCD1234', 'L1', 'S1'),
    ('hibcc', 'A123BJC5D6E71', 'L1', 'S1'),
])
@pytest.mark.parametrize("names", [
    ('lot',), ('serial',), ('lot', 'serial'), ('lot', 'expiry'), ('serial', 'expiry'),
    ('lot', 'serial', 'expiry', 'manufactured')])
def test_what_a_lot_bears_is_read_back(issuer, di, lot, serial, names):
    known = {'lot': lot, 'serial': serial, 'expiry': date(2027, 12, 31),
             'manufactured': date(2026, 1, 15)}
    label = read_label(build(issuer, lot_elements(issuer, di, {
        name: known[name] for name in names}), today=TODAY), today=TODAY)
    assert label.udi.di == di
    for name, value in known.items():
        assert (getattr(label, name) or '') == (value if name in names else ''), name


def test_every_issuer_has_its_elements():
    assert all(set(keys) == {'di', 'lot', 'serial', 'expiry', 'manufactured'}
               for keys in KEYS.values())
