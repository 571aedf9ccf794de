"""Labels are read back from the pixels of the finished page, and from the printer's file."""

import io
import json
import re

import pypdfium2
import pytest
import zxingcpp
from odoo.addons.med_traceability.tools import label as labels
from odoo.addons.med_traceability.tools.label import (
    LabelError,
    fonts,
    make,
    modules_of,
    process,
    render,
)
from odoo.addons.med_traceability.tools.label.proof import Image, images
from odoo.addons.med_traceability.tools.label.zpl import _count
from odoo.addons.med_traceability.tools.label.zpl import label as zpl

GS1 = (("01", "09506000134352"), ("11", "250201"), ("17", "270131"), ("10", "ABC123456"),
       ("21", "SN000001"))
SHORT = (GS1[0], GS1[2], GS1[3], ("21", "SN1"))
SHORT_CODE = "010950600013435217270131" + "10ABC123456\x1d21SN1"
GS1_CODE = "01095060001343521125020117270131" + "10ABC123456\x1d21SN000001"
LONG = (("01", "09506000134352"), ("17", "270131"), ("10", "L%/(9)-_lot-20-chars!"[:20]),
        ("21", "S\"&*'+,.:;<=>?20char"))
LONG_CODE = ("01095060001343521727013110" + LONG[2][1] + "\x1d21" + LONG[3][1])
HIBC = "+A99912345/$$52001510X3/16D20111212/77DEFG457Q"
MA = "MA.156.M0.100088.21013406.SABC123.M250201.LLOT7.E270131"
PLAIN = {
    "gs1_datamatrix": (GS1_CODE, "]d2", "left"), "gs1_128": (SHORT_CODE, "]C1", "below"),
    "datamatrix": (HIBC, "]d1", "left"), "code128": (HIBC, "]C0", "below"),
    "qr": (MA, "]Q1", "right"),
}


FONTS = {}


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """Make labels in this process with fonts that are read once, but where the test says not to."""
    if "worker" in request.fixturenames:
        return

    def font(bold, characters):
        known = FONTS[bold].cids.keys() if bold in FONTS else set()
        if bold not in FONTS or not characters <= known:
            FONTS[bold] = fonts.Font(bold, characters | known)
        return FONTS[bold]

    monkeypatch.setattr(make, "Font", font)
    monkeypatch.setattr(process, "_run", lambda job, _timeout: json.loads(json.dumps(
        make.join(job["parts"]) if "parts" in job else make.make(job["labels"], job["preview"]))))


@pytest.fixture
def worker():
    """Nothing: what asks for it uses the worker process."""


def label(symbology="gs1_datamatrix", dpi=300, size=(60, 30), code=GS1_CODE, elements=GS1,
          minimum=0.254, items=(), **values):
    linear = symbology in ("gs1_128", "code128")
    return {
        "width": size[0], "height": size[1], "margin": 1, "dpi": dpi, "items": list(items),
        "symbol": {
            "symbology": symbology, "code": code, "elements": elements, "minimum": minimum,
            "height": 12.7, "place": "below" if linear else PLAIN[symbology][2], "hri_size": 6,
            "hri": [f"({key}){text}" for key, text in elements] if "gs1" in symbology else [code]},
        **values}


def text(value, zone="beside", size=7, **more):
    return {"zone": zone, "text": value, "size": size, **more}


def read_zpl(data):
    """Return ``(width, rows of booleans, copies)`` as a printer understands the file.

    Written from the printer's manual, apart from what writes it.
    """
    width, height = int(re.search(r"\^PW(\d+)", data)[1]), int(re.search(r"\^LL(\d+)", data)[1])
    canvas = [[False] * width for _row in range(height)]
    for _x, y, total, length, body in re.findall(
            r"\^FO(\d+),(\d+)\^GFA,\d+,(\d+),(\d+),([^\^]*)\^FS", data):
        digits, above = int(length) * 2, "0" * int(length) * 2
        rows, row, repeat = [], "", 0
        for sign in body.strip():
            if sign in "GHIJKLMNOPQRSTUVWXY":
                repeat += ord(sign) - ord("F")
            elif "g" <= sign <= "z":
                repeat += 20 * (ord(sign) - ord("f"))
            elif sign in "0123456789ABCDEF":
                row, repeat = row + sign * (repeat or 1), 0
            elif sign == ",":
                row = row.ljust(digits, "0")
            elif sign == ":":
                assert not row
                row = above
            if len(row) == digits:
                rows.append(row)
                above, row = row, ""
        assert not row and len(rows) * int(length) == int(total)
        for offset, line in enumerate(rows):
            bits = bin(int("1" + line, 16))[3:]
            canvas[int(y) + offset] = [bit == "1" for bit in bits[:width]]
    return width, canvas, int(re.search(r"\^PQ(\d+)", data)[1])


