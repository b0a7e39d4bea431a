"""Reads bad lines a second time: the first for the report, all of them for the file of rejected lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from customers.feed.faults import Fault
from customers.feed.reader import CsvFile, Record
from customers.feed.report import BadRecord
from customers.feed.staging import BadLine

ERROR = "error"


def bad_records(name: str, stream: BinaryIO, bad: Iterable[BadLine]) -> Iterator[tuple[BadRecord, Record]]:
    """The bad lines of the file `name`, in its order, each with its record. `bad` is in the order of lines."""
    with closing(CsvFile(stream, keep_text=True)) as file:
        records = file.records()
        header = next(records)
        places = {column.strip().casefold(): place for place, column in enumerate(header.fields)}
        for line, column, code in bad:
            record = next(record for record in records if record.line == line)
            fault = Fault(code)
            value = _value(record, places.get(column or ""), fault)
            yield BadRecord(name, line, column, value, fault), record


def _value(record: Record, place: int | None, fault: Fault) -> str:
    if fault is Fault.FIELDS:
        return str(len(record.fields))
    if place is None or place >= len(record.fields):
        return ",".join(record.fields)
    return record.fields[place].strip()


def write_rejected(path: Path, stream: BinaryIO, records: Iterable[tuple[BadRecord, Record]]) -> None:
    """Write the bad lines of a file to `path`, in the file's own form plus a column that says what is wrong.

    `stream` is the file once more, for its header line. A record with too many or too few fields keeps all it has.
    """
    with closing(CsvFile(stream)) as file:
        header = next(file.records())
    columns = [place for place, column in enumerate(header.fields) if column.strip().casefold() != ERROR]
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([*(header.fields[place] for place in columns), ERROR])
        for bad, record in records:
            writer.writerow(_rejected_row(record.fields, columns, len(header.fields), str(bad)))


def _rejected_row(fields: list[str], columns: list[int], width: int, error: str) -> list[str]:
    own = [fields[place] if place < len(fields) else "" for place in columns]
    return [*own, error, *fields[width:]]
