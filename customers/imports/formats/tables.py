"""Any table, by what somebody said that its columns mean: the mapping, how it is suggested, and how a table is read by it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from customers.feed.values import canonical_guid
from customers.imports.csv_rows import CsvRows, plain
from customers.imports.formats.partner_center_subscriptions import STATES
from customers.imports.formats.partner_center_values import BadFieldError, day_of
from customers.imports.formats.table_targets import (
    CUSTOMER,
    DAY,
    FLAG,
    NUMBER,
    PRODUCT,
    TARGETS,
    Target,
    TargetColumn,
    target_of,
)
from customers.imports.reading import About, FileNotTakenError, Sample, Sink

ISO = "%Y-%m-%d"
DAY_FORMATS = (
    ISO,
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%Y%m%d",
)
MOST_ROWS_SHOWN = 20
_MOST_LISTS = 100_000
_FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "1", "ja", "j", "oui", "sí", "si", "sì", "wahr", "vrai", "x", "on"), "true"),
    **dict.fromkeys(("false", "no", "n", "0", "nein", "non", "nee", "falsch", "faux", "off"), "false"),
}
_BLANKS = str.maketrans("", "", " \u00a0\u202f'’")


@dataclass(frozen=True)
class Cell:
    """Where a value comes from: a column of the table by its header, or the same one for all."""

    header: str = ""
    constant: str = ""


@dataclass(frozen=True)
class Mapping:
    """What the columns of a table mean: columns of the target `file` -> where from, and how days are written (strptime).

    An empty `day_format`: the days can be read in several ways, and somebody must say which.
    """

    file: str
    columns: Dict[str, Cell] = field(default_factory=dict)
    day_format: str = ISO

    def as_json(self) -> dict[str, Any]:
        """As it is remembered."""
        columns = {name: {"header": cell.header, "constant": cell.constant} for name, cell in self.columns.items()}
        return {"file": self.file, "columns": columns, "day_format": self.day_format}

    @classmethod
    def of_json(cls, kept: Dict[str, Any]) -> Mapping:
        """What `as_json` made."""
        columns = {name: Cell(**cell) for name, cell in kept["columns"].items()}
        return cls(kept["file"], columns, kept["day_format"])

    def faults(self, headers: Sequence[str] | None = None) -> list[str]:
        """Why a table (with these `headers`) can't be read by it; nothing where it can."""
        target = target_of(self.file)
        if target is None:
            return [
                _("Expected one of %(files)s to read the table into.") % {"files": ", ".join(t.file for t in TARGETS)}
            ]
        return [*_missing(self, target), *_unknown(self, target, headers), *_bad_format(self, target)]


def _missing(mapping: Mapping, target: Target) -> list[str]:
    lacking = [column.name for column in target.columns if column.needed and column.name not in mapping.columns]
    return [_("No column is named for %(columns)s.") % {"columns": ", ".join(lacking)}] if lacking else []


def _unknown(mapping: Mapping, target: Target, headers: Sequence[str] | None) -> list[str]:
    faults = [
        _("%(file)s has no column %(column)s.") % {"file": target.file, "column": name}
        for name in mapping.columns
        if target.column(name) is None
    ]
    known = None if headers is None else {plain(header) for header in headers}
    absent = [
        cell.header
        for cell in mapping.columns.values()
        if known is not None and cell.header and plain(cell.header) not in known
    ]
    return [*faults, *(_("The table has no column “%(header)s”.") % {"header": header} for header in absent)]


def _bad_format(mapping: Mapping, target: Target) -> list[str]:
    has_days = any((column := target.column(name)) is not None and column.kind == DAY for name in mapping.columns)
    if not has_days or mapping.day_format in DAY_FORMATS:
        return []
    return [
        _("Say how the days are written: expected one of %(formats)s.")
        % {"formats": ", ".join(map(shown_format, DAY_FORMATS))}
    ]


def shown_format(day_format: str) -> str:
    """A format of days as people write it: `DD.MM.YYYY`."""
    for mark, letters in (("%Y", "YYYY"), ("%y", "YY"), ("%m", "MM"), ("%d", "DD")):
        day_format = day_format.replace(mark, letters)
    return day_format


def headers_of(sample: Sample) -> list[str]:
    """The header of the table that begins so; nothing where this is no table."""
    return table_of(sample)[0]


