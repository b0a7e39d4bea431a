"""The life cycle of own subscriptions as of a day: which have lapsed, which end soon, what happens next and when.

Trials have an analysis of their own, and aren't here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import overload

import numpy as np

from customers.columns import Columns, day_number, day_of
from customers.held import FOR_EVER
from customers.lifecycle import DISABLED_DAYS, GRACE_DAYS, Status
from customers.selectors.customers import VisibleCustomer
from customers.terms import ACTIVE, DEPROVISIONED, DISABLED, GRACE, STATUSES
from insights.selectors.analysis.in_use import InUse, in_use
from insights.selectors.analysis.order import ranks
from insights.selectors.analysis.own import Own

SPANS = (30, 60, 90)
"""So many days ahead of the as-of date is soon."""


class State(StrEnum):
    """What a list of the life cycle holds."""

    AT_STAKE = "at_stake"
    """Ending, to decide, in grace or disabled: everything that can still be saved."""
    ENDING = "ending"
    """Active, and its term ends soon without going on by itself."""
    DECIDE = "decide"
    """Active, and soon is the last day to cancel it or change its licences, or it renews by itself."""
    GRACE = "grace"
    DISABLED = "disabled"
    DEPROVISIONED = "deprovisioned"


class Next(StrEnum):
    """What happens next to a subscription."""

    ENDS = "ends"
    """The term ends, and it isn't renewed: grace begins on the day after."""
    TERM_ENDS = "term_ends"
    """The term ends; nobody said whether it is renewed."""
    RENEWS = "renews"
    CANCEL_UNTIL = "cancel_until"
    """The last day on which it can be cancelled or its licences reduced."""
    DISABLED = "disabled"
    """It will be disabled from this day on."""
    DEPROVISIONED = "deprovisioned"
    NOTHING = "nothing"
    """No date is known."""


_NEXT = tuple(Next)
SORTS = ("days_left", "customer", "sku", "status_name", "licences", "in_use", "next_day")
"""What the list can be sorted by."""


@dataclass(frozen=True, slots=True)
class LifecycleRow:
    """One own subscription."""

    subscription: int
    """Key."""
    customer: VisibleCustomer
    sku: int
    """Key."""
    status: Status
    """Aged."""
    licences: int
    in_use: int | None
    """None: nothing is known about its use."""
    covered_days: int
    together: int
    """Of how many own subscriptions `in_use` tells; 1: of this one alone."""
    term_end: date | None
    cancel_until: date | None
    auto_renew: bool | None
    next: Next
    next_day: date | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Sum:
    """What is at stake in a state: subscriptions, their licences, and those in use."""

    subscriptions: int
    licences: int
    in_use: int | None


@dataclass(frozen=True, slots=True)
class Lifecycle(Sequence[LifecycleRow]):
    """The subscriptions of one state in their order; a row is made only when it is looked at."""

    own: Own
    pieces: Columns
    """Of the subscriptions in any state: pieces that cover the day, with next, next_day, renewed."""
    used: InUse
    rows: np.ndarray
    """Which of the pieces are in the list, in their order."""
    customers: dict[int, VisibleCustomer]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> LifecycleRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[LifecycleRow]: ...
    def __getitem__(self, index: int | slice) -> LifecycleRow | list[LifecycleRow]:
        if isinstance(index, int):
            return self._row(int(self.rows[index]))
        return [self._row(place) for place in self.rows[index].tolist()]

    def sum_of(self, state: State, within: int) -> Sum:
        """What is at stake in a state, whatever the list shows."""
        chosen = _chosen(self.own, self.pieces, state, within)
        return self._sum(chosen)

    def ending(self, within: int) -> Sum:
        """What ends within so many days."""
        return self.sum_of(State.ENDING, within)

    def _sum(self, chosen: np.ndarray) -> Sum:
        licences = self.own.of("quantity", self.pieces)[chosen].sum()
        return Sum(int(chosen.sum()), int(licences), self.used.sum(chosen))

    def _row(self, place: int) -> LifecycleRow:
        version = int(self.pieces["version"][place])
        said = {name: int(self.own.versions[name][version]) for name in ("subscription", "customer", "sku", "quantity")}
        days = {name: _day(self.own.versions[name][version]) for name in ("term_end", "cancel_until")}
        next_day = _day(self.pieces["next_day"][place])
        known = self.used.covered_days[place] > 0
        return LifecycleRow(
            subscription=said["subscription"],
            customer=self.customers[said["customer"]],
            sku=said["sku"],
            status=STATUSES[self.pieces["status"][place]],
            licences=said["quantity"],
            in_use=int(self.used.licences[place]) if known else None,
            covered_days=int(self.used.covered_days[place]),
            together=int(self.used.together[place]),
            auto_renew={0: False, 1: True}.get(int(self.own.versions["renews"][version])),
            next=_NEXT[self.pieces["next"][place]],
            next_day=next_day,
            days_left=(next_day - self.own.question.day).days if next_day else None,
            **days,
        )


