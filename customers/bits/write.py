"""Writes activity and coverage as bits: what a load stated and retracted, by block and by month.

The caller takes the lock of loads, so that nobody else writes meanwhile. Both functions read a temporary table and
leave in another what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

ACTIVITY_STATEMENTS = """
    CREATE TEMP TABLE activity_statement ON COMMIT DROP AS
    SELECT NULL::int AS customer_id, NULL::int2 AS workload_id, NULL::int AS block, NULL::date AS day,
           NULL::bigint AS stated, NULL::bigint AS retracted
    LIMIT 0
"""

COVERAGE_STATEMENTS = """
    CREATE TEMP TABLE coverage_statement ON COMMIT DROP AS
    SELECT NULL::int AS customer_id, NULL::int2 AS workload_id, NULL::date AS month, NULL::int AS stated,
           NULL::int AS retracted
    LIMIT 0
"""

_MONTHS = """
    SELECT customers_ensure_activity_month(month)
    FROM (SELECT DISTINCT date_trunc('month', day)::date AS month FROM activity_statement WHERE stated <> 0) m
"""

_DAYS = "SELECT min(day), max(day), coalesce(bool_or(retracted <> 0), false) FROM activity_statement"

_ACTIVITY_CHANGE = """
    CREATE TEMP TABLE activity_change ON COMMIT DROP AS
    SELECT s.*, a.day IS NOT NULL AS is_stored, coalesce(a.bits, 0) AS before,
           (coalesce(a.bits, 0) | s.stated) & ~s.retracted AS after,
           coalesce(a.bits, 0) AS removable
    FROM activity_statement s
    LEFT JOIN customers_activity a
      ON a.customer_id = s.customer_id AND a.workload_id = s.workload_id AND a.block = s.block AND a.day = s.day
     AND a.source = %(source)s AND a.day BETWEEN %(first)s AND %(last)s
"""

# The operator's retraction removes what it stated itself; where that is nothing, what anybody stated.
_REMOVABLE = """
    UPDATE activity_change c
    SET removable = o.bits
    FROM (
        SELECT s.customer_id, s.workload_id, s.block, s.day, bit_or(a.bits) AS bits
        FROM activity_change s
        JOIN customers_activity a
          ON a.customer_id = s.customer_id AND a.workload_id = s.workload_id AND a.block = s.block AND a.day = s.day
        WHERE s.retracted <> 0 AND a.day BETWEEN %(first)s AND %(last)s
        GROUP BY 1, 2, 3, 4
    ) o
    WHERE o.customer_id = c.customer_id AND o.workload_id = c.workload_id AND o.block = c.block AND o.day = c.day
"""

_DELETE_EMPTIED_ACTIVITY = """
    DELETE FROM customers_activity a
    USING activity_change c
    WHERE a.customer_id = c.customer_id AND a.workload_id = c.workload_id AND a.block = c.block AND a.day = c.day
      AND a.day BETWEEN %(first)s AND %(last)s AND c.retracted <> 0
      AND CASE WHEN a.source = %(source)s THEN c.after = 0
               ELSE %(source)s = 0 AND a.bits & ~(c.retracted & ~c.before) = 0 END
"""

_KEEP_REMOVED = """
    INSERT INTO customers_removedbits (load_id, customer_id, workload_id, block, day, source, bits)
    SELECT %(load)s, a.customer_id, a.workload_id, a.block, a.day, a.source, a.bits & c.retracted & ~c.before
    FROM activity_change c
    JOIN customers_activity a
      ON a.customer_id = c.customer_id AND a.workload_id = c.workload_id AND a.block = c.block AND a.day = c.day
     AND a.day BETWEEN %(first)s AND %(last)s
    WHERE a.source <> 0 AND a.bits & c.retracted & ~c.before <> 0
"""

_REMOVE_OTHERS = """
    UPDATE customers_activity a
    SET bits = a.bits & ~(c.retracted & ~c.before)
    FROM activity_change c
    WHERE a.customer_id = c.customer_id AND a.workload_id = c.workload_id AND a.block = c.block AND a.day = c.day
      AND a.source <> %(source)s AND a.day BETWEEN %(first)s AND %(last)s
      AND a.bits & c.retracted & ~c.before <> 0
"""

_UPDATE_ACTIVITY = """
    UPDATE customers_activity a
    SET bits = c.after
    FROM activity_change c
    WHERE a.customer_id = c.customer_id AND a.workload_id = c.workload_id AND a.block = c.block AND a.day = c.day
      AND a.source = %(source)s AND a.day BETWEEN %(first)s AND %(last)s AND c.is_stored AND c.after <> c.before
      AND c.after <> 0
