"""What the files of a feed consist of: columns, and the header line that names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.feed.reader import CsvFile, FileRefusedError
from customers.feed.values import Cells


@dataclass(frozen=True)
class Column:
    """A column of a file and the staged columns (name, PostgreSQL type) that its value is read into."""

    name: str
    read: Callable[[str], Cells]
    staged: tuple[tuple[str, str], ...]
    key: bool = False
    optional: bool = False
    may_be_empty: bool = False


RETRACT = "retract"


@dataclass(frozen=True)
class Header:
    """The header line of one file: its names as written, and where the known columns stand."""

    names: tuple[str, ...]
    places: dict[str, int]
    unknown: tuple[str, ...]

    def has(self, column: str) -> bool:
        return column in self.places


def read_header(file: CsvFile, columns: Sequence[Column], *, may_lack: frozenset[str]) -> Header:
    """The header of `file`. Raises FileRefusedError: none, a column missing, a column twice."""
    record = next(file.records(), None)
    if record is None or record.broken:
        raise FileRefusedError(
            _("The file has no header line; expected one that names the columns, separated by commas, in UTF-8.")
        )
    names = tuple(name.strip() for name in record.fields)
    folded = [name.casefold() for name in names]
    _refuse_repeated(folded)
    known = {column.name for column in columns} | {RETRACT}
    _refuse_missing(folded, columns, may_lack)
    places = {name: place for place, name in enumerate(folded) if name in known}
    return Header(
        names=tuple(record.fields),
        places=places,
        unknown=tuple(name for name, key in zip(names, folded, strict=True) if key not in known),
    )


def _refuse_repeated(folded: Sequence[str]) -> None:
    unnamed = folded.count("")
    if unnamed > 1:
        raise FileRefusedError(
            _("The header line has %(count)d columns without a name; expected a name for each.") % {"count": unnamed}
        )
    repeated = sorted({name for name in folded if folded.count(name) > 1})
    if repeated:
        raise FileRefusedError(
            _("The header line names a column twice: %(columns)s; expected each once.") % {"columns": shown(repeated)}
        )


def _refuse_missing(folded: Sequence[str], columns: Sequence[Column], may_lack: frozenset[str]) -> None:
    wanted = [column.name for column in columns if not column.optional and column.name not in may_lack]
    missing = [name for name in wanted if name not in folded]
    if len(missing) == len(wanted):
        raise FileRefusedError(
            _("The file has no header line; expected one with the columns %(columns)s, separated by commas, in UTF-8.")
            % {"columns": shown(wanted)}
        )
    if missing:
        raise FileRefusedError(_("The header line lacks a column: %(columns)s.") % {"columns": shown(missing)})


def shown(names: Sequence[str]) -> str:
    """Names of columns for a sentence; what is no text is replaced, what is long is cut."""
    cleaned = (name.encode("utf-8", "replace").decode().replace("\0", "?") for name in names)
    return ", ".join(name if len(name) <= 64 else name[:63] + "…" for name in cleaned)
