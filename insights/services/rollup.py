"""Computes figures and stores them, in ranges of customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date

from django.db import connection

from insights.engine.compute import figures
from insights.selectors.ranges import ranges
from insights.selectors.stored import snapshot
from insights.services.storage import read_basis, store

Progress = Callable[[date, int], None]

AT_A_TIME = 2


def rollup(*, first: date, last: date, customers: Sequence[int] | None = None, progress: Progress | None = None) -> int:
    """Compute and store the figures of each day from `first` to `last`, of the customers (keys) or of all.

    Any number of times: the same result. Returns how many customers' days were stored; one whose facts change while
    they are computed is left stale, and not counted. `progress` is told a day and how many customers it now has.

    Two ranges of customers at a time, so that the database works while figures are computed; within a transaction of
    the caller's one after the other, because only its own connection sees what it wrote.
    """

    def work(part: list[int]) -> int:
        return _rollup_days(part, first, last, progress)

    parts = list(ranges(customers=customers))
    if connection.in_atomic_block or len(parts) < 2:
        return sum(map(work, parts))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return sum(pool.map(_with_own_connection(work), parts))


def _with_own_connection(work: Callable[[list[int]], int]) -> Callable[[list[int]], int]:
    """`work` for a thread: in the caller's scope, on a connection of its own that isn't left behind."""
    context = copy_context()

    def run(part: list[int]) -> int:
        try:
            return context.copy().run(work, part)
        finally:
            connection.close()

    return run


def _rollup_days(customers: list[int], first: date, last: date, progress: Progress | None) -> int:
    stored = 0
    for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)):
        stored += rollup_day(customers=customers, day=day)
        if progress:
            progress(day, len(customers))
    return stored


def rollup_day(*, customers: Sequence[int], day: date) -> int:
    """Compute and store the figures of these customers (keys) as of `day`; returns of how many."""
    with snapshot():
        basis = read_basis(customers=customers)
        rows = figures(customers=customers, day=day)
    return store(customers=customers, day=day, figures=rows, basis=basis)
