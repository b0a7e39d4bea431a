"""Asks for figures of days of the past; workers compute them with everything else that is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from customers.columns import array_literal
from partners.models import Staff
from partners.permissions import Action

_WANT = """
    INSERT INTO insights_wanteddays AS w (customer_id, days)
    SELECT r.customer_id, range_agg(daterange(day, day, '[]') * daterange(r.valid_from, r.valid_to))
    FROM customers_relationship r, unnest(%(days)s::date[]) day
    WHERE r.partner_id = %(partner)s AND r.status = 'confirmed' AND r.customer_id = ANY(%(customers)s)
        AND daterange(r.valid_from, r.valid_to) @> day
    GROUP BY r.customer_id
    ON CONFLICT (customer_id) DO UPDATE SET days = w.days + excluded.days
"""


def want_days(*, actor: Staff, customers: Sequence[int], days: Sequence[date]) -> int:
    """Have the figures of these customers (keys) computed as of these days; returns for how many customers.

    Each customer only as of days that a confirmed relationship of the actor's partner covers. Asking twice changes nothing.
    Raises PermissionDenied for whoever may not bring facts in.
    """
    if not actor.may(Action.CORRECT_FACTS):
        raise PermissionDenied(_("Your role doesn't include this."))
    params = {"partner": actor.partner_id, "customers": array_literal(customers), "days": list(days)}
    with connection.cursor() as cursor:
        cursor.execute(_WANT, params)
        return cursor.rowcount