def table_of(sample: Sample) -> tuple[list[str], list[list[str]]]:
    """The header and the first rows of the table that begins so; nothing where this is none."""
    if sample.text.lstrip().startswith(("{", "[", "<")):
        return [], []
    whole = sample.text if sample.is_whole else sample.text[: sample.text.rfind("\n") + 1]
    try:
        rows = CsvRows(io.BytesIO(whole.encode(errors="replace")))
        headers = [header.strip() for header in rows.header]
        if len(headers) < 2:
            return [], []
        return headers, [row for _line, row in islice(rows.whole(_Nobody()), MOST_ROWS_SHOWN)]
    except FileNotTakenError:
        return [], []


class _Nobody:
    """A sink for whoever only looks."""

    def add(self, file: str, origin: int, /, **cells: str) -> None:
        """Not asked for."""

    def refuse(self, origin: int, *, column: str = "", value: str = "", reason: str) -> None:
        """Not asked for."""

    def remark(self, sentence: str) -> None:
        """Not asked for."""


def fingerprint(headers: Sequence[str]) -> str:
    """What tables of one kind have in common: the names of their columns, in any order and spelling (64 characters)."""
    names = sorted(plain(header) for header in headers)
    return hashlib.sha256("\n".join(names).encode(errors="replace")).hexdigest()


