"""Where a feed lies: a folder, or a zip of one."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.feed.reader import UNREADABLE, FileRefusedError, why

# What opening a member of a zip raises: a method of compression that isn't known, a password, a header that is damaged.
UNOPENABLE = (*UNREADABLE, NotImplementedError, RuntimeError, UnicodeError, struct.error)
ENCRYPTED = 1
NO_FEED = (OSError, zipfile.BadZipFile, NotImplementedError, UnicodeError, struct.error)

Opener = Callable[[], BinaryIO]


class FeedError(Exception):
    """The feed as a whole can't be read; the message is for people."""


@dataclass(frozen=True)
class Source:
    """A feed: its files by their names in feed.md, each of which opens any number of times; and the files beside them."""

    files: Mapping[str, Opener]
    others: tuple[str, ...]

    def open(self, name: str) -> BinaryIO:
        """A file from its beginning. Raises FileRefusedError where it doesn't open."""
        try:
            return self.files[name]()
        except UNOPENABLE as error:
            raise FileRefusedError(_("The file can't be opened: %(error)s.") % {"error": why(error)}) from error


@contextmanager
def open_source(path: Path, names: Collection[str]) -> Iterator[Source]:
    """The feed at `path`; `names` are those of a feed's files. Raises FeedError where there is none."""
    try:
        archive = None if path.is_dir() else zipfile.ZipFile(path)
        files = [] if archive else sorted(file for file in path.iterdir() if file.is_file())
    except NO_FEED as error:
        raise FeedError(
            _("%(path)s is no feed; expected a folder or a zip of one: %(error)s.")
            % {"path": path, "error": why(error)}
        ) from error
    if archive is None:
        yield _source([(file.name, partial(file.open, "rb")) for file in files], names)
        return
    with archive:
        yield _of_zip(archive, names)


def _of_zip(archive: zipfile.ZipFile, names: Collection[str]) -> Source:
    """A zip of a folder's files or of the folder itself; what lies in other folders is no part of the feed."""
    places = [(PurePosixPath(info.filename.replace("\\", "/")), info) for info in archive.infolist()]
    files = [(place, info) for place, info in places if not _is_folder(info) and place.parts[0] != "__MACOSX"]
    of_feed = [(place, info) for place, info in files if place.name.casefold() in names]
    if any(info.flag_bits & ENCRYPTED for _place, info in of_feed):
        raise FeedError(_("The zip is encrypted; expected one that opens without a password."))
    folders = {place.parent for place, _info in of_feed}
    if len(folders) > 1:
        raise FeedError(
            _("The zip holds a feed's files in several folders: %(folders)s; expected them in one.")
            % {"folders": ", ".join(sorted(str(folder) for folder in folders))}
        )
    beside = [(place.name, partial(_open_member, archive, info)) for place, info in files if place.parent in folders]
    return _source(beside or [(place.name, partial(_open_member, archive, info)) for place, info in files], names)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\"))


def _open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return io.BufferedReader(archive.open(info))  # type: ignore[arg-type]


def _source(found: Iterable[tuple[str, Opener]], names: Collection[str]) -> Source:
    """Files by what their names compare as. Raises FeedError where two are the same file of a feed."""
    files: dict[str, Opener] = {}
    others = []
    for written, opener in found:
        name = written.casefold()
        if name not in names:
            others.append(written)
        elif name in files:
            raise FeedError(_("The feed holds %(name)s twice; expected each file once.") % {"name": name})
        else:
            files[name] = opener
    return Source(files, tuple(sorted(others)))
