"""Keeps computed figures as changes, and only those that still follow from the facts (design.md, decision 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection, transaction

from customers.columns import Columns, day_number, write_columns
from insights.engine.rows import KEY
from insights.points import is_month_end
from insights.selectors.stored import INFINITY, KEY_TYPES, STORED_ROW, STORED_TYPES, as_stored_rows, touching
from insights.services.packing import match, packed

_PLACES = """
    INSERT INTO customers_staledays (customer_id, seq) SELECT unnest(%(customers)s::int[]), 0 ON CONFLICT DO NOTHING
"""
_SEQUENCES = "SELECT customer_id, seq FROM customers_staledays WHERE customer_id = ANY(%(customers)s)"
_LOCK_SEQUENCES = _SEQUENCES + " ORDER BY customer_id FOR UPDATE"
_LOCK_DAYS = """
    SELECT customer_id, epoch, NOT isempty(days * datemultirange(daterange(%(day)s, NULL, '()')))
    FROM insights_figuredays WHERE customer_id = ANY(%(customers)s) ORDER BY customer_id FOR UPDATE
"""
# What was stored under an older epoch of the catalogue is stale; the day itself is fresh now.
_OLD_EPOCH = """
    UPDATE customers_staledays s SET days = s.days + d.days
    FROM insights_figuredays d
    WHERE d.customer_id = s.customer_id AND s.customer_id = ANY(%(customers)s) AND d.epoch < %(epoch)s
"""
_STORED = """
    INSERT INTO insights_figuredays AS d (customer_id, epoch, days)
    SELECT unnest(%(customers)s::int[]), %(epoch)s, datemultirange(daterange(%(day)s, %(day)s, '[]'))
    ON CONFLICT (customer_id) DO UPDATE SET epoch = excluded.epoch, days = d.days + excluded.days
"""
_FRESH = """
    UPDATE customers_staledays SET days = days - datemultirange(daterange(%(day)s, %(day)s, '[]'))
    WHERE customer_id = ANY(%(customers)s) AND days @> %(day)s::date
"""
_STAGE = """
    CREATE TEMP TABLE IF NOT EXISTS figure_ends (
        customer_id int, seller int, family smallint, sku int, workload smallint, valid_from date, ends date
    ) ON COMMIT DELETE ROWS
"""
# COPY doesn't reach a table that is under row-level security.
_STAGE_NEW = """
    CREATE TEMP TABLE IF NOT EXISTS figure_new (LIKE insights_figure) ON COMMIT DELETE ROWS
"""
_INSERT = "INSERT INTO insights_figure SELECT * FROM figure_new"
_MATCH = """
    f.customer_id = e.customer_id AND f.seller = e.seller AND f.family = e.family AND f.sku = e.sku
    AND f.workload = e.workload AND f.valid_from = e.valid_from
"""
_DROP = f"DELETE FROM insights_figure f USING figure_ends e WHERE {_MATCH} AND e.ends = e.valid_from"  # noqa: S608
_END = f"UPDATE insights_figure f SET valid_to = nullif(e.ends, 'infinity') FROM figure_ends e WHERE {_MATCH} AND e.ends > e.valid_from"  # noqa: S608


_MONTH_GONE = "DELETE FROM insights_monthfigure WHERE customer_id = ANY(%(customers)s) AND day = %(day)s"
_MONTH_COLUMNS = ", ".join(name for name in STORED_TYPES if name not in ("blocked", "overassigned"))
_MONTH = f"""
    INSERT INTO insights_monthfigure ({_MONTH_COLUMNS}, day)
    SELECT {_MONTH_COLUMNS}, %(day)s FROM insights_figure
    WHERE customer_id = ANY(%(customers)s) AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""  # noqa: S608  our own column names


@dataclass(frozen=True, slots=True)
class Basis:
    """What a computation had read: the catalogue's epoch, and the sequence number of each customer's facts."""

    epoch: int
    sequences: dict[int, int]


