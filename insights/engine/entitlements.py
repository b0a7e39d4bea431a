"""Entitlements: the pairs (subscription, user), their class, and on which days of the window they held a licence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from insights.engine.facts import BLOCK, Facts
from insights.window import WINDOW_DAYS

EVERY_DAY = (1 << WINDOW_DAYS) - 1


class Kind(IntEnum):
    """What kind of use a subscription's activity is; of a qualifying one it is current or former, by person."""

    QUALIFYING = 0
    LAPSED = 1
    TRIAL = 2
    UNLICENSED = 3


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The entitlements that can count: with a licence on a day of the window. By subscription, then person.

    Those whose last entitled period ended before the window are `former` and idle, and count nowhere.
    """

    subscription: np.ndarray
    """[e] index of the subscription"""
    person: np.ndarray
    """[e] the person's number within the customer"""
    block: np.ndarray
    """[e] index of the person's block"""
    bit: np.ndarray
    """[e] uint64 with the person's one bit"""
    days: np.ndarray
    """[e] uint32: the days of the window in an entitled period, first day in bit 0"""
    current: np.ndarray
    """[e] bool: the class is `current`"""
    blocked: np.ndarray
    """[s] number of users with a blocked period that covers the as-of day"""


def kinds(facts: Facts) -> np.ndarray:
    """[s] The `Kind` of each subscription (metrics.md, "Base counts": the first rule that fits decides)."""
    subscriptions = facts.subscriptions
    lapsed = np.where(subscriptions["active"], Kind.QUALIFYING, Kind.LAPSED)
    return np.where(subscriptions["trial"], Kind.TRIAL, lapsed)


def entitlements(facts: Facts, kind: np.ndarray) -> Entitlements:
    """The entitlements of the facts, classified."""
    periods = facts.periods
    covers = (periods["valid_from"] <= facts.day) & (periods["valid_to"] > facts.day)
    blocked = np.bincount(
        periods["subscription"][covers & ~periods["entitled"]], minlength=len(facts.subscriptions["subscription"])
    )
    entitled = np.flatnonzero(periods["entitled"])
    subscription, person = periods["subscription"][entitled], periods["person"][entitled]
    starts = run_starts(subscription, person)
    days = _or(_window_days(facts.first, periods["valid_from"][entitled], periods["valid_to"][entitled]), starts)
    current = _or(covers[entitled], starts) & (kind[subscription[starts]] == Kind.QUALIFYING)
    subscription, person = subscription[starts], person[starts]
    block = facts.first_block[facts.subscriptions["customer"][subscription]] + person // BLOCK
    bit = np.uint64(1) << (person % BLOCK).astype(np.uint64)
    return Entitlements(subscription, person, block, bit, days, current, blocked)


def run_starts(*columns: np.ndarray) -> np.ndarray:
    """The positions where a run of equal rows begins, in columns that are sorted together."""
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    differs = np.zeros(len(columns[0]), dtype=bool)
    differs[0] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def _window_days(first: int, valid_from: np.ndarray, valid_to: np.ndarray) -> np.ndarray:
    """The days d of the window with `valid_from <= d < valid_to`, as bits."""
    begin = np.clip(valid_from - first, 0, WINDOW_DAYS)
    end = np.clip(valid_to - first, 0, WINDOW_DAYS)
    return ((np.int64(1) << end) - (np.int64(1) << begin)).astype(np.uint32)


def _or(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.bitwise_or.reduceat(values, starts) if len(starts) else values[:0]
