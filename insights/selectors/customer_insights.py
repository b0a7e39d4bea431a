"""All insight rows of one customer, as its page lays them out; and why usage is above 100 %."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from customers.lifecycle import Status
from customers.selectors.customers import VisibleCustomer
from customers.selectors.subscriptions import OwnSubscription, own_subscriptions
from insights.engine.rows import ALL
from insights.grain import By
from insights.selectors.figures import figures_of_sellers
from insights.selectors.insight_rows import InsightRow, Question, customer_rows, row_order, words_for
from insights.selectors.portfolio_table import LAPSED_ALONE


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one SKU, one family, or all families: that of any workload, and one for each workload."""

    by: By
    whole: InsightRow
    workloads: list[InsightRow]


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """The insight rows of one customer as of a day, of one seller.

    Each has `lapsed_alone`, `workload_name`, `family_name`, `sku_key` and `workload_key` in addition.
    """

    rows: list[InsightRow]
    """All families first, then by family, then by SKU."""
    groups: list[Group]
    own_lapsed: frozenset[int]
    """The SKUs (keys) of which the partner's own lapsed subscriptions are in use."""

    def of(self, by: By) -> list[Group]:
        """The groups of one kind."""
        return [group for group in self.groups if group.by is by]

    @property
    def headline(self) -> InsightRow | None:
        """The row over everything; None where the customer has no row."""
        return next((group.whole for group in self.of(By.ALL)), None)


def customer_figures(question: Question, customer: VisibleCustomer) -> CustomerFigures:
    """All rows of a customer whom the partner may see as of the day."""
    sellers = sorted({question.seller_key, question.partner.pk})
    every = figures_of_sellers(customers=[customer.id], day=question.day, sellers=sellers, left_out=question.left_out)
    table = every[every["seller"] == question.seller_key]
    own = every[(every["seller"] == question.partner.pk) & (every["active_lapsed"] > 0)]
    words = words_for(table)
    rows = sorted(customer_rows(question, [customer], table, words=words), key=row_order)
    names = {workload.code: workload.name for workload in words.workloads.values()}
    families = {family.code: family.name for family in words.families.values()}
    workload_keys = {workload.code: key for key, workload in words.workloads.items()}
    sku_keys = {str(sku.sku_id): key for key, sku in words.skus.items()}
    rows = [
        row
        | {LAPSED_ALONE: _lapsed_alone(row, rows)}
        | {"workload_name": names.get(row["workload"]), "family_name": families.get(row["family"])}
        | {"sku_key": sku_keys.get(row["sku_id"], ALL), "workload_key": workload_keys.get(row["workload"], ALL)}
        for row in rows
    ]
    by_kind = {by: [row for row in rows if _by(row) is by] for by in (By.ALL, By.FAMILY, By.SKU)}
    groups = [group for by, of_kind in by_kind.items() for group in _groups(by, of_kind)]
    rows = [row for of_kind in by_kind.values() for row in of_kind]
    return CustomerFigures(rows, groups, frozenset(own["sku"].tolist()) - {ALL})


def _by(row: InsightRow) -> By:
    return By.SKU if row["sku_id"] else By.FAMILY if row["family"] else By.ALL


def _groups(by: By, rows: list[InsightRow]) -> list[Group]:
    found: dict[tuple[Any, Any], list[InsightRow]] = {}
    for row in rows:
        found.setdefault((row["family"], row["sku_id"]), []).append(row)
    return [Group(by, whole, workloads) for whole, *workloads in found.values()]


def _lapsed_alone(row: InsightRow, rows: list[InsightRow]) -> bool:
    """Whether no active subscription stands beside any SKU with lapsed use in the row."""
    beside = [
        other
        for other in rows
        if other["sku_id"] and other["workload"] == row["workload"] and other["active_lapsed"] > 0
        if row["sku_id"] in (None, other["sku_id"]) and row["family"] in (None, other["family"])
    ]
    return bool(beside) and not any(other["sold"] for other in beside)


def lapsed_in_use(found: CustomerFigures, *, customer: VisibleCustomer, day: date, user: Any) -> list[OwnSubscription]:
    """The partner's own subscriptions that aren't active any more, of SKUs of which such ones are in use.

    Of customers with which a confirmed relationship covers today only: subscriptions are shown nowhere else.
    """
    if not found.own_lapsed:
        return []
    return [
        subscription
        for subscription in own_subscriptions(user=user, day=day, customer=customer.id)
        if subscription.version.sku_id in found.own_lapsed
        if subscription.status is not Status.ACTIVE and not subscription.version.is_trial
    ]
