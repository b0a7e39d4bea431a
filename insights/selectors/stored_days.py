"""Which days a portfolio can be shown of without computing: those whose figures are stored of nearly all customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from customers.columns import day_number, day_of
from insights.selectors.stored import fresh_days
from partners.tenancy import counting

NEARLY_ALL = 90
"""Percent of the customers."""
LOOKED_BACK = 92
"""So many days at most."""


def latest_stored_day(*, customers: Sequence[int], before: date) -> date | None:
    """The latest day before `before` of which the figures of nearly all these customers (keys) are stored; None: none."""
    first, last = before - timedelta(days=LOOKED_BACK), before - timedelta(days=1)
    with counting():
        spans = fresh_days(customers=customers, first=first, last=last)
    begin = day_number(first)
    changes = np.zeros(LOOKED_BACK + 1, dtype=np.int64)
    np.add.at(changes, spans["valid_from"] - begin, 1)
    np.add.at(changes, spans["valid_to"] - begin, -1)
    stored = np.flatnonzero(100 * np.cumsum(changes[:-1]) >= NEARLY_ALL * len(customers))
    return day_of(begin + int(stored[-1])) if len(stored) and len(customers) else None
