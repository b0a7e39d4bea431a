"""Licences of own subscriptions in each state on some days: the trend of the life cycle, from versions alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.columns import day_number
from customers.terms import ACTIVE, DEPROVISIONED, DISABLED, GRACE
from insights.selectors.analysis.own import Own


@dataclass(frozen=True, slots=True)
class StatesOn:
    """Licences (`quantity`) of own subscriptions on a day; those of trials apart."""

    day: date
    active: int
    grace: int
    disabled: int
    deprovisioned: int
    trial: int
    """Of trials that are active."""
    trial_lapsed: int
    """Of trials in grace or disabled."""


def states_on(own: Own, days: Sequence[date]) -> list[StatesOn]:
    """The licences in each state on each of the days, of customers that are served on that day (and today)."""
    pieces = own.pieces
    meant, kind = own.of("meant", pieces), pieces["status"] + (DEPROVISIONED + 1) * own.of("trial", pieces)
    quantity = np.where(meant, own.of("quantity", pieces), 0)
    return [_on(day, kind, np.where(_covers(own, day), quantity, 0)) for day in days]


def _covers(own: Own, day: date) -> np.ndarray:
    number = day_number(day)
    return (own.pieces["first"] <= number) & (own.pieces["past"] > number)


def _on(day: date, kind: np.ndarray, licences: np.ndarray) -> StatesOn:
    """`kind`: the status, of trials after all statuses of others."""
    sums = np.bincount(kind, weights=licences, minlength=2 * (DEPROVISIONED + 1)).astype(np.int64).tolist()
    trial = sums[DEPROVISIONED + 1 :]
    return StatesOn(
        day=day,
        active=sums[ACTIVE],
        grace=sums[GRACE],
        disabled=sums[DISABLED],
        deprovisioned=sums[DEPROVISIONED],
        trial=trial[ACTIVE],
        trial_lapsed=trial[GRACE] + trial[DISABLED],
    )