def suggest(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping | None:
    """What the columns probably mean, by their names in six languages; the file of which most is found. Nothing: no idea."""
    found = [(_share(target, columns), columns, target) for target in TARGETS if (columns := _columns(target, headers))]
    best = max(found, key=lambda each: each[0], default=None)
    if best is None or best[0] < (0.5, 0):
        return None
    _rank, columns, target = best
    days = [name for name in columns if (column := target.column(name)) and column.kind == DAY]
    return Mapping(target.file, columns, _day_format(_values(columns, days, headers, rows)))


def _columns(target: Target, headers: Sequence[str]) -> dict[str, Cell]:
    """The columns of a target that headers name, each header once; the earlier word of a column wins."""
    free = {plain(header): header for header in reversed(headers)}
    columns = {}
    for column in target.columns:
        word = next((word for word in (plain(column.name), *map(plain, column.words)) if word in free), None)
        if word is not None:
            columns[column.name] = Cell(header=free.pop(word))
    return columns


def _share(target: Target, columns: Dict[str, Cell]) -> tuple[float, int]:
    """How much of what a target needs is found, then how much in all."""
    needed = [column.name for column in target.columns if column.needed]
    return sum(name in columns for name in needed) / len(needed), len(columns)


def _values(
    columns: Dict[str, Cell], days: Sequence[str], headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[str]:
    places = [headers.index(columns[name].header) for name in days]
    return [row[place].strip() for row in rows for place in places if place < len(row) and row[place].strip()]


def _day_format(values: Sequence[str]) -> str:
    """The one format in which all of these are days; nothing where there are several, or none."""
    if all(day_of(value) for value in values):
        return ISO
    fitting = [day_format for day_format in DAY_FORMATS[1:] if all(_parsed(value, day_format) for value in values)]
    return fitting[0] if len(fitting) == 1 else ""


@lru_cache(maxsize=8192)
def _parsed(text: str, day_format: str) -> date | None:
    """The day; a time behind it is left out. ISO is read always: workbooks give it."""
    found = day_of(text)
    if found is not None:
        return found
    try:
        return datetime.strptime(text.split(maxsplit=1)[0] if text else "", day_format).date()  # noqa: DTZ007 - a day has no zone
    except (ValueError, IndexError):
        return None


def read_mapped(stream: BinaryIO, mapping: Mapping, about: About, sink: Sink) -> None:
    """Read a table by what its columns mean. Rows that don't fit are refused.

    Raises FileNotTakenError: the mapping doesn't fit the table, or the file is none.
    """
    rows = CsvRows(stream)
    faults = mapping.faults(rows.header)
    target = target_of(mapping.file)
    if faults or target is None:
        raise FileNotTakenError(" ".join(faults))
    table = _Table(target, mapping, rows.names, about, sink)
    for line, row in rows.whole(sink):
        table.take(line, row)


class _Table:
    """Reads the rows of one table."""

    def __init__(self, target: Target, mapping: Mapping, names: Sequence[str], about: About, sink: Sink) -> None:
        self._target = target
        self._mapping = mapping
        self._about = about
        self._sink = sink
        self._sources = [
            (column, cell, names.index(plain(cell.header)) if cell.header else -1)
            for column in target.columns
            if (cell := mapping.columns.get(column.name)) is not None
        ]
        self._listed: set[tuple[str, str]] = set()
        self._skus: dict[str, str] = {}

    def take(self, line: int, row: Sequence[str]) -> None:
        """One row."""
        try:
            cells = {
                column.name: self._read(column, cell, row[place] if place >= 0 else cell.constant)
                for column, cell, place in self._sources
            }
            self._complete(cells)
        except BadFieldError as error:
            self._sink.refuse(line, column=error.column, value=error.value, reason=str(error))
            return
        if self._target.file == "holders.csv":
            self._list(line, cells)
        self._sink.add(self._target.file, line, **cells)

    def _complete(self, cells: dict[str, str]) -> None:
        """What the table doesn't say and the import does."""
        if not cells.get("customer_id"):
            if self._about.customer is None:
                raise BadFieldError(_("It doesn't say which customer it is about; name the customer."))
            cells["customer_id"] = str(self._about.customer)
        if self._target.file in ("holders.csv", "subscriptions_seen.csv"):
            cells["day"] = cells.get("day") or self._about.day.isoformat()
        if self._target.file == "holders.csv":
            cells["source"] = "directory"
        if self._target.file in ("holders.csv", "holdings.csv"):
            cells["state"] = cells.get("state") or "entitled"
        if self._target.file == "subscriptions_seen.csv":
            self._complete_subscription(cells)

    def _complete_subscription(self, cells: dict[str, str]) -> None:
        cells["seller"] = cells.get("seller") or str(self._about.partner or "")
        if not cells["seller"]:
            raise BadFieldError(_("It doesn't say who sold the subscription; import it for a partner."))
        stated = cells.get("status", "").casefold()
        cells["status"] = STATES.get(stated, stated) or "active"
        cells["is_trial"] = cells.get("is_trial") or "false"

    def _list(self, line: int, cells: Dict[str, str]) -> None:
        """A table of holders is the whole list of its customers on its day."""
        key = (cells["customer_id"], cells["day"])
        if key in self._listed:
            return
        if len(self._listed) >= _MOST_LISTS:
            raise FileNotTakenError(
                _("The table is of more than %(most)d customers and days; expected fewer.") % {"most": _MOST_LISTS}
            )
        self._listed.add(key)
        self._sink.add("lists.csv", line, customer_id=key[0], day=key[1], source=cells["source"], user_id="")

    def _read(self, column: TargetColumn, cell: Cell, written: str) -> str:
        """A value as a feed writes it. Raises BadFieldError."""
        text = written.strip()
        if not text:
            return self._empty(column, cell)
        if column.kind == DAY:
            return self._day(cell, text)
        if column.kind == FLAG:
            return self._flag(cell, text)
        if column.kind == NUMBER:
            return text.translate(_BLANKS).removesuffix(".0")
        if column.kind == PRODUCT:
            return self._sku(cell, text)
        if column.kind == CUSTOMER and canonical_guid(text) is None:
            raise BadFieldError(_("Expected the customer's tenant id, a GUID."), column=cell.header, value=text)
        return text

    def _empty(self, column: TargetColumn, cell: Cell) -> str:
        if column.needed:
            raise BadFieldError(_("The cell is empty; expected a value."), column=cell.header or column.name)
        return ""

    def _day(self, cell: Cell, text: str) -> str:
        found = _parsed(text, self._mapping.day_format)
        if found is None:
            raise BadFieldError(
                _("Expected a day as %(form)s.") % {"form": shown_format(self._mapping.day_format)},
                column=cell.header,
                value=text,
            )
        return found.isoformat()

    def _flag(self, cell: Cell, text: str) -> str:
        flag = _FLAGS.get(text.casefold())
        if flag is None:
            raise BadFieldError(_("Expected yes or no, true or false."), column=cell.header, value=text)
        return flag

    def _sku(self, cell: Cell, text: str) -> str:
        """A SKU by its GUID, part number or name. Raises BadFieldError: none, or several."""
        guid = canonical_guid(text)
        if guid is not None:
            return guid
        if text not in self._skus:
            if len(self._skus) >= _MOST_LISTS:
                self._skus.clear()
            named = list(self._about.catalogue.skus_named(text))
            self._skus[text] = str(named[0]) if len(named) == 1 else ""
        if not self._skus[text]:
            raise BadFieldError(
                _("Expected a product of the catalogue: its GUID, its part number, or a name that only one has."),
                column=cell.header,
                value=text,
            )
        return self._skus[text]
