"""activity.csv: who did something in which service on which day."""

from __future__ import annotations

from psycopg import sql

from customers.bits.layout import BLOCK, BLOCK_SHIFT
from customers.bits.write import ACTIVITY_STATEMENTS, STALE_BY_ACTIVITY, write_activity
from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.days import stage_days
from customers.feed.kind import FileKind
from customers.feed.people import number_people, retract_activity_by_alias
from customers.feed.reader import CsvFile
from customers.feed.spec import RETRACT, Column

# Without retractions in the file, saying the same twice is harmless; with them, the last line of a key holds.
_FIND_LAST = """
    CREATE TEMP TABLE feed_effective ON COMMIT DROP AS
    SELECT customer_id, workload_id, day, user_key, max(line) AS line,
           (array_agg(user_id ORDER BY line DESC))[1] AS user_id, max(line * 2::bigint + retract::int) & 1 = 1 AS retract
    FROM feed_line
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id, workload_id, day, user_key
"""

_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (l.customer_id, l.user_key) l.customer_id, l.user_key,
           coalesce(l.user_id, l.user_key) AS user_id, l.line
    FROM {lines} l
    LEFT JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
    WHERE p.id IS NULL AND NOT l.retract AND l.customer_id IS NOT NULL
    ORDER BY l.customer_id, l.user_key, l.line
"""

_STATEMENTS = f"""
    INSERT INTO activity_statement (customer_id, workload_id, block, day, stated, retracted)
    SELECT l.customer_id, l.workload_id, p.number >> {BLOCK_SHIFT}, l.day,
           coalesce(bit_or(1::bigint << (p.number & {BLOCK - 1})) FILTER (WHERE NOT l.retract), 0),
           coalesce(bit_or(1::bigint << (p.number & {BLOCK - 1})) FILTER (WHERE l.retract), 0)
    FROM {{lines}} l
    LEFT JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
    WHERE l.customer_id IS NOT NULL
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - constants

_NOBODY_TO_RETRACT = """
    SELECT count(*)
    FROM feed_effective l
    WHERE l.retract AND NOT EXISTS (
        SELECT FROM customers_person p WHERE p.customer_id = l.customer_id AND p.key = l.user_key
    )
"""


def stage(context: FileContext, file: CsvFile, _columns: tuple[Column, ...]) -> None:
    """Read the lines."""
    stage_days(context, file, of_people=True)


def find(context: FileContext) -> None:
    """What holds, where lines can undo others; every bad line has been found already."""
    if _retracts(context):
        retract_activity_by_alias(context)
        context.run(_FIND_LAST)


def _retracts(context: FileContext) -> bool:
    return context.header.has(RETRACT) and context.value("SELECT EXISTS (SELECT FROM feed_line WHERE retract)")


def merge(context: FileContext) -> None:
    """Number new people, and write who was active as bits."""
    counts = context.counts
    retracts = _retracts(context)
    lines = sql.Identifier("feed_effective" if retracts else "feed_line")
    _group(context, lines)
    if context.value("SELECT EXISTS (SELECT FROM activity_statement WHERE block IS NULL)"):
        context.run(sql.SQL(_NEW_PEOPLE).format(lines=lines))
        number_people(context)
        _group(context, lines)
        context.run("DELETE FROM activity_statement WHERE block IS NULL")
    if retracts:
        counts.unchanged += context.value(_NOBODY_TO_RETRACT)
    written = write_activity(context.cursor, load=context.load, source=context.source)
    counts.new, counts.retracted = written.new, written.retracted
    counts.unchanged += written.unchanged
    context.run("INSERT INTO feed_stale (customer_id, first, past)" + STALE_BY_ACTIVITY)


def _group(context: FileContext, lines: sql.Composable) -> None:
    """Make the statements: bits by block. People not known yet stand in a block of nobody."""
    context.run("DROP TABLE IF EXISTS pg_temp.activity_statement")
    context.run(ACTIVITY_STATEMENTS)
    context.run(sql.SQL(_STATEMENTS).format(lines=lines))


ACTIVITY = FileKind(
    name="activity.csv",
    columns=(
        Column("customer_id", values.guid, (), key=True),
        Column("user_id", values.opaque_id, (), key=True),
        Column("service", values.code, (), key=True),
        Column("day", values.day, (), key=True),
    ),
    stage=stage,
    find=find,
    merge=merge,
    held=None,
)
