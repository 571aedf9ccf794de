"""What a regulator answers: one row a device, from CSV or XML."""

import csv
import io
from dataclasses import dataclass

from .safe_xml import parse

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000


class AnswerError(ValueError):
    """An answer that cannot be read.

    :ivar code: ``size``, ``encoding``, ``column``, ``rows``, ``empty``, ``device``, ``word`` or
        ``twice``
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, str(detail)


@dataclass(frozen=True)
class Form:
    """Where an answer says what.

    :ivar row: name of the element of a row, for XML
    :ivar accepted: the words that mean acceptance, in lower case; ``refused`` likewise
    """

    kind: str
    device: str
    outcome: str
    message: str
    key: str
    accepted: frozenset
    refused: frozenset
    row: str = ""


@dataclass(frozen=True)
class Row:
    """The answer about one device."""

    number: int
    device: str
    accepted: bool
    message: str
    key: str


def words(text):
    """Return the words of a list joined by commas, in lower case."""
    return frozenset(filter(None, (one.strip().lower() for one in (text or "").split(","))))


def read(data, form):
    """Return ``[Row, …]`` of an answer.

    :raises AnswerError: a column is missing, a row names no device or says neither of the words
    :raises UnsafeXml: the XML is not read
    """
    if len(data) > MAX_BYTES:
        raise AnswerError("size", MAX_BYTES)
    raw = _csv(data, form) if form.kind == "csv" else _xml(data, form)
    found, seen = [], set()
    for number, device, outcome, message, key in raw:
        if not device:
            raise AnswerError("device", number)
        word = outcome.strip().lower()
        if word not in form.accepted | form.refused:
            raise AnswerError("word", f"{number}: {outcome}")
        if device in seen:
            raise AnswerError("twice", f"{number}: {device}")
        seen.add(device)
        found.append(Row(number, device, word in form.accepted, message, key))
        if len(found) > MAX_ROWS:
            raise AnswerError("rows", MAX_ROWS)
    if not found:
        raise AnswerError("empty")
    return found


def _csv(data, form):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise AnswerError("encoding") from error
    lines = text.splitlines()
    heading = lines[0] if lines else ""
    separator = max(",;\t", key=heading.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        names = {(name or "").strip(): name for name in reader.fieldnames or ()}
        for column in filter(None, (form.device, form.outcome)):
            if column not in names:
                raise AnswerError("column", column)
        for row in reader:
            yield (reader.line_num, *(
                (row.get(names.get(column)) or "").strip() if column else ""
                for column in (form.device, form.outcome, form.message, form.key)))
    except csv.Error as error:
        raise AnswerError("column", error) from error


def _xml(data, form):
    root = parse(data, MAX_BYTES)
    for element in root.iter():
        if isinstance(element.tag, str) and _local(element.tag) == form.row:
            yield (element.sourceline or 0, *(
                _text(element, path) for path in (
                    form.device, form.outcome, form.message, form.key)))


def _local(tag):
    return tag.rpartition("}")[2]


def _text(element, path):
    """Return the text at a path of plain names, ``@name`` for an attribute, or an empty text."""
    for part in filter(None, (path or "").split("/")):
        if part.startswith("@"):
            return (element.get(part[1:]) or "").strip()
        element = next((one for one in element if isinstance(one.tag, str)
                        and _local(one.tag) == part), None)
        if element is None:
            return ""
    return (element.text or "").strip() if path else ""
