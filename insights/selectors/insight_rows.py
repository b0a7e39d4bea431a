"""Insight rows as others read them: one customer at a time, or summed over a partner's portfolio (interfaces.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from customers.models import Family, Sku, Workload
from customers.selectors.customers import VisibleCustomer, customers_of
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.metrics import COUNTS, PERCENTAGES, percentages, with_measured
from insights.selectors.figures import figures_of_grain
from insights.selectors.portfolio import NO_FILTERS, Catalogue, Filters, read_catalogue
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

INSIGHT_COLUMNS = (
    *("date", "customer_id", "customer", "family", "sku_id", "part_number", "sku", "workload", "seller"),
    *NUMBERS,
    "covered_days",
    *PERCENTAGES,
)
"""Every key of an insight row, in its order."""


class Seller(StrEnum):
    """Whose subscriptions a row counts: everybody's, or the partner's own ("sold by us")."""

    ALL = "all"
    US = "us"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: the figures of a partner's customers as of a day, and which of them."""

    partner: Partner
    day: date
    by: By = By.SKU
    seller: Seller = Seller.ALL
    filters: Filters = NO_FILTERS
    left_out: frozenset[int] = frozenset()
    """SKUs (keys) that aren't counted; only pages and their files leave any out."""

    @property
    def grain(self) -> Grain:
        """Which rows of a customer are asked for."""
        return Grain(self.by, self.filters.family, self.filters.sku, self.filters.workload)

    @property
    def seller_key(self) -> int:
        """The partner's key for its own, else `ALL`."""
        return self.partner.pk if self.seller is Seller.US else ALL


def insight_rows(question: Question, *, customers: list[VisibleCustomer] | None = None) -> list[InsightRow]:
    """The rows of each customer that the partner may see as of the day; or of those among them.

    In the order of interfaces.md, with every key of an insight row.
    """
    visible = visible_customers(question)
    if customers is not None:
        wanted = {customer.id for customer in customers}
        visible = [customer for customer in visible if customer.id in wanted]
    return sorted(customer_rows(question, visible, rows_of(question, visible)), key=row_order)


def customer_rows(
    question: Question, customers: Iterable[VisibleCustomer], table: np.ndarray, *, words: Words | None = None
) -> list[InsightRow]:
    """Rows of figures (`engine.rows.ROW`) of these customers as others read them, in the same order."""
    words, by_key = words or words_for(table), {customer.id: customer for customer in customers}
    return [_customer_row(question, words, by_key[int(row["customer"])], row) for row in table]


def portfolio_rows(question: Question, *, catalogue: Catalogue | None = None) -> list[InsightRow]:
    """The rows summed over the customers that the partner may see as of the day."""
    table = rows_of(question, visible_customers(question))
    return summed_rows(question, table, words=words_for(table, catalogue))


def summed_rows(question: Question, table: np.ndarray, *, words: Words | None = None) -> list[InsightRow]:
    """The portfolio's rows over these rows of customers."""
    words = words or words_for(table)
    return sorted((_portfolio_row(question, words, part) for part in _by_key(table)), key=row_order)


def visible_customers(question: Question) -> list[VisibleCustomer]:
    """The customers that the question is about."""
    return question.filters.among(customers_of(partner=question.partner, day=question.day))


def rows_of(question: Question, customers: Iterable[VisibleCustomer]) -> np.ndarray:
    """The wanted rows of figures (`engine.rows.ROW`) of these customers, in no order."""
    keys = [customer.id for customer in customers]
    return figures_of_grain(
        customers=keys,
        day=question.day,
        seller=question.seller_key,
        grain=question.grain,
        left_out=question.left_out,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What keys of the catalogue stand for."""

    families: dict[int, Family]
    workloads: dict[int, Workload]
    skus: dict[int, Sku]

    def of(self, row: np.void) -> InsightRow:
        """The columns of an insight row that come from the catalogue."""
        sku, family = self.skus.get(int(row["sku"])), self.families.get(int(row["family"]))
        return {
            "family": family.code if family else None,
            "sku_id": str(sku.sku_id) if sku else None,
            "part_number": sku.part_number if sku else None,
            "sku": sku.name if sku else None,
            "workload": self.workloads[int(row["workload"])].code if row["workload"] != ALL else "any",
        }


def words_for(table: np.ndarray, catalogue: Catalogue | None = None) -> Words:
    """The words for rows of figures; `catalogue` as far as it has been read already."""
    catalogue = catalogue or read_catalogue()
    skus = np.unique(table["sku"][table["sku"] != ALL]).tolist()
    return Words(catalogue.families, catalogue.workloads, Sku.objects.in_bulk(skus) if skus else {})


def _customer_row(question: Question, words: Words, customer: VisibleCustomer, row: np.void) -> InsightRow:
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


def _portfolio_row(question: Question, words: Words, rows: np.ndarray) -> InsightRow:
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


def row_order(row: InsightRow) -> tuple[Any, ...]:
    """The order of rows (interfaces.md, "An insight row")."""
    names = (row["customer"], row["customer_id"], row["family"], row["part_number"], row["sku_id"])
    folded = tuple((name is not None, (name or "").casefold()) for name in names)
    return (*folded, row["workload"] != "any", row["workload"].casefold())
