"""Stages the lines of most files: reads each cell as its column says, into `feed_line`."""

from __future__ import annotations

from collections.abc import Sequence

from customers.feed.batches import NULL, Batches, Cells, are_plain_ids, escaped
from customers.feed.context import FileContext
from customers.feed.faults import BadValueError, Fault
from customers.feed.reader import CsvFile, Record
from customers.feed.spec import RETRACT, Column
from customers.feed.staging import create_lines, take_bad
from customers.feed.values import is_text, opaque_id

ROOM = 10_000
"""How many cells of a column are remembered at most."""
_GOOD = f"f\t{NULL}\t{NULL}"


def stage(context: FileContext, file: CsvFile, columns: Sequence[Column]) -> None:
    """Read all records of `file` into `feed_line`; those that can't be read into `feed_bad`."""
    create_lines(context, [cell for column in columns for cell in column.staged])
    lines = RowLines(context, file, columns)
    with context.cursor.copy("COPY feed_line FROM STDIN") as copy:
        for text in lines.texts():
            copy.write(text)
    context.run("ANALYZE feed_line")
    if lines.any_bad:
        take_bad(context)


class RowLines(Batches):
    """Reads the lines of one file into what COPY reads: line, retract, column and fault of a bad one, and the staged columns."""

    def __init__(self, context: FileContext, file: CsvFile, columns: Sequence[Column]) -> None:
        super().__init__(context, file)
        places = context.header.places
        self.any_bad = False
        self._retract = places.get(RETRACT)
        self._retractable = context.retractable
        self._columns = [(column, places.get(column.name)) for column in columns if column.staged]
        self._known: list[dict[str, str]] = [{} for _column in self._columns]
        self._nothing = "".join(f"\t{NULL}" for column in columns for _cell in column.staged)

    def usual(self, begins: int, columns: Cells) -> str | None:
        """Lines that all state something, and are good."""
        count = len(columns[0])
        try:
            if self._retract is not None and any(map(reads_true, set(columns[self._retract]))):
                return None
            texts = [
                [_nothing(column)] * count if place is None else _texts(column, known, columns[place])
                for (column, place), known in zip(self._columns, self._known, strict=True)
            ]
        except BadValueError:
            return None
        lines = map(str, range(begins, begins + count))
        return "\n".join([*map("\t".join, zip(lines, [_GOOD] * count, *texts, strict=True)), ""])

    def single(self, record: Record) -> str:
        """The line of one record, good or bad."""
        fault = record_fault(record, self.width)
        if fault is not None:
            return self._bad(record.line, None, fault)
        retract = False
        if self._retract is not None:
            try:
                retract = self._retracts(record.fields[self._retract])
            except BadValueError as error:
                return self._bad(record.line, RETRACT, error.fault)
        return self._values(record, retract=retract)

    def _retracts(self, cell: str) -> bool:
        retract = reads_true(cell)
        if retract and not self._retractable:
            raise BadValueError(Fault.NOT_RETRACTABLE)
        return retract

    def _values(self, record: Record, *, retract: bool) -> str:
        texts = [str(record.line), "t" if retract else "f", NULL, NULL]
        for column, place in self._columns:
            if place is None or (retract and not column.key):
                texts.append(_nothing(column))
                continue
            try:
                texts.append(_text(column, record.fields[place]))
            except BadValueError as error:
                return self._bad(record.line, column.name, error.fault)
        return "\t".join(texts) + "\n"

    def _bad(self, line: int, column: str | None, fault: Fault) -> str:
        self.any_bad = True
        return f"{line}\tf\t{column or NULL}\t{fault.value}{self._nothing}\n"


def _texts(column: Column, known: dict[str, str], cells: Sequence[str]) -> list[str]:
    """What COPY reads for the cells of a column; each spelling is read once, and remembered as far as there is room."""
    if column.read is opaque_id and are_plain_ids(cells):
        return [f"{cell}\t{cell}" for cell in cells]
    met = {cell: known[cell] if cell in known else _text(column, cell) for cell in set(cells)}
    if len(known) + len(met) <= ROOM:
        known.update(met)
    return [met[cell] for cell in cells]


def _text(column: Column, cell: str) -> str:
    """What COPY reads for a cell. Raises BadValueError."""
    value = cell.strip()
    if value or column.may_be_empty:
        return "\t".join([NULL if part is None else escaped(part) for part in column.read(value)])
    if not column.optional:
        raise BadValueError(Fault.EMPTY)
    return _nothing(column)


def _nothing(column: Column) -> str:
    return "\t".join([NULL] * len(column.staged))


def record_fault(record: Record, width: int) -> Fault | None:
    """What is wrong with a record as such, before any of its values is looked at."""
    if record.broken:
        return Fault.LONG_LINE if record.too_long else Fault.RECORD
    if len(record.fields) != width:
        return Fault.FIELDS
    return None if is_text("".join(record.fields)) else Fault.ENCODING


def reads_true(cell: str) -> bool:
    """The value of a `retract` cell; empty is false."""
    folded = cell.strip().casefold()
    if folded not in ("", "true", "false"):
        raise BadValueError(Fault.BOOLEAN)
    return folded == "true"
