"""Where what readers find is kept until it is loaded: a folder of a feed's files, each line of which knows where it came from."""

from __future__ import annotations

import csv
import io
import re
import shutil
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from customers.feed.values import canonical_guid
from customers.imports.reading import Line

LINES_AT_ONCE = 4096
LONGEST_VALUE = 1000
"""Characters of a refused value that are kept."""
TOGETHER = {
    "activity.csv": ("customer_id", "user_id", "service", "day"),
    "coverage.csv": ("customer_id", "service", "day"),
    "holders.csv": ("customer_id", "day", "source", "user_id", "sku_id", "state"),
    "lists.csv": ("customer_id", "day", "source", "user_id"),
}
"""Files of which an import has one, with the lines of all vendor files: a list is compared as a whole, and days are
stated once. They have these columns, and where a line retracts that one too."""
OF_CUSTOMER = frozenset({"people.csv"})
"""Files whose lines mean something among those of one list of a customer only: who has a name."""
RETRACT = "retract"
DAYS = ("day", "effective_on", "from")
_TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogatepass"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_PLACE = 40
Cells = tuple[str, ...]
Arrange = Callable[[Cells], Cells]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line came from: the place of its vendor file among those of the import, and the line or item there, from 1."""

    file: int
    line: int


class Part:
    """One file of the folder. All of its lines have the same columns.

    The places they came from stand beside it, eight bytes for each physical line. `heard_of` hears which days lines name.
    """

    def __init__(
        self, path: Path, name: str, columns: tuple[str, ...], place: int, heard_of: Callable[[str], None]
    ) -> None:
        day = next((column for column in DAYS if column in columns), None)
        self.place = place
        self.path = path
        self.name = name
        self.columns = columns
        self.lines: dict[int, int] = {}
        """How many lines each vendor file brought."""
        self.customers: set[str] = set()
        """Of a file of OF_CUSTOMER: whom its lines name."""
        self._customer = columns.index("customer_id") if name in OF_CUSTOMER and "customer_id" in columns else None
        self._day = None if day is None else columns.index(day)
        self._heard_of = heard_of
        self._waiting: list[Line] = []
        # What is no text (a lone surrogate of a JSON text) gets to the loader as such, which says so.
        self._file = path.open("w", newline="", **_TEXT)
        self._file.write(_joined(columns) + "\n")
        self._places = self._beside.open("wb")

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(".origins")

    def write(self, lines: Iterable[Line]) -> None:
        """More lines, each with its origin: a vendor file's place and line in one number."""
        self._waiting += lines
        if len(self._waiting) >= LINES_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        origins = array("Q", [origin for origin, _cells in self._waiting])
        rows = [cells for _origin, cells in self._waiting]
        self._waiting.clear()
        self.lines[self.place] = self.lines.get(self.place, 0) + len(rows)
        if self._day is not None:
            for day in set(map(itemgetter(self._day), rows)):
                self._heard_of(day)
        if self._customer is not None:
            self.customers.update(map(_compared, set(map(itemgetter(self._customer), rows))))
        text = "\n".join([*map(",".join, rows), ""])
        if not _is_plain(text, len(rows), len(self.columns)):
            text, origins = _quoted(rows, origins)
        self._file.write(text)
        origins.tofile(self._places)

    def close(self) -> None:
        """Everything is written."""
        if not self._file.closed:
            self._flush()
            self._file.close()
            self._places.close()

    def takes(self, other: Part) -> bool:
        """Whether the lines of another part, which follow, mean among its own what they mean alone."""
        return self.columns == other.columns and self.customers.isdisjoint(other.customers)

    def absorb(self, other: Part) -> None:
        """Have the lines of another part with the same columns too; both are closed."""
        with self.path.open("ab") as whole, other.path.open("rb") as file:
            file.readline()
            shutil.copyfileobj(file, whole)
        with self._beside.open("ab") as whole, other._beside.open("rb") as file:
            shutil.copyfileobj(file, whole)
        self.lines |= other.lines
        self.customers |= other.customers
        other.remove()

    def widen(self, columns: tuple[str, ...]) -> None:
        """Have these columns, of which its own are the first."""
        more = [""] * (len(columns) - len(self.columns))
        if not more:
            return
        wide = self.path.with_suffix(".wide")
        with self.path.open(newline="", **_TEXT) as file, wide.open("w", newline="", **_TEXT) as target:
            rows = csv.reader(file)
            next(rows)
            writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerow(columns)
            writer.writerows(row + more for row in rows)
        self.columns = columns
        wide.replace(self.path)

    def remove(self) -> None:
        """It is as if it had never been."""
        self.path.unlink()
        self._beside.unlink()

    def origin(self, line: int) -> Origin:
        """Where the record came from that begins on this physical line (2: the first)."""
        with self._beside.open("rb") as places:
            places.seek((line - 2) * 8)
            number = int.from_bytes(places.read(8), "little")
        return Origin(number >> _PLACE, number & ((1 << _PLACE) - 1))


