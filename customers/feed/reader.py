"""Streams the records of one CSV file, each with the physical line on which it begins."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

FIELD_LIMIT = 1_000_000
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


class FileRefusedError(Exception):
    """The file is bad as a whole; the message is for people."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first physical line, its fields, and whether CSV's rules were broken (then: as far as read)."""

    line: int
    fields: list[str]
    broken: bool = False


class CsvFile:
    """One file, read once from its beginning.

    Either by `records`, or, after the header, by `physical` lines and `beyond` in loops that can't afford a Record each;
    `line` then is the number of the last line taken.
    """

    def __init__(self, stream: BinaryIO, *, keep_text: bool = False) -> None:
        csv.field_size_limit(FIELD_LIMIT)
        self.line = 0
        self.physical = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._last = ""
        self._text: list[str] = []
        self._keep_text = keep_text
        self._rows = csv.reader(self._lines(), strict=True)

    def close(self) -> None:
        """Let go of the file."""
        self.physical.close()

    def _lines(self) -> Iterator[str]:
        for line in self.physical:
            self.line += 1
            self._last = line
            if self._keep_text:
                self._text.append(line)
            yield line

    def beyond(self, batch: Iterable[str]) -> Iterator[str]:
        """The lines of a batch already taken, then those that follow in the file."""
        for line in batch:
            self._last = line
            yield line
        yield from self._lines()

    def is_blank(self, row: list[str]) -> bool:
        """Whether the record just read is a line of nothing but white space."""
        return not row or (len(row) == 1 and not self._last.strip())

    def records(self) -> Iterator[Record]:
        """The records that follow, without blank lines. Raises FileRefusedError where the bytes can't be had."""
        while True:
            begins = self.line + 1
            self._text.clear()
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error:
                yield Record(begins, self._as_far_as_read(), broken=True)
                continue
            except UNREADABLE as error:
                raise FileRefusedError(_("The file can't be read to its end: %(error)s.") % {"error": error}) from error
            if not self.is_blank(row):
                yield Record(begins, row)

    def _as_far_as_read(self) -> list[str]:
        """The fields of a broken record under lenient rules; without kept text only its last line's."""
        text = "".join(self._text) or self._last
        try:
            return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        except csv.Error:
            return [text.rstrip("\r\n")]