def lifecycle(
    own: Own, state: State, within: int, *, sku_names: dict[int, str], sort: str = "days_left", descending: bool = False
) -> Lifecycle:
    """The list of a state; `within`: how many days ahead is soon; `sku_names` by key, for sorting."""
    day = own.question.day
    every = own.on(day)
    wanted = own.of("meant", every) & ~own.of("trial", every)
    pieces = {name: column[wanted] for name, column in every.items()}
    pieces |= _what_comes(own, pieces, day_number(day))
    pieces = _of_interest(own, pieces)
    used = in_use(own, pieces, every)
    customers = own.customers_on(day)
    names = {"customer": {key: one.name for key, one in customers.items()}, "sku": sku_names}
    chosen = np.flatnonzero(_chosen(own, pieces, state, within))
    order = _order(own, pieces, used, names, sort)[chosen]
    order = -order if descending else order
    values = np.nan_to_num(order, nan=np.inf)
    ties = own.of("subscription", pieces)[chosen]
    days = pieces["next_day"][chosen]
    return Lifecycle(own, pieces, used, chosen[np.lexsort((ties, days, values))], customers)


def _of_interest(own: Own, pieces: Columns) -> Columns:
    """Those that are in any state: of the others nobody asks whether they are used."""
    states = (State.AT_STAKE, State.DEPROVISIONED)
    chosen = np.logical_or.reduce([_chosen(own, pieces, each, max(SPANS)) for each in states])
    return {name: column[chosen] for name, column in pieces.items()}


def _day(number: int) -> date | None:
    return None if number >= FOR_EVER else day_of(int(number))


def _what_comes(own: Own, pieces: Columns, day: int) -> Columns:
    """[p] next (place in `Next`), next_day (`FOR_EVER`: none), and renewed: a coming version lets it go on."""
    term_end, cancel_until = own.of("term_end", pieces), own.of("cancel_until", pieces)
    renews, status, renewed = own.of("renews", pieces), pieces["status"], _renewed(own, pieces)
    active = status == ACTIVE
    # Only what ages has dates that follow from the end of its term; what was stated to be in grace has none.
    ages = (own.of("status", pieces) == ACTIVE) & ~active
    ends = np.select([renews == 1, renews == 0], [_at(Next.RENEWS), _at(Next.ENDS)], _at(Next.TERM_ENDS))
    dates = [
        (_at(Next.CANCEL_UNTIL), np.where(active, cancel_until, FOR_EVER)),
        (ends, np.where(active & ~renewed, term_end, FOR_EVER)),
        (_at(Next.DISABLED), np.where(ages & (status == GRACE), term_end + 1 + GRACE_DAYS, FOR_EVER)),
        (
            _at(Next.DEPROVISIONED),
            np.where(ages & (status == DISABLED), term_end + 1 + GRACE_DAYS + DISABLED_DAYS, FOR_EVER),
        ),
    ]
    found, next_day = np.full(len(status), _at(Next.NOTHING)), np.full(len(status), FOR_EVER, dtype=np.int64)
    for what, when in dates:
        sooner = (when >= day) & (when < next_day)
        found, next_day = np.where(sooner, what, found), np.where(sooner, when, next_day)
    return {"next": found, "next_day": next_day, "renewed": renewed}


def _at(what: Next) -> int:
    return _NEXT.index(what)


def _renewed(own: Own, pieces: Columns) -> np.ndarray:
    """[p] Whether a version that is to come lets the subscription go on beyond the end of its present term."""
    versions, version = own.versions, pieces["version"]
    subscription, term_end = versions["subscription"], versions["term_end"]
    last = np.searchsorted(subscription, subscription[version], side="right")
    renewed = np.zeros(len(version), dtype=bool)
    for ahead in range(1, int((last - version).max(initial=1))):
        row = np.minimum(version + ahead, len(subscription) - 1)
        goes_on = (term_end[row] > term_end[version]) | (versions["renews"][row] == 1)
        renewed |= (version + ahead < last) & (versions["status"][row] == ACTIVE) & goes_on
    return renewed


def _chosen(own: Own, pieces: Columns, state: State, within: int) -> np.ndarray:
    """[p] Which of the pieces are in the state."""
    status = pieces["status"]
    soon = day_number(own.question.day) + within
    if state is State.AT_STAKE:
        states = (State.ENDING, State.DECIDE, State.GRACE, State.DISABLED)
        return np.logical_or.reduce([_chosen(own, pieces, each, within) for each in states])
    stated = {State.GRACE: GRACE, State.DISABLED: DISABLED, State.DEPROVISIONED: DEPROVISIONED}
    if state in stated:
        return status == stated[state]
    ending = (status == ACTIVE) & _ends(own, pieces) & (own.of("term_end", pieces) <= soon)
    if state is State.ENDING:
        return ending
    return (status == ACTIVE) & (pieces["next_day"] <= soon) & ~ending


def _ends(own: Own, pieces: Columns) -> np.ndarray:
    """[p] Whether the term ends, on the day or later, without going on by itself."""
    ahead = own.of("term_end", pieces) >= day_number(own.question.day)
    return ahead & (own.of("renews", pieces) != 1) & ~pieces["renewed"]


def _order(own: Own, pieces: Columns, used: InUse, names: Mapping[str, Mapping[int, str]], sort: str) -> np.ndarray:
    """[p] float: what is sorted by, from the least; nan: nothing there."""
    if sort in names:
        return ranks(own.of(sort, pieces), names[sort])
    if sort == "in_use":
        return np.where(used.covered_days > 0, used.licences.astype(float), np.nan)
    values = {"status_name": pieces["status"], "licences": own.of("quantity", pieces)}.get(sort, pieces["next_day"])
    return np.where(values >= FOR_EVER, np.nan, values.astype(float))
