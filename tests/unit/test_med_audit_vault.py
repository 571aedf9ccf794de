"""ISO-4.2.5: personal data opens with its own key in its own place, and with nothing else."""
import base64

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_audit.tools import vault

requirement = "ISO-4.2.5"
KEY, OTHER = bytes(range(32)), bytes(32)
NONCE = bytes(12)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(value):
    assert vault.open_(KEY, "7/name", vault.seal(KEY, NONCE, "7/name", value)) == value


@pytest.mark.parametrize(("key", "place"), [(OTHER, "7/name"), (KEY, "8/name"), (KEY, "7/phone")])
def test_another_key_record_or_field_does_not_open_it(key, place):
    stored = vault.seal(KEY, NONCE, "7/name", "Zhang San")
    with pytest.raises(vault.VaultError, match="does not open"):
        vault.open_(key, place, stored)


def test_no_byte_can_be_changed():
    stored = vault.seal(KEY, NONCE, "7/name", "Zhang San")
    data = bytearray(base64.b64decode(stored.removeprefix(vault.PREFIX)))
    for place in range(len(data)):
        data[place] ^= 1
        with pytest.raises(vault.VaultError):
            vault.open_(KEY, "7/name", vault.PREFIX + base64.b64encode(data).decode())
        data[place] ^= 1
    for broken in ("", "x", stored[:-5], stored + "é"):
        with pytest.raises(vault.VaultError):
            vault.open_(KEY, "7/name", broken)


def test_a_data_key_moves_to_a_new_master_key_and_leaves_the_old_one():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    wrapped = vault.wrap(vault.master(old), KEY)
    both = vault.master(f"# newest first\n{new}\n\n{old}\n")
    again = vault.rewrap(both, wrapped)
    assert vault.unwrap(vault.master(new), again) == KEY
    for keys, text in ((old, again), (new, wrapped)):
        with pytest.raises(vault.VaultError, match="master key"):
            vault.unwrap(vault.master(keys), text)
    with pytest.raises(vault.VaultError, match="master key"):
        vault.rewrap(vault.master(new), wrapped)


@pytest.mark.parametrize("text", ["", "# nothing", "no key", "é"])
def test_a_file_without_a_usable_key_is_refused(text):
    with pytest.raises(vault.VaultError, match="no usable key"):
        vault.master(text)


def test_the_look_of_a_sealed_text_is_known():
    assert vault.is_sealed(vault.seal(KEY, NONCE, "a", ""))
    assert not vault.is_sealed(vault.MASK)
    assert not vault.is_sealed(None)
