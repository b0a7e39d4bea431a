"""Where a feed lies: a folder, or a zip of one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _


class FeedError(Exception):
    """The feed as a whole can't be read; the message is for people."""


class Source(Protocol):
    """A feed's files by name, each of which can be opened any number of times."""

    def names(self) -> list[str]: ...

    def open(self, name: str) -> BinaryIO: ...

    def size(self, name: str) -> int: ...


@dataclass(frozen=True)
class FolderSource:
    """A folder; what lies in folders below it is no part of the feed."""

    folder: Path

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def open(self, name: str) -> BinaryIO:
        return (self.folder / name).open("rb")

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size


@dataclass(frozen=True)
class ZipSource:
    """A zip of a folder's files, or of the folder itself."""

    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def names(self) -> list[str]:
        return sorted(self.members)

    def open(self, name: str) -> BinaryIO:
        return io.BufferedReader(self.archive.open(self.members[name]))  # type: ignore[arg-type]

    def size(self, name: str) -> int:
        return self.members[name].file_size


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The feed at `path`. Raises FeedError where there is none."""
    if path.is_dir():
        yield FolderSource(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise FeedError(_("%(path)s is no feed; expected a folder or a zip of one.") % {"path": path}) from error
    with archive:
        yield ZipSource(archive, _members(archive))


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    files = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    if any(info.flag_bits & 1 for info in files):
        raise FeedError(_("The zip is encrypted; expected one that opens without a password."))
    folders = {PurePosixPath(info.filename).parent for info in files}
    if len(folders) > 1:
        raise FeedError(_("The zip holds several folders; expected the files of one feed."))
    members = {PurePosixPath(info.filename).name: info for info in files}
    if len(members) < len(files):
        raise FeedError(_("The zip holds a file twice; expected each file once."))
    return members
