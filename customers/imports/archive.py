"""Zip files, distrusted: what they list is judged before anything is unpacked, and nothing is ever written by their names."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError
from customers.imports.streams import CHUNK, Chunks

MAGIC = b"PK\x03\x04"
MEGABYTE = 1_000_000
EMPTY_MAGIC = b"PK\x05\x06"
_LIST_LIMIT = 1 << 22  # bytes of a zip's list of its members that are read into memory
_RATIO_FROM = 50_000_000
_ENCRYPTED = 0x1 | 0x40
_LINK = 0o120000
_BY_THE_WAY = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\0-\x1f]")
_DAMAGED = (OSError, zipfile.BadZipFile, NotImplementedError, UnicodeError, struct.error, ValueError, EOFError)


@dataclass(frozen=True)
class Limits:
    """How much an upload may be: bytes in all when unpacked, how many times its packed size, and how many members."""

    total: int = 800_000_000
    ratio: int = 250
    members: int = 20_000


@dataclass(frozen=True)
class Entry:
    """A member of a zip as its list has it: where its bytes are, how many, and their checksum."""

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool


class _Bounded(io.FileIO):
    """A file of which no large piece is read at once: a zip's list is read whole, however long it says that it is."""

    def read(self, size: int | None = -1, /) -> bytes:  # type: ignore[override]
        if size is None or size < 0:  # the end of the file, of which little is left
            return super().read(_LIST_LIMIT) or b""
        if size > _LIST_LIMIT:
            raise FileNotTakenError(_("The zip lists more files than can be taken; expected a smaller one."))
        return super().read(size) or b""


def entries(path: Path, limits: Limits) -> list[Entry]:
    """The files in a zip, without folders and what operating systems leave behind.

    Raises FileNotTakenError: damaged, encrypted, too large, packed too tightly, too many, a name that leaves the folder,
    two of one name, a link.
    """
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except _DAMAGED as error:
        raise FileNotTakenError(_("The zip is damaged: its list of files can't be read.")) from error
    _judge(infos, limits)
    return [_entry(info) for info in infos if not (info.is_dir() or _BY_THE_WAY.search(info.filename))]


def _judge(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.members:
        raise FileNotTakenError(
            _("The zip holds %(count)d files; expected at most %(most)d.")
            % {"count": len(infos), "most": limits.members}
        )
    for info in infos:
        _judge_member(info)
    _judge_sizes(sum(info.file_size for info in infos), sum(info.compress_size for info in infos), limits)
    _refuse_repeated(info.filename.casefold() for info in infos)


def _judge_member(info: zipfile.ZipInfo) -> None:
    if _UNSAFE.search(info.orig_filename):
        raise FileNotTakenError(
            _("The zip names a file outside of its folder: %(name)s; expected plain names.")
            % {"name": shown(info.orig_filename)}
        )
    if info.flag_bits & _ENCRYPTED:
        raise FileNotTakenError(_("The zip is encrypted; expected one that opens without a password."))
    if info.external_attr >> 16 & 0o170000 == _LINK:
        raise FileNotTakenError(_("The zip holds a link: %(name)s; expected files.") % {"name": shown(info.filename)})
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileNotTakenError(
            _("%(name)s is packed by a method that isn't known here; expected a zip with deflate, the usual one.")
            % {"name": shown(info.filename)}
        )


def _judge_sizes(size: int, packed: int, limits: Limits) -> None:
    if size > limits.total:
        raise FileNotTakenError(
            _("The zip unpacks to %(size)d megabytes; expected at most %(most)d.")
            % {"size": size // MEGABYTE, "most": limits.total // MEGABYTE}
        )
    if size > _RATIO_FROM and size > packed * limits.ratio:
        raise FileNotTakenError(
            _("The zip unpacks to more than %(ratio)d times its size, which no honest file does.")
            % {"ratio": limits.ratio}
        )


def _refuse_repeated(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FileNotTakenError(_("The zip holds %(name)s twice; expected each file once.") % {"name": shown(name)})
        seen.add(name)


def _entry(info: zipfile.ZipInfo) -> Entry:
    return Entry(
        name=info.filename.replace("\\", "/"),
        offset=info.header_offset,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        deflated=info.compress_type == zipfile.ZIP_DEFLATED,
    )


def shown(name: str) -> str:
    """A name for a sentence: cut, and what can't be printed replaced."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= 100 else printable[:99] + "…"


def unpacked(path: Path, entry: Entry) -> Chunks:
    """The bytes of one member, never more than its list says. Raises FileNotTakenError: damaged."""
    size = crc = 0
    try:
        for piece in _inflated(path, entry):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > entry.size:
                break
            yield piece
    except (OSError, zlib.error, struct.error) as error:
        raise FileNotTakenError(_damaged(entry)) from error
    if size != entry.size or crc != entry.crc:
        raise FileNotTakenError(_damaged(entry))


def _damaged(entry: Entry) -> str:
    return _("%(name)s can't be unpacked: it is damaged, or isn't what the zip's list says.") % {
        "name": shown(entry.name)
    }


def _inflated(path: Path, entry: Entry) -> Chunks:
    packed = _packed(path, entry)
    if not entry.deflated:
        yield from packed
        return
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        rest = piece
        while rest and not machine.eof:
            yield machine.decompress(rest, CHUNK)
            rest = machine.unconsumed_tail
    while not machine.eof and (left := machine.decompress(machine.unconsumed_tail, CHUNK)):
        yield left


def _packed(path: Path, entry: Entry) -> Chunks:
    with path.open("rb") as file:
        file.seek(entry.offset)
        header = file.read(30)
        names, extra = struct.unpack("<26xHH", header)
        file.seek(names + extra, io.SEEK_CUR)
        left = entry.packed
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
