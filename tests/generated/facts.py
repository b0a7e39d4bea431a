"""All facts of the installation by what they are called, so that two installations can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

_TABLES = {
    "customers": "SELECT tenant_id FROM customers_customer",
    "profiles": """
        SELECT c.tenant_id, p.name, p.domain, p.country, p.segment, p.stated_by_id, p.load_id
        FROM customers_customerprofile p JOIN customers_customer c ON c.id = p.customer_id
    """,
    "relationships": """
        SELECT c.tenant_id, r.partner_id, r.valid_from, r.valid_to, r.status, r.stated_by_id, r.load_id
        FROM customers_relationship r JOIN customers_customer c ON c.id = r.customer_id
    """,
    "people": """
        SELECT c.tenant_id, p.key, p.same_as
        FROM customers_person p JOIN customers_customer c ON c.id = p.customer_id
    """,
    "subscriptions": """
        SELECT s.key, c.tenant_id, s.seller_id, s.aside
        FROM customers_subscription s JOIN customers_customer c ON c.id = s.customer_id
    """,
    "versions": """
        SELECT s.key, c.tenant_id, v.effective_on, v.seller_id, v.aside, v.sku_id, v.status, v.quantity, v.is_trial,
               v.term_end, v.auto_renew, v.cancel_until, v.unit_price, v.currency, v.stated_by_id, v.load_id
        FROM customers_subscriptionversion v
        JOIN customers_subscription s ON s.id = v.subscription_id
        JOIN customers_customer c ON c.id = s.customer_id
    """,
    "periods": """
        SELECT s.key, c.tenant_id, p.key, e.state, e.valid_from, e.valid_to, e.allotted, e.stated_by_id, e.load_id
        FROM customers_entitlementperiod e
        JOIN customers_subscription s ON s.id = e.subscription_id
        JOIN customers_customer c ON c.id = e.customer_id
        JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    """,
    "holdings": """
        SELECT c.tenant_id, p.key, h.sku_id, h.source, h.state, h.valid_from, h.valid_to, h.stated_by_id, h.load_id
        FROM customers_holding h
        JOIN customers_customer c ON c.id = h.customer_id
        JOIN customers_person p ON p.customer_id = h.customer_id AND p.number = h.person_number
    """,
    "cases": """
        SELECT s.partner_id, s.key, c.tenant_id, s.opened_on, s.kind, s.closed_on, s.stated_by_id, s.load_id
        FROM customers_supportcase s JOIN customers_customer c ON c.id = s.customer_id
    """,
    "responses": """
        SELECT s.partner_id, s.key, c.tenant_id, s.responded_on, s.score, s.comment, s.stated_by_id, s.load_id
        FROM customers_satisfactionresponse s JOIN customers_customer c ON c.id = s.customer_id
    """,
    "activity": """
        SELECT c.tenant_id, a.workload_id, a.day, a.source, p.key
        FROM customers_activity a
        CROSS JOIN generate_series(0, 63) bit
        JOIN customers_customer c ON c.id = a.customer_id
        LEFT JOIN customers_person p ON p.customer_id = a.customer_id AND p.number = a.block * 64 + bit
        WHERE a.bits >> bit & 1 = 1
    """,
    "coverage": """
        SELECT c.tenant_id, k.workload_id, k.month, k.source, k.days
        FROM customers_coverage k JOIN customers_customer c ON c.id = k.customer_id
    """,
}
LOAD = "load_id"

Facts = dict[str, list[tuple[str, ...]]]


def facts(names: Mapping[int, int] | None = None) -> Facts:
    """Every fact, in order. `names`: what the keys of loads are told as."""
    return {table: _rows(query, names or {}) for table, query in _TABLES.items()}


def _rows(query: str, names: Mapping[int, int]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        columns = [column.name for column in cursor.description]
        return sorted(tuple(map(str, _told(columns, row, names))) for row in cursor.fetchall())


def _told(columns: list[str], row: tuple[Any, ...], names: Mapping[int, int]) -> list[Any]:
    pairs = zip(columns, row, strict=True)
    return [names.get(value, value) if column == LOAD else value for column, value in pairs]
