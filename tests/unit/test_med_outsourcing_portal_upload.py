"""Which files a processor may send (V7, P4)."""

import pytest
from odoo.addons.med_outsourcing_portal.tools import upload

PNG = b"\x89PNG\r\n\x1a\n...."


@pytest.mark.parametrize("given, kept", [
    ("Report.PDF", "Report.pdf"),
    ("../../etc/passwd.txt", "passwd.txt"),
    (r"C:\temp\log 1.csv", "log 1.csv"),
    ("灭菌记录.pdf", "灭菌记录.pdf"),
    ("a\u202efdp.exe", "afdp.exe"),
    ("x\x00\r\nSet-Cookie: a.pdf", "xSet-Cookie_ a.pdf"),
    ('we"ird<name>.png', "we_ird_name_.png"),
    ("", "file"), ("...", "file"), (".pdf", "pdf"), (None, "file"),
    ("n" * 300 + ".pdf", "n" * 100 + ".pdf"),
])
def test_a_name_keeps_no_path_and_no_sign_that_does_something(given, kept):
    assert upload.clean_name(given) == kept


@pytest.mark.parametrize("name, content, why", [
    ("a.pdf", b"%PDF-1.7 ...", ""), ("a.png", PNG, ""), ("a.jpg", b"\xff\xd8\xff\xe0", ""),
    ("a.jpeg", b"\xff\xd8\xff\xe0", ""), ("a.xlsx", b"PK\x03\x04..", ""),
    ("a.csv", "温度,121".encode("gb18030"), ""), ("a.txt", "温度".encode(), ""),
    ("a.pdf", b"", "empty"), ("a.pdf", b"%PDF-" + b"0" * upload.MOST_BYTES, "large"),
    ("a.pdf", b"<html><script>", "type"), ("a.png", b"%PDF-1.7", "type"),
    ("a.svg", b"<svg onload='x'/>", "type"), ("a.html", b"<html/>", "type"),
    ("a.exe", b"MZ", "type"), ("a.pdf.exe", b"%PDF-1.7", "type"), ("a", b"%PDF-1.7", "type"),
    ("a.csv", b"a\x00b", "type"), ("a.csv", b"\xff\xff\xff", "type"),
])
def test_a_file_is_what_its_name_says_or_is_not_taken(name, content, why):
    assert upload.why_not(name, content) == why


def test_what_a_page_offers_to_choose_is_what_is_taken():
    assert set(upload.ACCEPT.split(",")) == {f".{name}" for name in upload.TYPES}
