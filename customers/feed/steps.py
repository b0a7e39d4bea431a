"""Keeps what a file brought in, so that its load can be undone and later ones replayed (docs/decisions/0012-undo.md).

While a step is open, the journal books every change of facts on it.
"""

from __future__ import annotations

from psycopg import sql

from customers.feed.context import FileContext

_OPEN = """
    INSERT INTO customers_loadstep (load_id, name, today, header, staged, reaches_all, alone)
    VALUES (%(load)s, %(name)s, %(today)s, %(header)s, '{}', %(reaches_all)s, (SELECT count(*) = 1 FROM partners_partner))
    RETURNING id
"""

_BOOK = "SELECT set_config('app.step', %(step)s, true)"

_STAGED = """
    UPDATE customers_loadstep
    SET staged = (
        SELECT array_agg(format('%%I %%s', attname, format_type(atttypid, atttypmod)) ORDER BY attnum)
        FROM pg_attribute
        WHERE attrelid = 'pg_temp.feed_line'::regclass AND attnum > 0 AND NOT attisdropped
    )
    WHERE id = %(step)s
"""

# A few megabytes to a row at most, however large a customer is.
_KEEP = """
    INSERT INTO customers_loadlines (step_id, customer_id, lines)
    SELECT %(step)s, c.customer_id, array_agg(l::text)
    FROM pg_temp.feed_line l
    JOIN ({held}) c ON c.line = l.line
    GROUP BY c.customer_id, l.line >> 15
"""


_OF_ONE = """
    SELECT min(customer_id), count(*) = (SELECT count(*) FROM pg_temp.feed_line) AND min(customer_id) = max(customer_id),
           pg_relation_size('pg_temp.feed_line') / current_setting('block_size')::int
    FROM ({held}) c
"""

# Mostly all lines of a file hold and are about one customer: as they lie there, without looking for each.
_KEEP_PAGES = """
    INSERT INTO customers_loadlines (step_id, customer_id, lines)
    SELECT %(step)s, %(customer)s, array_agg(l::text)
    FROM pg_temp.feed_line l
    WHERE l.ctid >= format('(%%s,0)', %(first)s::int)::tid AND l.ctid < format('(%%s,0)', %(past)s::int)::tid
    HAVING count(*) > 0
"""
PAGES = 128


def open_step(context: FileContext, name: str) -> None:
    """Begin a step of the load; the caller holds the lock of loading."""
    more = {"name": name, "header": list(context.header.places), "reaches_all": context.reaches_all}
    context.step = context.value(_OPEN, more)
    context.run(_BOOK, {"step": str(context.step)})


def keep_lines(context: FileContext, held: str) -> None:
    """Keep the lines that hold. `held` is a query that yields each such line of `feed_line` and its customer's key, if known."""
    query = sql.SQL(held)
    [(customer, is_all, pages)] = context.rows(sql.SQL(_OF_ONE).format(held=query))
    if is_all:
        for first in range(0, pages, PAGES):
            more = {"step": context.step, "customer": customer, "first": first, "past": first + PAGES}
            context.run(_KEEP_PAGES, more)
    if is_all or context.run(sql.SQL(_KEEP).format(held=query), {"step": context.step}):
        context.run(_STAGED, {"step": context.step})


def close_step(context: FileContext) -> None:
    """What changes from here on is no part of the load any more."""
    context.run(_BOOK, {"step": ""})
