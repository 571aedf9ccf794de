"""Signed notes (C2SP signed-note, version 1.0) with Ed25519.

A note is text that ends in a line feed, an empty line, and lines of signatures. Keys are written
as other programs write them: public ``<name>+<id>+<base64>``, private ``PRIVATE+KEY+<name>+…``.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = b"\x01"
NAME = re.compile(r"[^\s+]+")
SIGNATURE = re.compile(r"— ([^\s+]+) (\S+)")


class NoteError(Exception):
    """A text that is no note, no key, or not signed as it says."""


def decode(text):
    """Return the bytes of standard base64, which must be written in the one canonical way."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"not base64: {text[:80]!r}") from None
    if base64.b64encode(data).decode() != text:
        raise NoteError(f"not canonical base64: {text[:80]!r}")
    return data


def encode(data):
    """Return bytes as standard base64."""
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Key:
    """A public key.

    :ivar name: of the signer
    :ivar public: 32 bytes
    :ivar id: 4 bytes, SHA-256 of name and key
    """

    name: str
    public: bytes
    id: bytes = field(init=False)

    def __post_init__(self):
        if not NAME.fullmatch(self.name) or len(self.public) != 32:
            raise NoteError(f"no key: {self.name!r}")
        digest = sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()
        object.__setattr__(self, "id", digest[:4])

    def __str__(self):
        return f"{self.name}+{self.id.hex()}+{encode(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text):
        """Read ``<name>+<id>+<base64>``."""
        name, _, rest = text.strip().partition("+")
        number, _, data = rest.partition("+")
        raw = decode(data)
        if raw[:1] != ED25519:
            raise NoteError(f"not an Ed25519 key: {text.strip()!r}")
        key = cls(name, raw[1:])
        if key.id.hex() != number:
            raise NoteError(f"the id of this key should be {key.id.hex()}: {text.strip()!r}")
        return key

    def verify(self, text, signature):
        """Return whether the signature of a note's text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def read_keys(text):
    """Return the public keys of a file, one a line; empty lines and # lines are left out."""
    return [Key.parse(line) for line in text.splitlines()
            if line.strip() and not line.startswith("#")]


class Signer:
    """A private key."""

    def __init__(self, name, seed):
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.key = Key(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def parse(cls, text):
        """Read ``PRIVATE+KEY+<name>+<id>+<base64>``."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise NoteError("no private key")
        raw = decode(parts[4])
        if raw[:1] != ED25519 or len(raw) != 33:
            raise NoteError("not an Ed25519 private key")
        signer = cls(parts[2], raw[1:])
        if signer.key.id.hex() != parts[3]:
            raise NoteError("the id of a private key does not fit it")
        return signer

    def private(self):
        """Return the key as text; it must go nowhere but into its file."""
        key = self.key
        return f"PRIVATE+KEY+{key.name}+{key.id.hex()}+{encode(ED25519 + self._seed)}"

    def sign(self, text):
        """Return the signature line of a note's text."""
        return (f"— {self.key.name} "
                f"{encode(self.key.id + self._private.sign(text.encode()))}\n")


def sign(text, signers):
    """Return a note: text, which must end in a line feed, signed by each of the signers."""
    if not text.endswith("\n") or "\n\n" in text:
        raise NoteError("the text of a note ends in a line feed and has no empty line")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


@dataclass(frozen=True)
class Note:
    """A note as read.

    :ivar text: what is signed
    :ivar signatures: ``[(name, key id, signature)]``
    """

    text: str
    signatures: tuple

    @classmethod
    def parse(cls, note):
        """Take a note apart.

        :raise NoteError: when it is not exactly in form
        """
        text, found, rest = note.rpartition("\n\n")
        if not found or not rest.endswith("\n") or "\r" in note:
            raise NoteError("no signed note")
        signatures = []
        for line in rest[:-1].split("\n"):
            match = SIGNATURE.fullmatch(line)
            raw = decode(match[2]) if match else b""
            if len(raw) < 5:
                raise NoteError(f"no signature line: {line[:80]!r}")
            signatures.append((match[1], raw[:4], raw[4:]))
        return cls(text + "\n", tuple(signatures))

    def signers(self, keys):
        """Return which of the keys signed; signatures of others are left out.

        :raise NoteError: when a signature that names one of the keys is not its own
        """
        known = {(key.name, key.id): key for key in keys}
        signed = []
        for name, number, signature in self.signatures:
            key = known.get((name, number))
            if key and not key.verify(self.text, signature):
                raise NoteError(f"the signature of {name} ({number.hex()}) is false")
            if key:
                signed.append(key)
        return signed
