"""Signatures of messages: HMAC-SHA-256 (RFC 2104) and Ed25519 (RFC 8032), in base64."""

import base64
import binascii
import hmac
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HMAC, ED25519 = "hmac-sha256", "ed25519"
ALGORITHMS = (HMAC, ED25519)
SHORTEST = 24  # bytes of a shared secret (Standard Webhooks, “Signing scheme”)


class BadKey(ValueError):
    """A key is not what its algorithm needs."""


def raw(text, length=None):
    """Return the bytes of base64 text.

    :param length: how many there must be, None for any
    :raise BadKey: it is not base64, or of another length
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadKey("it is not base64") from error
    if length is not None and len(found) != length:
        raise BadKey(f"it has {len(found)} bytes and should have {length}")
    return found


def new_secret(algorithm):
    """Return a new secret in base64: 32 random bytes, for Ed25519 the private seed."""
    if algorithm not in ALGORITHMS:
        raise BadKey(f"there is no algorithm {algorithm}")
    return base64.b64encode(secrets.token_bytes(32)).decode()


def public_of(secret):
    """Return the public key of an Ed25519 seed, both in base64."""
    key = Ed25519PrivateKey.from_private_bytes(raw(secret, 32)).public_key()
    return base64.b64encode(key.public_bytes_raw()).decode()


def sign(algorithm, secret, data):
    """Return the signature of bytes in base64."""
    if algorithm == HMAC:
        return base64.b64encode(hmac.digest(raw(secret), data, "sha256")).decode()
    key = Ed25519PrivateKey.from_private_bytes(raw(secret, 32))
    return base64.b64encode(key.sign(data)).decode()


def verifies(algorithm, key, signature, data):
    """Return whether a signature is that of bytes.

    :param key: base64: the shared secret, for Ed25519 the public key
    :param signature: base64; what is not is no signature
    """
    try:
        given = raw(signature)
        if algorithm == HMAC:
            return hmac.compare_digest(hmac.digest(raw(key), data, "sha256"), given)
        Ed25519PublicKey.from_public_bytes(raw(key, 32)).verify(given, data)
    except (BadKey, InvalidSignature):
        return False
    return True
