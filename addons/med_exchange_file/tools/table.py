"""What is read of a table that somebody else made, what is wrong with it, and how much may come."""

from dataclasses import dataclass

MAX_BYTES = 16_000_000
MAX_ROWS = 5_000  # tried and taken in within one call of the client
MAX_COLUMNS = 500


class SheetError(ValueError):
    """A file cannot be read at all.

    :ivar str code: ``empty``, ``bytes``, ``rows``, ``columns``, ``kind``, ``encoding``,
        ``unclear``, ``other``, ``broken``, ``bomb``, ``merged``
    :ivar str detail: the limit, or the line
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code, self.detail = code, str(detail)


@dataclass(frozen=True)
class Fault:
    """Something wrong in one place of a file. ``code`` and ``detail`` make the sentence."""

    line: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """What was read.

    :ivar tuple columns: headings, each once
    :ivar tuple rows: ``(line number, {heading: text})``; empty rows are left out
    :ivar tuple faults: cells that cannot be trusted
    :ivar str read_as: encoding and delimiter, or ``xlsx`` and which sheet
    :ivar tuple doubled: headings that stand there more than once
    :ivar tuple unread: titles of the sheets of a workbook that were not read
    :ivar int hidden: how many rows are hidden, and were read
    """

    columns: tuple
    rows: tuple
    faults: tuple
    read_as: str
    doubled: tuple = ()
    unread: tuple = ()
    hidden: int = 0
