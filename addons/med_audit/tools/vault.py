"""Personal data under a key of its own: what is sealed can be forgotten without touching proof.

Each record has a data key; the data key is kept wrapped by the master key (Fernet), which is a file
outside the database. A value is AES-256-GCM under the data key, bound to the record's key and to
the name of its field. Whoever destroys the data key has forgotten the values, wherever copies of
the ciphertext are: in the table, in the audit trail, in a replica.

No Odoo, no I/O, no randomness: keys and nonces come in.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "med-personal/1:"
MASK = "••••••"
KEY_BYTES, NONCE_BYTES = 32, 12


class VaultError(Exception):
    """What was given does not open; the message says what, and holds nothing secret."""


def master(text):
    """Return the master keys of a key file: one Fernet key a line, the first one wraps.

    :raise VaultError: a line is no key, or there is none
    """
    lines = [line.strip() for line in text.splitlines()]
    try:
        return MultiFernet([Fernet(line) for line in lines if line and not line.startswith("#")])
    except ValueError as error:
        raise VaultError("the key file holds no usable key") from error


def wrap(keys, data_key):
    """Return a data key as text that only the master key opens."""
    return keys.encrypt(data_key).decode()


def unwrap(keys, wrapped):
    """Return the data key; raise VaultError if none of the master keys opens it."""
    try:
        return keys.decrypt(wrapped.encode())
    except InvalidToken as error:
        raise VaultError("the master key does not open this data key") from error


def rewrap(keys, wrapped):
    """Return the same data key under the first master key."""
    try:
        return keys.rotate(wrapped.encode()).decode()
    except InvalidToken as error:
        raise VaultError("the master key does not open this data key") from error


def seal(data_key, nonce, place, value):
    """Return a value as the text that is stored.

    :param bytes data_key: KEY_BYTES
    :param bytes nonce: NONCE_BYTES, never used twice with a key
    :param str place: what the value is bound to; ``open_`` needs the same
    :param str value: what nobody else shall read
    """
    data = nonce + AESGCM(data_key).encrypt(nonce, value.encode(), place.encode())
    return PREFIX + base64.b64encode(data).decode()


def open_(data_key, place, stored):
    """Return the value; raise VaultError if key, place or text is another."""
    try:
        data = base64.b64decode(stored.removeprefix(PREFIX), validate=True)
        return AESGCM(data_key).decrypt(
            data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise VaultError("the stored text does not open with this key in this place") from error


def is_sealed(text):
    """Tell whether a text is one that ``seal`` made, by its look."""
    return isinstance(text, str) and text.startswith(PREFIX)
