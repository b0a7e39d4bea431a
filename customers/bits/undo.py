"""Takes back what a load stated of activity and coverage: its places are rewound to before it, and later statements replayed.

Bits that an earlier load stated stay, also where its statements aren't kept any more: what each statement changed is known
(`added`, `removed`, and of other sources RemovedBits). The caller holds the lock of loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from customers.bits.write import ACTIVITY_STATEMENTS, COVERAGE_STATEMENTS, write_activity, write_coverage


@dataclass(frozen=True)
class Stating:
    """A load (its key) that stated activity or coverage, as a source (a partner's key, or 0)."""

    load: int
    source: int


@dataclass(frozen=True)
class Days:
    """Activity or coverage: its tables, and how they call the columns of a place (customer, workload, block, day) and bits.

    A place of coverage is a month, without a block; its workload may be none.
    """

    facts: str
    statements: str
    staged: str
    new_staged: str
    place: tuple[str, ...]
    day: str
    bits: str
    removed_place: str
    removed: str
    """How RemovedBits tells such a place, and which of its rows are meant."""
    stale: str
    write: Callable[..., object]

    def fill(self, template: str) -> sql.Composable:
        """A statement about it."""
        comma = sql.SQL(", ")
        place = [sql.Identifier(column) for column in self.place]
        return sql.SQL(template).format(
            facts=sql.Identifier(self.facts),
            statements=sql.Identifier(self.statements),
            staged=sql.Identifier(self.staged),
            place=comma.join(place),
            of_place=comma.join(sql.SQL("p.{}").format(column) for column in place),
            same=sql.SQL(" AND ").join(self._same(column) for column in self.place),
            day=sql.Identifier(self.day),
            bits=sql.Identifier(self.bits),
            removed_place=sql.SQL(self.removed_place),
            removed=sql.SQL(self.removed),
        )

    def _same(self, column: str) -> sql.Composable:
        may_lack = column == "workload_id" and self.day == "month"
        text = "t.{} IS NOT DISTINCT FROM p.{}" if may_lack else "t.{} = p.{}"
        return sql.SQL(text).format(sql.Identifier(column), sql.Identifier(column))


ACTIVITY = Days(
    facts="customers_activity",
    statements="customers_activitystatement",
    staged="activity_statement",
    new_staged=ACTIVITY_STATEMENTS,
    place=("customer_id", "workload_id", "block", "day"),
    day="day",
    bits="bits",
    removed_place="customer_id, workload_id, block, day",
    removed="block IS NOT NULL",
    stale="SELECT DISTINCT customer_id, day, day + 28 FROM undo_difference",
    write=write_activity,
)
COVERAGE = Days(
    facts="customers_coverage",
    statements="customers_coveragestatement",
    staged="coverage_statement",
    new_staged=COVERAGE_STATEMENTS,
    place=("customer_id", "workload_id", "month"),
    day="month",
    bits="days",
    removed_place="customer_id, workload_id, day AS month",
    removed="block IS NULL",
    stale="""
        SELECT DISTINCT customer_id, month + shift, month + shift + 28
        FROM undo_difference, generate_series(0, 30) shift
        WHERE bits >> shift & 1 = 1
    """,
    write=write_coverage,
)

_DROP = "DROP TABLE IF EXISTS pg_temp.undo_place, pg_temp.undo_bits, pg_temp.undo_before, pg_temp.undo_difference"
_PLACES = """
    CREATE TEMP TABLE undo_place ON COMMIT DROP AS SELECT {place} FROM {statements} WHERE load_id = %(load)s
"""
_WITHIN = "t.{day} BETWEEN (SELECT min({day}) FROM undo_place) AND (SELECT max({day}) FROM undo_place)"
_BITS = f"""
    CREATE TEMP TABLE undo_bits ON COMMIT DROP AS
    SELECT {{of_place}}, t.source, t.{{bits}} AS bits
    FROM undo_place p
    JOIN {{facts}} t ON {{same}}
    WHERE {_WITHIN}
"""  # noqa: S608 - a constant
_BEFORE = """
    CREATE TEMP TABLE undo_before ON COMMIT DROP AS
    SELECT {place}, bit_or(bits) AS bits FROM undo_bits GROUP BY {place}
"""
_LATER = """
    SELECT DISTINCT t.load_id FROM {statements} t JOIN undo_place p ON {same} WHERE t.load_id = ANY(%(later)s)
"""

# Places of a load's statements and of what it removed, where there are no bits (any more).
_EMPTY = """
    INSERT INTO undo_bits ({place}, source, bits)
    SELECT {of_place}, p.source, 0
    FROM (
        SELECT {of_place}, %(source)s::int AS source
        FROM undo_place p
        JOIN {statements} t ON {same}
        WHERE t.load_id = %(load)s
        UNION
        SELECT {of_place}, t.source
        FROM undo_place p
        JOIN (
            SELECT {removed_place}, source FROM customers_removedbits WHERE load_id = %(load)s AND {removed}
        ) t ON {same}
    ) p
    WHERE NOT EXISTS (SELECT FROM undo_bits t WHERE {same} AND t.source = p.source)
"""
_OWN = """
    UPDATE undo_bits p
    SET bits = (p.bits & ~t.added) | t.removed
    FROM {statements} t
    WHERE t.load_id = %(load)s AND p.source = %(source)s AND {same}
"""
_OTHERS = """
    UPDATE undo_bits p
    SET bits = p.bits | t.bits
    FROM (
        SELECT {place}, source, bit_or(bits) AS bits
        FROM (
            SELECT {removed_place}, source, bits FROM customers_removedbits WHERE load_id = %(load)s AND {removed}
        ) r
        GROUP BY {place}, source
    ) t
    WHERE t.source = p.source AND {same}
"""
_REMOVE = f"DELETE FROM {{facts}} t USING undo_place p WHERE {{same}} AND {_WITHIN}"  # noqa: S608 - a constant
_PUT_BACK = """
    INSERT INTO {facts} ({place}, source, {bits}) SELECT {place}, source, bits FROM undo_bits WHERE bits <> 0
"""
_STATE = """
    INSERT INTO {staged} ({place}, stated, retracted)
    SELECT {of_place}, t.stated, t.retracted FROM undo_place p JOIN {statements} t ON {same} WHERE t.load_id = %(load)s
"""
_FORGET = "DELETE FROM {statements} t USING undo_place p WHERE t.load_id = %(load)s AND {same}"
_FORGET_REMOVED = """
    DELETE FROM customers_removedbits
    WHERE id IN (
        SELECT t.id
        FROM undo_place p
        JOIN (
            SELECT id, {removed_place} FROM customers_removedbits WHERE load_id = %(load)s AND {removed}
        ) t ON {same}
    )
"""
_DIFFERENCE = f"""
    CREATE TEMP TABLE undo_difference ON COMMIT DROP AS
    SELECT {{place}}, bit_xor(bits) AS bits
    FROM (
        SELECT {{place}}, bits FROM undo_before
        UNION ALL
        SELECT {{of_place}}, bit_or(t.{{bits}})
        FROM undo_place p
        JOIN {{facts}} t ON {{same}}
        WHERE {_WITHIN}
        GROUP BY {{of_place}}
    ) told
    GROUP BY {{place}}
    HAVING bit_xor(bits) <> 0
"""  # noqa: S608 - constants
_STALE = "INSERT INTO undo_stale (customer_id, first, past)"


def take_back(cursor: CursorWrapper, days: Days, *, undone: Stating, later: Sequence[Stating]) -> None:
    """Take back what `undone` stated; `later` are the loads after it that stated such days, in their order.

    Adds the days that this changes to `undo_stale` (customer_id, first, past).
    """
    cursor.execute(_DROP)
    cursor.execute(days.fill(_PLACES), {"load": undone.load})
    cursor.execute("ANALYZE undo_place")
    cursor.execute(days.fill(_BITS))
    cursor.execute(days.fill(_BEFORE))
    cursor.execute(days.fill(_LATER), {"later": [stating.load for stating in later]})
    concerned = {load for (load,) in cursor.fetchall()}
    again = [stating for stating in later if stating.load in concerned]
    _rewind(cursor, days, [*reversed(again), undone])
    for stating in _restated(cursor, days, again):
        days.write(cursor, load=stating.load, source=stating.source)
    cursor.execute(days.fill(_DIFFERENCE))
    cursor.execute(_STALE + days.stale)


def _rewind(cursor: CursorWrapper, days: Days, backwards: Sequence[Stating]) -> None:
    """Put the bits back to what they were before these loads; the last of them is forgotten."""
    for stating in backwards:
        for statement in (_EMPTY, _OWN, _OTHERS):
            cursor.execute(days.fill(statement), {"load": stating.load, "source": stating.source})
    cursor.execute(days.fill(_REMOVE))
    cursor.execute(days.fill(_PUT_BACK))
    _forget(cursor, days, backwards[-1])


def _restated(cursor: CursorWrapper, days: Days, again: Sequence[Stating]) -> Iterator[Stating]:
    """Each of these loads, with what it stated there ready to be written once more."""
    for stating in again:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(days.staged)))
        cursor.execute(days.new_staged)
        cursor.execute(days.fill(_STATE), {"load": stating.load})
        _forget(cursor, days, stating)
        yield stating


def _forget(cursor: CursorWrapper, days: Days, stating: Stating) -> None:
    cursor.execute(days.fill(_FORGET), {"load": stating.load})
    cursor.execute(days.fill(_FORGET_REMOVED), {"load": stating.load})
