"""Where everything stands on a label.

A label is a dictionary:

``width``, ``height``, ``margin``
    in mm
``dpi``
    of the printer: 203, 300 or 600; modules are whole dots of it
``symbol``
    ``symbology``, ``code``, ``elements`` (GS1: pairs of application identifier and text), ``hri``
    (list of readable parts, each kept in one line), ``minimum`` (least module, mm), ``height``
    (bars of a linear symbol, mm), ``place`` (left, right or below), ``hri_size`` (points)
``items``
    list of ``zone`` (head, beside, foot), ``size`` (points), and either ``text`` with ``caption``,
    ``icon``, ``bold``, ``half`` (shares its row with the next half), ``whole`` (never broken into
    lines), ``center``; or ``icons`` (list of names, or name and word); or ``rule`` (a thin line);
    or ``hri`` (the readable form of the code)

Nothing is ever cut or made smaller: what does not fit is refused with the figures.
"""
import math
from dataclasses import dataclass

from .errors import LabelError
from .icons import ICONS
from .symbology import DOTS, encode

POINT = 25.4 / 72
LEADING = 1.22
GAP = 0.35
"""Space between two blocks, in mm."""
NO_START = set('，。、；：？！）】》」』”’%‰℃°,.;:?!)]}')
"""Characters that do not begin a line."""


@dataclass(frozen=True)
class Text:
    """``x`` and the baseline ``y`` and the ``size`` of the letters in mm."""

    x: float
    y: float
    size: float
    bold: bool
    text: str


