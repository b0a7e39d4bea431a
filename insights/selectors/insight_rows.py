"""Insight rows as others read them: one customer at a time, or summed over a partner's portfolio (interfaces.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from customers.models import Family, Sku, Workload
from customers.selectors.customers import VisibleCustomer, customers_of
from insights.engine.rows import ALL
from insights.metrics import COUNTS, percentages, with_measured
from insights.selectors.figures import figures
from partners.models import Partner

InsightRow = dict[str, Any]

NUMBERS = (
    "sold",
    "blocked",
    "entitlements",
    "measured_entitlements",
    "assigned",
    "active",
    "active_current",
    "active_former",
    "active_lapsed",
    "active_trial",
    "active_unlicensed",
    "users",
    "measured_users",
    "active_users",
    "idle",
    "unassigned",
    "overassigned",
)
"""The counts of an insight row, in its order."""


class By(StrEnum):
    """What a row stands for."""

    SKU = "sku"
    FAMILY = "family"
    ALL = "all"


class Seller(StrEnum):
    """Whose subscriptions a row counts: everybody's, or the partner's own ("sold by us")."""

    ALL = "all"
    US = "us"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: the figures of a partner's customers as of a day."""

    partner: Partner
    day: date
    by: By = By.SKU
    seller: Seller = Seller.ALL


def insight_rows(question: Question, *, customers: list[VisibleCustomer] | None = None) -> list[InsightRow]:
    """The rows of each customer that the partner may see as of the day; or of those among them.

    In the order of interfaces.md, with every key of an insight row.
    """
    visible = {customer.id: customer for customer in visible_customers(question)}
    if customers is not None:
        visible = {customer.id: customer for customer in customers if customer.id in visible}
    table = _asked(question, list(visible))
    words = _Words(table)
    return sorted((_customer_row(question, words, visible[int(row["customer"])], row) for row in table), key=_order)


def portfolio_rows(question: Question) -> list[InsightRow]:
    """The rows summed over the customers that the partner may see as of the day."""
    table = _asked(question, [customer.id for customer in visible_customers(question)])
    words = _Words(table)
    return sorted((_portfolio_row(question, words, part) for part in _by_key(table)), key=_order)


def visible_customers(question: Question) -> list[VisibleCustomer]:
    """The customers that the question is about."""
    return customers_of(partner=question.partner, day=question.day)


def _asked(question: Question, customers: list[int]) -> np.ndarray:
    seller = question.partner.pk if question.seller is Seller.US else ALL
    rows = figures(customers=customers, day=question.day, seller=seller)
    by_sku, by_family = rows["sku"] != ALL, rows["family"] != ALL
    chosen = {By.SKU: by_sku, By.FAMILY: by_family & ~by_sku, By.ALL: ~by_family}
    return rows[chosen[question.by]]


class _Words:
    """What keys of the catalogue are called."""

    def __init__(self, table: np.ndarray) -> None:
        self.families: dict[int, str] = dict(Family.objects.values_list("id", "code"))
        self.workloads: dict[int, str] = dict(Workload.objects.values_list("id", "code")) | {ALL: "any"}
        self.skus: dict[int, Sku] = Sku.objects.in_bulk(np.unique(table["sku"]).tolist())

    def of(self, row: np.void) -> InsightRow:
        sku = self.skus.get(int(row["sku"]))
        return {
            "family": self.families.get(int(row["family"])),
            "sku_id": str(sku.sku_id) if sku else None,
            "part_number": sku.part_number if sku else None,
            "sku": sku.name if sku else None,
            "workload": self.workloads[int(row["workload"])],
        }


def _customer_row(question: Question, words: _Words, customer: VisibleCustomer, row: np.void) -> InsightRow:
    covered_days = int(row["covered_days"])
    counts = with_measured({name: int(row[name]) for name in COUNTS}, covered_days=covered_days)
    whose = {"customer_id": str(customer.customer_id), "customer": customer.name}
    return _row(question, whose | words.of(row), counts, covered_days)


def _row(question: Question, key: InsightRow, counts: Mapping[str, int], covered_days: int | None) -> InsightRow:
    numbers = {name: counts[name] for name in NUMBERS}
    return (
        {"date": question.day.isoformat()}
        | key
        | {"seller": question.seller.value}
        | numbers
        | {"covered_days": covered_days}
        | percentages(counts)
    )


def _by_key(rows: np.ndarray) -> Iterator[np.ndarray]:
    """The rows of all customers, one array for each key."""
    rows = rows[np.lexsort((rows["workload"], rows["sku"], rows["family"]))]
    keys = rows[["family", "sku", "workload"]]
    yield from np.split(rows, np.flatnonzero(keys[1:] != keys[:-1]) + 1) if len(rows) else ()


def _portfolio_row(question: Question, words: _Words, rows: np.ndarray) -> InsightRow:
    measured = rows[rows["covered_days"] > 0]
    counts = {name: int(rows[name].sum()) for name in COUNTS}
    of_measured = {name: int(measured[name].sum()) for name in COUNTS}
    counts = with_measured(counts, covered_days=0) | {
        "measured_entitlements": of_measured["entitlements"],
        "measured_users": of_measured["users"],
        "idle": of_measured["assigned"] - of_measured["active_current"],
    }
    row = _row(question, {"customer_id": None, "customer": None} | words.of(rows[0]), counts, None)
    return row | {"customers": len(rows), "customers_measured": len(measured)}


def _order(row: InsightRow) -> tuple[Any, ...]:
    names = (row["customer"], row["customer_id"], row["family"], row["part_number"], row["sku_id"])
    folded = tuple((name is not None, (name or "").casefold()) for name in names)
    return (*folded, row["workload"] != "any", row["workload"].casefold())
