"""The people of one customer: what licences each holds, what each used in the window, and who stands out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.columns import Columns
from insights.engine.entitlements import Entitlements, Kind, entitlements, kinds
from insights.engine.facts import BLOCK, Facts, read_facts
from insights.engine.people import People
from insights.engine.unlicensed import unlicensed_days
from insights.engine.use import ANY, use, word_of
from insights.window import WINDOW_DAYS

CLASSES = ("current", "former", "lapsed", "trial", "blocked")
"""What a licence is for a person (metrics.md, "Base counts"); `blocked`: taken, but no right to use."""
_CURRENT, _FORMER, _LAPSED, _TRIAL, _BLOCKED = range(len(CLASSES))


@dataclass(frozen=True, slots=True)
class Roster:
    """n people who held a licence or were active on a day of the window, by number; l licences, by person."""

    person: np.ndarray
    """[n] number within the customer, ascending"""
    idle: np.ndarray
    """[n] bool: holds a current entitlement that is counted as `idle`"""
    unlicensed: np.ndarray
    """[n] bool: used a workload on a day without a licence for it"""
    left: np.ndarray
    """[n] bool: had a licence on a day of the window, and has none on the day, a blocked one neither"""
    workloads: np.ndarray
    """[w] keys"""
    last: np.ndarray
    """[w, n] `day_number` of the last day of the window with activity; 0 without any"""
    beyond: np.ndarray
    """[w, n] bool: in this workload the person was active on a day without a licence for it"""
    licences: Columns
    """[l] row (place of the person), subscription (key), sku (key), cls (place in `CLASSES`),
    holds (on the day, blocked or not), idle, counted"""
    known: People
    """Which numbers stand for others"""


def roster(*, customer: int, day: date, left_out: Collection[int] = ()) -> Roster:
    """The people of the customer (key) as of `day`, with their activity in every workload.

    SKUs that are `left_out` (keys) count in nothing, and still are licences. The caller reads as one who counts.
    """
    facts = read_facts(customers=[customer], day=day, more_workloads=None, left_out=left_out)
    kind = kinds(facts)
    held = entitlements(facts, kind)
    masks = _days_by_person(facts)
    beyond = _beyond(facts, held)
    licences = _licences(facts, kind, held, _idle(facts, held, beyond))
    person = np.union1d(licences["person"], np.flatnonzero(masks.any(axis=0)))
    licences["row"] = np.searchsorted(person, licences.pop("person"))
    return Roster(
        person=person,
        idle=_any(licences, licences["idle"], len(person)),
        unlicensed=beyond.any(axis=0)[person],
        left=_any(licences, licences["cls"] >= 0, len(person)) & ~_any(licences, licences["holds"], len(person)),
        workloads=facts.workloads,
        last=_last(facts, masks[:, person]),
        beyond=beyond[:, person],
        licences=licences,
        known=facts.known,
    )


def _any(licences: Columns, chosen: np.ndarray, people: int) -> np.ndarray:
    return np.bincount(licences["row"][chosen], minlength=people) > 0


def _days_by_person(facts: Facts) -> np.ndarray:
    """[w, 64 b] uint32: the days of the window on which each person was active in the workload, first day in bit 0."""
    shifts = np.arange(BLOCK, dtype=np.uint64)
    days = np.zeros((*facts.bits.shape[:2], BLOCK), dtype=np.uint32)
    for day in range(WINDOW_DAYS):
        words = facts.bits[:, :, day]
        used = np.nonzero(words)
        days[used] |= ((words[used][:, None] >> shifts) & np.uint64(1)).astype(np.uint32) << np.uint32(day)
    return days.reshape(len(facts.workloads), -1)


def _beyond(facts: Facts, held: Entitlements) -> np.ndarray:
    """[w, 64 b] bool: who used the workload on a day without a licence for it."""
    found = np.zeros((len(facts.workloads), facts.bits.shape[1], BLOCK), dtype=bool)
    for workload in range(len(facts.workloads)):
        blocks, days = unlicensed_days(facts, held, workload)
        found[workload, blocks] = days != 0
    return found.reshape(len(facts.workloads), -1)


def _idle(facts: Facts, held: Entitlements, beyond: np.ndarray) -> np.ndarray:
    """[e] bool: the entitlement counts as `idle` of the row over everything."""
    used = use(facts, held)
    active = used.active[word_of(held), ANY] & held.bit != 0
    counted = facts.subscriptions["in_insights"]
    if not _is_measured(facts, counted, beyond):
        return np.zeros(len(active), dtype=bool)
    return held.current & ~active & counted[held.subscription]


def _is_measured(facts: Facts, counted: np.ndarray, beyond: np.ndarray) -> bool:
    workloads = facts.has[counted].any(axis=0)
    return bool((facts.covered[0][workloads] != 0).any() or beyond[facts.unlicensed["workload"]].any())


def _licences(facts: Facts, kind: np.ndarray, held: Entitlements, idle: np.ndarray) -> Columns:
    """Those of the window that are or were entitled, and the blocked ones of the day, by person."""
    holds = (held.days >> np.uint32(WINDOW_DAYS - 1)) & np.uint32(1) == 1
    of_kind = np.array([_CURRENT, _LAPSED, _TRIAL])[np.minimum(kind, Kind.TRIAL)]
    cls = np.where(holds | (kind[held.subscription] != Kind.QUALIFYING), of_kind[held.subscription], _FORMER)
    blocked_subscription, blocked_person = _blocked(facts)
    none = np.zeros(len(blocked_person), dtype=bool)
    index = np.concatenate([held.subscription, blocked_subscription])
    licences = {
        "person": np.concatenate([held.person, blocked_person]),
        "cls": np.concatenate([cls, np.full(len(none), _BLOCKED)]),
        "holds": np.concatenate([holds, ~none]),
        "idle": np.concatenate([idle, none]),
        "subscription": facts.subscriptions["subscription"][index],
        "sku": facts.subscriptions["sku"][index],
        "counted": facts.subscriptions["in_insights"][index],
    }
    order = np.argsort(licences["person"], kind="stable")
    return {name: column[order] for name, column in licences.items()}


def _blocked(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """The subscriptions (indexes) and people of blocked periods that cover the day."""
    periods = facts.periods
    covers = (periods["valid_from"] <= facts.day) & (periods["valid_to"] > facts.day) & ~periods["entitled"]
    return periods["subscription"][covers], periods["person"][covers]


def _last(facts: Facts, masks: np.ndarray) -> np.ndarray:
    """The day of the highest bit that is set, 0 where none is."""
    _mantissa, bits = np.frexp(masks.astype(np.float64))
    return np.where(masks != 0, facts.first + bits.astype(np.int64) - 1, 0)
