"""The figures of customers as of a day: stored where they are fresh, else computed on the spot; always right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from insights.engine import compute
from insights.engine.rows import ROW
from insights.grain import Grain
from insights.selectors.ranges import ranges
from insights.selectors.stored import fresh_customers, snapshot, stored_figures, stored_of_grain
from partners.tenancy import counting


def figures(*, customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    """The insight rows of these customers (keys) as of `day`: array of `engine.rows.ROW`.

    All three `by`; `seller` is a partner's key ("sold by us") or 0 (all sellers).
    """
    return figures_of_sellers(customers=customers, day=day, sellers=[seller])


def figures_of_sellers(*, customers: Sequence[int], day: date, sellers: Sequence[int]) -> np.ndarray:
    """The same for several sellers at once."""
    with counting(), snapshot():
        fresh = fresh_customers(customers=customers, day=day)
        stored = stored_figures(customers=fresh, day=day, sellers=sellers)
        missing = sorted(set(customers) - set(fresh))
        return np.concatenate([stored, *_computed(missing, day, sellers)])


def figures_of_grain(*, customers: Sequence[int], day: date, seller: int, grain: Grain) -> np.ndarray:
    """The wanted ones among `figures`, without reading the others."""
    return figures_of_grains(customers=customers, day=day, seller=seller, grains=[grain])[0]


def figures_of_grains(*, customers: Sequence[int], day: date, seller: int, grains: Sequence[Grain]) -> list[np.ndarray]:
    """The same for several grains, as of one moment."""
    with counting(), snapshot():
        fresh = fresh_customers(customers=customers, day=day)
        computed = np.concatenate(_computed(sorted(set(customers) - set(fresh)), day, [seller]))
        return [
            np.concatenate(
                [stored_of_grain(customers=fresh, day=day, seller=seller, grain=grain), wanted(computed, grain)]
            )
            for grain in grains
        ]


def computed_of_grain(*, customers: Sequence[int], day: date, seller: int, grain: Grain) -> np.ndarray:
    """The same, computed on the spot whether they are stored or not."""
    return wanted(np.concatenate(_computed(customers, day, [seller])), grain)


def wanted(rows: np.ndarray, grain: Grain) -> np.ndarray:
    """Those of the rows that are wanted."""
    for name, key in grain.keys.items():
        rows = rows[rows[name] == key]
    for name in grain.set_columns:
        rows = rows[rows[name] != 0]
    return rows


def _computed(customers: Sequence[int], day: date, sellers: Sequence[int]) -> list[np.ndarray]:
    """The rows of customers of whom nothing fresh is stored, from the facts of all sellers."""
    parts = [np.zeros(0, dtype=ROW)]
    for part in ranges(customers=customers) if customers else ():
        with counting():
            rows = compute.figures(customers=part, day=day)
        parts.append(rows[np.isin(rows["seller"], sellers)])
    return parts
