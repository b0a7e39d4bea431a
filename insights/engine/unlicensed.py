"""Unlicensed activity: who used a workload on a day without a licence for it (metrics.md, "Unlicensed activity")."""

from __future__ import annotations

import numpy as np

from insights.engine.entitlements import Entitlements
from insights.engine.facts import BLOCK, Facts
from insights.window import WINDOW_DAYS

_PERSON = np.uint64(1) << np.arange(BLOCK, dtype=np.uint64)


def unlicensed_words(facts: Facts, held: Entitlements, family: int) -> np.ndarray:
    """[b, w] uint64: who used a workload that is flagged with this family on a day of the window without a licence.

    Any subscription that exists as of the day licenses: of any status, seller or family.
    """
    words = np.zeros((facts.bits.shape[1], len(facts.workloads)), dtype=np.uint64)
    flagged = facts.unlicensed
    for workload in flagged["workload"][flagged["family"] == family]:
        words[:, workload] = _words(facts, held, workload)
    return words


def unlicensed_days(facts: Facts, held: Entitlements, workload: int) -> tuple[np.ndarray, np.ndarray]:
    """Who used the workload (index) without a licence for it, and when.

    [u] the indexes of the blocks in which it was used at all; [u, 64] uint32: by person the days of the window.
    """
    blocks = facts.bits.shape[1]
    licensed = np.zeros(blocks * BLOCK, dtype=np.uint32)
    holds = facts.has[held.subscription, workload]
    np.bitwise_or.at(licensed, (held.block * BLOCK + held.person % BLOCK)[holds], held.days[holds])
    used = np.flatnonzero(facts.bits[workload].any(axis=1))
    return used, _days_by_person(facts.bits[workload, used]) & ~licensed.reshape(blocks, BLOCK)[used]


def _words(facts: Facts, held: Entitlements, workload: int) -> np.ndarray:
    used, days = unlicensed_days(facts, held, workload)
    words = np.zeros(facts.bits.shape[1], dtype=np.uint64)
    words[used] = np.bitwise_or.reduce(np.where(days != 0, _PERSON, np.uint64(0)), axis=1)
    return words


def _days_by_person(bits: np.ndarray) -> np.ndarray:
    """[b, 28] words of people by day -> [b, 64] words of days by person."""
    shifts = np.arange(BLOCK, dtype=np.uint64)
    days = np.zeros((len(bits), BLOCK), dtype=np.uint32)
    for day in range(WINDOW_DAYS):
        days |= ((bits[:, day, None] >> shifts) & np.uint64(1)).astype(np.uint32) << np.uint32(day)
    return days
