"""Device identifiers in a spreadsheet: files read, cells understood, lists packed into one cell.

No Odoo, no I/O beyond the bytes that come in.
"""
import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_ROWS = 200_000
ENCODINGS = ('utf-8-sig', 'gb18030')
YES, NO = {'yes', 'y', 'true', '1', 'x', '是', '√'}, {'no', 'n', 'false', '0', '否', '×'}

FORMULA = ('=', '+', '-', '@')

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TOKEN = rf'(?:(?!text=)[^\s"]+|{_QUOTED})'
_TEXT = rf'(?:\s*text=(?P<text>{_QUOTED}))?'
_ITEM = re.compile(rf'((?:[^;"]|{_QUOTED})*)(?:;|$)')
_STORAGE = re.compile(
    r'(?P<kind>[^\s"]+)(?:\s+(?P<low>-?\d+(?:\.\d+)?)?\s*\.\.\s*(?P<high>-?\d+(?:\.\d+)?)?'
    r'\s+(?P<unit>[^\s"]+))?' + _TEXT)
_SIZE = re.compile(
    rf'(?P<kind>[^\s"]+)(?:\s+(?P<value>{_TOKEN}))?(?:\s+(?P<unit>{_TOKEN}))?' + _TEXT)
_ALIAS = re.compile(r'(?P<kind>\S+)\s+(?P<issuer>\S+)\s+(?P<name>.+)')


class SheetError(ValueError):
    """What is wrong with a file or a cell.

    :ivar str code: ``file``, ``rows``, ``encoding``, ``boolean``, ``number``, ``date``, ``word``,
        ``item``
    :ivar str detail: the part that cannot be read, or the words that can
    """

    def __init__(self, code, detail=''):
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Column:
    """One column of the sheet.

    :ivar key: what other programs write above it: ``trade_name``, ``CN.number``
    :ivar kind: ``text``, ``boolean``, ``number``, ``date``, ``word``, ``link``, ``links``,
        ``storage``, ``sizes`` or ``aliases``
    :ivar words: ``{what may stand in a cell, in lower case: code}`` of a ``word``
    """
    key: str
    label: str
    kind: str
    words: dict


def read_rows(filename, data):
    """Return ``[(row number, [cell, …]), …]`` of a file, the heading first, without empty rows.

    The first sheet of a workbook; of a CSV, UTF-8 or GB 18030 with commas, semicolons or tabs.

    :raises SheetError: it is neither, or longer than 200,000 rows
    """
    if data[:4] == b'PK\x03\x04':
        rows = _read_xlsx(data)
    elif filename.lower().endswith(('.csv', '.txt', '.tsv')):
        rows = _read_csv(data)
    else:
        raise SheetError('file')
    found = []
    for number, cells in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise SheetError('rows', str(MAX_ROWS))
        if any(cell not in (None, '') for cell in cells):
            found.append((number, cells))
    return found


def _read_xlsx(data):
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [list(row) for row in book.worksheets[0].iter_rows(
            values_only=True, max_row=MAX_ROWS + 1)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError,
            OSError) as error:
        raise SheetError('file') from error


def _read_csv(data):
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError('encoding')
    heading = text.split('\n', 1)[0]
    delimiter = max(',;\t', key=heading.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetError('file') from error


def write_csv(rows):
    """Return rows of texts as bytes that a spreadsheet opens without asking, or evaluating."""
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows)
    return stream.getvalue().encode('utf-8-sig')


def cell_text(value):
    """Return what a reader of the sheet sees in a cell; whole numbers without a decimal point."""
    if value is None:
        return ''
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if text.startswith('="') and text.endswith('"'):  # how Excel keeps digits as text in a CSV
        return text[2:-1]
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def read_cell(column, text):
    """Return the plain value of a cell that is not empty.

    :raises SheetError: it cannot be one of this column
    """
    if column.kind == 'boolean':
        if text.lower() in YES or column.words.get(text.lower()) == 'yes':
            return True
        if text.lower() in NO or column.words.get(text.lower()) == 'no':
            return False
        raise SheetError('boolean')
    if column.kind == 'number':
        if not re.fullmatch(r'\d{1,9}', text, re.ASCII):
            raise SheetError('number')
        return int(text)
    if column.kind == 'date':
        match = re.fullmatch(r'(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?', text, re.ASCII)
        try:
            return date(*map(int, match.groups())).isoformat()
        except (AttributeError, ValueError) as error:
            raise SheetError('date') from error
    if column.kind == 'word':
        return _word(column.words, text)
    return text


def _word(words, text):
    if text.lower() not in words:
        raise SheetError('word', ', '.join(sorted(set(words.values()))))
    return words[text.lower()]


# ---------------------------------------------------------------------- lists in one cell

def unpack_storage(text, kinds, units):
    """Return the values of conditions written as ``temperature 2..8 celsius; dry text="…"``.

    :param kinds, units: ``{word in lower case: code}``
    :raises SheetError: an item cannot be read
    """
    return tuple(_storage(match, kinds, units) for match in _items(_STORAGE, text))


def _storage(match, kinds, units):
    low, high = match['low'], match['high']
    if match['unit'] and low is None and high is None:
        raise SheetError('item', match[0])
    return {
        'kind': _word(kinds, match['kind']), 'has_low': low is not None,
        'low': float(low or 0), 'has_high': high is not None, 'high': float(high or 0),
        'unit': _word(units, match['unit']) if match['unit'] else False,
        'text': _unquote(match['text'])}


def pack_storage(rows):
    """Return conditions (mappings as of ``unpack_storage``) as text for one cell."""
    return '; '.join(' '.join(filter(None, (
        row['kind'],
        (f"{row['low']:g}" if row['has_low'] else '') + '..'
        + (f"{row['high']:g}" if row['has_high'] else '') + f" {row['unit']}"
        if row['unit'] and (row['has_low'] or row['has_high']) else '',
        _quote(row['text'])))) for row in rows)


def unpack_sizes(text, kinds):
    """Return the values of sizes written as ``length 120 mm; other text="…"``."""
    return tuple({'kind': _word(kinds, match['kind']), 'value': _unquote(match['value']),
                  'unit': _unquote(match['unit']), 'text': _unquote(match['text'])}
                 for match in _items(_SIZE, text))


def pack_sizes(rows):
    return '; '.join(' '.join(filter(None, (
        row['kind'], _token(row['value']), row['value'] and _token(row['unit']),
        _quote(row['text'])))) for row in rows)


def unpack_aliases(text, kinds, issuers):
    """Return the values of further identifiers written as ``direct_mark gs1 095…``."""
    return tuple({'kind': _word(kinds, match['kind']), 'issuer': _word(issuers, match['issuer']),
                  'name': match['name'].strip()} for match in _items(_ALIAS, text))


def pack_aliases(rows):
    return '; '.join(f"{row['kind']} {row['issuer']} {row['name']}" for row in rows)


def _items(pattern, text):
    place = 0
    while place < len(text):
        item = _ITEM.match(text, place)
        match = item and pattern.fullmatch(item[1].strip())
        if not match and (not item or item[1].strip()):
            raise SheetError('item', text[place:])
        if match:
            yield match
        place = item.end()


def _token(text):
    plain = text and not re.search(r'[\s";]|^text=', text)
    return text if plain else text and json.dumps(text, ensure_ascii=False)


def _quote(text):
    return f'text={json.dumps(text, ensure_ascii=False)}' if text else ''


def _unquote(text):
    if not text or text[0] != '"':
        return text or False
    try:
        return json.loads(text)
    except ValueError as error:
        raise SheetError('item', text) from error
