"""Excel workbooks (.xlsx): each sheet as CSV, streamed. Days come as YYYY-MM-DD; a line's number is the row's."""

from __future__ import annotations

import csv
import io
import posixpath
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from customers.imports.archive import Entry, Limits, entries, unpacked
from customers.imports.cells import CellStyles, shown_cell
from customers.imports.reading import FileNotTakenError
from customers.imports.streams import CHUNK, MAX_COLUMNS, Chunks
from customers.imports.xml_events import Attributes, attribute, read_xml

CONTENT_TYPES = "[content_types].xml"
_MOST_ROWS = 1_048_576
_MOST_CELL = 32_767
_MOST_SHARED = 80_000_000  # bytes of memory
_MOST_SHEETS = 256


@dataclass(frozen=True)
class Sheet:
    """A sheet that is shown: its name, and the part of the workbook that holds its rows."""

    name: str
    part: str


@dataclass
class Book:
    """A workbook on disk: its parts by name in lower case, its sheets, how its cells are meant."""

    path: Path
    parts: dict[str, Entry]
    sheets: list[Sheet] = field(default_factory=list)
    from_1904: bool = False


def open_book(path: Path, limits: Limits) -> Book:
    """What the workbook at `path` holds. Raises FileNotTakenError: no .xlsx."""
    book = Book(path, {entry.name.casefold().lstrip("/"): entry for entry in entries(path, limits)})
    links = _links(book, "_rels/.rels", "")
    main = next((part for kind, part in links.values() if kind.endswith("/officeDocument")), "")
    if not main.endswith(".xml") or main not in book.parts:
        raise FileNotTakenError(_("This is no Excel workbook (.xlsx); expected one, a CSV, a JSON or a zip of such."))
    _read_main(book, main)
    return book