def decode(rows):
    data = bytes(0 if dark else 255 for row in rows for dark in row)
    view = memoryview(data).cast("B", (len(rows), len(rows[0])))
    return [(found.bytes.decode("latin-1"), found.symbology_identifier)
            for found in zxingcpp.read_barcodes(view)]


CROWD = [text("一次性使用无菌导管 Catheter", "head", 8, bold=True),
         text("2027-01-31", icon="expiry", whole=True),
         {"zone": "beside", "icons": ["sterile", "single_use", "mr_conditional", "latex"],
          "size": 8},
         text("沪械注准20242140001", "foot", 6, caption="注册证编号：")]


class TestReadBack:
    requirement = "FDA-801.40 QMSR-45 T4"

    @pytest.mark.parametrize("dpi", [203, 300])
    @pytest.mark.parametrize("symbology", PLAIN)
    def test_every_symbology_is_read_from_the_whole_label_at_the_smallest_module(
            self, symbology, dpi):
        code, identifier, place = PLAIN[symbology]
        least = 0.17 if place == "below" else 0.254
        elements = SHORT if symbology == "gs1_128" else GS1
        made = render([label(symbology, dpi, (130, 50), code, elements, least, CROWD)])
        assert made.results[0]["found"] == [[code, identifier]]
        assert made.results[0]["module"] == (2 if (least, dpi) == (0.17, 203) else 3)

    @pytest.mark.parametrize("dpi", [203, 300, 600])
    def test_long_lot_and_serial_of_every_character_are_read(self, dpi):
        made = render([label(dpi=dpi, code=LONG_CODE, elements=LONG, items=CROWD, size=(90, 40))])
        assert made.results[0]["found"] == [[LONG_CODE, "]d2"]]

    def test_the_symbol_alone_on_the_smallest_label_that_holds_it_is_read(self):
        made = render([label(size=(9.4, 9.4), margin=0.4)])
        assert made.results[0]["found"] == [[GS1_CODE, "]d2"]]

    @pytest.mark.parametrize("dpi", [203, 300])
    def test_the_printers_file_holds_the_very_dots_that_were_read(self, dpi):
        made = render([label(dpi=dpi, items=CROWD, copies=7)])
        width, rows, copies = read_zpl(made.zpl)
        assert (width, len(rows), copies) == (
            made.results[0]["width"], made.results[0]["height"], 7)
        assert decode(rows) == [(GS1_CODE, "]d2")]
        [(image, _text)] = images(made.pdf, dpi)
        assert rows == [[value == 0 for value in image.data[start:start + width]]
                        for start in range(0, len(image.data), width)]
        assert image.digest() == made.results[0]["digest"]

    def test_a_label_too_large_for_one_graphic_field_is_sent_in_bands(self):
        made = render([label(dpi=300, size=(100, 150), items=CROWD)])
        counts = [int(total) for total in re.findall(r"\^GFA,(\d+)", made.zpl)]
        assert len(counts) > 1 and max(counts) <= 99_999
        _width, rows, _copies = read_zpl(made.zpl)
        assert decode(rows) == [(GS1_CODE, "]d2")]

    def test_repeat_counts_add_up(self):
        for number in range(3, 2000):
            worth = sum(20 * (ord(sign) - ord("f")) if sign >= "g" else ord(sign) - ord("F")
                        for sign in _count(number))
            assert worth == number

    def test_modules_are_vectors_on_whole_dots(self):
        """Read at eight times the printer's resolution, each dot is one clean square."""
        made = render([label(dpi=203, size=(12, 12))])
        page = pypdfium2.PdfDocument(made.pdf)[0]
        picture = page.render(scale=8 * 8 * 25.4 / 72, grayscale=True)
        data = memoryview(bytes(picture.buffer))
        dots = {bytes(data[(8 * y + row) * picture.stride + 8 * x:][:8])
                for y in range(4, 90) for x in range(4, 90) for row in (0, 7)}
        assert dots == {b"\x00" * 8, b"\xff" * 8}

    def test_the_readable_text_on_the_page_is_text(self):
        made = render([label(items=[*CROWD, {"zone": "foot", "hri": True, "size": 6}])])
        found = made.results[0]["text"]
        for expected in ("2027-01-31", "一次性使用无菌导管", "沪械注准20242140001",
                         "(01)09506000134352", "(21)SN000001"):
            assert expected in found

    def test_the_same_label_gives_the_same_dots(self, worker):
        one, two = (render([label(items=CROWD)]) for _run in range(2))
        assert one.results == two.results and one.zpl == two.zpl

    def test_many_labels_are_joined_in_order(self, worker):
        parts = [render([label(elements=(("01", "09506000134352"), ("21", f"S{number}")))]).pdf
                 for number in range(3)]
        found = [image for image, _text in images(labels.merge(parts), 300)]
        assert len(found) == 3
        rows = [[[value == 0 for value in image.data[start:start + image.width]]
                 for start in range(0, len(image.data), image.width)] for image in found]
        assert [decode(page)[0][0] for page in rows] == [
            f"010950600013435221S{number}" for number in range(3)]

    def test_preview_is_a_picture_of_the_first_label(self):
        from PIL import Image as Pillow
        made = render([label(), label(size=(30, 30))], preview=True)
        assert Pillow.open(io.BytesIO(made.preview)).size == (
            made.results[0]["width"], made.results[0]["height"])


