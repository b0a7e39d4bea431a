"""Rows of a vendor's CSV file: columns found by their header in any order, rows with the line on which they begin."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError, Sink

# A physical line, and so a cell, is shorter than this; memory holds no more of one.
LINE_LIMIT = 1_000_000
DELIMITERS = ",;\t"


def plain(name: str) -> str:
    """What a column's name compares as: its letters and digits, case folded; so `Is Deleted` is JSON's `isDeleted`."""
    return "".join(filter(str.isalnum, name.casefold()))


def header_in(text: str) -> list[str]:
    """The header of the CSV file that begins with `text`, in `plain` form; nothing where there is none."""
    for line in io.StringIO(text.removeprefix("\ufeff"), newline=None):
        if _may_be_header(line):
            return [plain(name) for name in _cells_of(line)]
    return []


def _may_be_header(line: str) -> bool:
    # Excel writes, and asks for, a first line that names the delimiter.
    return bool(line.strip()) and not line.casefold().startswith("sep=")


def _delimiter_of(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _cells_of(line: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=_delimiter_of(line)), [])
    except csv.Error:
        return []


class CsvRows:
    """A CSV file below its header; read once.

    A byte-order mark, any order of columns, columns more than expected and semicolons or tabs for commas are all fine.
    Of columns with one name the first counts. Raises FileNotTakenError: no header, a line without end, bytes that aren't UTF-8.
    """

    def __init__(self, stream: BinaryIO) -> None:
        csv.field_size_limit(LINE_LIMIT)
        self._text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        self._line = 0
        self._lines = self._physical()
        header = next(filter(_may_be_header, self._lines), "")
        self.header = _cells_of(header)
        self.names = [plain(name) for name in self.header]
        self.broken = 0
        self._rows = csv.reader(self._lines, delimiter=_delimiter_of(header), strict=True)
        if not any(self.names):
            raise FileNotTakenError(
                _("The file has no header line; expected the names of its columns on the first line.")
            )

    def place(self, *names: str) -> int | None:
        """Where the first of these columns that the file has stands in a row; names in `plain` form."""
        return next((self.names.index(name) for name in names if name in self.names), None)

    def whole(self, sink: Sink) -> Iterator[tuple[int, list[str]]]:
        """Each row with as many cells as the header, and the line where it begins; the others are refused, and counted as `broken`."""
        width = len(self.header)
        for line, row in self._records(sink):
            if len(row) == width:
                yield line, row
            elif not _is_blank(row):
                yield from self._fitted(line, row, sink)

    def _records(self, sink: Sink) -> Iterator[tuple[int, list[str]]]:
        is_more = True
        while is_more:
            begins = self._line + 1
            try:
                for row in self._rows:
                    line, begins = begins, self._line + 1
                    yield line, row
                is_more = False
            except csv.Error as error:
                self._refuse(sink, begins, _("The line isn't CSV: %(why)s. Expected pairs of quotes.") % {"why": error})

    def _fitted(self, line: int, row: list[str], sink: Sink) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            yield line, row[:width]
            return
        reason = _("The line has %(found)d cells; expected %(width)d, as many as the header.")
        self._refuse(sink, line, reason % {"found": len(row), "width": width})

    def _refuse(self, sink: Sink, line: int, reason: str) -> None:
        self.broken += 1
        sink.refuse(line, reason=reason)

    def _physical(self) -> Iterator[str]:
        try:
            for piece in iter(partial(self._text.readline, LINE_LIMIT), ""):
                self._line += 1
                if len(piece) >= LINE_LIMIT:
                    reason = _("Line %(line)d has a million characters or more; expected shorter lines.")
                    raise FileNotTakenError(reason % {"line": self._line})
                yield piece
        except UnicodeDecodeError as error:
            reason = _("Line %(line)d, or one soon after it, isn't UTF-8; expected text in UTF-8.")
            raise FileNotTakenError(reason % {"line": self._line + 1}) from error


def _is_blank(row: Sequence[str]) -> bool:
    return not row or (len(row) == 1 and not row[0].strip())
