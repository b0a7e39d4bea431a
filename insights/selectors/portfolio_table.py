"""The portfolio as a table: a row per customer (family or SKU), worst first; and its headline figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import overload

import numpy as np

from customers.selectors.customers import VisibleCustomer, customers_of
from customers.selectors.holdings import skus_held
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.metrics import ACTIVE, PERCENTAGES
from insights.selectors.figures import figures_of_grain, figures_of_grains
from insights.selectors.insight_rows import InsightRow, Question, Words, customer_rows, summed_rows
from insights.selectors.portfolio import Catalogue
from partners.tenancy import counting

AT_STAKE = "at_stake"
"""Licences at stake: `idle + unassigned`, what a customer pays for and nobody uses (docs/decisions/0011)."""
LAPSED_ALONE = "lapsed_alone"
"""Whether `active_lapsed` is all of SKUs without an active subscription (metrics.md, "Why it is above 100 %")."""
FAMILY_NAME = "family_name"
CUSTOMER = "customer"
SORTS = (
    CUSTOMER,
    "sold",
    "entitlements",
    "assigned",
    "deployment_pct",
    "active",
    "usage_pct",
    "adjusted_usage_pct",
    "user_usage_pct",
    "idle",
    "unassigned",
    AT_STAKE,
    "covered_days",
)


@dataclass(frozen=True, slots=True)
class Order:
    """By which column (one of `SORTS`) a table is sorted; rows without a figure come last either way."""

    column: str = AT_STAKE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class PortfolioTable(Sequence[InsightRow]):
    """The rows of a question in their order; a row is made only when it is looked at.

    An insight row of one customer, with `at_stake`, `lapsed_alone` and `family_name` in addition.
    """

    question: Question
    offered: list[VisibleCustomer]
    """All that the partner may see as of the day, whatever the filters."""
    customers: list[VisibleCustomer]
    """Those that the filters leave, with and without a row."""
    words: Words
    """SKUs: what the offered customers hold, by name."""
    table: np.ndarray
    """`engine.rows.ROW`"""
    headline: InsightRow | None
    """The portfolio's row of all that is looked at; None where there is none."""
    on_the_spot: int = 0
    """Of how many customers the figures weren't stored."""

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, index: int) -> InsightRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[InsightRow]: ...
    def __getitem__(self, index: int | slice) -> InsightRow | list[InsightRow]:
        if isinstance(index, int):
            return self[slice(index, index + 1 or None)][0]
        part = self.table[index]
        rows = customer_rows(self.question, self.customers, part, words=self.words)
        alone = _lapsed_alone(self.question, part)
        names = {family.code: family.name for family in self.words.families.values()}
        return [
            row
            | {AT_STAKE: row["idle"] + row["unassigned"], LAPSED_ALONE: lapsed_alone}
            | {FAMILY_NAME: names.get(row["family"])}
            for row, lapsed_alone in zip(rows, alone, strict=True)
        ]


def rows_for_file(table: PortfolioTable, *, at_once: int = 500) -> Iterator[InsightRow]:
    """All rows in their order, an insight row with `at_stake` each, made a part at a time; asks the database nothing."""
    for first in range(0, len(table), at_once):
        part = table.table[first : first + at_once]
        for row in customer_rows(table.question, table.customers, part, words=table.words):
            yield row | {AT_STAKE: row["idle"] + row["unassigned"]}


def portfolio_table(question: Question, order: Order, catalogue: Catalogue) -> PortfolioTable:
    """The table that answers the question, whose filters name a workload (or `ALL`)."""
    offered = customers_of(partner=question.partner, day=question.day)
    customers = question.filters.among(offered)
    words = _words(offered, question.day, catalogue)
    (table, whole), on_the_spot = _read(question, [customer.id for customer in customers])
    summed = summed_rows(question, whole, words=words)
    return PortfolioTable(
        question=question,
        offered=offered,
        customers=customers,
        words=words,
        table=table[_positions(table, customers, words, order)],
        headline=summed[0] if summed else None,
        on_the_spot=on_the_spot,
    )


