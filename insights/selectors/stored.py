"""Stored figures: which days are fresh, and reading them back as the computation gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np
from django.db import connection, transaction

from customers.columns import Columns, read_columns
from insights.engine.rows import ROW
from insights.metrics import COUNTS

INFINITY = 2**31 - 1
"""`valid_to` of a row that holds until further notice, as a `day_number`."""

KEY_TYPES = {"customer_id": "int4", "seller": "int4", "family": "int2", "sku": "int4", "workload": "int2"}
WIDE = frozenset({"sold", "entitlements", "unassigned", "overassigned"})
COUNT_TYPES = {name: "int8" if name in WIDE else "int4" for name in COUNTS} | {"covered_days": "int2"}
_COUNTS = ", ".join(COUNT_TYPES)

STORED_ROW = np.dtype([*ROW.descr, ("own_of", np.int64)])
"""A row as it is stored: of all sellers, `own_of` says whose own row ("sold by us") is the same and isn't stored."""

STORED_TYPES = KEY_TYPES | COUNT_TYPES | {"own_of": "int4"}

_FRESH = """
    SELECT d.customer_id
    FROM insights_figuredays d
    JOIN customers_catalogueepoch e ON e.number = d.epoch
    LEFT JOIN customers_staledays s ON s.customer_id = d.customer_id
    WHERE d.customer_id = ANY(%(customers)s) AND d.days @> %(day)s::date
      AND NOT coalesce(s.days @> %(day)s::date, false)
"""

_ON_DAY = f"""
    SELECT f.customer_id, s.seller, f.family, f.sku, f.workload, {_COUNTS}
    FROM insights_figure f
    CROSS JOIN unnest(%(sellers)s::int[]) s (seller)
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller IN (0, s.seller) AND s.seller IN (f.seller, f.own_of)
      AND f.valid_from <= %(day)s AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
"""  # noqa: S608  our own column names

_TOUCHING = f"""
    SELECT {", ".join(STORED_TYPES)}, valid_from, coalesce(valid_to, 'infinity'::date)
    FROM insights_figure
    WHERE customer_id = ANY(%(customers)s) AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
"""  # noqa: S608


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see the database as of one moment (a transaction of its own, or the caller's)."""
    own = not connection.in_atomic_block
    with transaction.atomic():
        if own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def fresh_customers(*, customers: Sequence[int], day: date) -> list[int]:
    """Those of the customers (keys) whose figures as of `day` are stored and still follow from the facts."""
    with connection.cursor() as cursor:
        cursor.execute(_FRESH, {"customers": list(customers), "day": day})
        return [row[0] for row in cursor.fetchall()]


def stored_figures(*, customers: Sequence[int], day: date, sellers: Sequence[int]) -> np.ndarray:
    """The stored rows of customers whose figures as of `day` are fresh: array of `engine.rows.ROW`."""
    params = {"customers": list(customers), "day": day, "sellers": list(sellers)}
    columns = read_columns(_ON_DAY, params, KEY_TYPES | COUNT_TYPES)
    return _as_array(columns, KEY_TYPES | COUNT_TYPES, ROW)


def touching(*, customers: Sequence[int], day: date) -> Columns:
    """The stored rows that hold on `day` or end just before it, with valid_from and valid_to."""
    types = STORED_TYPES | {"valid_from": "date", "valid_to": "date"}
    return read_columns(_TOUCHING, {"customers": list(customers), "day": day}, types)


def as_stored_rows(columns: Columns) -> np.ndarray:
    """Columns of stored rows as an array of `STORED_ROW`."""
    return _as_array(columns, STORED_TYPES, STORED_ROW)


def _as_array(columns: Columns, names: Iterable[str], layout: np.dtype) -> np.ndarray:
    table = np.empty(len(columns["customer_id"]), dtype=layout)
    for field, name in zip(layout.names or (), names, strict=True):
        table[field] = columns[name]
    return table
