"""Customers worst first: one row for each customer, in any order, in bands; a row is made when it is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np

from customers.selectors.customers import VisibleCustomer
from insights.bands import Band, bands_of
from insights.engine.rows import ROW
from insights.metrics import ACTIVE, COUNTS, PERCENTAGES, percentage
from insights.selectors.insight_rows import Question, Words, customer_rows

CUSTOMER = "customer"
NO_ROW = -1
"""Stands for the seller in the row of a customer that has none."""
BEFORE = "_before"
CHANGE = "_change"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a figure was on another day: [n] numerators and denominators (a count: denominator 1; none known: 0)."""

    part: np.ndarray
    whole: np.ndarray


def with_everybody(rows: np.ndarray, customers: Sequence[VisibleCustomer]) -> np.ndarray:
    """[c] the rows in the order of their customers' keys; whoever has none gets an empty one, which adds nothing."""
    keys = np.array(sorted(customer.id for customer in customers), dtype=np.int64)
    table = np.zeros(len(keys), dtype=ROW)
    table["customer"], table["seller"] = keys, NO_ROW
    if len(rows):
        table[np.searchsorted(keys, rows["customer"])] = rows
    return table


def column(table: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """[n] a figure's numerator and denominator; a count's denominator is 1."""
    counts = _counts(table)
    if name in PERCENTAGES:
        part, whole = PERCENTAGES[name]
        return counts[part], counts[whole]
    return counts[name], np.ones(len(table), dtype=np.int64)


def above(table: np.ndarray) -> np.ndarray:
    """[n] bool: whose usage passes 100 %."""
    part, whole = column(table, "usage_pct")
    return (part > whole) & (whole > 0)


def places_in_bands(table: np.ndarray, name: str, bands: tuple[Band, ...]) -> np.ndarray:
    """[n] the place of each row's band among `bands`, by a percentage."""
    return bands_of(*column(table, name), bands)


@dataclass(frozen=True, slots=True)
class CustomerTable(Sequence[dict[str, Any]]):
    """The rows of customers in their order.

    Insight rows with `at_stake` and `beyond` in addition; `X_before` and `X_change` of the figure that is compared.
    """

    question: Question
    customers: Sequence[VisibleCustomer]
    words: Words
    table: np.ndarray
    """`engine.rows.ROW`"""
    compared: str
    before: Beside | None = None

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, int):
            return self[slice(index, index + 1 or None)][0]
        part = self.table[index]
        rows = customer_rows(self.question, self.customers, part, words=self.words)
        more = self._compared(self.before, index) if self.before else [(None, None)] * len(rows)
        return [self._row(row, *pair) for row, pair in zip(rows, more, strict=True)]

    def _row(self, row: dict[str, Any], before: float | None, change: float | None) -> dict[str, Any]:
        return row | {
            "at_stake": row["idle"] + row["unassigned"],
            "beyond": max(row["active"] - row["measured_entitlements"], 0) if row["measured_entitlements"] else 0,
            f"{self.compared}{BEFORE}": before,
            f"{self.compared}{CHANGE}": change,
        }

    def _compared(self, before: Beside, index: slice) -> list[tuple[float | None, float | None]]:
        part, whole = (values[index].tolist() for values in column(self.table, self.compared))
        past = zip(before.part[index].tolist(), before.whole[index].tolist(), strict=True)
        return [
            _change(now, then, percent=self.compared in PERCENTAGES)
            for now, then in zip(zip(part, whole, strict=True), past, strict=True)
        ]

    def sorted_by(self, name: str, *, descending: bool) -> CustomerTable:
        """The same rows in another order; without a figure last, and what is equal by name."""
        places = self._positions(name, descending=descending)
        before = Beside(self.before.part[places], self.before.whole[places]) if self.before else None
        return replace(self, table=self.table[places], before=before)

    def only(self, chosen: np.ndarray) -> CustomerTable:
        """Some of the rows."""
        before = Beside(self.before.part[chosen], self.before.whole[chosen]) if self.before else None
        return replace(self, table=self.table[chosen], before=before)

    def _positions(self, name: str, *, descending: bool) -> np.ndarray:
        ordered = sorted(self.customers, key=lambda one: (one.name.casefold(), one.customer_id))
        ranks = {customer.id: rank for rank, customer in enumerate(ordered)}
        names = np.array([ranks[key] for key in self.table["customer"].tolist()], dtype=np.int64)
        values = names if name == CUSTOMER else self._values(name)
        values = -values if descending else values
        return np.lexsort((names, np.nan_to_num(values, nan=np.inf)))

    def _values(self, name: str) -> np.ndarray:
        """[n] float, nan where there is no figure."""
        if name.endswith(CHANGE):
            return self._changes()
        part, whole = column(self.table, name)
        return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0)

    def _changes(self) -> np.ndarray:
        now = self._values(self.compared)
        if self.before is None:
            return np.full(len(now), np.nan)
        then = np.divide(
            self.before.part, self.before.whole, out=np.full(len(now), np.nan), where=self.before.whole != 0
        )
        return now - then


def beside(table: np.ndarray, rows: np.ndarray, name: str) -> Beside:
    """What a figure was in other rows of the same customers; of whom there is no row, nothing is known."""
    order = np.argsort(rows["customer"])
    rows = rows[order]
    part, whole = column(rows, name)
    places = np.minimum(np.searchsorted(rows["customer"], table["customer"]), max(len(rows) - 1, 0))
    if not len(rows):
        return Beside(np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.int64))
    there = rows["customer"][places] == table["customer"]
    return Beside(np.where(there, part[places], 0), np.where(there, whole[places], 0))


def _change(now: tuple[int, int], then: tuple[int, int], *, percent: bool) -> tuple[float | None, float | None]:
    if not percent:
        return (then[0], now[0] - then[0]) if then[1] else (None, None)
    return percentage(*then), points(now, then)


def points(now: tuple[int, int], then: tuple[int, int]) -> float | None:
    """`100 * a / b - 100 * c / d` with one decimal, half away from 0, exactly; None where a denominator is 0."""
    (a, b), (c, d) = now, then
    if not b or not d:
        return None
    above_line, below = 1000 * (a * d - c * b), b * d
    rounded = (2 * abs(above_line) + below) // (2 * below)
    return (rounded if above_line >= 0 else -rounded) / 10


def _counts(table: np.ndarray) -> Mapping[str, np.ndarray]:
    measured = table["covered_days"] > 0
    counts = {name: table[name] for name in (*COUNTS, "covered_days")}
    counts["active"] = np.sum([table[name] for name in ACTIVE], axis=0)
    counts["measured_entitlements"] = np.where(measured, table["entitlements"], 0)
    counts["measured_users"] = np.where(measured, table["users"], 0)
    counts["idle"] = np.where(measured, table["assigned"] - table["active_current"], 0)
    over = counts["active"] - counts["measured_entitlements"]
    counts["beyond"] = np.where(counts["measured_entitlements"] > 0, np.maximum(over, 0), 0)
    return counts | {"at_stake": counts["idle"] + table["unassigned"]}
