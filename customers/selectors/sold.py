"""All subscriptions of some customers that count, through all of history, aged: what licences are allotted to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from customers.columns import array_literal, day_number
from customers.held import FOR_EVER
from customers.lifecycle import Status, stages

_VERSIONS = """
    SELECT s.customer_id, s.id, s.key, v.effective_on, v.sku_id, v.status, v.quantity, v.is_trial, v.term_end, v.auto_renew
    FROM customers_subscription s
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND NOT v.aside
    WHERE s.customer_id = ANY(%s) AND NOT s.aside
    ORDER BY s.customer_id, s.id, v.effective_on
"""


class Term(NamedTuple):
    """What a subscription is from `first` on and before `past` (day numbers), aged."""

    first: int
    past: int
    sku: int
    status: Status
    quantity: int
    is_trial: bool


@dataclass(frozen=True, slots=True)
class SoldSubscription:
    """A subscription and its terms, in order."""

    id: int
    key: str
    terms: list[Term]


def sold_to(customers: Sequence[int]) -> dict[int, list[SoldSubscription]]:
    """By customer (key) its subscriptions, by first day, then id."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [array_literal(customers)])
        rows = cursor.fetchall()
    found: dict[int, list[SoldSubscription]] = defaultdict(list)
    for (customer, subscription, key), group in groupby(rows, key=lambda row: row[:3]):
        found[customer].append(SoldSubscription(subscription, key, list(_terms([row[3:] for row in group]))))
    for subscriptions in found.values():
        subscriptions.sort(key=lambda one: (one.terms[0].first, one.key))
    return found


def _terms(versions: list[tuple[Any, ...]]) -> list[Term]:
    ends: list[date | None] = [version[0] for version in versions[1:]] + [None]
    return [
        Term(
            day_number(stage.first),
            FOR_EVER if stage.past is None else day_number(stage.past),
            sku,
            stage.status,
            quantity,
            trial,
        )
        for (first, sku, status, quantity, trial, term_end, renews), past in zip(versions, ends, strict=True)
        for stage in stages(stated=Status(status), term_end=term_end, auto_renew=renews, first=first, past=past)
    ]