def read_basis(*, customers: Sequence[int]) -> Basis:
    """The basis of a computation that reads the facts in the same snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM customers_catalogueepoch")
        epoch = cursor.fetchone()[0]
        cursor.execute(_SEQUENCES, {"customers": list(customers)})
        return Basis(epoch, dict(cursor.fetchall()))


def store(*, customers: Sequence[int], day: date, figures: np.ndarray, basis: Basis) -> int:
    """Store the figures of these customers as of `day`, computed on `basis`; returns of how many customers.

    A customer whose facts have changed since keeps its stale mark, and its figures are thrown away.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        params = {"customers": sorted(customers), "day": day, "epoch": basis.epoch}
        cursor.execute(_PLACES, params)
        cursor.execute(_LOCK_SEQUENCES, params)
        unchanged = {customer for customer, seq in cursor.fetchall() if seq == basis.sequences.get(customer, 0)}
        cursor.execute(_LOCK_DAYS, params)
        known = cursor.fetchall()
        kept = sorted(unchanged - {customer for customer, epoch, _ in known if epoch > basis.epoch})
        later = np.array([customer for customer, _, later in known if later], dtype=np.int64)
        params["customers"] = kept
        _write(packed(figures[np.isin(figures["customer"], kept)]), kept, day, later)
        months = (_MONTH_GONE, _MONTH) if is_month_end(day) else ()
        for statement in (*months, _OLD_EPOCH, _STORED, _FRESH):
            cursor.execute(statement, params)
    return len(kept)


def _write(figures: np.ndarray, customers: list[int], day: date, later: np.ndarray) -> None:
    """Bring the stored rows in line with `figures` on `day`, touching only what differs."""
    before = touching(customers=customers, day=day)
    number = day_number(day)
    holds = before["valid_to"] > number
    new, gone = _differences(figures, {name: column[holds] for name, column in before.items()})
    ended = {name: column[~holds] for name, column in before.items()}
    ends = np.where(np.isin(new["customer"], later), number + 1, INFINITY)
    index, grown = _match(new, as_stored_rows(ended))
    remainder = (gone["valid_to"] > number + 1) & np.isin(gone["customer_id"], later)
    _change_ends(
        [
            (gone, np.full(len(gone["valid_from"]), number)),
            ({name: column[index[grown]] for name, column in ended.items()}, ends[grown]),
        ]
    )
    _append(_columns(new[~grown]), np.full(int((~grown).sum()), number), ends[~grown])
    rest = {name: column[remainder] for name, column in gone.items()}
    _append(rest, np.full(int(remainder.sum()), number + 1), rest["valid_to"])


def _differences(figures: np.ndarray, stored: Columns) -> tuple[np.ndarray, Columns]:
    """The computed rows that aren't stored so, and the stored rows that weren't computed so."""
    index, equal = _match(figures, as_stored_rows(stored))
    gone = np.ones(len(stored["customer_id"]), dtype=bool)
    gone[index[equal]] = False
    return figures[~equal], {name: column[gone] for name, column in stored.items()}


def _match(rows: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each of `rows` the index of the one with its key among `others`, and whether that one is equal to it."""
    return match(rows, others, key=KEY, equal=STORED_ROW.names or ())


def _change_ends(parts: list[tuple[Columns, np.ndarray]]) -> None:
    """Give stored rows another end; those that would hold on no day are removed."""
    if not sum(len(ends) for _, ends in parts):
        return
    keys = (*KEY_TYPES, "valid_from")
    columns = {name: np.concatenate([part[name] for part, _ in parts]) for name in keys}
    columns["ends"] = np.concatenate([ends for _, ends in parts])
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        write_columns("figure_ends", columns, KEY_TYPES | {"valid_from": "date", "ends": "date"}, {})
        cursor.execute(_DROP)
        cursor.execute(_END)
        cursor.execute("TRUNCATE figure_ends")


def _append(columns: Columns, begins: np.ndarray, ends: np.ndarray) -> None:
    if not len(begins):
        return
    columns = columns | {"valid_from": begins, "valid_to": ends}
    types = STORED_TYPES | {"valid_from": "date", "valid_to": "date"}
    with connection.cursor() as cursor:
        cursor.execute(_STAGE_NEW)
        write_columns("figure_new", columns, types, {"valid_to": ends == INFINITY})
        cursor.execute(_INSERT)
        cursor.execute("TRUNCATE figure_new")


def _columns(rows: np.ndarray) -> Columns:
    return {column: rows[field] for field, column in zip(rows.dtype.names or (), STORED_TYPES, strict=True)}
