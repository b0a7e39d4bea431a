"""A table of an analysis: the same columns and rows on its page and in its file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from partners.export.table import Column, Kind, Table

Record = Mapping[str, Any]
"""A row: a value for each column by its exact name; what else it holds is for the page alone (`href`: where the first
shown column leads)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as a page and a file show it. Rows may be made when they are looked at."""

    part: str
    """The last part of its file's address, before the ending."""
    title: str
    columns: Sequence[Column]
    rows: Sequence[Record]
    hidden: frozenset[str] = frozenset()
    """Columns that only the file has, such as ids."""
    sorts: frozenset[str] = frozenset()
    """Columns that the page can be sorted by; those that are figures fall first."""
    order: str = ""
    """The column that it is sorted by now, `-` before it: from the top down."""
    page: Any = None
    """A Page of the rows, where the table has pages."""
    file: str = ""
    """The address of its CSV; empty: it has no file."""
    pick: str = ""
    """A row can be chosen for the comparison under this parameter; its value stands in the row as `pick`."""

    @property
    def shown(self) -> list[Column]:
        """The columns of the page."""
        return [column for column in self.columns if column.name not in self.hidden]

    @property
    def visible(self) -> Sequence[Record]:
        """The rows of the page."""
        return self.page.object_list if self.page is not None else self.rows

    def on_page(self, page: Any) -> Listing:
        """The same with a page of its rows."""
        return replace(self, page=page)

    def table(self, *, name: str, about: Mapping[str, str | int | None]) -> Table:
        """The file: every row, on all pages."""
        return Table(
            name=name, title=self.title, columns=self.columns, rows=self._cells(), size=len(self.rows), about=about
        )

    def _cells(self, at_once: int = 500) -> Iterator[list[Any]]:
        names = [column.name for column in self.columns]
        for first in range(0, len(self.rows), at_once):
            for row in self.rows[first : first + at_once]:
                yield [row[name] for name in names]


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether from the top down."""

    column: str
    descending: bool

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"-{self.column}" if self.descending else self.column


def order_of(request: HttpRequest, *, known: Collection[str], default: str) -> Order:
    """`sort` of an address: a column, `-` before it. Raises BadRequest with a sentence."""
    text = request.GET.get("sort", "").strip() or default
    column = text.removeprefix("-")
    if column not in known:
        message = _("sort: “%(text)s” is no column; expected one of %(known)s, with - before it from the top down.")
        raise BadRequest(message % {"text": text, "known": ", ".join(known)})
    return Order(column, text.startswith("-"))


def columns_of(request: HttpRequest, *, every: Sequence[str], first: Sequence[str]) -> list[str]:
    """The columns that `columns` names (several times, or with commas), in their usual order; without it `first`.

    Raises BadRequest with a sentence for a column that there isn't.
    """
    asked = [name for text in request.GET.getlist("columns") for name in text.split(",") if name.strip()]
    names = {name.strip() for name in asked}
    unknown = sorted(names - set(every))
    if unknown:
        message = _("columns: “%(text)s” is no column; expected any of %(known)s.")
        raise BadRequest(message % {"text": unknown[0], "known": ", ".join(every)})
    return [name for name in every if name in (names or set(first))]


def is_number(column: Column) -> bool:
    """Whether its values stand to the right."""
    return column.kind in (Kind.INTEGER, Kind.PERCENT, Kind.DECIMAL)


class Mapped(Sequence[dict[str, Any]]):
    """The rows of another sequence, each changed when it is looked at."""

    def __init__(self, rows: Sequence[Any], change: Callable[[Any], dict[str, Any]]) -> None:
        self._rows, self._change = rows, change

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        found = self._rows[index]
        return [self._change(row) for row in found] if isinstance(index, slice) else self._change(found)
