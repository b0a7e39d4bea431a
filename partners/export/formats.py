"""The formats in which a table can be had."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from partners.export.canonical import Seal
from partners.export.csv_file import csv_file, zip_file
from partners.export.json_file import json_file
from partners.export.manifest import Order, manifest
from partners.export.table import Row, Table
from partners.export.xlsx_file import MOST_ROWS, xlsx_file


class Form(StrEnum):
    """A format, by the ending of its files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    ZIP = "zip"
    """The CSV file beside its manifest."""


OFFERED = (Form.CSV, Form.XLSX, Form.JSON)
"""Those with an address of their own; ZIP is that of CSV with `?manifest=1`."""
CONTENT_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSON: "application/json",
    Form.ZIP: "application/zip",
}


class Writing:
    """A table on its way into a file: its bytes, and when they have all been made, how many rows, and their SHA-256."""

    def __init__(self, table: Table, form: Form, order: Order) -> None:
        """Raises BadRequest for more rows than the format holds."""
        if form is Form.XLSX and (table.size or 0) > MOST_ROWS:
            message = _("The table has %(rows)d rows, an Excel sheet holds %(most)d. Filter it, or take it as CSV.")
            raise BadRequest(message % {"rows": table.size, "most": MOST_ROWS})
        self.table, self.form, self.order = table, form, order
        self.seal = Seal(table.columns)

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.table.name}.{self.form}"

    def manifest(self) -> dict[str, object]:
        """Of the rows that have passed."""
        return manifest(self.table, self.seal, self.order)

    def chunks(self, watch: Iterator[Row] | None = None) -> Iterator[bytes]:
        """The file's bytes, in pieces of some kilobytes; the first one at once."""
        table = self.table.watched(self.seal.over(watch or iter(self.table.rows)))
        if self.form is Form.CSV:
            return _gathered(csv_file(table))
        written = {Form.XLSX: xlsx_file, Form.JSON: json_file, Form.ZIP: zip_file}[self.form]
        return _gathered(written(table, self.manifest))


ENOUGH = 32 * 1024


def _gathered(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The first part with bytes by itself, the others gathered until they are worth a piece."""
    gathered, size, most = list[bytes](), 0, 1
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= most:
            yield b"".join(gathered)
            gathered, size, most = [], 0, ENOUGH
    if size:
        yield b"".join(gathered)
