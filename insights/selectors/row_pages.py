"""Insight rows one page at a time."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from uuid import UUID

from customers.selectors.customers import VisibleCustomer, customer_of, customers_of
from insights.selectors.insight_rows import (
    InsightRow,
    Question,
    customer_rows,
    row_order,
    rows_of,
    words_for,
)
from insights.selectors.portfolio import Catalogue
from insights.selectors.row_keys import numbers_of_rows
from insights.selectors.stored import snapshot
from partners.tenancy import counting


def page_of_rows(
    question: Question, *, customer_id: UUID | None = None, first: int, last: int, catalogue: Catalogue | None = None
) -> tuple[int, list[InsightRow]]:
    """How many rows `insight_rows` has, and those from `first` on and before `last`; of one customer, or of all.

    Rows are in the order of customers, so that figures are read of the customers of the page only. Of the others it is
    counted how many rows they have.
    """
    known = _known(question, customer_id)
    asked = sorted(question.filters.among(known), key=_customer_order)
    with counting(), snapshot():
        ends = list(accumulate(_numbers(question, asked, known)))
        begin, end = bisect_right(ends, first), bisect_right(ends, last - 1) + 1
        shown = asked[begin:end]
        table = rows_of(question, shown)
        rows = sorted(customer_rows(question, shown, table, words=words_for(table, catalogue)), key=row_order)
    before = ends[begin - 1] if begin else 0
    return ends[-1] if ends else 0, rows[first - before : last - before]


def _numbers(question: Question, asked: list[VisibleCustomer], known: list[VisibleCustomer]) -> list[int]:
    """Of each customer asked for: cut out of all that are known, whatever the filters, because those are kept."""
    return numbers_of_rows(
        customers=[customer.id for customer in asked],
        among=[customer.id for customer in known],
        day=question.day,
        seller=question.seller_key,
        grain=question.grain,
    ).tolist()


def _known(question: Question, customer_id: UUID | None) -> list[VisibleCustomer]:
    """Of whom the question may be, before its filters: one customer, or all of the partner."""
    if customer_id is None:
        return customers_of(partner=question.partner, day=question.day)
    customer = customer_of(partner=question.partner, customer_id=customer_id, day=question.day)
    return [customer] if customer else []


def _customer_order(customer: VisibleCustomer) -> tuple[str, UUID]:
    """As `row_order`: ids sort as their texts do."""
    return customer.name.casefold(), customer.customer_id
