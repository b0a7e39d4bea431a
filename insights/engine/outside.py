"""Who used what outside every entitlement (metrics.md, last sentence of "Unlicensed activity")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.bits.layout import BLOCK
from insights.engine.entitlements import entitlements, kinds
from insights.engine.facts import Facts, read_facts
from insights.engine.unlicensed import unlicensed_days


@dataclass(frozen=True, slots=True)
class Outside:
    """Of one customer as of a day, by workload (key)."""

    held: frozenset[int]
    """The workloads that a subscription of the customer has."""
    used: frozenset[int]
    """Those with activity in the window."""
    counted: frozenset[int]
    """Those in which such use counts as `active_unlicensed`, and isn't in the numbers below."""
    people: dict[int, int]
    """How many people had activity in the workload on a day of the window on which no entitled period gave them the workload."""
    everybody: int
    """How many people had such activity in any of these workloads."""


def outside(*, customer: int, day: date, workloads: list[int]) -> Outside:
    """What happened in `workloads` (keys) outside every entitlement that exists as of `day`; its seller doesn't matter."""
    facts = read_facts(customers=[customer], day=day, more_workloads=workloads)
    held = entitlements(facts, kinds(facts))
    counted = set(facts.unlicensed["workload"].tolist())
    people: dict[int, int] = {}
    anywhere = np.zeros((facts.bits.shape[1], BLOCK), dtype=bool)
    for index, workload in enumerate(facts.workloads.tolist()):
        if index not in counted:
            blocks, days = unlicensed_days(facts, held, index)
            people[workload] = int((days != 0).sum())
            anywhere[blocks] |= days != 0
    return Outside(
        held=_keys(facts, facts.has.any(axis=0)),
        used=_keys(facts, facts.bits.any(axis=(1, 2))),
        counted=frozenset(int(facts.workloads[index]) for index in counted),
        people=people,
        everybody=int(anywhere.sum()),
    )


def _keys(facts: Facts, chosen: np.ndarray) -> frozenset[int]:
    return frozenset(facts.workloads[chosen].tolist())