"""

_INSERT_ACTIVITY = """
    INSERT INTO customers_activity (customer_id, workload_id, block, day, source, bits)
    SELECT customer_id, workload_id, block, day, %(source)s, after
    FROM activity_change
    WHERE NOT is_stored AND after <> 0
    ORDER BY customer_id, workload_id, block, day
"""

_KEEP_ACTIVITY_STATEMENTS = """
    INSERT INTO customers_activitystatement AS k
        (load_id, customer_id, workload_id, block, day, stated, retracted, added, removed)
    SELECT %(load)s, customer_id, workload_id, block, day, stated, retracted, after & ~before, before & ~after
    FROM activity_change
    ORDER BY customer_id, workload_id, block, day
"""

# A load that comes in several parts: what a later part says of a bit holds, and what both changed adds up.
_ADD_UP = """
    DO UPDATE SET
        stated = (k.stated & ~excluded.retracted) | excluded.stated,
        retracted = (k.retracted & ~excluded.stated) | excluded.retracted,
        added = (k.added & ~excluded.removed) | (excluded.added & ~k.removed),
        removed = (k.removed & ~excluded.added) | (excluded.removed & ~k.added)
"""
_ADD_ACTIVITY_STATEMENTS = (
    f"{_KEEP_ACTIVITY_STATEMENTS} ON CONFLICT (load_id, customer_id, workload_id, block, day) {_ADD_UP}"
)
_IS_LATER_PART = "SELECT EXISTS (SELECT FROM customers_activitystatement WHERE load_id = %(load)s)"

_COUNT_ACTIVITY = """
    SELECT coalesce(bool_or(is_stored AND before <> after), false),
           coalesce(sum(bit_count((stated & ~before)::bit(64))), 0)::bigint,
           coalesce(sum(bit_count((stated & before)::bit(64))
                        + bit_count((retracted & ~removable)::bit(64))), 0)::bigint,
           coalesce(sum(bit_count((retracted & removable)::bit(64))), 0)::bigint
    FROM activity_change
"""

STALE_BY_ACTIVITY = """
    SELECT DISTINCT customer_id, day AS first, day + 28 AS past
    FROM activity_change
    WHERE before <> after OR retracted & removable <> 0
"""

_COVERAGE_CHANGE = """
    CREATE TEMP TABLE coverage_change ON COMMIT DROP AS
    SELECT s.*, c.id AS stored_id, coalesce(c.days, 0) AS before,
           (coalesce(c.days, 0) | s.stated) & ~s.retracted AS after,
           coalesce(c.days, 0) | coalesce(o.days, 0) AS removable
    FROM coverage_statement s
    LEFT JOIN customers_coverage c
      ON c.customer_id = s.customer_id AND c.month = s.month AND c.workload_id IS NOT DISTINCT FROM s.workload_id
     AND c.source = %(source)s
    LEFT JOIN LATERAL (
        SELECT bit_or(k.days) AS days
        FROM customers_coverage k
        WHERE s.retracted <> 0 AND %(source)s = 0 AND k.customer_id = s.customer_id AND k.month = s.month
          AND k.workload_id IS NOT DISTINCT FROM s.workload_id
    ) o ON true
"""

_DELETE_EMPTIED_COVERAGE = """
    DELETE FROM customers_coverage k
    USING coverage_change c
    WHERE k.customer_id = c.customer_id AND k.month = c.month AND k.workload_id IS NOT DISTINCT FROM c.workload_id
      AND c.retracted <> 0
      AND CASE WHEN k.source = %(source)s THEN c.after = 0
               ELSE %(source)s = 0 AND k.days & ~(c.retracted & ~c.before) = 0 END
"""

_KEEP_REMOVED_COVERAGE = """
    INSERT INTO customers_removedbits (load_id, customer_id, workload_id, day, source, bits)
    SELECT %(load)s, k.customer_id, k.workload_id, k.month, k.source, k.days & c.retracted & ~c.before
    FROM coverage_change c
    JOIN customers_coverage k
      ON k.customer_id = c.customer_id AND k.month = c.month AND k.workload_id IS NOT DISTINCT FROM c.workload_id
    WHERE %(source)s = 0 AND k.source <> 0 AND k.days & c.retracted & ~c.before <> 0
"""

_REMOVE_OTHERS_COVERAGE = """
    UPDATE customers_coverage k
    SET days = k.days & ~(c.retracted & ~c.before)
    FROM coverage_change c
    WHERE k.customer_id = c.customer_id AND k.month = c.month AND k.workload_id IS NOT DISTINCT FROM c.workload_id
      AND %(source)s = 0 AND k.source <> 0 AND k.days & c.retracted & ~c.before <> 0
