"""What stands on a page for the keys of people's licences and use: SKUs, one's own subscriptions, workloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from partners.models import Partner

Held = tuple[int, int]
"""A subscription and the SKU that it is of (keys)."""

# Another seller's subscription isn't read at all: row-level security shows one's own alone.
_WORDS = """
    SELECT h.subscription, h.sku, k.name, s.subscription_id, (
        SELECT coalesce(array_agg(DISTINCT p.person_number), '{}')
        FROM customers_entitlementperiod p
        WHERE p.subscription_id = s.id AND p.customer_id = %(customer)s AND p.allotted
          AND p.person_number = ANY(%(people)s) AND p.valid_from <= %(day)s
    )
    FROM unnest(%(subscriptions)s::bigint[], %(skus)s::int[]) h (subscription, sku)
    JOIN customers_sku k ON k.id = h.sku
    LEFT JOIN customers_subscription s ON s.id = h.subscription AND s.seller_id = %(partner)s
    UNION ALL
    SELECT NULL, w.id, w.name, w.code, '{}' FROM customers_workload w
"""


@dataclass(frozen=True, slots=True)
class LicenceWords:
    """Of one subscription."""

    sku: str
    subscription_id: str | None
    """Of the partner's own only."""
    allotted: frozenset[int]
    """Which of the people (numbers) were allotted to it, since only the SKU was named; of the partner's own only."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of what people hold and use."""

    licences: dict[Held, LicenceWords]
    workloads: dict[int, tuple[str, str]]
    """By key of every workload its name and code."""


def words_of(*, partner: Partner, customer: int, held: Iterable[Held], people: Sequence[int], day: date) -> Words:
    """The words for subscriptions of a customer (key) that these people (numbers) hold or held up to `day`; one query."""
    pairs = sorted(set(held))
    params = {
        "partner": partner.pk,
        "customer": customer,
        "subscriptions": [subscription for subscription, _sku in pairs],
        "skus": [sku for _subscription, sku in pairs],
        "people": list(people),
        "day": day,
    }
    words = Words({}, {})
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, params)
        for subscription, key, name, called, allotted in cursor.fetchall():
            if subscription is None:
                words.workloads[key] = (name, called)
            else:
                words.licences[subscription, key] = LicenceWords(name, called, frozenset(allotted))
    return words
