"""Computes figures and stores them, in ranges of customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from insights.engine.compute import figures
from insights.selectors.ranges import ranges
from insights.selectors.stored import snapshot
from insights.services.storage import read_basis, store

Progress = Callable[[date, int], None]


def rollup(*, first: date, last: date, customers: Sequence[int] | None = None, progress: Progress | None = None) -> int:
    """Compute and store the figures of each day from `first` to `last`, of the customers (keys) or of all.

    Any number of times: the same result. Returns how many customers' days were stored; one whose facts change while
    they are computed is left stale, and not counted. `progress` is told a day and how many customers it now has.
    """
    stored = 0
    for part in ranges(customers=customers):
        for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)):
            stored += rollup_day(customers=part, day=day)
            if progress:
                progress(day, len(part))
    return stored


def rollup_day(*, customers: Sequence[int], day: date) -> int:
    """Compute and store the figures of these customers (keys) as of `day`; returns of how many."""
    with snapshot():
        basis = read_basis(customers=customers)
        rows = figures(customers=customers, day=day)
    return store(customers=customers, day=day, figures=rows, basis=basis)
