"""The figures of customers as of a day: stored where they are fresh, else computed on the spot; always right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from insights.engine import compute
from insights.engine.rows import ROW
from insights.selectors.ranges import ranges
from insights.selectors.stored import fresh_customers, snapshot, stored_figures


def figures(*, customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    """The insight rows of these customers (keys) as of `day`: array of `engine.rows.ROW`.

    All three `by`; `seller` is a partner's key ("sold by us") or 0 (all sellers).
    """
    with snapshot():
        fresh = fresh_customers(customers=customers, day=day)
        parts = [stored_figures(customers=fresh, day=day, sellers=[seller])]
        missing = sorted(set(customers) - set(fresh))
        for part in ranges(customers=missing):
            rows = compute.figures(customers=part, day=day)
            parts.append(rows[rows["seller"] == seller])
    return np.concatenate([np.zeros(0, dtype=ROW), *parts])
