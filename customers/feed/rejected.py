"""Reads bad lines a second time: the first for the report, all of them for the file of rejected lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from customers.feed.faults import Fault
from customers.feed.reader import CsvFile, FileRefusedError, Record, why
from customers.feed.report import BadRecord
from customers.feed.staging import BadLine

ERROR = "error"


def bad_records(
    name: str, stream: BinaryIO, bad: Iterable[BadLine], expected: Mapping[Fault, str]
) -> Iterator[tuple[BadRecord, Record]]:
    """The bad lines of the file `name`, in its order, each with its record. `bad` is in the order of lines.

    `expected` is what the sentences on some faults name.
    """
    with closing(CsvFile(stream, keep_text=True)) as file:
        records = file.records()
        header = next(records)
        places = {column.strip().casefold(): place for place, column in enumerate(header.fields)}
        for line, column, code in bad:
            record = next(record for record in records if record.line == line)
            fault = Fault(code)
            value = _value(record, places.get(column or ""), fault)
            wanted = str(len(header.fields)) if fault is Fault.FIELDS else expected.get(fault, "")
            yield BadRecord(name, line, column, value, fault, wanted), record


def _value(record: Record, place: int | None, fault: Fault) -> str:
    if fault is Fault.FIELDS:
        return str(len(record.fields))
    if place is None or place >= len(record.fields):
        return ",".join(record.fields)
    return record.fields[place].strip()


def write_rejected(folder: Path, name: str, stream: BinaryIO, records: Iterable[tuple[BadRecord, Record]]) -> Path:
    """Write the bad lines of the file `name` into `folder`, in its own form plus a column that says what is wrong; where.

    `stream` is the file once more, for its header line. A record with too many or too few fields keeps all it has. What
    was written before stays, under another name. Raises FileRefusedError where the file can't be written.
    """
    with closing(CsvFile(stream)) as file:
        header = next(file.records())
    columns = [place for place, column in enumerate(header.fields) if column.strip().casefold() != ERROR]
    head = [*(header.fields[place] for place in columns), ERROR]
    rows = (_rejected_row(record.fields, columns, len(header.fields), str(bad)) for bad, record in records)
    try:
        with _new_file(folder, name) as target:
            _write(target, chain([head], rows))
    except OSError as error:
        raise FileRefusedError(
            _("The refused lines can't be written to %(folder)s: %(error)s.") % {"folder": folder, "error": why(error)}
        ) from error
    return Path(target.name)


def _new_file(folder: Path, name: str) -> TextIO:
    """NAME.rejected.csv (feed.md, "Loading"); one of before, which somebody may have corrected, gets a number."""
    path = folder / f"{name}.rejected.csv"
    if path.exists():
        numbered = (folder / f"{name}.rejected.{number}.csv" for number in count(1))
        path.rename(next(each for each in numbered if not each.exists()))
    return path.open("w", encoding="utf-8", errors="surrogateescape", newline="")


def _write(target: TextIO, rows: Iterable[list[str]]) -> None:
    """Write rows; quotes stand around all of a row with a carriage return, which CSV's writer leaves bare."""
    plain = csv.writer(target, lineterminator="\n")
    quoted = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        writer = quoted if any("\r" in cell for cell in row) else plain
        writer.writerow(row)


def _rejected_row(fields: list[str], columns: list[int], width: int, error: str) -> list[str]:
    own = [fields[place] if place < len(fields) else "" for place in columns]
    return [*own, error, *fields[width:]]
