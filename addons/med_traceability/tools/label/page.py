"""A PDF of labels, one a page, in vectors; the symbol's modules lie on the printer's dots."""
import pydyf

from .icons import ICONS, LINE
from .layout import Icon, Line, Text
from .symbology import DOTS

ROUND = 0.5523
"""Control points of a quarter circle, as a part of the radius."""


def draw(pages, fonts, dpi):
    """Return the bytes of a PDF.

    :param pages: Page of each label, all for a printer of ``dpi``
    :param fonts: regular and bold Font, by ``bold``
    """
    pdf = pydyf.PDF()
    resources = pydyf.Dictionary({'Font': pydyf.Dictionary(
        {name: _embed(pdf, fonts[bold]) for bold, name in ((False, 'F0'), (True, 'F1'))})})
    pdf.add_object(resources)
    dot = 72 / (DOTS[dpi] * 25.4)
    for page in pages:
        content = pydyf.Stream(compress=True)
        _fill(content, page, fonts, dot, DOTS[dpi])
        pdf.add_object(content)
        pdf.add_page(pydyf.Dictionary({
            'Type': '/Page', 'Parent': pdf.pages.reference, 'Contents': content.reference,
            'Resources': resources.reference,
            'MediaBox': pydyf.Array([0, 0, page.width * dot, page.height * dot])}))
    stream = _Buffer()
    pdf.write(stream, version=b'1.7', compress=True)
    return bytes(stream)


class _Buffer(bytearray):
    write = bytearray.extend


def _fill(content, page, fonts, dot, scale):
    """Write one label; a unit of the page is a dot, and y counts downwards."""
    content.set_matrix(dot, 0, 0, -dot, 0, page.height * dot)
    _modules(content, page)
    for mark in page.marks:
        if isinstance(mark, Text):
            _text(content, fonts, mark.x * scale, mark.y * scale, mark.size * scale, mark.bold,
                  mark.text)
        elif isinstance(mark, Line):
            content.rectangle(round(mark.x * scale), round(mark.y * scale),
                              round(mark.width * scale), max(1, round(0.12 * scale)))
            content.fill()
        elif isinstance(mark, Icon):
            _icon(content, fonts, mark, scale)


def _modules(content, page):
    """Each run of dark modules as one rectangle, so that no hairline can show between two."""
    symbol = page.symbol
    tall = symbol.height // len(symbol.rows)
    for number, row in enumerate(symbol.rows):
        start = None
        for column, dark in enumerate((*row, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                content.rectangle(
                    page.symbol_x + start * symbol.module, page.symbol_y + number * tall,
                    (column - start) * symbol.module, tall)
                start = None
    content.fill()


def _text(content, fonts, x, y, size, bold, text):
    font = fonts[bold]
    content.begin_text()
    content.set_font_size('F1' if bold else 'F0', 1)
    content.set_text_matrix(size, 0, 0, -size, x, y)
    codes = ''.join(f'{font.cids[character]:04x}' for character in text)
    content.stream.append(f'<{codes}> Tj'.encode())
    content.end_text()


def _icon(content, fonts, mark, scale):
    height, left, top = mark.height * scale, mark.x * scale, mark.y * scale
    content.set_line_width(max(1.0, LINE * height))
    content.set_line_join(0)
    for kind, *shape in ICONS[mark.name][1]:
        if kind == 'word':
            x, baseline, size, word = shape
            wide = fonts[True].width(word, size)
            _text(content, fonts, left + (x - wide / 2) * height, top + baseline * height,
                  size * height, True, word)
        elif kind == 'circle':
            x, y, radius = (value * height for value in shape)
            _circle(content, left + x, top + y, radius)
            content.stroke()
        else:
            points = [(left + x * height, top + y * height) for x, y in shape[0]]
            content.move_to(*points[0])
            for point in points[1:]:
                content.line_to(*point)
            if kind == 'fill':
                content.fill()
            elif points[0] == points[-1]:
                content.close()
                content.stroke()
            else:
                content.stroke()


def _circle(content, x, y, radius):
    bend = radius * ROUND
    content.move_to(x + radius, y)
    content.curve_to(x + radius, y + bend, x + bend, y + radius, x, y + radius)
    content.curve_to(x - bend, y + radius, x - radius, y + bend, x - radius, y)
    content.curve_to(x - radius, y - bend, x - bend, y - radius, x, y - radius)
    content.curve_to(x + bend, y - radius, x + radius, y - bend, x + radius, y)
    content.close()


def _embed(pdf, font):
    """Add a font to the file; return the reference of its Type 0 dictionary."""
    program = pydyf.Stream([font.data()], extra=pydyf.Dictionary({'Subtype': '/CIDFontType0C'}),
                           compress=True)
    pdf.add_object(program)
    descriptor = pydyf.Dictionary({
        'Type': '/FontDescriptor', 'FontName': f'/{font.name}', 'Flags': 4, 'ItalicAngle': 0,
        'FontBBox': pydyf.Array([-1000, -1000, 3000, 1000]), 'Ascent': round(font.ascent * 1000),
        'Descent': -round(font.descent * 1000), 'CapHeight': round(font.capital * 1000),
        'StemV': 80, 'FontFile3': program.reference})
    pdf.add_object(descriptor)
    widths = pydyf.Array()
    for character, cid in sorted(font.cids.items(), key=lambda pair: pair[1]):
        widths += [cid, pydyf.Array([round(font.widths[character] * 1000)])]
    child = pydyf.Dictionary({
        'Type': '/Font', 'Subtype': '/CIDFontType0', 'BaseFont': f'/{font.name}',
        'CIDSystemInfo': pydyf.Dictionary({
            'Registry': pydyf.String('Adobe'), 'Ordering': pydyf.String('Identity'),
            'Supplement': 0}),
        'DW': 1000, 'W': widths, 'FontDescriptor': descriptor.reference})
    pdf.add_object(child)
    unicode = pydyf.Stream([_to_unicode(font)], compress=True)
    pdf.add_object(unicode)
    parent = pydyf.Dictionary({
        'Type': '/Font', 'Subtype': '/Type0', 'BaseFont': f'/{font.name}',
        'Encoding': '/Identity-H', 'DescendantFonts': pydyf.Array([child.reference]),
        'ToUnicode': unicode.reference})
    pdf.add_object(parent)
    return parent.reference


def _to_unicode(font):
    pairs = [f'<{cid:04x}> <{character.encode("utf-16-be").hex()}>'
             for character, cid in sorted(font.cids.items(), key=lambda pair: pair[1])]
    blocks = [pairs[start:start + 100] for start in range(0, len(pairs), 100)]
    body = '\n'.join(f'{len(block)} beginbfchar\n' + '\n'.join(block) + '\nendbfchar'
                     for block in blocks)
    return ('/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n'
            '/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n'
            '1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n'
            f'{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend')
