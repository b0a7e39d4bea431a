"""A table as JSON: the names and types of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from partners.export.canonical import canonical
from partners.export.table import Cell, Table


def json_file(table: Table, manifest: Callable[[], dict[str, Any]]) -> Iterator[bytes]:
    """`{"rows": [{...}, ...], "manifest": {...}}`: the manifest last, for only then the rows are counted."""
    names = [column.name for column in table.columns]
    yield b'{"rows": ['
    before = "\n"
    for row in table.rows:
        told = {name: _told(value) for name, value in zip(names, row, strict=True)}
        yield (before + json.dumps(told, ensure_ascii=False)).encode(errors="replace")
        before = ",\n"
    yield ('\n], "manifest": ' + json.dumps(manifest(), ensure_ascii=False) + "}\n").encode(errors="replace")


def _told(value: Cell) -> Cell:
    return canonical(value) if isinstance(value, (date, datetime)) else value
