"""All rows of customers as of a day, kept by the process as long as they follow from the facts.

Analyses ask the same two days again and again, with other filters. What a customer's rows follow from is known by two numbers,
which one query reads: the catalogue's epoch and the number of its facts. Whoever's number has moved is read anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.columns import array_literal, read_columns
from insights.engine import compute
from insights.engine.rows import ROW
from insights.selectors.analysis.freshness import Freshness
from insights.selectors.ranges import ranges
from insights.selectors.stored import COUNT_TYPES, KEY_TYPES, WIDE

MOST_KEPT = 600_000
"""So many rows are kept in all, of 92 bytes each: those of the days that were asked about last."""

COMPACT = np.dtype([(name, np.int64 if name in WIDE else np.int32) for name in ROW.names or ()])
_COUNTS = ", ".join(f"f.{name}" for name in COUNT_TYPES)
_ROWS = f"""
    SELECT f.customer_id, %(seller)s::int, f.family, f.sku, f.workload, {_COUNTS}
    FROM insights_figure f
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
      AND f.valid_from <= %(day)s
"""  # noqa: S608  our own column names
# Two questions, so that each finds its rows by the index on `valid_to`: a customer's history is long.
_AS_OF = f"{_ROWS} AND f.valid_to IS NULL UNION ALL {_ROWS} AND f.valid_to > %(day)s"


@dataclass(frozen=True, slots=True)
class _Kept:
    customers: np.ndarray
    """[c] keys, ascending"""
    states: np.ndarray
    """[c] by `Freshness.states`"""
    rows: np.ndarray
    """`COMPACT`, all rows of these customers"""


_KEPT: OrderedDict[tuple[int, date, int], _Kept] = OrderedDict()
"""By partner (key), day and seller."""
_NOBODY = _Kept(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=COMPACT))


def not_at_hand(*, partner: int, customers: Sequence[int], day: date, seller: int, fresh: Freshness) -> list[int]:
    """Those of the customers (keys) whose rows would have to be computed: neither kept nor stored."""
    missing = _missing(_KEPT.get((partner, day, seller), _NOBODY), np.array(customers, dtype=np.int64), fresh)
    return sorted(set(missing.tolist()) - fresh.on(day))


def rows_as_of(*, partner: int, customers: Sequence[int], day: date, seller: int, fresh: Freshness) -> np.ndarray:
    """All rows of these customers (keys, ascending) as of the day, of one seller or 0 (all sellers): array of `COMPACT`.

    `partner` (key) says whose pages ask: what is kept for one partner is bounded by its own customers.

    Stored where they are fresh, else computed. The caller reads as one who counts, in a snapshot.
    """
    asked = np.array(customers, dtype=np.int64)
    kept = _KEPT.pop((partner, day, seller), _NOBODY)
    missing = _missing(kept, asked, fresh)
    if len(missing):
        stored = fresh.on(day)
        known = [key for key in missing.tolist() if key in stored]
        others = [key for key in missing.tolist() if key not in stored]
        new = np.concatenate([_stored(known, day, seller), *_computed(others, day, seller)])
        kept = _merged(kept, missing, fresh, new)
    _KEPT[partner, day, seller] = kept
    while len(_KEPT) > 1 and sum(len(each.rows) for each in _KEPT.values()) > MOST_KEPT:
        _KEPT.popitem(last=False)
    if len(asked) == len(kept.customers):
        return kept.rows
    wanted = np.isin(kept.customers, asked)
    return kept.rows[wanted[np.searchsorted(kept.customers, kept.rows["customer"])]]


def _missing(kept: _Kept, asked: np.ndarray, fresh: Freshness) -> np.ndarray:
    """Those of the customers whose rows aren't kept, or follow from other facts."""
    if not len(kept.customers):
        return asked
    places = np.minimum(np.searchsorted(kept.customers, asked), len(kept.customers) - 1)
    same = (kept.customers[places] == asked) & (kept.states[places] == fresh.states_of(asked))
    return asked[~same]


def _merged(kept: _Kept, renewed: np.ndarray, fresh: Freshness, rows: np.ndarray) -> _Kept:
    stay = ~np.isin(kept.customers, renewed)
    rows = np.concatenate([kept.rows[~np.isin(kept.rows["customer"], renewed)], rows])
    customers = np.concatenate([kept.customers[stay], renewed])
    states = np.concatenate([kept.states[stay], fresh.states_of(renewed)])
    order = np.argsort(customers)
    return _Kept(customers[order], states[order], rows)


def _stored(customers: list[int], day: date, seller: int) -> np.ndarray:
    params = {"customers": array_literal(customers), "day": day, "seller": seller, "sellers": sorted({0, seller})}
    types = KEY_TYPES | COUNT_TYPES
    columns = read_columns(_AS_OF, params, types)
    rows = np.empty(len(columns["customer_id"]), dtype=COMPACT)
    for field, name in zip(COMPACT.names or (), types, strict=True):
        rows[field] = columns[name]
    return rows


def _computed(customers: list[int], day: date, seller: int) -> list[np.ndarray]:
    parts = []
    for part in ranges(customers=customers) if customers else ():
        rows = compute.figures(customers=part, day=day)
        parts.append(rows[rows["seller"] == seller].astype(COMPACT))
    return parts
