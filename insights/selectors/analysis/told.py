"""What is told of own subscriptions beside their figures: their ids, and the next steps that are open about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from customers.columns import array_literal
from insights.models import Suggestion
from insights.steps.rules import Rule
from partners.models import Partner

_TOLD = """
    SELECT s.id, s.subscription_id, g.id, g.rule
    FROM customers_subscription s
    LEFT JOIN LATERAL (
        SELECT g.id, g.rule FROM insights_suggestion g
        WHERE g.partner_id = %(partner)s AND g.customer_id = s.customer_id AND g.subject = s.key
          AND g.state = ANY(%(live)s) AND g.rule = ANY(%(rules)s)
        ORDER BY array_position(%(rules)s::text[], g.rule::text), g.id LIMIT 1
    ) g ON true
    WHERE s.id = ANY(%(subscriptions)s) AND s.seller_id = %(partner)s
"""


class Told(NamedTuple):
    """Of one subscription: its id as first written; and the live suggestion about it, if there is one."""

    subscription_id: str
    step: int | None
    """Key of the suggestion."""
    rule: str | None


def told_of(partner: Partner, subscriptions: Sequence[int], rules: Sequence[Rule]) -> dict[int, Told]:
    """By key, of the partner's own subscriptions (keys) of customers that it serves; of two suggestions the earlier rule."""
    params = {
        "partner": partner.pk,
        "subscriptions": array_literal(subscriptions),
        "live": list(Suggestion.LIVE),
        "rules": [rule.value for rule in rules],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, params)
        return {key: Told(*told) for key, *told in cursor.fetchall()}
