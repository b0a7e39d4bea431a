"""The list of a partner's customers: found, filtered, sorted, with their headline figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from customers.selectors.customers import VisibleCustomer, reachable
from customers.selectors.search import matching
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.metrics import COUNTS, percentages, with_measured
from insights.selectors.figures import figures_of_grain
from insights.selectors.portfolio import Filters
from partners.models import Partner

Figures = dict[str, Any]
HEADLINE = Grain(By.ALL, workload=ALL)
"""The row of a customer over everything: all families, any workload."""


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """A customer with its headline figures; None: no confirmed relationship covers the as-of date, or it has no row."""

    customer: VisibleCustomer
    figures: Figures | None


TEXTS: dict[str, Callable[[VisibleCustomer], str]] = {
    "name": lambda customer: customer.name,
    "country": lambda customer: customer.country,
    "segment": lambda customer: customer.segment,
    "owner": lambda customer: customer.owner,
}
"""What can be sorted by without knowing a figure."""
FIGURES = ("sold", "assigned", "deployment_pct", "usage_pct", "idle")
"""What can be sorted by besides."""


def customers_on(*, partner: Partner, day: date) -> tuple[list[VisibleCustomer], set[int]]:
    """The partner's customers as of `day` or today, and which of them (keys) have figures as of `day`."""
    found = reachable(partner=partner, day=day)
    return [reach.customer for reach in found], {reach.customer.id for reach in found if reach.on_day}


def chosen(
    customers: Sequence[VisibleCustomer], filters: Filters, search: str, *, partner: Partner
) -> list[VisibleCustomer]:
    """Those that the filters mean and the search finds, by name."""
    return sorted(matching(filters.among(customers), partner=partner, text=search), key=_by_name)


def _by_name(customer: VisibleCustomer) -> tuple[str, int]:
    return customer.name.casefold(), customer.customer_id.int


def sorted_by_text(customers: Sequence[VisibleCustomer], column: str, *, descending: bool) -> list[VisibleCustomer]:
    """Customers that come by name by one of `TEXTS`, whatever its case; those with nothing there last, ties by name."""
    if column == "name" and not descending:
        return list(customers)
    read = TEXTS[column]
    said = [customer for customer in customers if read(customer)]
    silent = [customer for customer in customers if not read(customer)]
    return sorted(said, key=lambda customer: read(customer).casefold(), reverse=descending) + silent


def sorted_by_figure(rows: Sequence[ListedCustomer], column: str, *, descending: bool) -> list[ListedCustomer]:
    """By one of `FIGURES`; those without that figure last, ties by name."""
    said = [row for row in rows if row.figures and row.figures[column] is not None]
    silent = [row for row in rows if not row.figures or row.figures[column] is None]
    return sorted(said, key=lambda row: row.figures[column], reverse=descending) + silent


def listed(
    customers: Sequence[VisibleCustomer], *, with_figures: set[int], day: date, left_out: frozenset[int] = frozenset()
) -> list[ListedCustomer]:
    """The customers with their headline figures as of `day`, without SKUs that are `left_out` (keys)."""
    shown = [customer.id for customer in customers if customer.id in with_figures]
    known = headline_figures(shown, day=day, left_out=left_out)
    return [ListedCustomer(customer, known.get(customer.id)) for customer in customers]


def headline_figures(
    customers: Sequence[int], *, day: date, left_out: frozenset[int] = frozenset()
) -> dict[int, Figures]:
    """By customer (key) the row over all families and any workload: its counts, `covered_days` and percentages."""
    if not customers:
        return {}
    rows = figures_of_grain(customers=customers, day=day, seller=ALL, grain=HEADLINE, left_out=left_out)
    return {int(row["customer"]): figures_of_row(row) for row in rows}


def figures_of_row(row: Any) -> Figures:
    """One row of the engine as counts, `covered_days` and percentages."""
    covered_days = int(row["covered_days"])
    counts = with_measured({name: int(row[name]) for name in COUNTS}, covered_days=covered_days)
    return counts | {"covered_days": covered_days} | percentages(counts)
