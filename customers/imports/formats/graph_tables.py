"""A report of Microsoft Graph as rows, be it CSV or JSON."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from customers.imports.csv_rows import CsvRows, header_in, plain
from customers.imports.json_items import CHUNK, JsonItems, outline
from customers.imports.reading import Sample, Sink

_BLANK = b" \t\r\n\xef\xbb\xbf\xc2\xa0"
_JSON = (b"{", b"[")
_SHOWN = 80
Row = list[str]


def columns_in(sample: Sample) -> set[str]:
    """The columns of the file that begins so, in plain form, be it CSV or JSON."""
    found = outline(sample.text)
    return {plain(name) for name in found.item} if found else set(header_in(sample.text))


@dataclass
class Table:
    """The rows of a file, each with its line or item; where each column (in plain form) stands in them, and what the file calls it."""

    rows: Iterator[tuple[int, Row]]
    places: dict[str, int]
    titles: list[str]
    items: JsonItems | None = None
    broken: int = 0
    """The rows that were refused because they are none."""

    def names_next_page(self) -> bool:
        """Whether the file, as far as it has been read, says that it is a page of several."""
        return self.items is not None and names_next(self.items.envelope)


def names_next(envelope: dict[str, Any]) -> bool:
    """Whether a JSON envelope names a next page."""
    return any(name.casefold().endswith("nextlink") and value for name, value in envelope.items())


def table_in(stream: BinaryIO, sink: Sink) -> Table:
    """The file as a table. Raises FileNotTakenError."""
    file = io.BufferedReader(cast("io.RawIOBase", stream), CHUNK)
    return _of_json(file, sink) if file.peek(CHUNK).lstrip(_BLANK).startswith(_JSON) else _of_csv(file, sink)


def _of_csv(file: BinaryIO, sink: Sink) -> Table:
    rows = CsvRows(file)
    # Of columns with one name the first counts.
    places = {name: rows.names.index(name) for name in rows.names}
    table = Table(iter(()), places, [title.strip() for title in rows.header])
    table.rows = _counted(rows, table, sink)
    return table


def _counted(rows: CsvRows, table: Table, sink: Sink) -> Iterator[tuple[int, Row]]:
    yield from rows.whole(sink)
    table.broken = rows.broken


def _of_json(file: BinaryIO, sink: Sink) -> Table:
    """Objects as rows; the columns are the first one's names."""
    items = JsonItems(file)
    numbered = iter(items)
    first = list(islice(numbered, 1))
    titles = list(first[0][1]) if first and isinstance(first[0][1], dict) else []
    places = {plain(title): place for place, title in reversed(list(enumerate(titles)))}
    table = Table(iter(()), places, titles, items)
    table.rows = _objects(chain(first, numbered), table, sink)
    return table


def _objects(numbered: Iterator[tuple[int, Any]], table: Table, sink: Sink) -> Iterator[tuple[int, Row]]:
    for number, item in numbered:
        if isinstance(item, dict):
            yield number, [_cell(item.get(title)) for title in table.titles]
        else:
            table.broken += 1
            sink.refuse(number, value=str(item)[:_SHOWN], reason=_("Expected an object with a person's figures."))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(part for part in value if isinstance(part, str))
    return "" if value is None else str(value)
