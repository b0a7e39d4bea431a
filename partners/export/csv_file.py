"""A table as CSV, and as CSV beside its manifest in a ZIP file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from partners.csv_export import BYTE_ORDER_MARK, csv_lines
from partners.export.canonical import canonical
from partners.export.packing import Pipe, entry
from partners.export.table import Cell, Table


def csv_file(table: Table) -> Iterator[bytes]:
    """UTF-8 with byte order mark; the header has the columns' exact names. Text that begins like a formula is neutralised."""
    yield (BYTE_ORDER_MARK + "".join(csv_lines([[column.name for column in table.columns]]))).encode()
    yield from (line.encode() for line in csv_lines([_written(value) for value in row] for row in table.rows))


def zip_file(table: Table, manifest: Callable[[], dict[str, Any]]) -> Iterator[bytes]:
    """The same file and `manifest.json`, which is asked for when all rows have been written."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open(entry(f"{table.name}.csv"), "w") as file:
            for lines in csv_file(table):
                file.write(lines)
                yield pipe.taken()
        packed.writestr(entry("manifest.json"), json.dumps(manifest(), ensure_ascii=False, indent=2))
    yield pipe.taken()


def _written(value: Cell) -> Cell:
    return canonical(value) if isinstance(value, (bool, datetime)) else value
