"""What is exported: columns with their kinds, rows, and what the rows are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    PERCENT = "percent"
    """A number of percent: 62.5 is 62.5 %."""
    DECIMAL = "decimal"
    """A decimal number as text, such as a price."""
    DAY = "date"
    MOMENT = "date-time"
    FLAG = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its exact name (metrics.md, feed.md), what it is called in words, and its kind."""

    name: str
    heading: str | Promise
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written, exactly the rows of its screen, all pages of it. Rows may be made while they are written."""

    name: str
    """What the file is called, without its ending."""
    title: str | Promise
    """What it shows, in words."""
    columns: Sequence[Column]
    rows: Iterable[Row]
    size: int | None = None
    """How many rows, where that is known before they are made."""
    about: Mapping[str, str | int | None] = field(default_factory=dict)
    """What else the manifest says: `as_of`, `seller`, `customer`, `definitions`."""

    def watched(self, watch: Iterator[Row]) -> Table:
        """The same table with these rows instead."""
        return replace(self, rows=watch)
