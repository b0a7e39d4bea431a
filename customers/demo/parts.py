"""Who states what of the demo: the operator only what no partner may, each partner what it sells and serves (feed.md)."""

from __future__ import annotations

from customers.demo.catalogue import PARTNERS
from customers.demo.specs import Customer, Sale, Tie

OPERATOR = "operator"
PARTS = (OPERATOR, *(partner.code for partner in PARTNERS))
"""The parts of the demo's feed in the order in which they load, each with the rights of whom it is named after."""


def part_of_tie(tie: Tie) -> str:
    """Who states what a partner did for a customer: itself, as long as the relationship covers today."""
    covers = tie.since <= 0 and (tie.until is None or tie.until > 0)
    return tie.partner if covers else OPERATOR


def part_of_sale(customer: Customer, sale: Sale) -> str:
    """Who states a subscription and its licences: its seller, if it may."""
    return sale.seller if sale.seller in _serving(customer) else OPERATOR


def parts_of_coverage(customer: Customer) -> list[str]:
    """Who says which days were delivered: every partner that serves the customer, the operator where none does."""
    return _serving(customer) or [OPERATOR]


def parts_of_people(customer: Customer) -> list[str]:
    """Who delivers the activity, by person: the partner that serves the customer.

    Of two that do, each delivers those whom it licenses (who has licences from both: the first of the story), and the
    operator the others; so each sees names of its own people alone.
    """
    serving = _serving(customer)
    if len(serving) < 2:
        return parts_of_coverage(customer) * customer.people
    parts = [OPERATOR] * customer.people
    for sale in reversed(customer.sales):
        for person in _holders(sale):
            parts[person] = sale.seller if sale.seller in serving else parts[person]
    return parts


def _serving(customer: Customer) -> list[str]:
    return [tie.partner for tie in customer.ties if part_of_tie(tie) != OPERATOR]


def _holders(sale: Sale) -> list[int]:
    return [*sale.holders, *(sale.turnover.newcomers if sale.turnover else ())]