@dataclass(frozen=True)
class Icon:
    """Top left corner and height in mm."""

    name: str
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Line:
    """A horizontal hairline, in mm."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Page:
    """``symbol`` with its left and top edge in dots, and everything else in mm."""

    width: int
    height: int
    symbol: object
    symbol_x: int
    symbol_y: int
    marks: tuple


def arrange(label, fonts):
    """Return the Page of a label.

    :param fonts: regular and bold Font, by ``bold``
    :raises LabelError: something does not fit or cannot be encoded
    """
    return _Sheet(label, fonts).page()


class _Sheet:

    def __init__(self, label, fonts):
        self.label, self.fonts = label, fonts
        self.dots = DOTS.get(label['dpi'])
        if not self.dots:
            raise LabelError('module', dpi=label['dpi'])
        asked = label['symbol']
        self.asked = asked
        self.symbol = encode(asked['symbology'], asked['code'], asked['elements'],
                             asked['minimum'], label['dpi'], asked['height'])
        self.marks = []

    def page(self):
        label, margin = self.label, self.label['margin']
        left, right = margin, label['width'] - margin
        top = self._flow('head', left, right, margin)
        foot = self._measure('foot', right - left)
        bottom = label['height'] - margin - foot
        if foot:
            self._flow('foot', left, right, bottom)
            bottom -= GAP
        symbol_x, symbol_y = self._body(left, right, top, bottom)
        return Page(round(label['width'] * self.dots), round(label['height'] * self.dots),
                    self.symbol, symbol_x, symbol_y, tuple(self.marks))

    def _body(self, left, right, top, bottom):
        """Place symbol and what stands beside it; return the symbol's corner in dots."""
        symbol, quiet = self.symbol, self.symbol.quiet * self.symbol.module
        wide = (symbol.width + 2 * quiet) / self.dots
        linear = self.asked['place'] == 'below'
        # A linear symbol needs clear space at its sides alone.
        tall = (symbol.height + (0 if linear else 2 * quiet)) / self.dots
        # The quiet zone of a linear symbol may lie in the margin.
        room = self.label['width'] if linear else right - left
        if wide > room:
            raise LabelError('symbol_wide', needed=round(wide, 2), room=round(room, 2))
        if linear:
            end = self._flow('beside', left, right, top)
            readable = self._rows_of({'hri': True, 'center': True}, right - left)
            below = sum(row[0] for row in readable)
            start = bottom - below - GAP - tall
            self._check_room(end, start)
            self._draw(readable, left, right, bottom - below)
            symbol_x = math.floor(((left + right - wide) / 2) * self.dots) + quiet
            return symbol_x, math.floor(start * self.dots)
        gap = 2 * GAP
        self._check_room(top, bottom)
        if tall > bottom - top + 1e-6:
            raise LabelError('symbol_high', needed=round(tall, 2), room=round(bottom - top, 2))
        if self.asked['place'] == 'left':
            symbol_x = math.ceil(left * self.dots) + quiet
            text = (left + wide + gap, right)
        else:
            symbol_x = math.floor(right * self.dots) - quiet - symbol.width
            text = (left, right - wide - gap)
        end = self._flow('beside', *text, top)
        self._check_room(end, bottom)
        spare = max(0.0, bottom - top - tall) / 2 if not self._items('beside') else 0.0
        return symbol_x, math.ceil((top + spare) * self.dots) + quiet

    def _check_room(self, end, bottom):
        if end > bottom + 1e-6:
            raise LabelError('text_high', needed=round(end - bottom, 2))

    def _items(self, zone):
        return [item for item in self.label['items'] if item['zone'] == zone]

    def _measure(self, zone, width):
        return sum(row[0] for row in self._rows(zone, width))

    def _flow(self, zone, left, right, top):
        """Draw a zone from ``top`` downwards; return where it ends."""
        rows = self._rows(zone, right - left)
        end = self._draw(rows, left, right, top)
        if end > self.label['height'] - self.label['margin'] + 1e-6:
            raise LabelError('text_high', needed=round(
                end - self.label['height'] + self.label['margin'], 2))
        return end + (GAP if rows and zone == 'head' else 0)

    def _draw(self, rows, left, right, top):
        for height, draw in rows:
            draw(left, right, top)
            top += height
        return top

    # ------------------------------------------------------------------ rows: (height, draw)

    def _rows(self, zone, width):
        rows, items = [], self._items(zone)
        while items:
            item = items.pop(0)
            if item.get('half') and items and items[0].get('half'):
                rows.append(self._pair(item, items.pop(0), width))
            else:
                rows += self._rows_of(item, width)
        return rows

    def _pair(self, first, second, width):
        """Two items side by side, each in half of the width."""
        half = (width - 2 * GAP) / 2
        one, two = self._rows_of(first, half), self._rows_of(second, half)
        height = max(sum(row[0] for row in one), sum(row[0] for row in two))

        def draw(left, right, top):
            self._draw(one, left, left + half, top)
            self._draw(two, right - half, right, top)
        return height, draw

    def _rows_of(self, item, width):
        if item.get('rule'):
            def draw(left, right, top):
                self.marks.append(Line(left, top + GAP, right - left))
            return [(2 * GAP, draw)]
        if item.get('icons'):
            return self._icon_rows(item, width)
        if item.get('hri'):
            return self._hri_rows(item, width)
        return self._text_rows(item, width)

    def _text_rows(self, item, width):
        size = item['size'] * POINT
        font = self.fonts[bool(item.get('bold'))]
        leading = size * LEADING
        indent, icon, icon_height = 0.0, item.get('icon'), size * 1.12
        if icon:
            indent = ICONS[icon][0] * icon_height + size * 0.35
            leading = max(leading, icon_height * 1.14)
        caption = item.get('caption') or ''
        lines = self._wrap(caption + item['text'], width - indent, size, font, item)
        rows = []
        for number, line in enumerate(lines):
            def draw(left, right, top, line=line, number=number):
                middle = top + leading / 2
                if icon and not number:
                    self.marks.append(Icon(icon, left, middle - icon_height / 2, icon_height))
                x = left + indent
                if item.get('center'):
                    x = (left + right - font.width(line, size)) / 2
                self.marks.append(Text(
                    x, middle + size * font.capital / 2, size, bool(item.get('bold')), line))
            rows.append((leading, draw))
        return rows

    def _wrap(self, text, width, size, font, item):
        """Break a text into lines no wider than ``width``; never inside a word or a number."""
        if item.get('whole') or font.width(text, size) <= width:
            pieces = [text]
        else:
            pieces = _pieces(text)
        lines, line = [], ''
        for piece in pieces:
            if line and font.width((line + piece).rstrip(), size) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
        for line in lines:
            needed = font.width(line, size)
            if needed > width + 1e-6:
                raise LabelError('text_wide', text=line, needed=round(needed, 2),
                                 room=round(width, 2))
        return lines

    def _hri_rows(self, item, width):
        """As many elements in a line as fit, none of them broken (GS1 General Specs, 4.14)."""
        size = (item.get('size') or self.asked['hri_size']) * POINT
        font = self.fonts[False]
        lines = []
        for part in self.asked['hri']:
            if lines and font.width(lines[-1] + part, size) <= width:
                lines[-1] += part
            else:
                lines.append(part)
        return [row for line in lines for row in self._text_rows(
            {**item, 'text': line, 'size': size / POINT, 'whole': True, 'hri': False}, width)]

    def _icon_rows(self, item, width):
        """Symbols in rows, each with the word that belongs to it."""
        height, font = item['size'] * POINT, self.fonts[False]
        rows, row, used = [], [], 0.0
        for icon in item['icons']:
            name, word = (icon, '') if isinstance(icon, str) else icon
            size = height * 0.62
            wide = ICONS[name][0] * height + (
                font.width(word, size) + size * 0.3 if word else 0)
            if wide > width:
                raise LabelError('text_wide', text=word or name, needed=round(wide, 2),
                                 room=round(width, 2))
            if row and used + wide > width:
                rows.append(row)
                row, used = [], 0.0
            row.append((name, word, used, size))
            used += wide + height * 0.3
        rows.append(row)
        return [(height * 1.18, self._icon_row(row, height)) for row in rows]

    def _icon_row(self, row, height):
        def draw(left, right, top):
            for name, word, x, size in row:
                at = left + x
                self.marks.append(Icon(name, at, top + height * 0.06, height))
                if word:
                    self.marks.append(Text(at + ICONS[name][0] * height + size * 0.3,
                                           top + height * 0.56 + size * 0.37, size, False, word))
        return draw


def _pieces(text):
    """Split a text where a line may end: after a space, and around Chinese characters."""
    pieces, word = [], ''
    for character in text:
        wide = ord(character) > 0x2E7F
        if wide and character not in NO_START:
            if word:
                pieces.append(word)
            word = character
        elif word and ord(word[-1]) > 0x2E7F and not wide and character not in NO_START:
            pieces.append(word)
            word = character
        else:
            word += character
            if character == ' ':
                pieces.append(word)
                word = ''
    return [*pieces, word] if word else pieces
