"""Which customers a partner may see, and what it calls them (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from partners.models import Partner

_OF_PARTNER = """
    SELECT c.id, c.tenant_id, p.name, p.country, p.segment
    FROM customers_relationship r
    JOIN customers_customer c ON c.id = r.customer_id
    CROSS JOIN LATERAL (
        SELECT name, country, segment FROM customers_customerprofile
        WHERE customer_id = c.id
        ORDER BY CASE stated_by_id WHEN r.partner_id THEN 0 ELSE 2 END - (stated_by_id IS NULL)::int, id
        LIMIT 1
    ) p
    WHERE r.partner_id = %(partner)s AND r.status = 'confirmed'
      AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s)
"""


@dataclass(frozen=True, slots=True)
class VisibleCustomer:
    """A customer as one partner sees it: its own name for it, else the operator's, else the first that was stated."""

    id: int
    customer_id: UUID
    name: str
    country: str
    segment: str


def customers_of(*, partner: Partner, day: date) -> list[VisibleCustomer]:
    """The customers with which a confirmed relationship of the partner covers `day`, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_PARTNER, {"partner": partner.pk, "day": day})
        return [VisibleCustomer(*row) for row in cursor.fetchall()]
