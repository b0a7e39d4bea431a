"""What subscriptions are on which days: versions as columns, split where ageing turns their status. Pure, no ORM."""

from __future__ import annotations

import numpy as np

from customers.held import FOR_EVER
from customers.lifecycle import DISABLED_DAYS, GRACE_DAYS, Status

Columns = dict[str, np.ndarray]
STATUSES = tuple(Status)
"""A status as a number is its place here: the order in which a subscription runs out."""
ACTIVE, GRACE, DISABLED, DEPROVISIONED = range(4)
UNKNOWN = -1
"""Of `renews`: nobody has said so."""


def stages(versions: Columns) -> Columns:
    """The days of each version in one status (metrics.md, "Ageing"; `customers.lifecycle.stages` says the same of one).

    `versions` stand by subscription, then first day: subscription, first, status (place in `STATUSES`), renews (1, 0 or
    `UNKNOWN`), term_end (`FOR_EVER`: none). Columns version (its row), first, past (`FOR_EVER`: until further notice) and
    status, by version, then first day; what adjoins in a version differs in status.
    """
    first, past = versions["first"], _past(versions)
    end = np.where(_ages(versions), versions["term_end"], FOR_EVER)
    turns = [first, end + 1, end + 1 + GRACE_DAYS, end + 1 + GRACE_DAYS + DISABLED_DAYS, past]
    turns = [np.clip(turn, first, past) for turn in turns]
    begins, ends = np.stack(turns[:-1], axis=1), np.stack(turns[1:], axis=1)
    status = np.tile(np.arange(4), (len(first), 1))
    status[:, ACTIVE] = versions["status"]
    lasts = begins < ends
    version = np.nonzero(lasts)[0]
    return {"version": version, "first": begins[lasts], "past": ends[lasts], "status": status[lasts]}


def within(pieces: Columns, customer: np.ndarray, spans: Columns) -> Columns:
    """The parts of the pieces (columns first, past and others) that lie in the spans of their customer.

    `spans`: customer, first, past, in any order; those of one customer don't overlap.
    """
    order = np.lexsort((spans["first"], spans["customer"]))
    begin = np.searchsorted(spans["customer"][order], customer, side="left")
    number = np.searchsorted(spans["customer"][order], customer, side="right") - begin
    row = np.repeat(np.arange(len(customer)), number)
    span = order[np.repeat(begin, number) + _count_up(number)]
    parts = {name: column[row] for name, column in pieces.items()}
    parts["first"] = np.maximum(parts["first"], spans["first"][span])
    parts["past"] = np.minimum(parts["past"], spans["past"][span])
    lasts = parts["first"] < parts["past"]
    return {name: column[lasts] for name, column in parts.items()}


def since_like_this(subscription: np.ndarray, first: np.ndarray, said: np.ndarray) -> np.ndarray:
    """[v] Of versions by subscription and first day: since when the subscription has said the same without a break."""
    begins = np.ones(len(first), dtype=bool)
    begins[1:] = (subscription[1:] != subscription[:-1]) | (said[1:] != said[:-1])
    return first[np.maximum.accumulate(np.where(begins, np.arange(len(first)), 0))]


def _ages(versions: Columns) -> np.ndarray:
    return (versions["status"] == ACTIVE) & (versions["renews"] == 0) & (versions["term_end"] < FOR_EVER)


def _past(versions: Columns) -> np.ndarray:
    """[v] The first day of the next version of the same subscription."""
    past = np.full(len(versions["first"]), FOR_EVER, dtype=np.int64)
    same = versions["subscription"][1:] == versions["subscription"][:-1]
    past[:-1][same] = versions["first"][1:][same]
    return past


def _count_up(numbers: np.ndarray) -> np.ndarray:
    """0, 1, ... for each of the numbers: [2, 3] gives 0, 1, 0, 1, 2."""
    return np.arange(numbers.sum()) - np.repeat(np.cumsum(numbers) - numbers, numbers)
