"""Stored figures: which days are fresh, and reading them back as the computation gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np
from django.db import connection, transaction

from customers.columns import Columns, array_literal, read_columns
from insights.engine.rows import ROW
from insights.grain import Grain
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

_OF_SELLER = f"""
    SELECT f.customer_id, %(seller)s::int, f.family, f.sku, f.workload, {_COUNTS}
    FROM insights_figure f
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
      AND f.valid_from <= %(day)s AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
"""  # noqa: S608

_KEYS = """
    SELECT f.customer_id, f.family, f.sku, f.workload
    FROM insights_figure f
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
      AND f.valid_from <= %(day)s AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
"""

_TOUCHING = f"""
    SELECT {", ".join(STORED_TYPES)}, valid_from, coalesce(valid_to, 'infinity'::date)
    FROM insights_figure
    WHERE customer_id = ANY(%(customers)s) AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
"""  # noqa: S608

_FRESH_DAYS = """
    SELECT d.customer_id, lower(r), upper(r)
    FROM insights_figuredays d
    JOIN customers_catalogueepoch e ON e.number = d.epoch
    LEFT JOIN customers_staledays s ON s.customer_id = d.customer_id
    CROSS JOIN unnest((d.days - coalesce(s.days, '{}')) * datemultirange(daterange(%(first)s, %(last)s, '[]'))) r
    WHERE d.customer_id = ANY(%(customers)s)
"""
_ENTITLEMENTS = """
    SELECT customer_id, valid_from, coalesce(valid_to, 'infinity'::date), entitlements
    FROM insights_figure
    WHERE customer_id = ANY(%(customers)s) AND seller = 0 AND family = 0 AND sku = 0 AND workload = 0
      AND valid_from <= %(last)s AND (valid_to IS NULL OR valid_to > %(first)s)
"""


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
        cursor.execute(_FRESH, {"customers": array_literal(customers), "day": day})
        return [row[0] for row in cursor.fetchall()]


def stored_figures(*, customers: Sequence[int], day: date, sellers: Sequence[int]) -> np.ndarray:
    """The stored rows of customers whose figures as of `day` are fresh: array of `engine.rows.ROW`."""
    params = {"customers": array_literal(customers), "day": day, "sellers": list(sellers)}
    columns = read_columns(_ON_DAY, params, KEY_TYPES | COUNT_TYPES)
    return _as_array(columns, KEY_TYPES | COUNT_TYPES, ROW)


def stored_of_grain(*, customers: Sequence[int], day: date, seller: int, grain: Grain) -> np.ndarray:
    """The same for one seller (a partner's key, or 0: all sellers), and of the wanted rows only."""
    params = _of_seller(customers, day, seller) | grain.keys
    columns = read_columns(_OF_SELLER + _conditions(grain), params, KEY_TYPES | COUNT_TYPES)
    return _as_array(columns, KEY_TYPES | COUNT_TYPES, ROW)


def stored_keys(*, customers: Sequence[int], day: date, seller: int) -> Columns:
    """Which rows of one seller (or 0: all sellers) are stored of customers: customer, family, sku, workload."""
    types = {"customer": "int4", "family": "int2", "sku": "int4", "workload": "int2"}
    return read_columns(_KEYS, _of_seller(customers, day, seller), types)


def _conditions(grain: Grain) -> str:
    conditions = [f" AND f.{name} = %({name})s" for name in grain.keys]
    return "".join(conditions + [f" AND f.{name} <> 0" for name in grain.set_columns])


def _of_seller(customers: Sequence[int], day: date, seller: int) -> dict[str, object]:
    return {"customers": array_literal(customers), "day": day, "seller": seller, "sellers": sorted({0, seller})}


def fresh_days(*, customers: Sequence[int], first: date, last: date) -> Columns:
    """The days from `first` to `last` whose figures are stored and fresh: customer, valid_from, valid_to."""
    types = {"customer": "int4", "valid_from": "date", "valid_to": "date"}
    return read_columns(_FRESH_DAYS, {"customers": array_literal(customers), "first": first, "last": last}, types)


def stored_entitlements(*, customers: Sequence[int], first: date, last: date) -> Columns:
    """`entitlements` of all sellers and families as stored, fresh or not: customer, valid_from, valid_to, entitlements."""
    types = {"customer": "int4", "valid_from": "date", "valid_to": "date", "entitlements": "int8"}
    return read_columns(_ENTITLEMENTS, {"customers": array_literal(customers), "first": first, "last": last}, types)


def touching(*, customers: Sequence[int], day: date) -> Columns:
    """The stored rows that hold on `day` or end just before it, with valid_from and valid_to."""
    types = STORED_TYPES | {"valid_from": "date", "valid_to": "date"}
    return read_columns(_TOUCHING, {"customers": array_literal(customers), "day": day}, types)


def as_stored_rows(columns: Columns) -> np.ndarray:
    """Columns of stored rows as an array of `STORED_ROW`."""
    return _as_array(columns, STORED_TYPES, STORED_ROW)


def _as_array(columns: Columns, names: Iterable[str], layout: np.dtype) -> np.ndarray:
    table = np.empty(len(columns["customer_id"]), dtype=layout)
    for field, name in zip(layout.names or (), names, strict=True):
        table[field] = columns[name]
    return table
