"""The figures of a customer on two days side by side, and whose subscriptions made the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.models import Sku, Workload
from insights.engine.rows import ALL
from insights.metrics import COUNTS, PERCENTAGES, percentages, with_measured
from insights.selectors.figures import figures_of_sellers
from insights.selectors.insight_rows import Question
from insights.selectors.stored import snapshot

ADDED_UP = (
    *("sold", "blocked", "entitlements", "assigned", "unassigned", "overassigned"),
    *("active_current", "active_former", "active_lapsed", "active_trial"),
)
"""Counts that are sums over subscriptions, whose change is one's own and everybody else's together."""
FIGURES = (
    *PERCENTAGES,
    *("sold", "blocked", "entitlements", "assigned", "unassigned", "overassigned", "idle"),
    *("active", "active_current", "active_former", "active_lapsed", "active_trial", "active_unlicensed"),
    *("users", "active_users", "covered_days"),
)
"""What is compared, in the order of the page."""
_NEED_ACTIVITY = frozenset(
    {"idle", "active", "active_current", "active_former", "active_lapsed", "active_trial", "active_unlicensed"}
    | {"active_users"}
)
Row = dict[str, float | None]
_NOTHING: Row = dict.fromkeys(FIGURES, 0) | dict.fromkeys(PERCENTAGES)
"""Of a day on which there was no such row, while there is one on the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure on both days; None where there is none."""

    name: str
    before: float | None
    after: float | None
    own: int | None = None
    """By how much one's own subscriptions changed it; None where it is no sum over subscriptions."""

    @property
    def change(self) -> float | None:
        """Points of a percentage, else a number."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 1)

    @property
    def others(self) -> int | None:
        """By how much everybody else's subscriptions changed it: exactly the rest."""
        return None if self.own is None or self.change is None else int(self.change) - self.own

    @property
    def is_percentage(self) -> bool:
        """Whether it is one of the four percentages."""
        return self.name in PERCENTAGES

    @property
    def moved(self) -> bool:
        """Whether the days differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Part:
    """A SKU, or a workload over all families."""

    name: str
    is_sku: bool
    changes: dict[str, Change]


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything on both days, and those SKUs and workloads that differ."""

    whole: list[Change]
    parts: list[Part]

    @property
    def is_empty(self) -> bool:
        """Whether there is no row on either day."""
        return all(change.before is None and change.after is None for change in self.whole if change.name == "sold")

    @property
    def others(self) -> list[tuple[str, int]]:
        """What subscriptions of others changed, without what they didn't."""
        return [(change.name, change.others) for change in self.whole if change.others]

    @property
    def net(self) -> list[tuple[str, int]]:
        """What changed at all, of the counts."""
        counts = (change for change in self.whole if not change.is_percentage and change.name != "covered_days")
        return [(change.name, int(change.change)) for change in counts if change.change]


def compared(question: Question, *, customer: int, before: date) -> Compared:
    """The customer (key) on `before` and on the question's day, all sellers. Six queries where both days are stored."""
    us = question.partner.pk
    with snapshot():
        tables = [
            figures_of_sellers(customers=[customer], day=day, sellers=sorted({ALL, us}), left_out=question.left_out)
            for day in (before, question.day)
        ]
        names = _names(tables)
    whole = _changes(tables, us, sku=ALL, workload=ALL)
    return Compared(whole, list(_parts(tables, us, names)))


def _names(tables: Sequence[np.ndarray]) -> dict[tuple[bool, int], str]:
    """By whether it is a SKU, and key."""
    skus = sorted({int(key) for table in tables for key in table["sku"]} - {ALL})
    found = {(True, key): name for key, name in Sku.objects.filter(pk__in=skus).values_list("pk", "name")}
    return found | {(False, key): name for key, name in Workload.objects.values_list("pk", "name")}


def _parts(tables: Sequence[np.ndarray], us: int, names: dict[tuple[bool, int], str]) -> Iterator[Part]:
    """SKUs by name, then workloads by name."""
    for is_sku, key in sorted(names, key=lambda each: (not each[0], names[each].casefold(), each[1])):
        of = {"sku": key, "workload": ALL} if is_sku else {"sku": ALL, "workload": key}
        changes = _changes(tables, us, **of)
        if any(change.moved for change in changes):
            yield Part(names[is_sku, key], is_sku, {change.name: change for change in changes})


def _changes(tables: Sequence[np.ndarray], us: int, *, sku: int, workload: int) -> list[Change]:
    every = [_row(table, ALL, sku, workload) for table in tables]
    if any(every):
        every = [row or _NOTHING for row in every]
    own = [_row(table, us, sku, workload) for table in tables]
    return [_change(name, every, own) for name in FIGURES]


def _change(name: str, every: Sequence[Row], own: Sequence[Row]) -> Change:
    before, after = (row[name] if row else None for row in every)
    if name not in ADDED_UP or before is None or after is None:
        return Change(name, before, after)
    ours = [int((row or {}).get(name) or 0) for row in own]
    return Change(name, before, after, ours[1] - ours[0])


def _row(table: np.ndarray, seller: int, sku: int, workload: int) -> Row:
    """The figures of one row; nothing where there is none."""
    found = table[(table["seller"] == seller) & (table["sku"] == sku) & (table["workload"] == workload)]
    if sku == ALL:
        found = found[found["family"] == ALL]
    if not len(found):
        return {}
    covered_days = int(found["covered_days"][0])
    counts = with_measured({name: int(found[name][0]) for name in COUNTS}, covered_days=covered_days)
    row: Row = {name: value for name, value in counts.items() if covered_days or name not in _NEED_ACTIVITY}
    return dict.fromkeys(_NEED_ACTIVITY) | row | percentages(counts) | {"covered_days": covered_days}
