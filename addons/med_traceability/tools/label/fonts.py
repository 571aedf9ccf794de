"""The font of a label: measured for the layout, and embedded as a subset.

Noto Sans CJK holds Latin and Chinese in one face. It is a CID-keyed OpenType font with PostScript
outlines, which goes into a PDF as CIDFontType0C; codes in the page are its CIDs.
"""
from pathlib import Path

from .errors import LabelError

FOLDERS = ('/usr/share/fonts', '/usr/local/share/fonts', '~/.fonts', '~/.local/share/fonts')
FILES = {False: 'NotoSansCJK-Regular.ttc', True: 'NotoSansCJK-Bold.ttc'}
FAMILY = 'Noto Sans CJK SC'
ALWAYS = ''.join(map(chr, range(32, 127)))


def find(name):
    """Return the path of a font file.

    :raises LabelError: it is not installed
    """
    for folder in FOLDERS:
        for path in Path(folder).expanduser().rglob(name):
            return path
    raise LabelError('no_font', name=name)


class Font:
    """One weight of the font, reduced to the characters that are needed.

    :param bool bold: which weight
    :param set characters: all that will be drawn
    :raises LabelError: the font is missing, or lacks a character
    """

    def __init__(self, bold, characters):
        from fontTools import subset
        from fontTools.ttLib import TTCollection
        fonts = TTCollection(find(FILES[bold]), lazy=True).fonts
        self.font = next(font for font in fonts if font['name'].getDebugName(1) == FAMILY)
        self.name = FILES[bold].partition('.')[0]
        cmap = self.font.getBestCmap()
        wanted = set(ALWAYS) | characters
        for character in sorted(wanted):
            if ord(character) not in cmap:
                raise LabelError('glyph', character=character)
        self.cids = {character: int(cmap[ord(character)][3:] or 0)
                     for character in wanted}
        options = subset.Options(layout_features=[], hinting=True, desubroutinize=True)
        for tag in {'GSUB', 'GPOS', 'GDEF', 'BASE', 'VORG', 'vmtx', 'vhea'} & set(self.font.keys()):
            del self.font[tag]
        cutter = subset.Subsetter(options)
        cutter.populate(text=''.join(wanted))
        cutter.subset(self.font)
        metrics = self.font['hmtx']
        self.widths = {character: metrics[cmap[ord(character)]][0] / 1000 for character in wanted}
        self.ascent = self.font['OS/2'].sTypoAscender / 1000
        self.descent = -self.font['OS/2'].sTypoDescender / 1000
        self.capital = self.font['OS/2'].sCapHeight / 1000

    def width(self, text, size):
        """Return the width of a text, in the unit of ``size``."""
        return sum(self.widths[character] for character in text) * size

    def data(self):
        """Return the bytes of the embedded font program."""
        return self.font['CFF '].compile(self.font)
