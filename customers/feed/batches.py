"""Makes COPY's text of a file's lines, some thousands at a time.

What is usual (no quotes, nothing bad) is read column by column; any batch in which something is not usual is read line by
line. PostgreSQL takes in one batch while the next is made.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat

from customers.feed.context import FileContext
from customers.feed.reader import UNREADABLE, CsvFile, FileRefusedError, Record, unreadable
from customers.feed.values import is_text

BATCH = 4_000
NULL = r"\N"
GUID_WITHOUT_HYPHENS = 32
LONGEST_ID = 256
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

Cells = Sequence[Sequence[str]]


class Batches(ABC):
    """Reads the lines of one file into what COPY reads."""

    def __init__(self, context: FileContext, file: CsvFile) -> None:
        self.file = file
        self.width = len(context.header.names)
        self._progress: Callable[[int], None] = context.progress

    @abstractmethod
    def usual(self, begins: int, columns: Cells) -> str | None:
        """The text of lines without quotes, by column, the first of which has number `begins`; nothing: one is unusual."""

    @abstractmethod
    def single(self, record: Record) -> str:
        """The text of one record, whatever it is."""

    def texts(self) -> Iterator[str]:
        """All lines. Raises FileRefusedError where the bytes can't be had."""
        try:
            batch, too_long = self.file.take(BATCH)
            while batch:
                begins = self.file.line + 1
                self.file.line += len(batch)
                columns = None if too_long else _columns(batch, self.width)
                usual = None if columns is None else self.usual(begins, columns)
                yield usual or "".join(self._unusual(begins, batch))
                self._progress(self.file.line)
                batch, too_long = self.file.take(BATCH)
        except UNREADABLE as error:
            raise FileRefusedError(unreadable(error)) from error

    def _unusual(self, begins: int, batch: list[str]) -> Iterator[str]:
        """The lines of a batch one by one, and the rest of a record that goes on behind it."""
        reader = csv.reader(self.file.beyond(batch), strict=True)
        while reader.line_num < len(batch):
            line = begins + reader.line_num
            self.file.too_long = False
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield self.single(Record(line, [], broken=True, too_long=self.file.too_long))
                continue
            if not self.file.is_blank(row):
                yield self.single(Record(line, row))


def _columns(batch: Sequence[str], width: int) -> list[list[str]] | None:
    """The columns of a batch without quotes, where splitting at commas is all of CSV; nothing if a line is not usual."""
    text = "".join(batch)
    if '"' in text or width == 1 or not is_text(text):
        return None
    text = text.replace("\r\n", "\n")
    if set(map(str.count, batch, repeat(","))) != {width - 1} or "\r" in text:
        return None
    cells = text.removesuffix("\n").replace("\n", ",").split(",")
    return [cells[place::width] for place in range(width)]


def are_plain_ids(ids: Sequence[str]) -> bool:
    """Whether every id compares as it is written, and needs no escape: lower case, ASCII, and no GUID's other form."""
    text = "".join(ids)
    lengths = set(map(len, ids))
    return (
        text.isascii()
        and text.isprintable()
        and text == text.lower()
        and not any(char in text for char in " \\{")
        and 0 not in lengths
        and GUID_WITHOUT_HYPHENS not in lengths
        and max(lengths) <= LONGEST_ID
    )


def escaped(value: str) -> str:
    """A text as COPY reads it."""
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        return value.translate(_ESCAPED)
    return value
