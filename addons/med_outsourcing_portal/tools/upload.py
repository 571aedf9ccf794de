"""Which files a processor may send: by name, by what is in them, by size. No file is run or shown.

A file is refused when what it is called and what it holds are not of the same kind.
"""

import re
import unicodedata

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 6
MOST_HOUR = 200 * 1024 * 1024
LONGEST = 100
TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",
             b"PK\x03\x04"),
    "csv": ("text/csv", None),
    "txt": ("text/plain", None),
}
ACCEPT = ",".join(f".{name}" for name in TYPES)
BAD = re.compile(r'[\\/:*?"<>|]+')


def clean_name(name):
    """Return a file name without a path, without signs that mean something to a system.

    >>> clean_name("../../etc/pass wd.PDF")
    'pass wd.pdf'
    """
    name = unicodedata.normalize("NFC", str(name or ""))
    name = re.split(r"[\\/]", name)[-1]
    # Signs that change the direction of writing let "fdp.exe" look like "exe.pdf".
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    name = BAD.sub("_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST] or "file"
    stem = stem.strip(" .")[:LONGEST] or "file"
    return f"{stem}.{ending.lower()}"


def type_of(name, content):
    """Return the media type of a file, or an empty text when it is not taken."""
    ending = clean_name(name).rpartition(".")[2]
    if ending not in TYPES:
        return ""
    media, magic = TYPES[ending]
    if magic is None:
        return media if _is_text(content) else ""
    return media if content.startswith(magic) else ""


def why_not(name, content):
    """Return why a file is not taken: ``empty``, ``large``, ``type``, or an empty text."""
    if not content:
        return "empty"
    if len(content) > MOST_BYTES:
        return "large"
    return "" if type_of(name, content) else "type"


def _is_text(content):
    if b"\x00" in content:
        return False
    for coding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(coding)
        except UnicodeDecodeError:
            continue
        return True
    return False
