"""T8: paper that stands alone is typeset, and reaches nothing but what the page carries."""
import base64
import io

import pytest
from odoo.addons.med_base.tools import pdf
from pypdf import PdfReader

requirement = "T8"

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="20" height="20"><image width="20" height="20" xlink:href="file://%s"/></svg>"""


def read(data):
    return PdfReader(io.BytesIO(data))


def test_a_page_becomes_a_pdf_with_cjk_text_title_and_page_numbers():
    reader = read(pdf.render_pdf(
        '<html lang="zh-CN"><title>证据</title><style>@page { @bottom-right {'
        ' content: counter(page) "/" counter(pages) } } h1 { break-before: page }</style>'
        '<body style="font-family: Noto Sans CJK SC">澜衡医疗<h1>二</h1></body></html>'))
    assert reader.metadata.title == "证据"
    assert [page.extract_text().split() for page in reader.pages] == [
        ["澜衡医疗", "1/2"], ["二", "2/2"]]


def test_a_file_is_embedded_byte_for_byte():
    data = '{"lot": "批"}'.encode()
    reader = read(pdf.render_pdf("<p>x</p>", [("evidence.json", "the same as data", data)]))
    assert reader.attachments["evidence.json"] == [data]


@pytest.mark.parametrize("markup", [
    '<img src="file:///etc/passwd">',
    '<img src="FILE:///etc/passwd">',
    '<img src="http://127.0.0.1:9/x.png">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<link rel="stylesheet" href="https://127.0.0.1:9/x.css">',
    '<style>@import "file:///etc/passwd"</style>',
    '<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }'
    '</style><p>x</p>',
    '<object data="file:///etc/passwd"></object>',
    '<p style="background: url(ftp://127.0.0.1/x)">x</p>',
])
def test_a_page_that_refers_to_a_file_or_the_network_is_refused(markup):
    with pytest.raises(pdf.PdfError, match="is not allowed"):
        pdf.render_pdf(markup)


def test_an_svg_image_cannot_bring_a_file_in(tmp_path):
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
        "rkJggg==")
    (tmp_path / "secret.png").write_bytes(pixel)
    svg = base64.b64encode((SVG % (tmp_path / "secret.png")).encode()).decode()
    page = f'<img src="data:image/svg+xml;base64,{svg}">'
    try:
        images = list(read(pdf.render_pdf(page)).pages[0].images)
    except pdf.PdfError:
        images = []
    assert images == []
    shown = f'<img src="data:image/png;base64,{base64.b64encode(pixel).decode()}">'
    assert len(read(pdf.render_pdf(shown)).pages[0].images) == 1


def test_a_page_that_takes_too_long_is_given_up():
    rows = "<tr><td>x</td></tr>" * 20_000
    with pytest.raises(pdf.PdfError, match="not ready after 1 seconds|ended with"):
        pdf.render_pdf(f"<table>{rows}</table>", timeout=1)


def test_the_typesetter_sees_nothing_of_the_servers_secrets(monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("import os, sys\nsys.exit(os.environ.get('PGPASSWORD', 'none'))")
    monkeypatch.setattr(pdf, "WORKER", worker)
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    with pytest.raises(pdf.PdfError, match="none"):
        pdf.render_pdf("<p>x</p>")


def test_a_server_without_the_typesetter_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf.sys, "executable", str(tmp_path / "missing"))
    with pytest.raises(pdf.PdfError, match="No such file"):
        pdf.render_pdf("<p>x</p>")


def test_pages_are_typeset_together_each_as_a_file_of_its_own():
    files = pdf.render_pdfs([f"<title>{name}</title><p>{name}</p>" for name in "abc"])
    assert [read(file).metadata.title for file in files] == ["a", "b", "c"]
    assert [read(file).pages[0].extract_text().strip() for file in files] == ["a", "b", "c"]
    with pytest.raises(pdf.PdfError, match="is not allowed"):
        pdf.render_pdfs(["<p>fine</p>", '<img src="file:///etc/passwd">'])


@pytest.mark.parametrize("output", ["", "%PDF-", "[5]\n%PDF", "[5, 5]\n%PDF-%PDF-", "[4]\nnone"])
def test_what_is_not_whole_is_no_file(monkeypatch, tmp_path, output):
    worker = tmp_path / "worker.py"
    worker.write_text(f"print({output!r}, end='')")
    monkeypatch.setattr(pdf, "WORKER", worker)
    with pytest.raises(pdf.PdfError, match="ended with 0"):
        pdf.render_pdf("<p>x</p>")
