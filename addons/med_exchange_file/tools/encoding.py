"""In which encoding the bytes of a text are, and when that is not clear. No Odoo.

Nearly any bytes are some text in GB 18030: “Müller” in Windows-1252 is “M黮ler” there. So nothing
is taken for Chinese unless it looks like Chinese; what is neither is asked for.
"""

import re

from .table import SheetError

CHOICES = ("auto", "utf-8", "gb18030", "windows-1252")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "windows-1252": "cp1252"}
# One character of GB 18030 that is not ASCII: four bytes, or two.
PAIR = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]", re.DOTALL)
# Those of every day: signs, full-width letters and the 3,755 most frequent Han (GB 2312, level 1).
COMMON = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
WORD = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]){2}")
WIDE = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2,3}")
MOSTLY, SELDOM = 0.7, 0.1  # shares of the characters


def decode(data, chosen="auto"):
    """Return ``(text, encoding)``.

    :param str chosen: one of :data:`CHOICES`; a mark at the beginning of the text counts more
    :raises SheetError: ``encoding``: it is not in what was chosen; ``unclear``: it could be in
        more than one; ``other``: it is plainly in another than was chosen
    """
    for mark, codec in MARKS:
        if data.startswith(mark):
            return _decoded(data, codec), codec
    is_utf8 = _fits(data, "utf-8")
    if chosen != "auto":
        # Several bytes that happen to be UTF-8 are no chance: three of a character even less.
        if is_utf8 and not data.isascii() and (
                chosen == "windows-1252" or chosen == "gb18030" and WIDE.search(data)):
            raise SheetError("other", "UTF-8")
        return _decoded(data, CODECS[chosen]), CODECS[chosen]
    if is_utf8:
        if not data.isascii() and not WIDE.search(data) and looks_chinese(data, all_of_it=True):
            raise SheetError("unclear")
        return _decoded(data, "utf-8-sig"), "utf-8-sig"
    if _fits(data, "gb18030") and looks_chinese(data):
        return _decoded(data, "gb18030"), "gb18030"
    raise SheetError("unclear" if _fits(data, "cp1252") or _fits(data, "gb18030") else "encoding")


def looks_chinese(data, all_of_it=False):
    """Return whether bytes are plainly Chinese in GB 18030: frequent characters, in words.

    :param all_of_it: whether not one character may be a rare one
    """
    pairs = PAIR.findall(data)
    if not pairs or not WORD.search(data):
        return False
    common = sum(bool(COMMON.fullmatch(pair)) for pair in pairs)
    odd = sum(len(pair) == 2 and pair[1] < 0x80 for pair in pairs)
    if all_of_it:
        return common == len(pairs)
    return common >= MOSTLY * len(pairs) and odd <= SELDOM * len(pairs)


def _fits(data, codec):
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data, codec):
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise SheetError("encoding") from error
    if "\0" in text:
        raise SheetError("encoding")
    return text
