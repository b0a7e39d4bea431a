"""The facts of some customers around one as-of date, as arrays: what the computation starts from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.bits import read as bits
from customers.columns import Columns, day_number
from customers.selectors import holdings
from customers.selectors.people import who_is_who
from insights.engine.people import People, join_bits, people, read_as_one
from insights.window import WINDOW_DAYS, first_day

BLOCK = 64


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the customers `customers` (keys, ascending) as of `day`.

    Below, c, s, w and b count customers, subscriptions that exist as of the day, workloads, and blocks of 64 people; a
    position in them is called an index. `first` is the first day of the window; days are `day_number`s.
    """

    customers: np.ndarray
    day: int
    first: int
    workloads: np.ndarray
    """[w] keys of the workloads that any of the subscriptions has, or that can be used without a licence; ascending."""
    subscriptions: Columns
    """[s] by key: customer (index), subscription, seller, sku, family, in_insights, trial, quantity, active."""
    has: np.ndarray
    """[s, w] bool: the workload belongs to the subscription's SKU."""
    periods: Columns
    """Periods that cover a day of the window: subscription (index), person, entitled, valid_from, valid_to.

    Here and in `bits` a person's identifiers are one number, and who is left out isn't there (docs/decisions/0015)."""
    unlicensed: Columns
    """The workloads that can be used without a licence: workload (index), family."""
    first_block: np.ndarray
    """[c + 1] index of the customer's first block; the blocks of a customer stand together."""
    bits: np.ndarray
    """[w, b, 28] uint64: who of the block was active in the workload on the day of the window."""
    covered: np.ndarray
    """[c, w] uint32: the covered days of the window, first day in bit 0 (metrics.md, "Coverage")."""
    known: People
    """Which numbers stand for others, and who is left out."""


def read_facts(
    *, customers: Sequence[int], day: date, more_workloads: Sequence[int] | None = (), left_out: Collection[int] = ()
) -> Facts:
    """The facts of these customers (keys) as of `day`; of `more_workloads` (keys) besides those that figures need.

    Without `more_workloads` (None) of every workload there is. SKUs that are `left_out` (keys) are treated as those of a family that is switched off: they still are licences.
    """
    keys = np.unique(np.asarray(customers, dtype=np.int64))
    subscriptions, has, workloads, unlicensed = _holdings(keys, day, more_workloads)
    if left_out:
        subscriptions["in_insights"] &= ~np.isin(subscriptions["sku"], list(left_out))
    known = _people(keys)
    periods = _periods(keys, subscriptions, day, known)
    first = day_number(day) - WINDOW_DAYS + 1
    window = {"first": first_day(day), "last": day}
    raw = bits.activity(customers=keys.tolist(), workloads=workloads.tolist(), **window)
    raw["customer"] = np.searchsorted(keys, raw["customer"])
    first_block = _blocks(len(keys), subscriptions, periods, raw)
    days = _daily_bits(raw, workloads, first_block, first)
    stated = bits.coverage(customers=keys.tolist(), **window)
    stated["customer"] = np.searchsorted(keys, stated["customer"])
    covered = _covered_by_activity(days, first_block) | _stated_coverage(stated, workloads, len(keys), first)
    join_bits(days, first_block, known)
    return Facts(
        customers=keys,
        day=day_number(day),
        first=first,
        workloads=workloads,
        subscriptions=subscriptions,
        has=has,
        periods=periods,
        unlicensed=unlicensed,
        first_block=first_block,
        bits=days,
        covered=covered,
        known=known,
    )


