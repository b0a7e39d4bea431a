"""Own trials as of a day: when they began and end, who holds a licence, who uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import overload

import numpy as np

from customers.columns import Columns, day_number, day_of
from customers.held import FOR_EVER
from customers.lifecycle import Status
from customers.selectors.customers import VisibleCustomer
from customers.selectors.subscriptions import holders_of
from customers.terms import ACTIVE, DEPROVISIONED, STATUSES, since_like_this
from insights.metrics import percentage
from insights.selectors.analysis.in_use import InUse, in_use
from insights.selectors.analysis.order import ranks
from insights.selectors.analysis.own import Own

SPANS = (30, 60, 90)
"""So many days ahead of the as-of date is soon."""
SORTS = (
    "days_left",
    "customer",
    "sku",
    "status_name",
    "started",
    "ends",
    "licences",
    "people_with_a_licence",
    "in_use",
    "in_use_pct",
)


class State(StrEnum):
    """What a list of trials holds."""

    OPEN = "open"
    """Running or lapsed: everything that can still be converted."""
    RUNNING = "running"
    ENDING = "ending"
    """Running, and its term ends soon."""
    USED = "used"
    """Open, and somebody was active in it."""
    LAPSED = "lapsed"
    """In grace or disabled."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One own trial."""

    subscription: int
    """Key."""
    customer: VisibleCustomer
    sku: int
    """Key."""
    status: Status
    """Aged."""
    started: date
    """Since when it has been a trial without a break."""
    ends: date | None
    days_left: int | None
    """Below 0: so long ago it ended."""
    auto_renew: bool | None
    licences: int
    users: int
    """People with an entitled period that covers the day."""
    in_use: int | None
    """Active entitlements; None: nothing is known about its use."""
    covered_days: int
    together: int
    """Of how many own trials of the SKU `in_use` tells; 1: of this one alone."""

    @property
    def in_use_pct(self) -> float | None:
        """How many of a hundred who hold a licence of this trial use it, where that is known of it alone."""
        return percentage(self.in_use, self.users) if self.in_use is not None and self.together == 1 else None


@dataclass(frozen=True, slots=True)
class Sum:
    """Trials, their licences, the people who hold one, and the licences in use."""

    trials: int
    licences: int
    users: int
    in_use: int | None


@dataclass(frozen=True, slots=True)
class Trials(Sequence[TrialRow]):
    """The trials of one state in their order; a row is made only when it is looked at."""

    own: Own
    pieces: Columns
    """Of every open trial: pieces that cover the day, with started and users."""
    used: InUse
    rows: np.ndarray
    """Which of the pieces are in the list, in their order."""
    customers: dict[int, VisibleCustomer]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> TrialRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TrialRow]: ...
    def __getitem__(self, index: int | slice) -> TrialRow | list[TrialRow]:
        if isinstance(index, int):
            return self._row(int(self.rows[index]))
        return [self._row(place) for place in self.rows[index].tolist()]

    def sum_of(self, state: State, within: int) -> Sum:
        """What is in a state, whatever the list shows."""
        chosen = _chosen(self.own, self.pieces, self.used, state, within)
        licences, users = self.own.of("quantity", self.pieces)[chosen], self.pieces["users"][chosen]
        return Sum(int(chosen.sum()), int(licences.sum()), int(users.sum()), self.used.sum(chosen))

    def _row(self, place: int) -> TrialRow:
        version = int(self.pieces["version"][place])
        said = {name: int(self.own.versions[name][version]) for name in ("subscription", "customer", "sku", "quantity")}
        ends = int(self.own.versions["term_end"][version])
        known = self.used.covered_days[place] > 0
        return TrialRow(
            subscription=said["subscription"],
            customer=self.customers[said["customer"]],
            sku=said["sku"],
            status=STATUSES[self.pieces["status"][place]],
            started=day_of(int(self.pieces["started"][place])),
            ends=None if ends >= FOR_EVER else day_of(ends),
            days_left=None if ends >= FOR_EVER else ends - day_number(self.own.question.day),
            auto_renew={0: False, 1: True}.get(int(self.own.versions["renews"][version])),
            licences=said["quantity"],
            users=int(self.pieces["users"][place]),
            in_use=int(self.used.licences[place]) if known else None,
            covered_days=int(self.used.covered_days[place]),
            together=int(self.used.together[place]),
        )


def trials(
    own: Own, state: State, within: int, *, sku_names: dict[int, str], sort: str = "days_left", descending: bool = False
) -> Trials:
    """The list of a state; `within`: how many days ahead is soon; `sku_names` by key, for sorting."""
    day = own.question.day
    every = own.on(day)
    wanted = own.of("meant", every) & own.of("trial", every) & (every["status"] != DEPROVISIONED)
    pieces = {name: column[wanted] for name, column in every.items()}
    pieces |= {"started": _started(own)[pieces["version"]], "users": _users(own, pieces, day)}
    used = in_use(own, pieces, every)
    customers = own.customers_on(day)
    names = {"customer": {key: one.name for key, one in customers.items()}, "sku": sku_names}
    chosen = np.flatnonzero(_chosen(own, pieces, used, state, within))
    order = _order(own, pieces, used, names, sort)[chosen]
    order = -order if descending else order
    order = np.where(np.isnan(order), np.inf, order)
    ties = own.of("subscription", pieces)[chosen]
    return Trials(own, pieces, used, chosen[np.lexsort((ties, own.of("term_end", pieces)[chosen], order))], customers)


def _started(own: Own) -> np.ndarray:
    """[v] Since when the subscription has been a trial, or none."""
    return since_like_this(own.versions["subscription"], own.versions["first"], own.versions["trial"])


def _users(own: Own, pieces: Columns, day: date) -> np.ndarray:
    """[p] How many people hold a licence."""
    keys = own.of("subscription", pieces).tolist()
    customers = own.of("customer", pieces).tolist()
    holders = holders_of(dict(zip(keys, customers, strict=True)), day) if keys else {}
    return np.array([holders.get(key, (0, 0))[0] for key in keys], dtype=np.int64)


def _chosen(own: Own, pieces: Columns, used: InUse, state: State, within: int) -> np.ndarray:
    """[p] Which of the pieces are in the state."""
    running = pieces["status"] == ACTIVE
    if state is State.RUNNING:
        return running
    if state is State.LAPSED:
        return ~running
    if state is State.USED:
        return used.licences > 0
    if state is State.ENDING:
        first = day_number(own.question.day)
        ends = own.of("term_end", pieces)
        return running & (ends >= first) & (ends <= first + within)
    return np.ones(len(running), dtype=bool)


def _order(own: Own, pieces: Columns, used: InUse, names: Mapping[str, Mapping[int, str]], sort: str) -> np.ndarray:
    """[p] float: what is sorted by, from the least; nan: nothing there."""
    if sort in names:
        return ranks(own.of(sort, pieces), names[sort])
    if sort == "in_use":
        return np.where(used.covered_days > 0, used.licences.astype(float), np.nan)
    if sort == "in_use_pct":
        known = (used.covered_days > 0) & (used.together == 1) & (pieces["users"] > 0)
        return np.where(known, used.licences / np.maximum(pieces["users"], 1), np.nan)
    ends = own.of("term_end", pieces)
    values = {
        "status_name": pieces["status"],
        "started": pieces["started"],
        "people_with_a_licence": pieces["users"],
        "licences": own.of("quantity", pieces),
    }.get(sort, ends)
    return np.where(values >= FOR_EVER, np.nan, values.astype(float))
