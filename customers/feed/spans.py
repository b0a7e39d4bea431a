"""Finds times that overlap in the state after a whole file, and says which lines are bad for it.

Works on `feed_found` and `feed_effective` with the columns line, retract, group_a (int), group_b (text), valid_from and
valid_to: spans of the same (group_a, group_b) must not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import connection
from psycopg import sql

from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.settle import Line, Objection, Span, Spans, settle

_CONTESTED = """
    CREATE TEMP TABLE feed_contested ON COMMIT DROP AS
    SELECT DISTINCT group_a, group_b
    FROM (
        SELECT group_a, group_b, valid_from,
               max(coalesce(valid_to, 'infinity')) OVER (
                   PARTITION BY group_a, group_b ORDER BY valid_from
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS reach
        FROM (
            SELECT group_a, group_b, valid_from, valid_to FROM feed_effective WHERE NOT retract
            UNION ALL
            SELECT s.group_a, s.group_b, s.valid_from, s.valid_to
            FROM ({stored}) s
            WHERE (s.group_a, s.group_b) IN (SELECT group_a, group_b FROM feed_effective WHERE NOT retract)
              AND NOT EXISTS (
                  SELECT FROM feed_effective e
                  WHERE e.group_a = s.group_a AND e.group_b = s.group_b AND e.valid_from = s.valid_from
              )
        ) state
    ) q
    WHERE reach > valid_from
"""

_GROUPS = """
    SELECT f.group_a, f.group_b, f.line, f.valid_from, f.valid_to, f.retract, false
    FROM feed_found f
    JOIN feed_contested USING (group_a, group_b)
    WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = f.line)
    UNION ALL
    SELECT s.group_a, s.group_b, NULL, s.valid_from, s.valid_to, false, s.is_foreign
    FROM ({stored}) s
    JOIN feed_contested USING (group_a, group_b)
    ORDER BY 1, 2
"""


def overlapping_lines(context: FileContext, *, stored: str, known_as: Objection) -> Iterator[tuple[int, str, Fault]]:
    """The lines that are bad because they overlap: (line, column, fault).

    `stored` yields what is stored: group_a, group_b, valid_from, valid_to, is_foreign. Where a line overlaps something
    that is foreign to the stater, it is told `known_as` instead.
    """
    query = sql.SQL(stored)
    context.run("DROP TABLE IF EXISTS pg_temp.feed_contested")
    if not context.run(sql.SQL(_CONTESTED).format(stored=query)):
        return
    context.run("ANALYZE feed_contested")
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.SQL(_GROUPS).format(stored=query), context.facts)
        for _group, rows in groupby(cursor, key=lambda row: row[:2]):
            yield from _settle_group(list(rows), known_as)


def _settle_group(rows: list[tuple[Any, ...]], known_as: Objection) -> list[tuple[int, str, Fault]]:
    lines = [
        Line(line, first, None if retract else Span(first, past))
        for _a, _b, line, first, past, retract, _foreign in rows
        if line is not None
    ]
    stored = [
        (first, Span(first, past, foreign)) for _a, _b, line, first, past, _retract, foreign in rows if line is None
    ]
    return settle(lines, stored, lambda: Spans(column="from", known_as=known_as))