def _holdings(
    keys: np.ndarray, day: date, more_workloads: Sequence[int] | None
) -> tuple[Columns, np.ndarray, np.ndarray, Columns]:
    subscriptions = holdings.subscriptions(customers=keys.tolist(), day=day)
    subscriptions["customer"] = np.searchsorted(keys, subscriptions["customer"])
    skus = np.unique(subscriptions["sku"])
    found = holdings.catalogue(skus=skus.tolist())
    of_sku, flagged = found["sku"] != 0, found["family"] != 0
    contained = {name: column[of_sku] for name, column in found.items()}
    unlicensed = {name: found[name][flagged] for name in ("workload", "family")}
    more = found["workload"] if more_workloads is None else np.array(more_workloads, dtype=np.int64)
    workloads = np.unique(np.concatenate([contained["workload"], unlicensed["workload"], more]))
    unlicensed["workload"] = np.searchsorted(workloads, unlicensed["workload"])
    by_sku = np.zeros((len(skus), len(workloads)), dtype=bool)
    by_sku[np.searchsorted(skus, contained["sku"]), np.searchsorted(workloads, contained["workload"])] = True
    return subscriptions, by_sku[np.searchsorted(skus, subscriptions["sku"])], workloads, unlicensed


def _people(keys: np.ndarray) -> People:
    found = who_is_who(customers=keys.tolist())
    return people(found | {"customer": np.searchsorted(keys, found["customer"])})


def _periods(keys: np.ndarray, subscriptions: Columns, day: date, known: People) -> Columns:
    """The periods of existing subscriptions, by subscription and person."""
    existing = subscriptions["subscription"]
    periods = holdings.periods(customers=keys.tolist(), first=first_day(day), last=day)
    index = np.searchsorted(existing, periods["subscription"])
    index[index == len(existing)] = 0
    exists = existing[index] == periods["subscription"] if len(existing) else np.zeros(len(index), dtype=bool)
    periods["subscription"] = index
    periods = {name: column[exists] for name, column in periods.items()}
    if not known.is_plain:
        periods = read_as_one(periods, subscriptions["customer"][periods["subscription"]], known, day_number(day))
    order = np.argsort((periods["subscription"] << 32) | periods["person"], kind="stable")
    return {name: column[order] for name, column in periods.items()}


def _blocks(customers: int, subscriptions: Columns, periods: Columns, activity: Columns) -> np.ndarray:
    """[c + 1] The index of each customer's first block, and the number of blocks; each has at least one."""
    last = np.zeros(customers, dtype=np.int64)
    np.maximum.at(last, subscriptions["customer"][periods["subscription"]], periods["person"] // BLOCK)
    np.maximum.at(last, activity["customer"], activity["block"])
    return np.concatenate([[0], np.cumsum(last + 1)])


def _daily_bits(activity: Columns, workloads: np.ndarray, first_block: np.ndarray, first: int) -> np.ndarray:
    days = np.zeros((len(workloads), int(first_block[-1]), WINDOW_DAYS), dtype=np.uint64)
    index = (
        np.searchsorted(workloads, activity["workload"]),
        first_block[activity["customer"]] + activity["block"],
        activity["day"] - first,
    )
    np.bitwise_or.at(days, index, activity["bits"].view(np.uint64))
    return days


def _covered_by_activity(days: np.ndarray, first_block: np.ndarray) -> np.ndarray:
    """[c, w] A day with any activity of the customer in the workload is covered without being said."""
    if not days.shape[0]:
        return np.zeros((len(first_block) - 1, 0), dtype=np.uint32)
    by_customer = np.bitwise_or.reduceat(days, first_block[:-1], axis=1) != 0
    return (by_customer @ (1 << np.arange(WINDOW_DAYS))).astype(np.uint32).T


def _stated_coverage(stated: Columns, workloads: np.ndarray, customers: int, first: int) -> np.ndarray:
    """[c, w] The days of the window that were said to be covered, for the workload or for every one."""
    shift = stated["month"] - first
    later, earlier = np.maximum(shift, 0), np.maximum(-shift, 0)
    masks = (((stated["days"] << later) >> earlier) & ((1 << WINDOW_DAYS) - 1)).astype(np.uint32)
    every = stated["workload"] == 0
    covered = np.zeros((customers, len(workloads)), dtype=np.uint32)
    np.bitwise_or.at(covered, stated["customer"][every], masks[every][:, None])
    index = np.searchsorted(workloads, stated["workload"])
    index[index == len(workloads)] = 0
    known = ~every & (workloads[index] == stated["workload"]) if len(workloads) else np.zeros(len(index), dtype=bool)
    np.bitwise_or.at(covered, (stated["customer"][known], index[known]), masks[known])
    return covered
