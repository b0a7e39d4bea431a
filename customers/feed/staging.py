"""Brings the lines of a file into temporary tables of the database, and keeps account of the bad ones.

`feed_line` has a row per line, `feed_bad` a row per bad line. Each kind of file makes `feed_found` of it, the good lines
with what they refer to; `feed_effective` is the last good line of each key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from psycopg import sql

from customers.feed.context import FileContext, Query
from customers.feed.faults import Fault
from customers.feed.statistics import TARGET

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

BATCH = 10_000

BadLine = tuple[int, str, Fault]


def begin(context: FileContext) -> None:
    """Make room for a file, and say which customers and partners its stater can name."""
    tables = sql.SQL(", ").join(sql.Identifier("pg_temp", table) for table in TABLES)
    context.run(sql.SQL("DROP TABLE IF EXISTS {}").format(tables))
    end(context)
    context.run("SET LOCAL work_mem = '32MB'")
    context.run(f"SET LOCAL default_statistics_target = {TARGET}")
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


def take_bad(context: FileContext) -> None:
    """Move what was found bad in reading to where bad lines belong."""
    context.run("INSERT INTO feed_bad SELECT line, bad_column, fault FROM feed_line WHERE fault IS NOT NULL")


def mark_bad(context: FileContext, column: str, fault: Fault, query: Query) -> int:
    """Make the lines that `query` yields bad, unless they are already; how many."""
    text = query if isinstance(query, sql.Composable) else sql.SQL(query)
    return context.run(
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