class TestRefusal:
    requirement = "QMSR-45 FDA-801.40"

    @pytest.mark.parametrize(("code", "values"), [
        ("symbol_wide", {"symbology": "gs1_128", "elements": SHORT, "size": (40, 40)}),
        ("symbol_high", {"size": (60, 8)}),
        ("text_high", {"items": [text("x", "foot") for _line in range(20)]}),
        ("text_high", {"items": [text("x") for _line in range(20)]}),
        ("text_high", {"items": [text("x", "head") for _line in range(20)]}),
        ("text_wide", {"items": [text("W" * 60)]}),
        ("text_wide", {"items": [text("a lot in one line " * 5, whole=True)]}),
        ("text_wide", {"items": [{"zone": "beside", "icons": [["temperature", "9" * 60]],
                                  "size": 9}]}),
        ("glyph", {"items": [text("\U0001F600")]}),
        ("encode", {"elements": (("01", "09506000134353"),)}),
        ("encode", {"elements": (("01", "09506000134352"), ("10", "x" * 21))}),
        ("module", {"dpi": 250}),
    ])
    def test_what_does_not_fit_is_refused_and_never_cut(self, code, values):
        with pytest.raises(LabelError) as caught:
            render([label(**values)])
        assert caught.value.code == code

    def test_the_label_that_failed_is_named(self, worker):
        with pytest.raises(LabelError) as caught:
            render([label(), label(), label(items=[text("W" * 60)])])
        assert caught.value.facts["number"] == 2

    def test_a_process_that_takes_too_long_ends(self, worker):
        with pytest.raises(LabelError, match="not ready after"):
            render([label()], timeout=0.05)

    def test_long_text_is_broken_into_lines_and_complete(self):
        words = "上海示例医疗器械有限公司，上海市浦东新区张江高科技园区 Building 7, floor 3"
        made = render([label(items=[text(words)])])
        assert re.sub(r"\s", "", made.results[0]["text"]).endswith(re.sub(r"\s", "", words))

    def test_a_broken_symbol_is_not_read(self):
        made = render([label(size=(12, 12))])
        [(image, _text)] = images(made.pdf, 300)
        half = len(image.data) // 2
        broken = Image(image.width, image.height, image.data[:half] + b"\xff" * half)
        assert broken.digest() != image.digest()
        _width, rows, _copies = read_zpl(zpl(broken))
        assert decode(rows) == []


class TestModules:
    requirement = "FDA-801.40"

    @pytest.mark.parametrize(("minimum", "dpi", "dots"), [
        (0.254, 203, 3), (0.254, 300, 3), (0.254, 600, 6), (0.25, 203, 2), (0.17, 300, 3),
        (0.495, 300, 6), (0.255, 300, 4)])
    def test_a_module_is_whole_dots_and_never_below_the_minimum(self, minimum, dpi, dots):
        assert modules_of(minimum, dpi) == dots
