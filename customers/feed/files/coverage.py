"""coverage.csv: the days for which the activity of a service has been delivered, be it nothing."""

from __future__ import annotations

from customers.bits.write import COVERAGE_STATEMENTS, STALE_BY_COVERAGE, write_coverage
from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.days import stage_days
from customers.feed.kind import FileKind
from customers.feed.reader import CsvFile
from customers.feed.spec import Column

_FIND = """
    CREATE TEMP TABLE feed_effective ON COMMIT DROP AS
    SELECT customer_id, workload_id, day, max(line * 2::bigint + retract::int) & 1 = 1 AS retract
    FROM feed_line
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id, workload_id, day
"""

_STATEMENTS = """
    INSERT INTO coverage_statement (customer_id, workload_id, month, stated, retracted)
    SELECT customer_id, workload_id, date_trunc('month', day)::date,
           coalesce(bit_or(1 << (extract(day FROM day)::int - 1)) FILTER (WHERE NOT retract), 0),
           coalesce(bit_or(1 << (extract(day FROM day)::int - 1)) FILTER (WHERE retract), 0)
    FROM feed_effective
    GROUP BY 1, 2, 3
"""


def stage(context: FileContext, file: CsvFile, _columns: tuple[Column, ...]) -> None:
    """Read the lines."""
    stage_days(context, file, of_people=False)


def find(context: FileContext) -> None:
    """The last line of each key holds; every bad line has been found already."""
    context.run(_FIND)


def merge(context: FileContext) -> None:
    """Write what was delivered as bits."""
    counts = context.counts
    context.run("DROP TABLE IF EXISTS pg_temp.coverage_statement")
    context.run(COVERAGE_STATEMENTS)
    context.run(_STATEMENTS)
    written = write_coverage(context.cursor, load=context.load, source=context.source)
    counts.new, counts.retracted = written.new, written.retracted
    counts.unchanged += written.unchanged
    context.run("INSERT INTO feed_stale (customer_id, first, past)" + STALE_BY_COVERAGE)


COVERAGE = FileKind(
    name="coverage.csv",
    columns=(
        Column("customer_id", values.guid, (), key=True),
        Column("service", values.code, (), key=True),
        Column("day", values.day, (), key=True),
    ),
    stage=stage,
    find=find,
    merge=merge,
    held=None,
)
