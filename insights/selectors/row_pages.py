"""Insight rows one page at a time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

import numpy as np

from customers.selectors.customers import VisibleCustomer, customer_of
from insights.selectors.figures import computed_of_grain
from insights.selectors.insight_rows import InsightRow, Question, customer_rows, row_order, visible_customers
from insights.selectors.stored import fresh_customers, numbers_of_rows, snapshot, stored_of_grain
from partners.tenancy import counting


def page_of_rows(
    question: Question, *, customer_id: UUID | None = None, first: int, last: int
) -> tuple[int, list[InsightRow]]:
    """How many rows `insight_rows` has, and those from `first` on and before `last`; of one customer, or of all.

    Rows are in the order of customers, so that figures are read of the customers of the page only. Of the others it is
    counted how many rows they have.
    """
    asked = sorted(_asked(question, customer_id), key=_customer_order)
    with counting(), snapshot():
        found = _found(question, [customer.id for customer in asked])
        ends = list(accumulate(found.numbers.get(customer.id, 0) for customer in asked))
        begin, end = bisect_right(ends, first), bisect_right(ends, last - 1) + 1
        shown = asked[begin:end]
        table = _table(question, found, [customer.id for customer in shown])
        rows = sorted(customer_rows(question, shown, table), key=row_order)
    before = ends[begin - 1] if begin else 0
    return ends[-1] if ends else 0, rows[first - before : last - before]


def _asked(question: Question, customer_id: UUID | None) -> list[VisibleCustomer]:
    if customer_id is None:
        return visible_customers(question)
    customer = customer_of(partner=question.partner, customer_id=customer_id, day=question.day)
    return question.filters.among([customer] if customer else [])


def _customer_order(customer: VisibleCustomer) -> tuple[str, UUID]:
    """As `row_order`: ids sort as their texts do."""
    return customer.name.casefold(), customer.customer_id


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of customers before a page is cut out."""

    numbers: dict[int, int]
    """By customer how many rows it has."""
    fresh: frozenset[int]
    """Whose rows are stored."""
    computed: np.ndarray
    """The rows of the others, which had to be computed."""


def _found(question: Question, customers: list[int]) -> _Found:
    fresh = frozenset(fresh_customers(customers=customers, day=question.day))
    which = {"day": question.day, "seller": question.seller_key, "grain": question.grain}
    stored = numbers_of_rows(customers=sorted(fresh), **which)
    computed = computed_of_grain(customers=sorted(set(customers) - fresh), **which)
    others, numbers = np.unique(computed["customer"], return_counts=True)
    return _Found(stored | dict(zip(others.tolist(), numbers.tolist(), strict=True)), fresh, computed)


def _table(question: Question, found: _Found, customers: list[int]) -> np.ndarray:
    """The rows of these customers."""
    stored = stored_of_grain(
        customers=[customer for customer in customers if customer in found.fresh],
        day=question.day,
        seller=question.seller_key,
        grain=question.grain,
    )
    return np.concatenate([stored, found.computed[np.isin(found.computed["customer"], customers)]])
