"""Is data encrypted on the way and at rest? Each question becomes a Line; what cannot be seen is
unknown, and unknown is no pass."""

import ipaddress
import json
import socket
import ssl
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

OK, BAD, UNKNOWN = "ok", "NOT OK", "unknown"
SOON = timedelta(days=30)  # a certificate that ends within this is reported


@dataclass(frozen=True)
class Line:
    """One point of the report."""

    verdict: str
    what: str


def _line(good, what):
    return Line({True: OK, False: BAD}.get(good, UNKNOWN), what)


# ---------------------------------------------------------------- the way to the database

def database(sql):
    """Return lines about PostgreSQL's own doors.

    :param sql: function of a statement that gives rows as lists of texts
    """
    secret = sql("SHOW password_encryption")[0][0]
    yield _line(secret == "scram-sha-256", f"passwords of the database are kept as {secret}")
    rules = sql("SELECT coalesce(type, ''), coalesce(address, ''), coalesce(auth_method, ''),"
                " coalesce(error, '') FROM pg_hba_file_rules")
    yield from doors(rules, sql("SHOW listen_addresses")[0][0], sql("SHOW ssl")[0][0] == "on")
    plain = sql("SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT s.ssl AND a.client_addr IS NOT NULL"
                " AND NOT a.client_addr <<= '127.0.0.0/8' AND a.client_addr <> '::1'")[0][0]
    yield _line(plain == "0", f"sessions from other machines without TLS now: {plain}")


def doors(rules, listens, tls):
    """Return lines about who may connect how.

    :param rules: ``(type, address, method, error)`` of pg_hba_file_rules
    :param listens: listen_addresses
    :param tls: whether the server offers TLS
    """
    outside = [name for name in listens.replace(" ", "").split(",") if name and not _near(name)]
    if not outside:
        yield Line(OK, "the database listens to this machine alone")
    else:
        yield _line(tls, f"the database listens on {', '.join(outside)} and offers TLS")
        plain = [f"{kind} {address}" for kind, address, method, error in rules
                 if not error and kind in ("host", "hostnossl", "hostgssenc") and method != "reject"
                 and not _near(address)]
        yield _line(not plain, "no rule lets another machine in without TLS"
                    if not plain else f"rules let others in without TLS: {'; '.join(plain)}")
    weak = [f"{kind} {address} {method}" for kind, address, method, error in rules
            if not error and kind != "local" and method in ("trust", "password", "md5", "ident")]
    yield _line(not weak, "no rule over the network trusts or asks for a weak password"
                if not weak else f"weak rules: {'; '.join(weak)}")


def _near(address):
    """Tell whether an address of a rule or of listen_addresses is this machine alone."""
    if address in ("localhost", "samehost") or address.startswith("/"):
        return True
    try:
        return ipaddress.ip_interface(address).network.is_loopback
    except ValueError:
        return False


# ---------------------------------------------------------------- the way to Odoo

def address(url):
    """Return lines about the TLS of the address that people use."""
    parts = urlsplit(url)
    if not url:
        return [Line(UNKNOWN, "TLS of Odoo's address: say which with --url")]
    if parts.scheme != "https":
        return [Line(BAD, f"{url} is not https")]
    try:
        place = parts.hostname, parts.port or 443
        with socket.create_connection(place, timeout=10) as plain, \
                ssl.create_default_context().wrap_socket(
                    plain, server_hostname=parts.hostname) as secure:
            version, certificate = secure.version(), secure.getpeercert()
    except (OSError, ValueError) as error:
        return [Line(BAD, f"{url}: {error}")]
    return [_line(version in ("TLSv1.2", "TLSv1.3"), f"{url} speaks {version}"),
            _expiry(certificate["notAfter"], datetime.now(timezone.utc))]


def _expiry(text, now):
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(text), timezone.utc)
    return _line(end - now > SOON, f"its certificate is good until {end:%Y-%m-%d}")


# ---------------------------------------------------------------- at rest

def database_folder(sql):
    """Return the folder of the database where it is on this machine, else None."""
    try:
        place = Path(sql("SHOW data_directory")[0][0])
        return place if place.exists() else None
    except (IndexError, PermissionError):
        return None


def disks(folders):
    """Return a line for each ``(what, folder)``: does it lie on an encrypted device?"""
    if not any(what == "the database" for what, _folder in folders):
        yield Line(UNKNOWN, "the disk under the database is on another machine: check it there")
    for what, folder in folders:
        yield _line(_encrypted(folder), f"{what} on an encrypted disk ({folder})")


def _encrypted(folder):
    """True or False, None where the device cannot be seen (a container, a network disk)."""
    source = _output("findmnt", "-n", "-o", "SOURCE,FSTYPE", "-T", str(folder)).split()
    if len(source) < 2 or not source[0].startswith("/dev/"):
        return None
    return has_crypt(_output("lsblk", "-J", "-s", "-o", "NAME,TYPE", source[0].split("[")[0]))


def has_crypt(text):
    """Tell from lsblk's JSON whether a device or one it stands on is encrypted; None if unread."""
    try:
        waiting = list(json.loads(text)["blockdevices"])
    except (ValueError, KeyError, TypeError):
        return None
    while waiting:
        device = waiting.pop()
        if device.get("type") == "crypt":
            return True
        waiting += device.get("children", [])
    return False


def _output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


# ---------------------------------------------------------------- keys

def keys(data_dir, more=()):
    """Return a line for each key file: only its owner may read it."""
    folder = Path(data_dir) / "med_audit"
    found = sorted({*folder.glob("*.key"), *folder.glob("*.personal"), *map(Path, more)})
    if not found:
        yield Line(UNKNOWN, f"no key file in {folder}: name them with --key")
    for path in found:
        if not path.exists():
            yield Line(BAD, f"key {path} is missing")
        else:
            mode = path.stat().st_mode & 0o777
            yield _line(not mode & 0o077, f"key {path} has mode {mode:o}")
