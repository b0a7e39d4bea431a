"""The one way in which a value is written where its form must not depend on the file's: what the SHA-256 is taken of."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from partners.export.table import Cell, Column, Row


def canonical(value: Cell) -> str:
    """A value as text: nothing for None, true or false, ISO days, moments in UTC to the second."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def moment(value: datetime) -> str:
    """A moment in UTC, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


class Seal:
    """Counts rows as they pass, and takes the SHA-256 of them as CSV.

    UTF-8 without byte order mark, RFC 4180 (commas, CRLF, quotation marks only where needed), a header of the columns'
    names, values by `canonical`, nothing neutralised: the same for every format.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")
        self._writer.writerow([column.name for column in columns])

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are, counted and sealed as they pass."""
        for row in rows:
            self._writer.writerow([canonical(value) for value in row])
            self.rows += 1
            if self.rows % 500 == 0:
                self._digest()
            yield row

    def sha256(self) -> str:
        """Of the rows that have passed, in hexadecimal."""
        self._digest()
        return self._hash.hexdigest()

    def _digest(self) -> None:
        self._hash.update(self._buffer.getvalue().encode(errors="replace"))
        self._buffer.seek(0)
        self._buffer.truncate()
