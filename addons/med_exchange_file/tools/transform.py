"""Cells to values, by rules that are data. No Odoo, no clock."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

KINDS = ("text", "constant", "upper", "lower", "date", "time", "decimal", "quantity", "integer",
         "boolean", "split", "part", "join")
YES = {"yes", "y", "true", "1", "x", "是", "有", "√", "ja", "oui"}
NO = {"no", "n", "false", "0", "否", "无", "×", "nein", "non"}
ISO_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
ISO_TIMES = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
             "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
             "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分%S秒",
             "%Y年%m月%d日%H时%M分")
# A cell that a spreadsheet keeps as a date is read so, whatever format texts have.
KEPT_DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?", re.ASCII)
# What nobody sees: no joiners (U+200C, U+200D), which some scripts write with.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f"
                    "\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
COMPACT = 8  # digits of a date without signs: in seven of them month and day are anybody's guess
_QUANTITY = re.compile(r"([+-]?[\d.,\s'’]*\d)\s*(\D.*)?", re.DOTALL)


class BadCell(ValueError):
    """A cell cannot be what its field needs.

    :ivar str code: ``date``, ``time``, ``decimal``, ``integer``, ``boolean``, ``unit``, ``word``,
        ``part``, ``zone``, ``kind``, ``unseen``
    :ivar str detail: what stands there, or what could
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code, self.detail = code, str(detail)


@dataclass(frozen=True)
class Rule:
    """How a cell becomes a value.

    :ivar str kind: one of :data:`KINDS`
    :ivar str argument: ``constant``: the value; ``date``, ``time``: formats of ``strptime`` with
        ``|`` between them, none for ISO; ``quantity``: the unit where the cell names none;
        ``split``: the separator; ``part``: separator and number, as ``/ 2``; ``join``: separator
    :ivar dict words: what may stand in the cell, in lower case, and what it means; empty: anything
    :ivar str mark: the decimal mark, ``.`` or ``,``
    :ivar str zone: time zone of times that name none
    """

    kind: str = "text"
    argument: str = ""
    words: dict = field(default_factory=dict)
    mark: str = "."
    zone: str = "UTC"


def value_of(rule, *cells):
    """Return the value of a cell (of several with ``join``), None for an empty one.

    :raises BadCell: it cannot be one
    """
    if rule.kind == "constant":
        return rule.argument
    if rule.kind == "join":
        text = (rule.argument or " ").join(cell.strip() for cell in cells if cell.strip())
    else:
        text = cells[0].strip() if cells else ""
    if not text:
        return None
    if found := UNSEEN.search(text):
        raise BadCell("unseen", f"U+{ord(found[0]):04X}")
    if rule.kind not in KINDS:
        raise BadCell("kind", rule.kind)
    convert = _CONVERT.get(rule.kind)
    if rule.kind == "split":
        parts = [part.strip() for part in text.split(rule.argument or ",")]
        return [_word(rule, part) for part in parts if part]
    if convert is None or rule.words and text.casefold() in rule.words:
        return _word(rule, text)
    value = convert(rule, text)
    return _word(rule, value) if isinstance(value, str) and rule.words else value


def _word(rule, text):
    if not rule.words:
        return text
    if text.casefold() not in rule.words:
        known = {*rule.words.values(), *(word for word, meaning in rule.words.items()
                                         if word != meaning.casefold())}
        raise BadCell("word", ", ".join(sorted(known)[:12]))
    return rule.words[text.casefold()]


def decimal_text(text, mark="."):
    """Return a number as plain decimal text with its digits: ``1.234,50`` → ``1234.50``.

    :raises BadCell: it is none, or groups of thousands do not fit the decimal mark
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    plain = re.sub(r"^([+-])\s+", r"\1", re.sub(r"\s", " ", plain).replace("’", "'"))
    point = re.escape(mark)
    # One sign for all groups of thousands, and three digits in each: “10 20” is no number.
    for group in ("," if mark == "." else ".", " ", "'"):
        if re.fullmatch(rf"[+-]?(\d{{1,3}}({re.escape(group)}\d{{3}})+|\d+)({point}\d+)?",
                        plain, re.ASCII):
            break
    else:
        raise BadCell("decimal", text)
    whole, _mark, rest = plain.replace(group, "").lstrip("+").partition(mark)
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + (digits.lstrip("0") or "0") + (f".{rest}" if rest else "")


def _decimal(rule, text):
    return decimal_text(text, rule.mark)


def _integer(rule, text):
    number = decimal_text(text, rule.mark)
    whole, _point, rest = number.partition(".")
    if rest.strip("0") or len(whole) > 15:
        raise BadCell("integer", text)
    return int(whole)


def _boolean(rule, text):
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise BadCell("boolean", text)


def _quantity(rule, text):
    match = _QUANTITY.fullmatch(unicodedata.normalize("NFKC", text))
    unit = match and (match[2] or "").strip() or rule.argument
    if not match:
        raise BadCell("decimal", text)
    if not unit:
        raise BadCell("unit", text)
    return {"value": decimal_text(match[1], rule.mark), "unit": unit}


def _date(rule, text):
    text = _compact_date(text)
    for form in _formats(rule.argument, ISO_DATES):
        if form == "%Y%m%d" and not (text.isdigit() and len(text) == COMPACT):
            continue
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    # A date with midnight beside it.
    for form in ("%Y-%m-%d", *ISO_TIMES) if not rule.argument or KEPT_DATE.fullmatch(text) else ():
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise BadCell("date", text)


def _compact_date(text):
    """Return a date with half-width digits and, in Chinese, without the blanks around its words."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s*([年月])\s*", r"\1", text).replace(" 日", "日") if "年" in text else text


def _time(rule, text):
    """Return an instant as ISO text in UTC. A date alone is no instant."""
    text = _compact_date(text)
    for form in _formats(rule.argument, ISO_TIMES):
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return _utc(found, rule, text, bool(form.endswith("Z")))
    if rule.argument and KEPT_DATE.fullmatch(text) and " " in text:
        return _time(Rule(rule.kind, zone=rule.zone), text)
    try:
        found = datetime.fromisoformat(text) if "T" in text or " " in text else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadCell("time", text)
    return _utc(found, rule, text)


def _utc(found, rule, text, is_utc=False):
    if found.tzinfo is None:
        try:
            zone = timezone.utc if is_utc else ZoneInfo(rule.zone)
        except (KeyError, ValueError, OSError) as error:
            raise BadCell("zone", rule.zone) from error
        local = found.replace(tzinfo=zone)
        # An hour that summer time leaves out never was; one that comes twice is not known.
        if local.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) != found or (
                local.utcoffset() != local.replace(fold=1).utcoffset()):
            raise BadCell("time", text)
        found = local
    try:
        return found.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError as error:
        raise BadCell("time", text) from error


def _part(rule, text):
    separator, _space, number = rule.argument.rpartition(" ")
    parts = text.split(separator or " ")
    if not number.isdigit() or not 1 <= int(number) <= len(parts):
        raise BadCell("part", rule.argument)
    return parts[int(number) - 1].strip() or None


def _formats(argument, default):
    return [one.strip() for one in argument.split("|") if one.strip()] or default


_CONVERT = {
    "upper": lambda rule, text: text.upper(), "lower": lambda rule, text: text.lower(),
    "date": _date, "time": _time, "decimal": _decimal, "integer": _integer, "boolean": _boolean,
    "quantity": _quantity, "part": _part,
}
