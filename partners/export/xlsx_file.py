"""A table as an Excel workbook (ECMA-376) that is sent while it is written, row by row.

Written here and not by a library: those at hand write a temporary file first, so that the first byte comes after the last
row (docs/decisions/0016).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from partners.export.packing import Pipe, entry
from partners.export.table import Cell, Column, Kind, Row, Table
from partners.export.xlsx_parts import FIXED_PARTS, STYLES, workbook

MOST_ROWS = 1_048_575
"""A sheet's rows without its header."""
LONGEST_TEXT = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = date(1899, 12, 30)
_SHEET = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_ROWS_AT_ONCE = 200


def xlsx_file(table: Table, manifest: Callable[[], dict[str, Any]]) -> Iterator[bytes]:
    """The table on the first sheet under its headings in words; the manifest on the second, "About"."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in FIXED_PARTS.items():
            packed.writestr(entry(name), part)
        packed.writestr(entry("xl/workbook.xml"), workbook(str(table.title), _("About")))
        with packed.open(entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            for part in _sheet(table):
                sheet.write(part.encode())
                yield pipe.taken()
        packed.writestr(entry("xl/worksheets/sheet2.xml"), _about(manifest()))
    yield pipe.taken()


def _sheet(table: Table) -> Iterator[str]:
    """A sheet's parts: the first row stands still when one scrolls, and can be filtered by."""
    yield (
        f'{_SHEET}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{_widths(table.columns)}</cols><sheetData>"
        f"{_row([_text(str(column.heading), STYLES['heading']) for column in table.columns])}"
    )
    writers = [_WRITERS[column.kind] for column in table.columns]
    rows: list[str] = []
    for row in table.rows:
        rows.append(_row([_cell(write, value) for write, value in zip(writers, row, strict=True)]))
        if len(rows) == _ROWS_AT_ONCE:
            yield "".join(rows)
            rows.clear()
    yield "".join(rows) + "</sheetData></worksheet>"


def _widths(columns: Sequence[Column]) -> str:
    widths = [max(10, min(40, len(str(column.heading)) + 4)) for column in columns]
    return "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _cell(write: Callable[[Any], str], value: Cell) -> str:
    return "<c/>" if value is None or value == "" else write(value)


def _text(text: str, style: int) -> str:
    """A cell that is text whatever it begins with, and stays text when somebody edits it."""
    kept = escape(_UNWRITABLE.sub("\ufffd", text[:LONGEST_TEXT]))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'


def _number(value: object, style: int) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def _day(value: date | str) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return _number((day - _EPOCH).days, STYLES["day"])


def _moment(value: datetime) -> str:
    """In UTC, as the days of the files are."""
    at = value.astimezone(UTC).replace(tzinfo=None)
    return _number((at - datetime(1899, 12, 30)).total_seconds() / 86_400, STYLES["moment"])  # noqa: DTZ001  all in UTC


_WRITERS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.TEXT: lambda value: _text(str(value), STYLES["text"]),
    Kind.INTEGER: lambda value: _number(value, STYLES["integer"]),
    Kind.PERCENT: lambda value: _number(value, STYLES["percent"]),
    Kind.DECIMAL: lambda value: _number(value, STYLES["decimal"]),
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.FLAG: lambda value: f'<c t="b" s="0"><v>{int(value)}</v></c>',
}


def _about(said: Mapping[str, Any]) -> str:
    """The manifest as two columns; columns of the table last, a row each."""
    plain = {name: value for name, value in said.items() if name not in {"columns", "filters"}}
    rows: list[Row] = [*plain.items()]
    rows += [(_("filter: %(name)s") % {"name": name}, text) for name, text in said["filters"].items()]
    rows += [(_("column: %(name)s") % {"name": column["heading"]}, column["name"]) for column in said["columns"]]
    written = "".join(
        _row([_text(str(name), STYLES["heading"]), _about_cell(value)])
        for name, value in rows
        if value not in (None, "")
    )
    return f'{_SHEET}<cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="2" width="70" customWidth="1"/></cols><sheetData>{written}</sheetData></worksheet>'


def _about_cell(value: Cell) -> str:
    return _number(value, STYLES["integer"]) if isinstance(value, int) else _text(str(value), STYLES["text"])