def _words(customers: list[VisibleCustomer], day: date, catalogue: Catalogue) -> Words:
    with counting():
        skus = skus_held(customers=[customer.id for customer in customers], day=day)
    return Words(catalogue.families, catalogue.workloads, {sku.pk: sku for sku in skus})


def _read(question: Question, customers: list[int]) -> tuple[tuple[np.ndarray, np.ndarray], int]:
    """The table's rows, and those that the headline sums up: of one SKU, one family, or all families.

    And of how many customers they had to be computed.
    """
    filters, grain = question.filters, question.grain
    by = By.SKU if filters.sku else By.FAMILY if filters.family else By.ALL
    whole = Grain(by, filters.family, filters.sku, filters.workload)
    read, on_the_spot = figures_of_grains(
        customers=customers,
        day=question.day,
        seller=question.seller_key,
        grains=[grain] if grain == whole else [grain, whole],
        left_out=question.left_out,
    )
    return (read[0], read[-1]), on_the_spot


def _positions(table: np.ndarray, customers: list[VisibleCustomer], words: Words, order: Order) -> np.ndarray:
    """[n] The rows' places in the table's order; what is equal stands by customer, family and SKU."""
    ranks = {c.id: rank for rank, c in enumerate(sorted(customers, key=lambda c: (c.name.casefold(), c.customer_id)))}
    names = np.array([ranks[customer] for customer in table["customer"].tolist()], dtype=np.int64)
    families = _ranks(table["family"], {key: family.code for key, family in words.families.items()})
    skus = _ranks(table["sku"], {key: sku.name for key, sku in words.skus.items()})
    values = names if order.column == CUSTOMER else _values(table, order.column)
    values = -values if order.descending else values
    return np.lexsort((skus, families, names, np.nan_to_num(values, nan=np.inf)))


def _ranks(keys: np.ndarray, names: dict[int, str]) -> np.ndarray:
    """[n] The alphabetical rank of what each key is called; of no name 0."""
    order = {key: rank for rank, key in enumerate(sorted(names, key=lambda key: names[key].casefold()), start=1)}
    return np.array([order.get(key, 0) for key in keys.tolist()], dtype=np.int64)


def _values(table: np.ndarray, column: str) -> np.ndarray:
    """[n] float: the column's values, nan where there is no figure."""
    counts = _counts(table)
    if column not in PERCENTAGES:
        return counts[column].astype(float)
    part, whole = (counts[name] for name in PERCENTAGES[column])
    return np.divide(part, whole, out=np.full(len(table), np.nan), where=whole != 0)


def _counts(table: np.ndarray) -> dict[str, np.ndarray]:
    """Every count of the rows that can be sorted by (metrics.md, "Figures")."""
    measured = table["covered_days"] > 0
    counts = {name: table[name] for name in table.dtype.names or ()}
    counts["active"] = np.sum([table[name] for name in ACTIVE], axis=0)
    counts["measured_entitlements"] = np.where(measured, table["entitlements"], 0)
    counts["measured_users"] = np.where(measured, table["users"], 0)
    counts["idle"] = np.where(measured, table["assigned"] - table["active_current"], 0)
    return counts | {AT_STAKE: counts["idle"] + table["unassigned"]}


def _lapsed_alone(question: Question, table: np.ndarray) -> list[bool]:
    """[n] Whether no active subscription stands beside any SKU with lapsed use: where a row has several, each is looked at."""
    alone = (table["active_lapsed"] > 0) & (table["sold"] == 0)
    unsure = (table["active_lapsed"] > 0) & (table["sold"] > 0) & (table["sku"] == ALL)
    if unsure.any():
        by_sku = figures_of_grain(
            customers=np.unique(table["customer"][unsure]).tolist(),
            day=question.day,
            seller=question.seller_key,
            grain=replace(question.grain, by=By.SKU),
            left_out=question.left_out,
        )
        lapsed = by_sku[by_sku["active_lapsed"] > 0]
        for place in np.flatnonzero(unsure):
            of_row = lapsed[lapsed["customer"] == table["customer"][place]]
            of_row = of_row[(of_row["family"] == table["family"][place]) | (table["family"][place] == ALL)]
            alone[place] = not of_row["sold"].any()
    return alone.tolist()
