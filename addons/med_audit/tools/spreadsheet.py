"""Rows as CSV that a spreadsheet opens without running what is in them."""

import csv
import io

RISKY = ("=", "+", "-", "@", "\t", "\r")


def cell(value):
    """Return a cell; text that a spreadsheet would take for a formula gets an apostrophe."""
    text = "" if value is None or value is False else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def to_csv(head, rows):
    """Return CSV (RFC 4180) as UTF-8 bytes with a byte-order mark, which spreadsheets need."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(cell, head))
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
