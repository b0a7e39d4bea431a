"""Writing the lines of large CSV files out of numpy columns, a column being a table of zero-padded bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LINES_AT_ONCE = 250_000
HEX = np.frombuffer(b"".join(b"%02x" % value for value in range(256)), dtype=np.uint8).reshape(256, 2)
GUID_PARTS = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 16))


def text_table(texts: Sequence[str]) -> Bytes:
    """The texts as rows of bytes, padded with zeros to the longest."""
    table = np.array([text.encode() for text in texts], dtype=np.bytes_)
    width = max(table.dtype.itemsize, 1)
    return np.frombuffer(table.tobytes(), dtype=np.uint8).reshape(len(texts), width)


def guid_table(*, random: np.random.Generator, count: int) -> Bytes:
    """`count` random GUIDs in canonical form, one in each row of 36 bytes."""
    digits = HEX[random.integers(0, 256, size=(count, 16), dtype=np.uint8)]
    table = np.full((count, 36), ord("-"), dtype=np.uint8)
    at = 0
    for first, last in GUID_PARTS:
        width = 2 * (last - first)
        table[:, at : at + width] = digits[:, first:last].reshape(count, width)
        at += width + 1
    return table


def texts_of(table: Bytes) -> list[str]:
    """The rows of a table without zeros as texts."""
    return [bytes(row).decode() for row in table]


class LineFile:
    """A CSV file to which whole columns are written; values need no quoting."""

    def __init__(self, *, path: Path, header: str) -> None:
        """Open `path` anew and write the header line."""
        self._file: BinaryIO = path.open("wb")
        self._file.write(header.encode() + b"\n")
        self.lines = 0

    def write(self, columns: Sequence[tuple[Bytes, NDArray[np.integer]]]) -> None:
        """Write one line for each position of the columns, given as (table of values, row numbers in it)."""
        count = len(columns[0][1])
        for start in range(0, count, LINES_AT_ONCE):
            self._write_block([(table, rows[start : start + LINES_AT_ONCE]) for table, rows in columns])
        self.lines += count

    def _write_block(self, columns: Sequence[tuple[Bytes, NDArray[np.integer]]]) -> None:
        width = sum(table.shape[1] + 1 for table, _ in columns)
        block = np.empty((len(columns[0][1]), width), dtype=np.uint8)
        at = 0
        for table, rows in columns:
            end = at + table.shape[1]
            block[:, at:end] = table[rows]
            block[:, end] = ord(",")
            at = end + 1
        block[:, -1] = ord("\n")
        self._file.write(block[block != 0].tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