"""

_UPDATE_COVERAGE = """
    UPDATE customers_coverage k
    SET days = c.after
    FROM coverage_change c
    WHERE k.id = c.stored_id AND c.before <> c.after AND c.after <> 0
"""

_INSERT_COVERAGE = """
    INSERT INTO customers_coverage (customer_id, workload_id, source, month, days)
    SELECT customer_id, workload_id, %(source)s, month, after
    FROM coverage_change
    WHERE stored_id IS NULL AND after <> 0
    ORDER BY customer_id, month
"""

_KEEP_COVERAGE_STATEMENTS = f"""
    INSERT INTO customers_coveragestatement AS k
        (load_id, customer_id, workload_id, month, stated, retracted, added, removed)
    SELECT %(load)s, customer_id, workload_id, month, stated, retracted, after & ~before, before & ~after
    FROM coverage_change
    ON CONFLICT (load_id, customer_id, workload_id, month) {_ADD_UP}
"""  # noqa: S608 - constants

_COUNT_COVERAGE = """
    SELECT coalesce(sum(bit_count((stated & ~before)::bit(32))), 0)::bigint,
           coalesce(sum(bit_count((stated & before)::bit(32))
                        + bit_count((retracted & ~removable)::bit(32))), 0)::bigint,
           coalesce(sum(bit_count((retracted & removable)::bit(32))), 0)::bigint
    FROM coverage_change
"""

STALE_BY_COVERAGE = """
    SELECT DISTINCT c.customer_id, c.month + d AS first, c.month + d + 28 AS past
    FROM coverage_change c
    CROSS JOIN generate_series(0, 30) d
    WHERE (((c.before # c.after) | (c.retracted & c.removable)) >> d) & 1 = 1
"""


@dataclass(frozen=True)
class BitCounts:
    """How many bits a load brought anew, knew already (or found nothing to retract), and retracted."""

    new: int
    unchanged: int
    retracted: int


def write_activity(cursor: CursorWrapper, *, load: int, source: int) -> BitCounts:
    """Merge `activity_statement` into what `source` (0: the operator) stated, and keep what the load said.

    Needs statements of each (customer, workload, block, day) once; leaves `activity_change`, which STALE_BY_ACTIVITY
    reads.
    """
    cursor.execute("DROP TABLE IF EXISTS pg_temp.activity_change")
    cursor.execute(_MONTHS)
    cursor.execute(_DAYS)
    first, last, retracts = cursor.fetchone()
    facts = {"load": load, "source": source, "first": first, "last": last}
    cursor.execute(_ACTIVITY_CHANGE, facts)
    if retracts and source == 0:
        cursor.execute("ANALYZE activity_change")
        cursor.execute(_REMOVABLE, facts)
    cursor.execute(_COUNT_ACTIVITY)
    touches_stored, *counts = cursor.fetchone()
    if retracts or touches_stored:
        _change_stored(cursor, facts, retracts=retracts)
    cursor.execute(_INSERT_ACTIVITY, facts)
    cursor.execute(_IS_LATER_PART, facts)
    is_later_part = cursor.fetchone()[0]
    cursor.execute(_ADD_ACTIVITY_STATEMENTS if is_later_part else _KEEP_ACTIVITY_STATEMENTS, facts)
    return BitCounts(*counts)


def _change_stored(cursor: CursorWrapper, facts: dict[str, Any], *, retracts: bool) -> None:
    """Change and remove rows that were there before. A row without bits isn't kept."""
    cursor.execute("ANALYZE activity_change")
    if retracts and facts["source"] == 0:
        cursor.execute(_KEEP_REMOVED, facts)
    if retracts:
        cursor.execute(_DELETE_EMPTIED_ACTIVITY, facts)
    if retracts and facts["source"] == 0:
        cursor.execute(_REMOVE_OTHERS, facts)
    cursor.execute(_UPDATE_ACTIVITY, facts)


def write_coverage(cursor: CursorWrapper, *, load: int, source: int) -> BitCounts:
    """Merge `coverage_statement` into what `source` (0: the operator) stated, and keep what the load said.

    Needs statements of each (customer, workload, month) once; leaves `coverage_change`, which STALE_BY_COVERAGE reads.
    """
    facts = {"load": load, "source": source}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.coverage_change")
    cursor.execute("ANALYZE coverage_statement")
    for statement in (
        _COVERAGE_CHANGE,
        _KEEP_REMOVED_COVERAGE,
        _DELETE_EMPTIED_COVERAGE,
        _REMOVE_OTHERS_COVERAGE,
        _UPDATE_COVERAGE,
        _INSERT_COVERAGE,
        _KEEP_COVERAGE_STATEMENTS,
    ):
        cursor.execute(statement, facts)
    cursor.execute(_COUNT_COVERAGE)
    return BitCounts(*cursor.fetchone())
