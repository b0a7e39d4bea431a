"""Movements: customers, own subscriptions and licences that are new or gone between two days, and what happened.

Licences are those that count as sold (metrics.md, "Base counts"): of subscriptions that are active, no trial, and of a
family that is switched on. What they were at the beginning, and new, less gone, is what they are at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from customers.columns import Columns, day_number, day_of
from customers.held import FOR_EVER
from customers.selectors.customers import VisibleCustomer
from customers.terms import ACTIVE, DEPROVISIONED, DISABLED, GRACE
from insights.selectors.analysis.own import Own

SPANS = (1, 30, 90)
"""So many days back from the as-of date: what changed since the end of that day."""


class What(StrEnum):
    """What is counted."""

    CUSTOMERS = "customers"
    SUBSCRIPTIONS = "subscriptions"
    LICENCES = "licences"


class Why(StrEnum):
    """What happened."""

    BOUGHT = "bought"
    MORE = "more"
    CONVERTED = "converted"
    ACTIVE_AGAIN = "active_again"
    OTHER_SKU = "other_sku"
    SERVED = "served"
    """The relationship with the customer began."""
    FEWER = "fewer"
    GRACE = "grace"
    DISABLED = "disabled"
    DEPROVISIONED = "deprovisioned"
    TRIAL = "trial"
    """Bought licences became a trial."""
    NOT_SERVED = "not_served"
    """The relationship with the customer ended."""


_STOPPED = {GRACE: Why.GRACE, DISABLED: Why.DISABLED, DEPROVISIONED: Why.DEPROVISIONED}


@dataclass(frozen=True, slots=True)
class Balance:
    """What there was at the end of the first day and at the end of the last, and what came and went in between."""

    what: What
    days: int
    begin: int
    new: int
    gone: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One own subscription on the day on which what counts of it changed."""

    subscription: int
    customer: int
    """Keys."""
    sku: int
    """Key: of the subscription after the change, or before it if it is gone."""
    day: date
    licences: int
    """How many more; fewer: below 0."""
    quantity: int
    """Licences that count afterwards."""
    why: Why


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer whose relationship began or ended."""

    customer: VisibleCustomer
    day: date
    """The first day on which it was served, or no more."""


def balances(own: Own, *, days: int) -> list[Balance]:
    """Customers, subscriptions and licences between the day so many days before the as-of date, and that date."""
    last = own.question.day
    first = last - timedelta(days=days)
    before, after = own.customers_on(first), own.customers_on(last)
    licences = _changes(own, _licences(own), first, last)["value"]
    subscriptions = _turned(own, first, last)["value"]
    return [
        _balance(
            What.CUSTOMERS, days, len(before), len(after.keys() - before.keys()), len(before.keys() - after.keys())
        ),
        _balance(What.SUBSCRIPTIONS, days, int(_sum_on(own, own.counted, first)), *_plus_minus(subscriptions)),
        _balance(What.LICENCES, days, int(_sum_on(own, _licences(own), first)), *_plus_minus(licences)),
    ]


def _balance(what: What, days: int, begin: int, new: int, gone: int) -> Balance:
    return Balance(what, days, begin, new, gone, begin + new - gone)


def _plus_minus(values: np.ndarray) -> tuple[int, int]:
    return int(values[values > 0].sum()), int(-values[values < 0].sum())


def customer_changes(own: Own, *, days: int, new: bool) -> list[CustomerChange]:
    """The customers that are new or gone, the latest first, then by name."""
    last = own.question.day
    before, after = own.customers_on(last - timedelta(days=days)), own.customers_on(last)
    here, there = (after, before) if new else (before, after)
    changed = {key: one for key, one in here.items() if key not in there}
    turns = _turns(own, changed, new=new)
    found = [CustomerChange(one, turns[key]) for key, one in changed.items()]
    return sorted(found, key=lambda each: (-each.day.toordinal(), each.customer.name.casefold()))


def _turns(own: Own, customers: Container[int], *, new: bool) -> dict[int, date]:
    """By customer (key) the latest day up to the as-of date on which a relationship began or ended without adjoining another."""
    begins: defaultdict[int, set[date | None]] = defaultdict(set)
    ends: defaultdict[int, set[date | None]] = defaultdict(set)
    for each in own.relationships:
        if each.id in customers:
            begins[each.id].add(each.since)
            ends[each.id].add(each.until)
    turns, others = (begins, ends) if new else (ends, begins)
    last = own.question.day
    apart = {key: days - others[key] for key, days in turns.items()}
    return {key: max(day for day in days if day is not None and day <= last) for key, days in apart.items()}


def licence_changes(own: Own, *, days: int, new: bool) -> list[Change]:
    """The changes of what counts as sold that make up the licences new or gone, the latest first."""
    last = own.question.day
    changes = _changes(own, _licences(own), last - timedelta(days=days), last)
    return list(_told(own, _chosen(changes, new=new)))


def subscription_changes(own: Own, *, days: int, new: bool) -> list[Change]:
    """The subscriptions that are new or gone, each with its last turn, the latest first."""
    last = own.question.day
    turned = _turned(own, last - timedelta(days=days), last)
    return list(_told(own, _chosen(turned, new=new)))


def _chosen(changes: Columns, *, new: bool) -> Columns:
    wanted = changes["value"] > 0 if new else changes["value"] < 0
    order = np.lexsort((changes["subscription"][wanted], -changes["day"][wanted]))
    return {name: column[wanted][order] for name, column in changes.items()}


def _licences(own: Own) -> np.ndarray:
    """[p] The licences of each piece that count as sold."""
    return np.where(own.counted, own.of("quantity", own.pieces), 0)


def _sum_on(own: Own, values: np.ndarray, day: date) -> int:
    number = day_number(day)
    return int(values[(own.pieces["first"] <= number) & (own.pieces["past"] > number)].sum())


def _changes(own: Own, values: np.ndarray, first: date, last: date) -> Columns:
    """The days after `first` and up to `last` on which a subscription's value changes: subscription, day, value.

    And before and after: the rows of the pieces that end and begin there; -1: none does.
    """
    pieces, subscription = own.pieces, own.of("subscription", own.pieces)
    ends = pieces["past"] < FOR_EVER
    row = np.arange(len(subscription))
    events = {
        "subscription": np.concatenate([subscription, subscription[ends]]),
        "day": np.concatenate([pieces["first"], pieces["past"][ends]]),
        "value": np.concatenate([values, -values[ends]]).astype(np.int64),
        "before": np.concatenate([np.full(len(row), -1), row[ends]]),
        "after": np.concatenate([row, np.full(int(ends.sum()), -1)]),
    }
    meant = (events["day"] > day_number(first)) & (events["day"] <= day_number(last))
    return _by_day({name: column[meant] for name, column in events.items()})


def _by_day(events: Columns) -> Columns:
    """What begins and what ends of one subscription on one day taken together; where nothing changes, nothing."""
    order = np.lexsort((events["day"], events["subscription"]))
    sorted_events = {name: column[order] for name, column in events.items()}
    key = np.stack([sorted_events["subscription"], sorted_events["day"]])
    starts = np.flatnonzero(np.concatenate([[True], (key[:, 1:] != key[:, :-1]).any(axis=0)])[: key.shape[1]])
    if not len(starts):
        return sorted_events
    found = {name: sorted_events[name][starts] for name in ("subscription", "day")}
    found["value"] = np.add.reduceat(sorted_events["value"], starts)
    for name in ("before", "after"):
        found[name] = np.maximum.reduceat(sorted_events[name], starts)
    differs = found["value"] != 0
    return {name: column[differs] for name, column in found.items()}


def _turned(own: Own, first: date, last: date) -> Columns:
    """The subscriptions that count on one of the two days only: their last turn; value 1: new, -1: gone."""
    turns = _changes(own, own.counted.astype(np.int64), first, last)
    if not len(turns["day"]):
        return turns
    starts = np.flatnonzero(np.concatenate([[True], turns["subscription"][1:] != turns["subscription"][:-1]]))
    net = np.add.reduceat(turns["value"], starts)
    lasts = np.concatenate([starts[1:], [len(turns["day"])]]) - 1
    found = {name: column[lasts] for name, column in turns.items()} | {"value": net}
    return {name: column[net != 0] for name, column in found.items()}


def _told(own: Own, changes: Columns) -> Iterator[Change]:
    licences, counted = _licences(own), own.counted
    rows = zip(*(changes[name].tolist() for name in ("subscription", "day", "before", "after")), strict=True)
    for subscription, day, before, after in rows:
        once, now = _value(licences, before), _value(licences, after)
        shown = own.versions_row(after if after >= 0 and (before < 0 or counted[after]) else before)
        yield Change(
            subscription=subscription,
            customer=int(own.versions["customer"][shown]),
            sku=int(own.versions["sku"][shown]),
            day=day_of(day),
            licences=now - once,
            quantity=now,
            why=_why(own, counted, before, after),
        )


def _value(values: np.ndarray, piece: int) -> int:
    return int(values[piece]) if piece >= 0 else 0


def _why(own: Own, counted: np.ndarray, before: int, after: int) -> Why:
    """What happened between two pieces that adjoin, or on a day on which a piece begins or ends alone (-1)."""
    if after < 0:
        return Why.NOT_SERVED
    if before < 0:
        return Why.BOUGHT if _is_its_beginning(own, after) else Why.SERVED
    if counted[before] and counted[after]:
        once, now = (own.versions["quantity"][own.versions_row(piece)] for piece in (before, after))
        return Why.MORE if now > once else Why.FEWER
    return _why_counted(own, before) if counted[after] else _why_not(own, after)


def _is_its_beginning(own: Own, piece: int) -> bool:
    """Whether the subscription itself begins with the piece."""
    row, subscription = own.versions_row(piece), own.versions["subscription"]
    return own.versions["first"][row] == own.pieces["first"][piece] and (
        row == 0 or subscription[row - 1] != subscription[row]
    )


def _why_counted(own: Own, before: int) -> Why:
    """It counts now: by what it was before."""
    version = own.versions_row(before)
    if not own.versions["meant"][version]:
        return Why.OTHER_SKU
    return Why.CONVERTED if own.versions["trial"][version] else Why.ACTIVE_AGAIN


def _why_not(own: Own, after: int) -> Why:
    """It counts no more: by what it is now."""
    version = own.versions_row(after)
    if not own.versions["meant"][version]:
        return Why.OTHER_SKU
    status = int(own.pieces["status"][after])
    return Why.TRIAL if status == ACTIVE else _STOPPED[status]
