"""What an upload holds: itself, the members of a zip (one level), the sheets of a workbook; each as checked text."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.imports.archive import EMPTY_MAGIC, MAGIC, MEGABYTE, Entry, Limits, entries, shown, unpacked
from customers.imports.captured import unwrapped
from customers.imports.reading import FileNotTakenError, Sample
from customers.imports.streams import CHUNK, Chunks, checked, opened
from customers.imports.workbook import CONTENT_TYPES, Sheet, open_book, sheet_csv

SAMPLE = 1 << 16
LIMITS = Limits()
Standing = Callable[[], AbstractContextManager[Path]]


@dataclass(frozen=True)
class Member:
    """One text of an upload. `open` gives it from its beginning, any number of times, in UTF-8 without a byte-order mark.

    Opening and reading raise FileNotTakenError where it is none.
    """

    name: str
    open: Callable[[], BinaryIO]

    def sample(self, size: int = SAMPLE) -> Sample:
        """Its beginning, for recognition. Raises FileNotTakenError."""
        with self.open() as stream:
            beginning = stream.read(size + 1)
        return Sample(self.name, beginning[:size].decode(errors="ignore"), is_whole=len(beginning) <= size)


def members(path: Path, limits: Limits = LIMITS, *, name: str = "") -> Iterator[Member]:
    """The texts at `path`, which is shown as `name` (default: its own). They open as long as the file stands there.

    Raises FileNotTakenError where the file as a whole isn't taken: too large, a zip that is damaged or hostile.
    """
    name = name or path.name
    size = path.stat().st_size
    if size > limits.total:
        raise FileNotTakenError(
            _("The file has %(size)d megabytes; expected at most %(most)d.")
            % {"size": size // MEGABYTE, "most": limits.total // MEGABYTE}
        )
    with path.open("rb") as file:
        magic = file.read(4)
    if magic not in (MAGIC, EMPTY_MAGIC):
        yield _member(name, partial(_pieces, path))
        return
    found = entries(path, limits)
    if _is_book(found):
        yield from _sheets(name, partial(_standing, path), limits)
        return
    if not found:
        raise FileNotTakenError(_("The zip holds no files."))
    for entry in found:
        yield from _of_zip(path, entry, limits)


def _pieces(path: Path) -> Chunks:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _member(name: str, chunks: Callable[[], Chunks]) -> Member:
    return Member(shown(name), partial(_open_text, chunks))


def _open_text(chunks: Callable[[], Chunks]) -> BinaryIO:
    return opened(checked(unwrapped(_refusing_binaries(chunks()))))


def _refusing_binaries(chunks: Chunks) -> Chunks:
    """The same pieces. Raises FileNotTakenError where the first shows a known kind of file that isn't text."""
    first = next(chunks, b"")
    for magic, said in _binaries():
        if first.startswith(magic):
            raise FileNotTakenError(said)
    yield first
    yield from chunks


def _binaries() -> tuple[tuple[bytes, str], ...]:
    packed = _("This is an archive, or within one; expected files, or one zip of files.")
    return (
        (MAGIC, packed),
        (b"\x1f\x8b", packed),
        (b"7z\xbc\xaf", packed),
        (b"Rar!", packed),
        (
            b"\xd0\xcf\x11\xe0",
            _("This is an Excel workbook of the old kind (.xls), or one with a password; save it as .xlsx or CSV."),
        ),
        (b"%PDF", _("This is a PDF; expected CSV, JSON or an Excel workbook.")),
    )


def _is_book(found: list[Entry]) -> bool:
    return any(entry.name.casefold() == CONTENT_TYPES for entry in found)


def _of_zip(path: Path, entry: Entry, limits: Limits) -> Iterator[Member]:
    """A member of a zip; of a workbook among them, its sheets."""
    name = entry.name
    if PurePosixPath(name).suffix.casefold() in (".xlsx", ".xlsm"):
        yield from _sheets(name, partial(_copied, path, entry), limits)
    else:
        yield _member(name, partial(unpacked, path, entry))


@contextmanager
def _standing(path: Path) -> Iterator[Path]:
    yield path


@contextmanager
def _copied(path: Path, entry: Entry) -> Iterator[Path]:
    """A workbook out of a zip, for as long as it is read."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        for piece in unpacked(path, entry):
            file.write(piece)
        file.flush()
        yield Path(file.name)


def _sheets(name: str, standing: Standing, limits: Limits) -> Iterator[Member]:
    """The sheets that hold something. A workbook that can't be read is one member that says so when it is opened."""
    try:
        with standing() as path:
            book = open_book(path, limits)
            filled = [sheet for sheet in book.sheets if len(book.sheets) == 1 or next(sheet_csv(book, sheet), b"")]
    except FileNotTakenError as error:
        yield Member(shown(name), partial(_raise, error))
        return
    if not filled:
        yield Member(
            shown(name), partial(_raise, FileNotTakenError(_("The workbook has no sheet that holds anything.")))
        )
    for sheet in filled:
        shown_name = name if len(filled) == 1 else f"{name}: {sheet.name}"
        yield Member(shown(shown_name), partial(_open_sheet, standing, sheet, limits))


def _raise(error: FileNotTakenError) -> BinaryIO:
    raise FileNotTakenError(str(error))


def _open_sheet(standing: Standing, sheet: Sheet, limits: Limits) -> BinaryIO:
    return opened(checked(_sheet_pieces(standing, sheet, limits)))


def _sheet_pieces(standing: Standing, sheet: Sheet, limits: Limits) -> Chunks:
    with standing() as path:
        yield from sheet_csv(open_book(path, limits), sheet)
