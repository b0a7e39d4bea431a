"""What stands behind the counts of one row of one customer: the entitlements, and the people of unlicensed activity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from insights.engine.entitlements import Entitlements, Kind, entitlements, kinds
from insights.engine.facts import BLOCK, Facts, read_facts
from insights.engine.rows import ALL
from insights.engine.unlicensed import unlicensed_days
from insights.engine.use import ANY, use, word_of
from insights.metrics import ACTIVE
from insights.window import WINDOW_DAYS

NO_SUBSCRIPTION = 0

CLASS_OF_KIND = {Kind.LAPSED: "lapsed", Kind.TRIAL: "trial", Kind.UNLICENSED: "unlicensed"}


@dataclass(frozen=True, slots=True)
class RowKey:
    """Which row of a customer: keys, or `ALL`; workload `ALL` is any."""

    seller: int
    family: int
    sku: int
    workload: int


@dataclass(frozen=True, slots=True)
class Behind:
    """One entitlement (or, of class `unlicensed`, one person) of a row."""

    person: int
    subscription: int
    """Key, or `NO_SUBSCRIPTION`."""
    entitlement_class: str
    """current, former, lapsed, trial or unlicensed; blocked: the licence is taken, but gives no right to use."""
    active: bool
    last_active: int | None
    """`day_number` of the last day of the window with activity that counts, None without."""


def behind(*, customer: int, day: date, key: RowKey, left_out: Collection[int] = ()) -> tuple[list[Behind], bool]:
    """Everything in the row, by subscription and person; and whether the row is measured.

    SKUs that are `left_out` (keys) are in no row.
    """
    facts = read_facts(customers=[customer], day=day, left_out=left_out)
    if key.workload not in (ALL, *facts.workloads):
        return [], False
    kind = kinds(facts)
    held = entitlements(facts, kind)
    column = ANY if key.workload == ALL else int(np.searchsorted(facts.workloads, key.workload)) + 1
    in_row = _in_row(facts, key, column)
    people = _unlicensed(facts, held, key, column) if key.seller == ALL and key.sku == ALL else []
    rows = _entitlements(facts, kind, held, in_row, column) + _blocked(facts, kind, held, in_row) + people
    return rows, _measured(facts, in_row, column, people)


def chosen(rows: list[Behind], count: str, *, measured: bool) -> list[Behind]:
    """Those that make up `count`, exactly as many as it says. KeyError: the count is none of entitlements or people."""
    current = [row for row in rows if row.entitlement_class == "current"]
    active = [row for row in rows if row.active]
    lists = {"assigned": current, "active": active, "users": _once(current), "active_users": _once(active)}
    lists["measured_users"] = lists["users"] if measured else []
    lists["idle"] = [row for row in current if not row.active] if measured else []
    lists["blocked"] = [row for row in rows if row.entitlement_class == "blocked"]
    for name in ACTIVE:
        lists[name] = [row for row in active if name == f"active_{row.entitlement_class}"]
    return lists[count]


def _once(rows: list[Behind]) -> list[Behind]:
    """One row for each person, the one that was active last."""
    by_person: dict[int, Behind] = {}
    for row in sorted(rows, key=lambda row: row.last_active or 0):
        by_person[row.person] = row
    return [by_person[person] for person in sorted(by_person)]


def _in_row(facts: Facts, key: RowKey, column: int) -> np.ndarray:
    """[s] Whether the row counts the subscription."""
    subscriptions = facts.subscriptions
    in_row = subscriptions["in_insights"].copy()
    for name in ("seller", "family", "sku"):
        if getattr(key, name) != ALL:
            in_row &= subscriptions[name] == getattr(key, name)
    return in_row if column == ANY else in_row & facts.has[:, column - 1]


def _entitlements(facts: Facts, kind: np.ndarray, held: Entitlements, in_row: np.ndarray, column: int) -> list[Behind]:
    used = use(facts, held)
    active = used.active[word_of(held), column] & held.bit != 0
    rows = []
    for index in np.flatnonzero(in_row[held.subscription]):
        subscription = held.subscription[index]
        workloads = facts.has[subscription] if column == ANY else np.arange(len(facts.workloads)) == column - 1
        seen = (facts.bits[workloads, held.block[index]] & held.bit[index] != 0).any(axis=0)
        own = CLASS_OF_KIND.get(Kind(int(kind[subscription])), "current" if held.current[index] else "former")
        rows.append(
            Behind(
                person=int(held.person[index]),
                subscription=int(facts.subscriptions["subscription"][subscription]),
                entitlement_class=own,
                active=bool(active[index]),
                last_active=_last(facts, seen & _days(int(held.days[index]))),
            )
        )
    return rows


def _blocked(facts: Facts, kind: np.ndarray, held: Entitlements, in_row: np.ndarray) -> list[Behind]:
    """The users with a blocked period that covers the day, of each qualifying subscription as many as count."""
    room = facts.subscriptions["quantity"] - np.bincount(held.subscription[held.current], minlength=len(kind))
    counts = np.where(in_row & (kind == Kind.QUALIFYING), np.minimum(held.blocked, np.maximum(room, 0)), 0)
    periods = facts.periods
    covers = (periods["valid_from"] <= facts.day) & (periods["valid_to"] > facts.day) & ~periods["entitled"]
    rows = []
    for subscription in np.flatnonzero(counts):
        people = periods["person"][covers & (periods["subscription"] == subscription)][: counts[subscription]]
        key = int(facts.subscriptions["subscription"][subscription])
        rows += [Behind(int(person), key, "blocked", active=False, last_active=None) for person in people]
    return rows


def _days(mask: int) -> np.ndarray:
    return (mask >> np.arange(WINDOW_DAYS)) & 1 == 1


def _last(facts: Facts, days: np.ndarray) -> int | None:
    return facts.first + int(np.flatnonzero(days)[-1]) if days.any() else None


def _unlicensed(facts: Facts, held: Entitlements, key: RowKey, column: int) -> list[Behind]:
    """The people of unlicensed activity, once for each family of the row."""
    families = [int(f) for f in np.unique(facts.unlicensed["family"]) if key.family in (ALL, f)]
    return [row for family in families for row in _unlicensed_in_family(facts, held, family, column)]


def _unlicensed_in_family(facts: Facts, held: Entitlements, family: int, column: int) -> list[Behind]:
    days = np.zeros((facts.bits.shape[1], BLOCK), dtype=np.uint32)
    for workload in facts.unlicensed["workload"][facts.unlicensed["family"] == family]:
        if column in (ANY, workload + 1):
            used, beyond = unlicensed_days(facts, held, workload)
            days[used] |= beyond
    by_person = days.ravel()
    return [
        Behind(
            person=int(person),
            subscription=NO_SUBSCRIPTION,
            entitlement_class=CLASS_OF_KIND[Kind.UNLICENSED],
            active=True,
            last_active=_last(facts, _days(int(by_person[person]))),
        )
        for person in np.flatnonzero(by_person)
    ]


def _measured(facts: Facts, in_row: np.ndarray, column: int, people: list[Behind]) -> bool:
    covered = facts.covered[0]
    if column != ANY:
        return bool(covered[column - 1])
    workloads = facts.has[in_row].any(axis=0)
    if people:
        return True
    return bool((covered[workloads] != 0).any())
