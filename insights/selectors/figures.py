"""The figures of customers as of a day: stored where they are fresh, else computed on the spot; always right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from customers.selectors.left_out import customers_with
from insights.engine import compute
from insights.engine.rows import ROW
from insights.grain import Grain
from insights.selectors.left_out import figures_without
from insights.selectors.ranges import ranges
from insights.selectors.stored import fresh_customers, snapshot, stored_figures, stored_of_grain
from partners.tenancy import counting

NOTHING: frozenset[int] = frozenset()


def figures(*, customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    """The insight rows of these customers (keys) as of `day`: array of `engine.rows.ROW`.

    All three `by`; `seller` is a partner's key ("sold by us") or 0 (all sellers).
    """
    return figures_of_sellers(customers=customers, day=day, sellers=[seller])


def figures_of_sellers(
    *, customers: Sequence[int], day: date, sellers: Sequence[int], left_out: frozenset[int] = NOTHING
) -> np.ndarray:
    """The same for several sellers at once, without SKUs that are `left_out` (keys)."""
    with counting(), snapshot():
        whole, apart = _parted(customers, day, left_out)
        fresh = fresh_customers(customers=whole, day=day)
        stored = stored_figures(customers=fresh, day=day, sellers=sellers)
        missing = sorted(set(whole) - set(fresh))
        return np.concatenate([stored, *_computed(missing, day, sellers), *_without(apart, day, sellers, left_out)])


def figures_of_grain(
    *, customers: Sequence[int], day: date, seller: int, grain: Grain, left_out: frozenset[int] = NOTHING
) -> np.ndarray:
    """The wanted ones among `figures`, without reading the others, and without SKUs that are `left_out` (keys)."""
    return figures_of_grains(customers=customers, day=day, seller=seller, grains=[grain], left_out=left_out)[0][0]


def figures_of_grains(
    *, customers: Sequence[int], day: date, seller: int, grains: Sequence[Grain], left_out: frozenset[int] = NOTHING
) -> tuple[list[np.ndarray], int]:
    """The same for several grains, as of one moment; and of how many customers they weren't stored."""
    with counting(), snapshot():
        whole, apart = _parted(customers, day, left_out)
        fresh = fresh_customers(customers=whole, day=day)
        missing = sorted(set(whole) - set(fresh))
        computed = np.concatenate([*_computed(missing, day, [seller]), *_without(apart, day, [seller], left_out)])
        tables = [
            np.concatenate(
                [stored_of_grain(customers=fresh, day=day, seller=seller, grain=grain), wanted(computed, grain)]
            )
            for grain in grains
        ]
    return tables, len(missing)


def figures_computed(*, customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    """The same as `figures`, computed on the spot whether they are stored or not."""
    return np.concatenate(_computed(customers, day, [seller]))


def wanted(rows: np.ndarray, grain: Grain) -> np.ndarray:
    """Those of the rows that are wanted."""
    for name, key in grain.keys.items():
        rows = rows[rows[name] == key]
    for name in grain.set_columns:
        rows = rows[rows[name] != 0]
    return rows


def _parted(customers: Sequence[int], day: date, left_out: frozenset[int]) -> tuple[list[int], list[int]]:
    """Those whose figures are the same with and without the SKUs, and the others."""
    if not left_out:
        return list(customers), []
    apart = customers_with(skus=left_out, customers=customers, day=day)
    return [customer for customer in customers if customer not in apart], sorted(apart)


def _without(customers: Sequence[int], day: date, sellers: Sequence[int], left_out: frozenset[int]) -> list[np.ndarray]:
    if not customers:
        return []
    return [figures_without(customers=customers, day=day, sellers=sellers, left_out=left_out)]


def _computed(customers: Sequence[int], day: date, sellers: Sequence[int]) -> list[np.ndarray]:
    """The rows of customers of whom nothing fresh is stored, from the facts of all sellers."""
    parts = [np.zeros(0, dtype=ROW)]
    for part in ranges(customers=customers) if customers else ():
        with counting():
            rows = compute.figures(customers=part, day=day)
        parts.append(rows[np.isin(rows["seller"], sellers)])
    return parts
