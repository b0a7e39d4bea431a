"""Brings the lines of a file into temporary tables of the database, and keeps account of the bad ones.

`feed_line` has a row per line, `feed_bad` a row per bad line. Each kind of file makes `feed_found` of it, the good lines
with what they refer to; `feed_effective` is the last good line of each key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from psycopg import sql

from customers.feed.context import FileContext, Query
from customers.feed.faults import BadValueError, Fault
from customers.feed.reader import CsvFile, Record
from customers.feed.spec import RETRACT, Column
from customers.feed.values import is_text

TABLES = (
    "feed_line", "feed_bad", "feed_found", "feed_effective", "feed_change", "feed_person", "feed_bit", "feed_stale",
    "feed_version", "feed_contested", "feed_touched", "feed_before", "feed_after", "feed_seller", "feed_place",
    "feed_left", "feed_move", "feed_group", "feed_regrouped", "feed_alias", "feed_named", "feed_said",
)  # fmt: skip
# Which customers the stater can name. A view takes no parameters, hence literals.
_ALL_CUSTOMERS = "CREATE TEMP VIEW feed_customer AS SELECT id, tenant_id FROM customers_customer"
_OWN_CUSTOMERS = """
    CREATE TEMP VIEW feed_customer AS
    SELECT id, tenant_id
    FROM customers_customer
    WHERE id IN (
        SELECT customer_id
        FROM customers_relationship
        WHERE partner_id = {partner} AND status = 'confirmed' AND daterange(valid_from, valid_to) @> {today}::date
    )
"""

PROGRESS_LINES = 20_000

BATCH = 10_000

BadLine = tuple[int, str, Fault]
Row = list[str | int | bool | None]


def begin(context: FileContext) -> None:
    """Make room for a file, and say which customers and partners its stater can name."""
    for table in TABLES:
        context.run(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(table)))
    end(context)
    context.run("SET LOCAL work_mem = '64MB'")
    context.run("CREATE TEMP TABLE feed_bad (line int PRIMARY KEY, bad_column text, fault text) ON COMMIT DROP")
    context.run("CREATE TEMP TABLE feed_stale (customer_id int, first date, past date) ON COMMIT DROP")
    view = _ALL_CUSTOMERS if context.partner is None or context.reaches_all else _OWN_CUSTOMERS
    context.run(sql.SQL(view).format(partner=sql.Literal(context.partner), today=sql.Literal(context.today)))


def end(context: FileContext) -> None:
    """Remove what doesn't vanish with the transaction."""
    context.run("DROP VIEW IF EXISTS pg_temp.feed_customer")


def create_lines(context: FileContext, staged: Iterable[tuple[str, str]]) -> None:
    """Make `feed_line` with the columns `staged` (name, type)."""
    columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in staged]
    context.run(
        sql.SQL(
            "CREATE TEMP TABLE feed_line (line int, retract boolean, bad_column text, fault text, {}) ON COMMIT DROP"
        ).format(sql.SQL(", ").join(columns))
    )


def stage(context: FileContext, file: CsvFile, columns: Sequence[Column]) -> None:
    """Read all records of `file` into `feed_line`; those that can't be read into `feed_bad`."""
    create_lines(context, [cell for column in columns for cell in column.staged])
    reader = LineReader(context, columns)
    with context.cursor.copy("COPY feed_line FROM STDIN") as copy:
        write = copy.write_row
        count = 0
        for record in file.records():
            write(reader.row(record))
            count += 1
            if not count % PROGRESS_LINES:
                context.progress(count)
    context.progress(count)
    context.run("ANALYZE feed_line")
    take_bad(context)


def take_bad(context: FileContext) -> None:
    """Move what was found bad in reading to where bad lines belong."""
    context.run("INSERT INTO feed_bad SELECT line, bad_column, fault FROM feed_line WHERE fault IS NOT NULL")


class LineReader:
    """Reads records into rows of `feed_line`."""

    def __init__(self, context: FileContext, columns: Sequence[Column]) -> None:
        places = context.header.places
        self.width = len(context.header.names)
        self.retract = places.get(RETRACT)
        self.retractable = context.retractable
        self.columns = [(column, places.get(column.name), (None,) * len(column.staged)) for column in columns]
        self.cells = sum(len(column.staged) for column in columns)

    def row(self, record: Record) -> Row:
        """The row of one record, good or bad."""
        fault = record_fault(record, self.width)
        if fault is not None:
            return self._bad(record.line, None, fault)
        retract = False
        if self.retract is not None:
            try:
                retract = self._retracts(record.fields[self.retract])
            except BadValueError as error:
                return self._bad(record.line, RETRACT, error.fault)
        return self._values(record, retract=retract)

    def _retracts(self, cell: str) -> bool:
        retract = reads_true(cell)
        if retract and not self.retractable:
            raise BadValueError(Fault.NOT_RETRACTABLE)
        return retract

    def _values(self, record: Record, *, retract: bool) -> Row:
        row: Row = [record.line, retract, None, None]
        for column, place, nothing in self.columns:
            if place is None or (retract and not column.key):
                row += nothing
                continue
            value = record.fields[place].strip()
            try:
                row += column.read(value) if value else _blank(column)
            except BadValueError as error:
                return self._bad(record.line, column.name, error.fault)
        return row

    def _bad(self, line: int, column: str | None, fault: Fault) -> Row:
        return [line, False, column, fault.value, *(None,) * self.cells]


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


def _blank(column: Column) -> tuple[str | None, ...]:
    if column.may_be_empty:
        return column.read("")
    if not column.optional:
        raise BadValueError(Fault.EMPTY)
    return (None,) * len(column.staged)


def mark_bad(context: FileContext, column: str, fault: Fault, query: Query) -> None:
    """Make the lines that `query` yields bad, unless they are already."""
    text = query if isinstance(query, sql.Composable) else sql.SQL(query)
    context.run(
        sql.SQL("INSERT INTO feed_bad SELECT line, %(column)s, %(fault)s FROM ({}) q ON CONFLICT DO NOTHING").format(
            text
        ),
        {"column": column, "fault": fault.value},
    )


def mark_lines(context: FileContext, bad: Iterable[BadLine]) -> int:
    """Make single lines bad, some thousands at a time; how many."""
    rest = iter(bad)
    marked = 0
    while batch := list(islice(rest, BATCH)):
        with context.cursor.copy("COPY feed_bad FROM STDIN") as copy:
            for line, column, fault in batch:
                copy.write_row((line, column, fault.value))
        marked += len(batch)
    return marked


def make_effective(context: FileContext, key: Sequence[str]) -> None:
    """Make `feed_effective`: of each key the last line in `feed_found` that isn't bad."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in key)
    context.run("DROP TABLE IF EXISTS pg_temp.feed_effective")
    context.run(
        sql.SQL(
            """
            CREATE TEMP TABLE feed_effective ON COMMIT DROP AS
            SELECT DISTINCT ON ({key}) f.*
            FROM feed_found f
            WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = f.line)
            ORDER BY {key}, f.line DESC
            """
        ).format(key=columns)
    )
    context.run("ANALYZE feed_effective")


def count_changes(context: FileContext) -> None:
    """Count the verdicts in `feed_change`."""
    for verdict, number in context.rows("SELECT verdict, count(*) FROM feed_change GROUP BY verdict"):
        setattr(context.counts, verdict, number)


def settle_contradictions(context: FileContext, key: Sequence[str], find: Callable[[], Iterable[BadLine]]) -> None:
    """Make `feed_effective`; lines that `find` says contradict become bad, and it is made again without them."""
    make_effective(context, key)
    if mark_lines(context, find()):
        make_effective(context, key)
