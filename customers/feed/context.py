"""What the loading of one file knows: the database, who states, and as of when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from customers.feed.spec import Header

Query = str | sql.Composable


@dataclass
class Counts:
    """How many records of a file did what."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0
    refused: int = 0
    skipped: int = 0


@dataclass
class FileContext:
    """One file being loaded, inside its transaction.

    `partner` is the key of the partner that states, or nothing for the operator. `limit` is the first day of activity
    that is kept. `reaches_all`: the operator speaks in the partner's name, so that every customer can be named. `step` is
    the load's step that the file is. `alone`: whether there was a single partner, where that is long past. `replays`: an
    undo of an earlier load brings the file in again.
    """

    cursor: CursorWrapper
    load: int
    partner: int | None
    partner_guid: str | None
    today: date
    limit: date
    header: Header
    progress: Callable[[int], None]
    retractable: bool = True
    reaches_all: bool = False
    counts: Counts = field(default_factory=Counts)
    claims_waiting: int = 0
    step: int = 0
    alone: bool | None = None
    replays: bool = False

    @property
    def source(self) -> int:
        """The key of a source of activity: the partner's, or 0."""
        return self.partner or 0

    @property
    def facts(self) -> dict[str, Any]:
        """What every statement may refer to as a parameter."""
        return {
            "load": self.load,
            "partner": self.partner,
            "partner_guid": self.partner_guid,
            "source": self.source,
            "today": self.today,
        }

    def run(self, query: Query, more: Mapping[str, Any] | None = None) -> int:
        """Execute one statement; the number of rows that it touched."""
        self.cursor.execute(query, {**self.facts, **(more or {})})
        return self.cursor.rowcount

    def rows(self, query: Query, more: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The result of one query that is known to be small."""
        self.run(query, more)
        return self.cursor.fetchall()

    def value(self, query: Query, more: Mapping[str, Any] | None = None) -> Any:
        """The single value that one query yields."""
        return self.rows(query, more)[0][0]

    def stated(self, column: str, staged: str, stored: str, blank: str = "NULL") -> sql.Composable:
        """What an optional column says: the cell of `l`, or `stored` where the file lacks the column."""
        said = sql.Identifier("l", staged) if self.header.has(column) else sql.SQL(stored)
        return sql.SQL("coalesce({}, {})").format(said, sql.SQL(blank))
