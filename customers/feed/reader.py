"""Streams the records of one CSV file, each with the physical line on which it begins."""

from __future__ import annotations

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

# A physical line, and so a value within it, is shorter than this; memory holds no more of one.
LINE_LIMIT = 1_000_000
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
LINE_ENDS = ("\n", "\r")
# What CSV is shown in place of a line that is too long: wherever it stands, it ends the record with an error.
_NO_CSV = '"x"y\n'


class FileRefusedError(Exception):
    """The file is bad as a whole; the message is for people."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first physical line, its fields, and whether CSV's rules were broken (then: as far as read)."""

    line: int
    fields: list[str]
    broken: bool = False
    too_long: bool = False


class CsvFile:
    """One file, read once from its beginning.

    Either by `records`, or, after the header, by `take` and `beyond` in loops that can't afford a Record each; `line` then
    is the number of the last line taken, and `too_long` tells of the record just read.
    """

    def __init__(self, stream: BinaryIO, *, keep_text: bool = False) -> None:
        csv.field_size_limit(LINE_LIMIT)
        self.line = 0
        self.too_long = False
        self._physical = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._pieces = iter(partial(self._physical.readline, LINE_LIMIT), "")
        self._last = ""
        self._text: list[str] = []
        self._keep_text = keep_text
        self._rows = csv.reader(self._lines(), strict=True)

    def close(self) -> None:
        """Let go of the file."""
        self._physical.close()

    def take(self, most: int) -> tuple[list[str], bool]:
        """The next physical lines, and whether one of them is too long (and cut)."""
        lines = list(islice(self._pieces, most))
        if not lines or max(map(len, lines)) < LINE_LIMIT:
            return lines, False
        whole = []
        pieces = iter(lines)
        for piece in pieces:
            whole.append(piece)
            self._pass_rest(piece, pieces)
        return whole, True

    def _pass_rest(self, piece: str, pieces: Iterator[str]) -> None:
        """Go on behind the end of a physical line that begins with `piece`."""
        while len(piece) >= LINE_LIMIT and not piece.endswith(LINE_ENDS):
            piece = next(pieces, "") or next(self._pieces, "")

    def _lines(self) -> Iterator[str]:
        for line in self._pieces:
            self.line += 1
            self._pass_rest(line, self._pieces)
            if self._keep_text:
                self._text.append(line)
            yield self._shown(line)

    def _shown(self, line: str) -> str:
        self._last = line
        if len(line) < LINE_LIMIT:
            return line
        self.too_long = True
        return _NO_CSV

    def beyond(self, batch: Iterable[str]) -> Iterator[str]:
        """The lines of a batch already taken, then those that follow in the file."""
        yield from map(self._shown, batch)
        yield from self._lines()

    def is_blank(self, row: list[str]) -> bool:
        """Whether the record just read is a line of nothing but white space."""
        return not row or (len(row) == 1 and not self._last.strip())

    def records(self) -> Iterator[Record]:
        """The records that follow, without blank lines. Raises FileRefusedError where the bytes can't be had."""
        while True:
            begins = self.line + 1
            self._text.clear()
            self.too_long = False
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error:
                yield Record(begins, self._as_far_as_read(), broken=True, too_long=self.too_long)
                continue
            except UNREADABLE as error:
                raise FileRefusedError(unreadable(error)) from error
            if not self.is_blank(row):
                yield Record(begins, row)

    def _as_far_as_read(self) -> list[str]:
        """The fields of a broken record under lenient rules; without kept text only its last line's."""
        text = "".join(self._text) or self._last
        try:
            return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        except csv.Error:
            return [text.rstrip("\r\n")]


def unreadable(error: Exception) -> str:
    """The sentence on a file whose bytes can't be had."""
    return _("The file can't be read to its end: %(error)s.") % {"error": why(error)}


def why(error: Exception) -> str:
    """What an error of the system says, without its number and its full stop."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return said.rstrip(".") or type(error).__name__
