"""Archive packages: BagIt and metadata, without Odoo; sha256sum is the independent judge."""

import io
import json
import shutil
import subprocess
import zipfile

import pytest
from lxml import etree
from odoo.addons.med_archive.tools import bag, metadata

PAYLOAD = {"evidence/a.json": b'{"a":1}', "attachments/报告 1.pdf": b"%PDF", "empty": b""}


def made():
    return bag.make(PAYLOAD, {"metadata/metadata.xml": b"<a/>"},
                    [("Source-Organization", "医疗器械\r\nX-Forged: 1"), ("Contact-Name", " ")])


def test_a_bag_has_what_rfc_8493_asks_for():
    files = made()
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert set(files) == {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
        "metadata/metadata.xml", *(f"data/{path}" for path in PAYLOAD)}
    info = files["bag-info.txt"].decode().splitlines()
    assert info == ["Source-Organization: 医疗器械 X-Forged: 1", "Payload-Oxum: 11.3"]
    assert bag.problems(files) == []


def test_sha256sum_verifies_it_without_us(tmp_path):
    data = bag.pack(made(), "AP_1")
    (tmp_path / "a.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path)
    folder, judge = tmp_path / "AP_1", shutil.which("sha256sum")
    assert judge
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run([judge, "--strict", "-c", manifest], cwd=folder, check=True)
    (folder / "data" / "evidence" / "a.json").write_bytes(b'{"a":2}')
    assert subprocess.run([judge, "-c", "manifest-sha256.txt"], cwd=folder).returncode


@pytest.mark.parametrize(("change", "problem"), [
    (lambda files: files.pop("data/empty"), ("data/empty", "absent")),
    (lambda files: files.update({"data/empty": b"x"}), ("data/empty", "changed")),
    (lambda files: files.update({"data/new": b"x"}), ("data/new", "unlisted")),
    (lambda files: files.update({"bag-info.txt": b"x"}), ("bag-info.txt", "changed")),
    (lambda files: files.update({"new.txt": b"x"}), ("new.txt", "unlisted")),
    (lambda files: files.pop("bagit.txt"), ("bagit.txt", "absent")),
    (lambda files: files.pop("tagmanifest-sha256.txt"), ("tagmanifest-sha256.txt", "absent")),
    (lambda files: files.update({"manifest-sha256.txt": b"nonsense"}),
     ("manifest-sha256.txt", "unreadable"))])
def test_every_damage_is_named(change, problem):
    files = made()
    change(files)
    assert problem in bag.problems(files)


def test_a_package_is_read_back_and_is_the_same_twice():
    data = bag.pack(made(), "AP_1")
    assert data == bag.pack(dict(reversed(made().items())), "AP_1")
    assert bag.unpack(data) == made()
    for bad in (b"", b"PK", data[:-30], bag.pack({"../x/y": b""}, "a") + b"\x00" * 70_000):
        with pytest.raises(bag.BagError):
            bag.unpack(bad)


@pytest.mark.parametrize(("name", "safe"), [
    ("../../etc/passwd", "_.._etc_passwd"), ("a\x00b\n.pdf", "a_b_.pdf"), ("", "_"), ("..", "_"),
    ("CON.txt", "_CON.txt"), ("报告 %1.pdf", "报告 _1.pdf"), (" .hidden ", "hidden")])
def test_names_are_safe_on_every_file_system(name, safe):
    assert bag.safe_name(name) == safe


def test_long_names_are_cut_and_equal_ones_numbered():
    name = bag.safe_name("报" * 200 + ".pdf")
    assert len(name.encode()) <= bag.NAME and name.endswith(".pdf")
    files = {}
    assert [bag.add(files, "a", one, b"") for one in ("x.pdf", "X.PDF", "x.pdf")] == [
        "a/x.pdf", "a/X_2.PDF", "a/x_3.pdf"]


def test_metadata_says_the_same_as_xml_and_json():
    facts = {"identifier": "AP/1", "title": "批次 <1> & \x01", "fonds": "",
             "files": [{"path": "data/a", "title": "A", "mimetype": "x/y", "size": 3,
                        "sha256": "0" * 64}],
             "steps": [{"action": "package", "time": "2026-01-01T00:00:00Z", "person": "王"}]}
    top = etree.fromstring(metadata.as_xml(facts))
    ns = {"a": metadata.NAMESPACE}
    assert top.findtext("a:Record/a:Title", namespaces=ns) == "批次 <1> & "
    assert top.find("a:Record/a:Identifier", ns).get("name") == "电子文件号"
    assert top.find("a:Record/a:FondsIdentifier", ns) is None
    assert top.find("a:Record/a:Files/a:File/a:Digest", ns).get("algorithm") == "SHA-256"
    assert top.findtext("a:Business/a:Step/a:Agent", namespaces=ns) == "王"
    assert json.loads(metadata.as_json(facts))["files"] == facts["files"]


def damaged_archives():
    """Archives of a compressed file, each with another byte of its stream changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AP_1/data/a.txt", bytes(range(256)) * 20)
    data = kept.getvalue()
    begin = data.index(b"a.txt") + 5
    for place in range(begin, begin + 200):
        yield data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1:]


def test_a_stream_that_cannot_be_unpacked_is_damage_and_no_fault_of_the_program():
    for data in damaged_archives():
        with pytest.raises(bag.BagError):
            bag.unpack(data)
