"""What setup/ fetches is what its list says, or is refused; a spoilt cache is noticed."""

import hashlib

import pytest

from lib import downloads
from lib.house import Failure

GOOD = b"as published"
ENTRY = {"name": "odoo-19", "version": "19.0.0+dfsg-1", "sha256": hashlib.sha256(GOOD).hexdigest()}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def _file(folder, content):
    path = folder / "fetched"
    path.write_bytes(content)
    return path


def test_other_bytes_under_the_same_version_are_refused(tmp_path):
    with pytest.raises(Failure, match="not used"):
        downloads._check(ENTRY, ENTRY["version"], _file(tmp_path, b"tampered"))


def test_the_listed_bytes_and_a_newer_version_are_accepted(tmp_path):
    downloads._check(ENTRY, ENTRY["version"], _file(tmp_path, GOOD))
    downloads._check(ENTRY, "19.0.1+dfsg-1", _file(tmp_path, b"newer"))


def test_a_kept_file_is_found_by_its_checksum(tmp_path, cache):
    kept = downloads._keep(_file(tmp_path, GOOD), "odoo-19.deb")
    assert downloads._kept(ENTRY["sha256"]) == kept
    assert kept.read_bytes() == GOOD


def test_a_kept_file_that_was_changed_is_thrown_away(tmp_path, cache):
    kept = downloads._keep(_file(tmp_path, GOOD), "odoo-19.deb")
    kept.write_bytes(b"spoilt")
    assert downloads._kept(ENTRY["sha256"]) is None
    assert not kept.exists()


@pytest.mark.parametrize("offered, chosen", [
    (["19.0.2-1", "19.0.0+dfsg-1"], "19.0.0+dfsg-1"), (["20.0-1", "19.0.2-1"], "19.0.2-1")])
def test_the_listed_version_comes_first_then_a_newer_one_of_the_series(
        tmp_path, monkeypatch, offered, chosen):
    class Archive(downloads.PrivateApt):
        def __init__(self, folder):
            self.folder = folder

        def versions(self, name):
            return offered

        def call(self, *command, cwd=None):
            (cwd / "odoo-19.deb").write_text(command[-1])

    version, path = Archive(tmp_path).download({**ENTRY, "series": "19.0"})
    assert version == chosen
    assert path.read_text() == f"odoo-19={chosen}"


def test_another_series_is_not_taken(tmp_path):
    class Archive(downloads.PrivateApt):
        def __init__(self, folder):
            self.folder = folder

        def versions(self, name):
            return ["20.0-1"]

    with pytest.raises(Failure, match="ODOO_HOME"):
        Archive(tmp_path).download({**ENTRY, "series": "19.0"})
