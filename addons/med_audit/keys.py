"""The keys that sign checkpoints: files outside the database, readable by the server's user alone.

``<log id>.key`` holds the private keys, the current one first; while keys are exchanged the one
before it signs as well. ``<log id>.pub`` beside it holds every public key the log ever had.
"""

import os
import secrets
from pathlib import Path

from odoo.tools import config

from .tools.checkpoint import ORIGIN
from .tools.note import Signer, read_keys


def path(log):
    """Return the path of the private keys of a log.

    ``MED_AUDIT_KEY``, else ``med_audit_key`` of the configuration, else in the data folder.
    """
    given = os.environ.get("MED_AUDIT_KEY") or config.get("med_audit_key")
    return Path(given or Path(config["data_dir"]) / "med_audit" / f"{log}.key")


def _write(target, text, mode):
    """Replace a file at once, so that nobody finds half of it."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(target)


def _read(target):
    return target.read_text() if target.exists() else ""


def signers(log):
    """Return the private keys of a log, the current one first; none where there is no file."""
    return [signer for line in _read(path(log)).splitlines()
            if (signer := Signer.parse(line)).key.name == ORIGIN + log]


def public(log):
    """Return the public keys of a log and of those before it, as a file has them."""
    return _read(path(log).with_suffix(".pub"))


def add(log, before=None):
    """Make a new current key; return its public form as text.

    :param before: id of the log that this one follows, whose public keys go along
    """
    signer, target = Signer(ORIGIN + log, secrets.token_bytes(32)), path(log)
    _write(target, f"{signer.private()}\n{_read(target)}", 0o600)
    known = public(log) or (public(before) if before else "")
    _write(target.with_suffix(".pub"), f"{known}{signer.key}\n", 0o644)
    return str(signer.key)


def retire(log):
    """Take the private keys of a log away that signed beside the current one."""
    kept, old = signers(log)[0].private(), {signer.private() for signer in signers(log)[1:]}
    lines = [line for line in _read(path(log)).splitlines() if line == kept or line not in old]
    _write(path(log), "".join(f"{line}\n" for line in lines), 0o600)


def _last(log, database):
    return path(log).with_suffix(f".{database}.checkpoint")


def last(log, database):
    """Return the last checkpoint that was signed for a database, "" before the first."""
    return _read(_last(log, database))


def keep(log, database, note):
    """Keep the last checkpoint, so that a log cut off behind it is not signed again."""
    _write(_last(log, database), note, 0o644)


def forget(log, database):
    """Set the last checkpoint aside, after a restore from a backup that does not have it."""
    target = _last(log, database)
    if target.exists():
        target.replace(target.with_name(f"{target.name}.{secrets.token_hex(4)}"))


def kept(log, database):
    """Return what the verifier compares with: ``[(where it was kept, note)]``."""
    note = last(log, database)
    return [(_last(log, database).name, note)] if note else []


def public_keys(log):
    """Return the public keys as :class:`.tools.note.Key`."""
    return read_keys(public(log))