class RefusedRecords:
    """The records that aren't taken, all of them in one file, and the first ones at hand."""

    COLUMNS = ("file", "line", "column", "value", "reason")

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.count = 0
        self.of_file: dict[int, int] = {}
        self.first: list[RefusedRecord] = []
        self._most = most
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, place: int, record: RefusedRecord) -> None:
        """One record of the vendor file at this place."""
        record = replace(record, value=record.value[:LONGEST_VALUE])
        self.count += 1
        self.of_file[place] = self.of_file.get(place, 0) + 1
        if len(self.first) < self._most:
            self.first.append(record)
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", errors="replace", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(self.COLUMNS)
        self._writer.writerow([record.file, record.line, record.column, record.value, record.reason])

    def close(self) -> None:
        """Everything is written."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record of a vendor file that isn't taken: where it stands, and a sentence on what is wrong and was expected."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.line}" + (f", {self.column}" if self.column else "")
        value = f" “{self.value}”" if self.value and self.value not in self.reason else ""
        return f"{place}:{value} {self.reason}"


@dataclass
class FeedFolder:
    """Gathers what the readers of one import find.

    `parts` are its files: of each kind one for every vendor file and set of columns, because a column that isn't there
    leaves what is stored, and an empty cell blanks it (feed.md). Those that follow each other with the same columns are
    one in the end.
    """

    path: Path
    today: date
    refused: RefusedRecords
    parts: dict[Any, Part] = field(default_factory=dict)
    latest: str = ""
    """The latest day (ISO), not after today, that a line names."""
    wholes: dict[int, Path] = field(default_factory=dict)
    """Vendor files, by their place, that are loaded as they are."""
    _open: list[Any] = field(default_factory=list)
    _begun: int = 0

    def sink(self, place: int, name: str) -> FolderSink:
        """What the reader of the vendor file at this place writes to."""
        return FolderSink(self, place, name)

    def part(self, place: int, file: str, columns: tuple[str, ...]) -> Part:
        """The file for such lines."""
        if file in TOGETHER:
            columns = TOGETHER[file] + ((RETRACT,) if RETRACT in columns else ())
        key = (place, file, *columns)
        if key not in self.parts:
            self._begun += 1
            path = self.path / f"{self._begun}-{file}"
            self.parts[key] = Part(path, file, columns, place, self.heard_of)
            self._open.append(key)
        return self.parts[key]

    def of_kind(self, file: str) -> list[Part]:
        """The parts of one of a feed's files, in the order in which they were begun; complete when the folder is closed."""
        return [part for part in self.parts.values() if part.name == file]

    def whole(self, place: int) -> Path:
        """Where to put a vendor file that is loaded as it is."""
        return self.wholes.setdefault(place, self.path / f"{place}.whole")

    def heard_of(self, day: str) -> None:
        """A line names this day, if it is one at all."""
        if day <= self.latest:
            return
        try:
            if date.fromisoformat(day) <= self.today and len(day) == len(self.today.isoformat()):
                self.latest = day
        except ValueError:
            return

    def end_of_file(self, place: int, *, taken: bool) -> dict[str, int]:
        """The vendor file at this place has been read to its end, or it isn't `taken`: then it is as if it had not been.

        How many lines of each of a feed's files it brought.
        """
        lines: dict[str, int] = {}
        for key in self._open:
            part = self.parts[key]
            part.close()
            if taken:
                lines[part.name] = lines.get(part.name, 0) + part.lines[place]
            else:
                self.parts.pop(key).remove()
        self._open.clear()
        return lines

    def close(self) -> None:
        """Everything has been read: what means something as a whole only is put together."""
        for file, columns in TOGETHER.items():
            parts = {key: part for key, part in self.parts.items() if part.name == file}
            if len({part.columns for part in parts.values()}) > 1:
                for part in parts.values():
                    part.widen((*columns, RETRACT))
            first = next(iter(parts), None)
            for key in [key for key in parts if key != first]:
                parts[first].absorb(self.parts.pop(key))
        self._join_neighbours()

    def _join_neighbours(self) -> None:
        """Vendor files with the same columns that came one after the other are one: each load of a file takes its time."""
        last: dict[str, Part] = {}
        for key, part in list(self.parts.items()):
            before = last.get(part.name)
            if before is not None and before.takes(part):
                before.absorb(self.parts.pop(key))
            else:
                last[part.name] = part


