"""Use: who of those entitled was active in which workload, as words of 64 people per subscription."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.engine.entitlements import EVERY_DAY, Entitlements, run_starts
from insights.engine.facts import Facts
from insights.window import WINDOW_DAYS

ANY = 0
"""The column of workload `any`; workload index w is column w + 1."""


@dataclass(frozen=True, slots=True)
class Use:
    """Words (subscription, block), by subscription and block; u counts them. Column 0 is `any`, then the workloads."""

    subscription: np.ndarray
    """[u] index of the subscription"""
    block: np.ndarray
    """[u] index of the block"""
    holders: np.ndarray
    """[u] uint64: who holds a current entitlement"""
    active: np.ndarray
    """[u, w + 1] uint64: whose entitlement is active"""
    active_current: np.ndarray
    """[u, w + 1] uint64: whose entitlement is active and current"""


def word_of(held: Entitlements) -> np.ndarray:
    """[e] The index of the word in which each entitlement stands."""
    word = np.zeros(len(held.bit), dtype=np.int64)
    word[run_starts(held.subscription, held.block)[1:]] = 1
    return np.cumsum(word)


def use(facts: Facts, held: Entitlements) -> Use:
    """The use of the entitlements."""
    starts = run_starts(held.subscription, held.block)
    subscription, block = held.subscription[starts], held.block[starts]
    holders = _words(held.bit, held.current, starts)
    whole = held.days == EVERY_DAY
    by_workload = _active_in_whole_window(facts, subscription, block, _words(held.bit, whole, starts))
    _add_parts_of_window(facts, held, np.flatnonzero(~whole), word_of(held), by_workload)
    active = np.concatenate([np.bitwise_or.reduce(by_workload, axis=1, keepdims=True), by_workload], axis=1)
    return Use(subscription, block, holders, active, active & holders[:, None])


def _words(bit: np.ndarray, chosen: np.ndarray, starts: np.ndarray) -> np.ndarray:
    bits = np.where(chosen, bit, np.uint64(0))
    return np.bitwise_or.reduceat(bits, starts) if len(starts) else bits[:0]


def _active_in_whole_window(facts: Facts, subscription: np.ndarray, block: np.ndarray, held: np.ndarray) -> np.ndarray:
    """[u, w] Who of `held`, entitled on every day of the window, was active in the SKU's workloads."""
    ever = np.bitwise_or.reduce(facts.bits, axis=2)
    seen = ever[:, block].T & held[:, None]
    return np.where(facts.has[subscription], seen, np.uint64(0))


def _add_parts_of_window(
    facts: Facts, held: Entitlements, parts: np.ndarray, word: np.ndarray, active: np.ndarray
) -> None:
    """Look day by day at the few entitlements whose periods begin or end inside the window."""
    days = (held.days[parts, None] >> np.arange(WINDOW_DAYS, dtype=np.uint32)) & 1 == 1
    has = facts.has[held.subscription[parts]]
    for workload in range(len(facts.workloads)):
        chosen = np.flatnonzero(has[:, workload])
        part = parts[chosen]
        seen = facts.bits[workload, held.block[part]] & held.bit[part, None] != 0
        hit = part[(seen & days[chosen]).any(axis=1)]
        np.bitwise_or.at(active, (word[hit], workload), held.bit[hit])
