"""What an audit entry says, made readable: PostgreSQL's text of a value, and what differs.

No Odoo, no I/O. Values are the texts that the capture wrote (``tools`` of PostgreSQL's output
functions, DateStyle ISO, TimeZone UTC), or None.
"""

import json
import re
from datetime import datetime, timezone
from difflib import SequenceMatcher

NOISE = frozenset({"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path"})
"""Columns that say nothing a reader of one record needs: who and when stand on the entry."""
TOKENS = 3000
_TOKEN = re.compile(r"\s+|[⺀-鿿豈-﫿]|[^\W⺀-鿿]+|.", re.UNICODE)


def values(text):
    """Return the columns of one side of an entry; an empty or missing side has none."""
    return json.loads(text) if text else {}


def changed(old, new):
    """Return the names of the columns whose values differ, in the order they are stored in.

    A value that is empty on both sides (missing, null, "") is no change to a reader.
    """
    names = dict.fromkeys((*old, *new))
    return [name for name in names
            if name not in NOISE and (old.get(name) or "") != (new.get(name) or "")]


def by_key(old, new):
    """Return ``[(key, old, new)]`` of two JSON objects (translations, values by company).

    A text that is no object stands under the key "".
    """
    sides = []
    for text in (old, new):
        try:
            value = json.loads(text) if text else {}
        except ValueError:
            value = text
        sides.append(value if isinstance(value, dict) else {"": value})
    keys = dict.fromkeys((*sides[0], *sides[1]))
    rows = [(key, _text(sides[0].get(key)), _text(sides[1].get(key))) for key in keys]
    return [row for row in rows if row[1] != row[2]]


def moment(text, zone=timezone.utc):
    """Return a time as ``2026-11-22 11:57:17 +08:00`` in a zone, seconds as a person reads them.

    :param text: PostgreSQL's text of a timestamp in UTC, or ISO 8601; "" stays ""
    """
    if not text:
        return ""
    time = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if time.tzinfo is None:
        time = time.replace(tzinfo=timezone.utc)
    local = time.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} " + (
        "UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}")


def number(text):
    """Return a number without idle zeros: ``3.50`` becomes ``3.5``."""
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", text) else text


def difference(old, new, around=80):
    """Return ``[[mark, text]]``: "=" unchanged, "-" taken away, "+" added, word by word.

    Long unchanged stretches keep ``around`` characters on each side. Texts of more than TOKENS
    words are compared line by line.
    """
    def cut(text):
        tokens = _TOKEN.findall(text)
        return tokens if len(tokens) <= TOKENS else text.splitlines(keepends=True)

    before, after = cut(old), cut(new)
    parts = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(["=", "".join(before[i:j])])
            continue
        if i < j:
            parts.append(["-", "".join(before[i:j])])
        if k < m:
            parts.append(["+", "".join(after[k:m])])
    last = len(parts) - 1
    for n, part in enumerate(parts):
        text = part[1]
        if part[0] == "=" and len(text) > 2 * around:
            part[1] = ("" if n == 0 else text[:around]) + " … " + (
                "" if n == last else text[-around:])
    return parts


def _text(value):
    if value is None or value is False:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
