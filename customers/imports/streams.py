"""Pieces of bytes as one stream, and the checks that every text passes before a reader sees it: encoding, NUL, long lines."""

from __future__ import annotations

import codecs
import io
from collections.abc import Generator
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError

Chunks = Generator[bytes, None, None]

CHUNK = 1 << 18
MAX_LINE = 1_000_000
MAX_COLUMNS = 1_000

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SEPARATORS = (b",", b";", b"\t")
_JSON = (b"{", b"[")


class Stream(io.RawIOBase):
    """Pieces of bytes, read as a file; closing it closes the generator that makes them."""

    def __init__(self, chunks: Chunks) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as the next piece goes; 0: the end."""
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        """Let go of what the pieces come from."""
        self._chunks.close()
        super().close()


def opened(chunks: Chunks) -> BinaryIO:
    """The pieces as a buffered file."""
    return cast("BinaryIO", io.BufferedReader(Stream(chunks), CHUNK))


def checked(chunks: Chunks) -> Chunks:
    """The same text in UTF-8 without a byte-order mark.

    UTF-16 with its byte-order mark is taken too. Raises FileNotTakenError: another encoding, NUL characters, nothing at all,
    a line of a million bytes or a thousand columns (JSON has no lines).
    """
    text = _utf8(chunks)
    lines = _Lines()
    for piece in text:
        lines.judge(piece)
        yield piece
    lines.end()


def _utf8(chunks: Chunks) -> Chunks:
    first = _beginning(chunks)
    if first.startswith(_UTF32):
        raise FileNotTakenError(_("The file is in UTF-32; expected text in UTF-8."))
    encoding = _UTF16.get(first[:2])
    if encoding:
        yield from _from_utf16(first[2:], chunks, encoding)
        return
    first = first.removeprefix(codecs.BOM_UTF8)
    if first:
        yield first
    yield from chunks


def _beginning(chunks: Chunks) -> bytes:
    """The first piece, at least four bytes long where there are so many."""
    first = b""
    for piece in chunks:
        first += piece
        if len(first) >= 4:
            break
    return first


def _from_utf16(first: bytes, chunks: Chunks, encoding: str) -> Chunks:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode()
        for piece in chunks:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise FileNotTakenError(
            _("The file begins as UTF-16 and isn't that to its end; expected text in UTF-8.")
        ) from error


class _Lines:
    """Judges a text piece by piece; memory holds the beginning of its first line at most."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line = 1
        self._running = 0
        self._header: bytes | None = b""
        self._has_lines = True
        self._blank = True

    def judge(self, piece: bytes) -> None:
        if self._blank:
            self._begin(piece)
        self._refuse_other_encodings(piece)
        if self._has_lines:
            self._refuse_long_lines(piece)
        self._line += piece.count(b"\n")

    def end(self) -> None:
        if self._blank:
            raise FileNotTakenError(_("The file is empty; expected a header line and lines below it, or JSON."))
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise FileNotTakenError(
                _("The file ends within a character; expected text in UTF-8 to its end.")
            ) from error

    def _begin(self, piece: bytes) -> None:
        stripped = piece.lstrip()
        if stripped:
            self._blank = False
            self._has_lines = not stripped.startswith(_JSON)

    def _refuse_other_encodings(self, piece: bytes) -> None:
        if b"\0" in piece:
            line = self._line + piece[: piece.index(b"\0")].count(b"\n")
            raise FileNotTakenError(
                _("Line %(line)d holds a NUL character; expected text in UTF-8, or in UTF-16 with a byte-order mark.")
                % {"line": line}
            )
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError as error:
            place = max(0, error.start - (len(error.object) - len(piece)))
            raise FileNotTakenError(
                _(
                    "Line %(line)d holds the byte %(byte)s, which isn't UTF-8; expected the file in UTF-8 (Excel: save as "
                    "“CSV UTF-8”), or in UTF-16 with a byte-order mark."
                )
                % {"line": self._line + piece[:place].count(b"\n"), "byte": f"0x{error.object[error.start]:02X}"}
            ) from error

    def _refuse_long_lines(self, piece: bytes) -> None:
        end = piece.find(b"\n")
        self._running += len(piece) if end < 0 else end
        if self._running >= MAX_LINE:
            raise FileNotTakenError(
                _("Line %(line)d has a million bytes or more; expected shorter lines.") % {"line": self._line}
            )
        self._judge_header(piece, end)
        if end >= 0:
            self._running = len(piece) - piece.rfind(b"\n") - 1

    def _judge_header(self, piece: bytes, end: int) -> None:
        if self._header is None:
            return
        self._header += piece if end < 0 else piece[:end]
        columns = 1 + max(self._header.count(separator) for separator in _SEPARATORS)
        if columns > MAX_COLUMNS:
            raise FileNotTakenError(
                _("The header line has %(columns)d columns or more; expected at most %(most)d.")
                % {"columns": columns, "most": MAX_COLUMNS}
            )
        if end >= 0:
            self._header = None
