"""Stages activity.csv and coverage.csv: both are millions of lines with few distinct customers, services and days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from customers.feed.batches import NULL, Batches, Cells, are_plain_ids, escaped
from customers.feed.context import FileContext
from customers.feed.faults import BadValueError, Fault
from customers.feed.lookup import SKIPPED, Known, Lookup
from customers.feed.reader import CsvFile, Record
from customers.feed.rows import record_fault
from customers.feed.spec import RETRACT
from customers.feed.staging import create_lines, take_bad
from customers.feed.values import fold, service_key

GOOD = f"\tf\t{NULL}\t{NULL}\n"
RETRACTED = f"\tt\t{NULL}\t{NULL}\n"
UNCHANGED = "unchanged"
NO_USER = f"{NULL}\t{NULL}"
NOTHING_TO_REMOVE = frozenset({Fault.UNKNOWN_CUSTOMER, Fault.UNKNOWN_SERVICE, Fault.FUTURE})

_COLUMNS = (
    ("customer_id", "int"),
    ("workload_id", "int2"),
    ("day", "date"),
    ("user_key", "text"),
    ("user_id", "text"),
)
_COPY = """
    COPY feed_line (line, customer_id, workload_id, day, user_key, user_id, retract, bad_column, fault) FROM STDIN
"""

_WITHOUT_EFFECT = """
    SELECT bad_column, count(DISTINCT user_key)
    FROM feed_line
    WHERE customer_id IS NULL AND fault IS NULL
    GROUP BY bad_column
"""


def stage_days(context: FileContext, file: CsvFile, *, of_people: bool) -> None:
    """Read all lines of `file` into `feed_line`, the bad ones into `feed_bad`; `of_people`: they name users."""
    create_lines(context, _COLUMNS)
    lines = DayLines(context, file, of_people=of_people)
    with context.cursor.copy(_COPY) as copy:
        for text in lines.texts():
            copy.write(text)
    context.run("ANALYZE feed_line (customer_id, workload_id, day)")
    if lines.any_bad:
        take_bad(context)
    if lines.any_without_effect:
        for outcome, keys in context.rows(_WITHOUT_EFFECT):
            setattr(context.counts, outcome, keys)


class DayLines(Batches):
    """Reads the lines of one file into what COPY reads."""

    def __init__(self, context: FileContext, file: CsvFile, *, of_people: bool) -> None:
        super().__init__(context, file)
        lookup = Lookup(context, every_service=not of_people)
        self.any_bad = False
        self.any_without_effect = False
        self._lookup = lookup
        self._places = context.header.places
        self._at_user = self._places["user_id"] if of_people else None
        self._at_retract = self._places.get(RETRACT)
        self._known: list[tuple[int, Known, Callable[[str], str]]] = [
            (self._places["customer_id"], lookup.customers, lookup.customer),
            (self._places["service"], lookup.services, lookup.service),
            (self._places["day"], lookup.days, lookup.day),
        ]
        self._reads = [("customer_id", lookup.customer), ("service", lookup.service), ("day", lookup.day)]
        if of_people:
            self._reads.insert(1, ("user_id", lookup.user))

    def usual(self, begins: int, columns: Cells) -> str | None:
        """Lines that state something, of days that are kept."""
        if self._at_retract is not None and any(columns[self._at_retract]):
            return None
        try:
            known = [_known_values(columns[place], known, read) for place, known, read in self._known]
            users = self._users(columns)
        except BadValueError:
            return None
        if SKIPPED in known[2]:
            return None
        lines = map(str, range(begins, begins + len(columns[0])))
        texts = map("\t".join, zip(lines, *known, users, strict=True))
        return GOOD.join(chain(texts, ("",)))

    def _users(self, columns: Cells) -> Iterable[str]:
        if self._at_user is None:
            return [NO_USER] * len(columns[0])
        users = columns[self._at_user]
        if are_plain_ids(users):
            return [f"{user}\t{NULL}" for user in users]
        return [self._lookup.user(user) for user in users]

    def single(self, record: Record) -> str:
        """One line, whatever it is."""
        line, row = record.line, record.fields
        fault = record_fault(record, self.width)
        if fault is not None:
            return self._bad(line, None, fault)
        column = RETRACT
        try:
            retract = self._at_retract is not None and self._lookup.retract(row[self._at_retract])
            cells = {}
            for column, read in self._reads:
                cells[column] = _cell(read, row[self._places[column]], retract=retract)
        except BadValueError as error:
            return self._bad(line, column, error.fault)
        if cells["day"] == SKIPPED or None in cells.values():
            return self._without_effect(line, row, skipped=cells["day"] == SKIPPED)
        user = cells.get("user_id", NO_USER)
        end = RETRACTED if retract else GOOD
        return f"{line}\t{cells['customer_id']}\t{cells['service']}\t{cells['day']}\t{user}{end}"

    def _without_effect(self, line: int, row: list[str], *, skipped: bool) -> str:
        """A good line that changes nothing: its key alone, so that it can be counted."""
        self.any_without_effect = True
        key = "|".join(service_key(value) if name == "service" else fold(value) for name, value in self._keys(row))
        return (
            f"{line}" + f"\t{NULL}" * 3 + f"\t{escaped(key)}\t{NULL}\tf\t{SKIPPED if skipped else UNCHANGED}\t{NULL}\n"
        )

    def _keys(self, row: list[str]) -> Iterator[tuple[str, str]]:
        return ((name, row[self._places[name]].strip()) for name, _read in self._reads)

    def _bad(self, line: int, column: str | None, fault: Fault) -> str:
        self.any_bad = True
        return f"{line}" + f"\t{NULL}" * 5 + f"\tf\t{column or NULL}\t{fault.value}\n"


def _known_values(cells: Sequence[str], known: Known, read: Callable[[str], str]) -> list[str]:
    """What the cells of a column mean, each spelling read once. Raises BadValueError."""
    values = list(map(known.spelled.get, cells))
    if None not in values:
        return values  # type: ignore[return-value]
    met = {cell: known.spelled.get(cell) or read(cell) for cell in set(cells)}
    return [met[cell] for cell in cells]


def _cell(read: Callable[[str], str], cell: str, *, retract: bool) -> str | None:
    """What a cell says; nothing where a line retracts what isn't known."""
    try:
        return read(cell)
    except BadValueError as error:
        if retract and error.fault in NOTHING_TO_REMOVE:
            return None
        raise
