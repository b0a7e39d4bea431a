"""Hands what a pull has fetched to the imports, as the files that a person would have delivered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from customers.connections.failures import Problem, PullError
from customers.connections.fetching import Wanted
from customers.connections.storage import Round
from customers.models.connection import Connection
from partners.models import Partner

MOST_TOLD = 20
PAGING = frozenset({"@odata.nextLink", "links", "totalCount"})
"""What a page says of others."""


@dataclass(frozen=True)
class Handed:
    """A pull that has fetched everything: its files, of one connection and one day."""

    part: Round
    wanted: tuple[Wanted, ...]

    @property
    def partner(self) -> Partner:
        """For whom it is imported, with its rights."""
        return self.part.claimed.partner

    @property
    def day(self) -> date:
        """The day of which the lists are."""
        return self.part.pull.day

    @contextmanager
    def files(self) -> Iterator[list[Path]]:
        """The files in a folder, as long as the block goes on."""
        together: dict[str, list[Wanted]] = {}
        for wanted in (each for each in self.wanted if not each.is_beside):
            together.setdefault(wanted.into or wanted.name, []).append(wanted)
        with TemporaryDirectory() as folder:
            yield [self._written(lists, Path(folder) / name) for name, lists in together.items()]

    def _written(self, wanted: Sequence[Wanted], target: Path) -> Path:
        if wanted[0].items:
            self._write_lists(wanted, target)
        else:
            with target.open("wb") as stream:
                stream.writelines(self.part.pieces(wanted[0].name))
        return target

    def _write_lists(self, lists: Sequence[Wanted], target: Path) -> None:
        """Lists with all their pages as one document that is built like one page."""
        items = lists[0].items
        separator = ""
        with target.open("w", encoding="utf-8") as stream:
            for number, (wanted, page) in enumerate(self._pages(lists)):
                if number == 0:
                    stream.write(_head(page, items))
                for item in self._items(wanted, page):
                    stream.write(separator + json.dumps(item))
                    separator = ",\n"
            stream.write("]}")

    def _items(self, wanted: Wanted, page: dict[str, Any]) -> Iterator[Any]:
        for item in page[wanted.items]:
            key = str(item.get("id", "")) if isinstance(item, dict) else ""
            if key not in wanted.without:
                yield wanted.linked(item) | self._said_beside(wanted, key) if key else item

    def _said_beside(self, wanted: Wanted, key: str) -> dict[str, Any]:
        """What another file says of the item with this id."""
        page = next(self.part.pages(wanted.beside.format(id=key)), None) if wanted.beside else None
        return {} if page is None else {"provisioningStatus": page[wanted.items][0]}

    def _pages(self, lists: Sequence[Wanted]) -> Iterator[tuple[Wanted, dict[str, Any]]]:
        for wanted in lists:
            for page in self.part.pages(wanted.name):
                yield wanted, page


HandOver = Callable[[Handed], list[str]]
"""Brings the files in, all or nothing; returns what of them was refused. Raises PullError where nothing was taken."""


def hand_to_imports(handed: Handed) -> list[str]:
    """Bring the files in with the rights of the partner: what is good is taken, the rest is told of."""
    from customers.services.imports import Delivery, Given, apply

    claimed = handed.part.claimed
    with handed.files() as files:
        delivery = Delivery(
            stated_by=handed.partner,
            files=[Given(path) for path in files],
            customer=claimed.tenant_id if claimed.kind == Connection.Kind.GRAPH else None,
            day=handed.day,
            skip_bad=True,
            source=f"{claimed.get_kind_display()} {claimed.tenant_id} {handed.day}",
        )
        report = apply(actor=None, delivery=delivery)
    told = [*report.refusals(), *(str(record) for record in report.first)][:MOST_TOLD]
    if not report.applied:
        raise PullError(Problem.NOT_IMPORTED, "\n".join(told))
    return told


def _head(page: dict[str, Any], items: str) -> str:
    """The beginning of a document up to its first item: what the page says of itself, nothing of others."""
    said = {name: value for name, value in page.items() if name not in {items, *PAGING}}
    return json.dumps(said)[:-1] + (", " if said else "") + json.dumps(items) + ": ["
