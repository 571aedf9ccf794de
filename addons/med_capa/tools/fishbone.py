"""A cause-and-effect diagram after Ishikawa: where lines and words stand, its SVG for paper.

The screen draws the same layout in the browser.
"""

from unicodedata import east_asian_width
from xml.sax.saxutils import escape

WIDTH, HEAD, PITCH, SLANT, REACH = 1000, 178, 245, 80, 200
ROW, LINE, EDGE, LEAST = 38, 15, 34, 3
FIRST = 300  # where the first bone meets the spine
ROOM, ROOM_HEAD = 30, 22  # letters in a line of text; those of Chinese count two
INK, BONE, PALE = "#1f3a5f", "#3c6ea5", "#e8eef5"


def layout(effect, bones):
    """Return where everything stands, as plain JSON types.

    :param effect: text in the head
    :param bones: ``(name, [causes])``; every second one stands below the spine
    :return: ``{"width", "height", "lines": [[x1, y1, x2, y2, kind]], "boxes": [[x, y, width,
        height, kind]], "texts": [[x, y, text, kind, whole text]]}``; kinds: spine, bone, cause,
        head
    """
    most = max([len(causes) for _name, causes in bones], default=0)
    half = EDGE + max(most, LEAST) * ROW + 14
    height, head = 2 * half, WIDTH - HEAD
    lines, boxes, texts = [[20, half, head, half, "spine"]], [], []
    for number, (name, causes) in enumerate(bones):
        joint, side = FIRST + number // 2 * PITCH, -1 if number % 2 == 0 else 1
        end = half + side * (half - EDGE)
        lines.append([joint - SLANT, end, joint, half, "bone"])
        boxes.append([joint - SLANT - 70, end - EDGE + 4 if side < 0 else end, 140, EDGE - 4,
                      "bone"])
        texts.append([joint - SLANT, end + (-10 if side < 0 else 20), name, "bone", name])
        for place, cause in enumerate(causes):
            y = half + side * (ROW * (place + 1) - 4)
            x = joint - SLANT * (y - half) / (end - half)
            lines.append([round(x - REACH), y, round(x), y, "cause"])
            rows = wrap(cause, ROOM)
            texts += [[round(x - REACH), y - 4 - LINE * (len(rows) - 1 - row), text, "cause", cause]
                      for row, text in enumerate(rows)]
    rows = wrap(effect, ROOM_HEAD, 5)
    tall = LINE * len(rows) + 34
    boxes.append([head, half - tall // 2, HEAD - 4, tall, "head"])
    texts += [[head + HEAD // 2 - 2, half + 5 + round(LINE * 1.15 * (row - (len(rows) - 1) / 2)),
               text, "head", effect] for row, text in enumerate(rows)]
    return {"width": WIDTH, "height": height, "lines": lines, "boxes": boxes, "texts": texts}


def wrap(text, room, most=2):
    """Return a text in lines of so many letters; what does not fit ends in an ellipsis."""
    rows, row, used = [], "", 0
    for word in _words(" ".join(text.split())):
        size = _size(word)
        if used + _size(word.rstrip()) > room and row.strip():
            rows.append(row.rstrip())
            row, used = "", 0
        row, used = row + word, used + size
    rows.append(row.rstrip())
    if len(rows) > most or any(_size(one) > room for one in rows):
        last = " ".join(rows[most - 1:])
        rows = [_cut(one, room) for one in rows[:most - 1]] + [_cut(last, room)]
    return rows


def _words(text):
    """Return the pieces between which a line may break: words, and single Chinese characters."""
    pieces, word = [], ""
    for letter in text:
        word += letter
        if letter == " " or _size(letter) == 2:
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces


def _cut(text, room):
    if _size(text) <= room:
        return text
    while _size(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _size(text):
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def draw(told):
    """Return the SVG element of a :func:`layout`."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {told["width"]} '
             f'{told["height"]}" width="100%" font-family="sans-serif" font-size="13">']
    width = {"spine": 3, "bone": 2, "cause": 1}
    parts += [f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{BONE}" '
              f'stroke-width="{width[kind]}"/>' for x1, y1, x2, y2, kind in told["lines"]]
    parts += [f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="5" '
              f'fill="{INK if kind == "head" else PALE}" stroke="{BONE}"/>'
              for x, y, wide, high, kind in told["boxes"]]
    style = {"head": 'fill="#ffffff" font-weight="bold" text-anchor="middle"',
             "bone": f'fill="{INK}" font-weight="bold" text-anchor="middle"',
             "cause": 'fill="#333333"'}
    parts += [f'<text x="{x}" y="{y}" {style[kind]}>{escape(text)}</text>'
              for x, y, text, kind, _whole in told["texts"]]
    return "".join([*parts, "</svg>"])