def _links(book: Book, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}

    def begin(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = posixpath.normpath(posixpath.join("/" + folder, attribute(attributes, "Target")))
            found[attribute(attributes, "Id")] = (attribute(attributes, "Type"), target.lstrip("/").casefold())

    _read(book, part, begin)
    return found


def _read(book: Book, part: str, begin: Callable[[str, Attributes], None]) -> None:
    entry = book.parts.get(part)
    if entry is None:
        raise FileNotTakenError(_("The workbook lacks its part %(part)s.") % {"part": part})
    for _piece in read_xml(unpacked(book.path, entry), begin=begin, end=_nothing, text=_nothing):
        pass


def _nothing(*_args: object) -> None:
    """What is told here isn't asked for."""


def _read_main(book: Book, main: str) -> None:
    folder, name = posixpath.split(main)
    links = _links(book, f"{folder}/_rels/{name}.rels", folder)

    def begin(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            book.from_1904 = attribute(attributes, "date1904") in ("1", "true")
        elif tag == "sheet" and attribute(attributes, "state") in ("", "visible") and len(book.sheets) < _MOST_SHEETS:
            _kind, part = links.get(attribute(attributes, "id"), ("", ""))
            if part in book.parts:
                book.sheets.append(Sheet(attribute(attributes, "name"), part))

    _read(book, main, begin)


def sheet_csv(book: Book, sheet: Sheet) -> Chunks:
    """The rows of a sheet as CSV in UTF-8, row 7 on line 7. Raises FileNotTakenError."""
    reader = _Rows(_shared_texts(book), _styles(book))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    width = line = 0
    for number, cells in reader.rows(unpacked(book.path, book.parts[sheet.part])):
        width = width or len(cells)
        written.write("\n" * (number - line - 1))
        writer.writerow(cells + [""] * (width - len(cells)))
        line = number
        if written.tell() >= CHUNK:
            yield written.getvalue().encode("utf-8", "replace")
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode("utf-8", "replace")


def _styles(book: Book) -> CellStyles:
    styles = CellStyles(from_1904=book.from_1904)
    part = next((name for name in book.parts if name.endswith("/styles.xml")), None)
    if part is not None:
        _read(book, part, styles.take)
    return styles


def _shared_texts(book: Book) -> list[str]:
    part = next((name for name in book.parts if name.endswith("/sharedstrings.xml")), None)
    texts = _SharedTexts()
    if part is not None:
        chunks = unpacked(book.path, book.parts[part])
        for _piece in read_xml(chunks, begin=texts.begin, end=texts.end, text=texts.text):
            pass
    return texts.found


class _SharedTexts:
    """The texts that cells refer to by their place; pronunciations beside them aren't part of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._memory = 0
        self._pieces: list[str] = []
        self._length = 0
        self._tags: list[str] = []

    def begin(self, name: str, _attributes: Attributes) -> None:
        self._tags.append(name)
        if name == "si":
            self._pieces = []
            self._length = 0

    def text(self, piece: str) -> None:
        if self._tags and self._tags[-1] == "t" and "rPh" not in self._tags:
            self._length += len(piece)
            _refuse_long_cell(self._length)
            self._pieces.append(piece)

    def end(self, name: str) -> None:
        self._tags.pop()
        if name == "si":
            text = "".join(self._pieces)
            self._memory += sys.getsizeof(text) + 8
            if self._memory > _MOST_SHARED:
                raise FileNotTakenError(_("The workbook holds more text than can be taken; save it as CSV."))
            self.found.append(text)


def _refuse_long_cell(length: int) -> None:
    if length > _MOST_CELL:
        raise FileNotTakenError(
            _("A cell of the workbook has more than %(most)d characters; expected shorter ones.") % {"most": _MOST_CELL}
        )


class _Rows:
    """The rows of a sheet, as the parser tells of them."""

    def __init__(self, shared: list[str], styles: CellStyles) -> None:
        self._shared = shared
        self._styles = styles
        self._done: list[tuple[int, list[str]]] = []
        self._row = 0
        self._cells: list[str] = []
        self._column = 0
        self._kind = ""
        self._style = ""
        self._place = ""
        self._value: list[str] | None = None
        self._length = 0
        self._in_value = False
        self._formula = False

    def rows(self, chunks: Chunks) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds something: its number and its cells. Raises FileNotTakenError."""
        for _piece in read_xml(chunks, begin=self._begin, end=self._end, text=self._text):
            yield from self._done
            self._done.clear()

    def _begin(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name in ("v", "t"):
            self._in_value = True
            self._value = self._value or []
        elif name == "rPh":
            self._in_value = False
        elif name == "f":
            self._formula = True

    def _begin_row(self, number: str) -> None:
        row = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else self._row + 1
        if not self._row < row <= _MOST_ROWS:
            raise FileNotTakenError(_("The sheet's rows aren't in their order, or are more than a workbook has."))
        self._row = row
        self._cells = []
        self._column = 0

    def _begin_cell(self, attributes: Attributes) -> None:
        self._place = attributes.get("r", "")
        self._column = _column(self._place) or self._column + 1
        self._kind = attributes.get("t", "")
        self._style = attributes.get("s", "")
        self._value = None
        self._length = 0
        self._formula = False

    def _text(self, piece: str) -> None:
        if self._in_value and self._value is not None:
            self._length += len(piece)
            _refuse_long_cell(self._length)
            self._value.append(piece)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and any(self._cells):
            self._done.append((self._row, self._cells))
            self._cells = []

    def _end_cell(self) -> None:
        if self._formula and not self._value:
            raise FileNotTakenError(
                _(
                    "Cell %(cell)s holds a formula without its result; open the workbook in its program and save it, or save as CSV."
                )
                % {"cell": self._place or self._row}
            )
        text = self._shown("".join(self._value or []))
        if not text:
            return
        if self._column > MAX_COLUMNS:
            raise FileNotTakenError(
                _("The sheet has more than %(most)d columns; expected fewer.") % {"most": MAX_COLUMNS}
            )
        self._cells.extend([""] * (self._column - len(self._cells)))
        self._cells[self._column - 1] = text

    def _shown(self, raw: str) -> str:
        if self._kind == "s":
            place = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else len(self._shared)
            raw = self._shared[place] if place < len(self._shared) else ""
        return shown_cell(raw, self._kind, self._style, self._styles)


def _column(place: str) -> int:
    """The number of the column in `C5`; 0 where nothing says it."""
    letters = place.rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return 0
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
