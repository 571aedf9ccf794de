"""P11-30, ISO-4.2.5: what is not encrypted, or cannot be seen to be, is reported."""
import json
from datetime import datetime, timezone

import pytest

from lib import encryption
from lib.encryption import BAD, OK, UNKNOWN

requirement = "P11-30 ISO-4.2.5"


def verdicts(lines):
    return [line.verdict for line in lines]


def test_a_database_that_only_this_machine_reaches_passes():
    rules = [("local", "", "peer", ""), ("host", "127.0.0.1", "scram-sha-256", ""),
             ("host", "::1", "scram-sha-256", "")]
    for listens in ("localhost", "127.0.0.1,::1", ""):
        assert verdicts(encryption.doors(rules, listens, tls=False)) == [OK, OK]


@pytest.mark.parametrize(("rule", "tls", "expected"), [
    (("hostssl", "10.0.0.0", "scram-sha-256", ""), True, [OK, OK, OK]),
    (("hostssl", "10.0.0.0", "scram-sha-256", ""), False, [BAD, OK, OK]),
    (("host", "10.0.0.0", "scram-sha-256", ""), True, [OK, BAD, OK]),
    (("host", "all", "scram-sha-256", ""), True, [OK, BAD, OK]),
    (("host", "samenet", "scram-sha-256", ""), True, [OK, BAD, OK]),
    (("hostnossl", "0.0.0.0/0", "reject", ""), True, [OK, OK, OK]),
    (("hostssl", "0.0.0.0", "md5", ""), True, [OK, OK, BAD]),
    (("host", "127.0.0.1", "trust", ""), True, [OK, OK, BAD]),
])
def test_a_door_without_tls_or_with_a_weak_lock_is_named(rule, tls, expected):
    assert verdicts(encryption.doors([rule], "*", tls)) == expected


@pytest.mark.parametrize(("tree", "found"), [
    ([{"name": "md0", "type": "raid1", "children": [{"name": "c", "type": "crypt"}]}], True),
    ([{"name": "sda1", "type": "part", "children": [{"name": "sda", "type": "disk"}]}], False),
])
def test_a_device_is_encrypted_where_it_or_one_below_is(tree, found):
    assert encryption.has_crypt(json.dumps({"blockdevices": tree})) is found
    assert encryption.has_crypt("no json") is None


def test_a_disk_that_cannot_be_seen_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setattr(encryption, "_output", lambda *command: "overlay overlay\n")
    assert verdicts(encryption.disks([("files", tmp_path)])) == [UNKNOWN, UNKNOWN]


def test_an_address_without_tls_does_not_pass():
    assert verdicts(encryption.address("")) == [UNKNOWN]
    assert verdicts(encryption.address("http://127.0.0.1:8069")) == [BAD]
    assert verdicts(encryption.address("https://127.0.0.1:9")) == [BAD]


@pytest.mark.parametrize(("end", "verdict"), [
    ("Jan  5 12:00:00 2027 GMT", OK), ("Dec  1 12:00:00 2026 GMT", BAD)])
def test_a_certificate_that_ends_soon_is_reported(end, verdict):
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)
    assert encryption._expiry(end, now).verdict == verdict


def test_a_key_file_that_others_read_or_that_is_missing_is_named(tmp_path):
    folder = tmp_path / "med_audit"
    folder.mkdir()
    assert verdicts(encryption.keys(tmp_path)) == [UNKNOWN]
    key = folder / "log.key"
    key.write_text("x")
    key.chmod(0o640)
    assert verdicts(encryption.keys(tmp_path, [folder / "none.personal"])) == [BAD, BAD]
    key.chmod(0o600)
    assert verdicts(encryption.keys(tmp_path)) == [OK]
