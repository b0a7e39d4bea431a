"""Tables as CSV files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where the comma is the decimal sign a spreadsheet parts cells at semicolons, and heeds no quotation mark inside a cell.
_FORMULA_INSIDE = re.compile('([;\t\r\n]["\\s]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')


def streamed_csv(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A file for download, in UTF-8 with byte order mark; rows are read while they are sent, in the scope of the request.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers, None is empty, and
    a date is written YYYY-MM-DD. Tables of pages are exported by partners/export instead, in more formats.
    """
    response = StreamingHttpResponse(_marked(chain([header], rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    """What `csv.writer` writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _marked(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    yield from csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Each row as a line, its cells harmless."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: object) -> object:
    """A value as it is written: harmless whatever it says."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = _FORMULA_INSIDE.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text