class FolderSink:
    """Takes what the reader of one vendor file finds (customers.imports.reading.Sink)."""

    def __init__(self, folder: FeedFolder, place: int, name: str) -> None:
        self.remarks: list[str] = []
        self._folder = folder
        self.place = place
        self._number = place << _PLACE
        self._name = name
        self._parts: dict[tuple[str, ...], tuple[Part, Arrange]] = {}

    def add(self, file: str, origin: int, /, **cells: str) -> None:
        """One line of a feed's file."""
        self.add_all(file, tuple(cells), [(origin, tuple(cells.values()))])

    def add_all(self, file: str, columns: tuple[str, ...], lines: Sequence[Line]) -> None:
        """Lines of a feed's file with the same columns, each with its origin."""
        part, arranged = self._parts.get((file, *columns)) or self._begin(file, columns)
        if self._number or arranged is not tuple:
            lines = [(self._number | origin, arranged(cells)) for origin, cells in lines]
        part.write(lines)

    def _begin(self, file: str, columns: tuple[str, ...]) -> tuple[Part, Arrange]:
        part = self._folder.part(self.place, file, columns)
        found = self._parts[(file, *columns)] = (part, _arrangement(columns, part.columns))
        return found

    def refuse(self, origin: int, *, column: str = "", value: str = "", reason: str) -> None:
        """One record that isn't taken."""
        self._folder.refused.add(self.place, RefusedRecord(self._name, origin, column, value, reason))

    def remark(self, sentence: str) -> None:
        """Something about the whole file, said once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)


def _arrangement(given: tuple[str, ...], wanted: tuple[str, ...]) -> Arrange:
    """How the cells of one set of columns become those of another; what isn't given is empty."""
    if given == wanted:
        return tuple
    pick = itemgetter(*(given.index(name) if name in given else len(given) for name in wanted))
    return lambda cells: pick((*cells, ""))


def _is_plain(text: str, lines: int, columns: int) -> bool:
    """Whether no cell of these lines needs quotes."""
    return (
        '"' not in text and "\r" not in text and text.count("\n") == lines and text.count(",") == lines * (columns - 1)
    )


def _quoted(rows: Iterable[Cells], origins: Iterable[int]) -> tuple[str, array[int]]:
    """The lines with quotes where they are needed, and the origins of all physical lines."""
    lines = []
    places = array("Q")
    for row, origin in zip(rows, origins, strict=True):
        line = ",".join(row) + "\n"
        if not _is_plain(line, 1, len(row)):
            line = _joined(row) + "\n"
        lines.append(line)
        places.extend([origin] * len(_LINE_END.findall(line)))
    return "".join(lines), places


def _compared(customer: str) -> str:
    """A customer's id as it compares; what is none is itself."""
    return canonical_guid(customer.strip()) or customer


def _joined(values: Iterable[str]) -> str:
    text = io.StringIO()
    # Quotes around everything: CSV's writer would leave a carriage return bare.
    csv.writer(text, lineterminator="", quoting=csv.QUOTE_ALL).writerow(values)
    return text.getvalue()
