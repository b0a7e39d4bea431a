"""All facts of the installation by what they are called, so that two installations can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

# A name that went to another object id has a key of our own, with numbers of this installation.
_KEY = "CASE WHEN left(p.key, 1) = ' ' THEN 'released' ELSE p.key END"
# A licence that is allotted goes by the person's lowest number, which depends on who was named first.
_FIRST_KEY = f"""(
    SELECT min({_KEY.replace("p.", "o.")}) FROM customers_person o
    WHERE o.customer_id = p.customer_id AND coalesce(o.same_as, o.number) = coalesce(p.same_as, p.number)
)"""
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
    "people": f"""
        SELECT c.tenant_id, {_KEY}, ARRAY(
            SELECT {_KEY.replace("p.", "o.")} FROM customers_person o
            WHERE o.customer_id = p.customer_id AND coalesce(o.same_as, o.number) = coalesce(p.same_as, p.number)
            ORDER BY 1
        )
        FROM customers_person p JOIN customers_customer c ON c.id = p.customer_id
    """,
    "aliases": f"""
        SELECT c.tenant_id, {_KEY}, n.key, a.display_name, a.mailbox, a.is_deleted, a.stated_by_id, a.load_id
        FROM customers_alias a
        JOIN customers_customer c ON c.id = a.customer_id
        JOIN customers_person p ON p.customer_id = a.customer_id AND p.number = a.person_number
        LEFT JOIN (SELECT customer_id, number, {_KEY} AS key FROM customers_person p) n
          ON n.customer_id = a.customer_id AND n.number = a.name_number
    """,
    "left_out": """
        SELECT c.tenant_id, o.key FROM customers_leftoutperson o JOIN customers_customer c ON c.id = o.customer_id
    """,
    "lists": f"""
        SELECT c.tenant_id, l.day, l.source, {_KEY}, l.stated_by_id, l.load_id
        FROM customers_seenlist l
        JOIN customers_customer c ON c.id = l.customer_id
        LEFT JOIN customers_person p ON p.customer_id = l.customer_id AND p.number = l.person_number
    """,
    "sights": """
        SELECT c.tenant_id, s.key, s.day, s.stated_by_id, s.load_id
        FROM customers_seensubscription s JOIN customers_customer c ON c.id = s.customer_id
    """,
    "totals": """
        SELECT c.tenant_id, t.sku_id, t.day, t.enabled, t.warning, t.suspended, t.locked_out, t.consumed,
               t.stated_by_id, t.load_id
        FROM customers_skutotal t JOIN customers_customer c ON c.id = t.customer_id
    """,
    "reported": """
        SELECT c.tenant_id, r.day, r.metric, r.service, r.workload, r.sku_id, r.product_name, r.channel, r.numerator,
               r.denominator, r.percent, r.stated_by_id, r.load_id
        FROM customers_reported r JOIN customers_customer c ON c.id = r.customer_id
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
    "periods": f"""
        SELECT s.key, c.tenant_id, CASE WHEN e.allotted THEN {_FIRST_KEY} ELSE {_KEY} END, e.state, e.valid_from, e.valid_to, e.allotted, e.stated_by_id, e.load_id
        FROM customers_entitlementperiod e
        JOIN customers_subscription s ON s.id = e.subscription_id
        JOIN customers_customer c ON c.id = e.customer_id
        JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    """,
    "holdings": f"""
        SELECT c.tenant_id, {_KEY}, h.sku_id, h.source, h.state, h.valid_from, h.valid_to, h.stated_by_id, h.load_id
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
    "activity": f"""
        SELECT c.tenant_id, a.workload_id, a.day, a.source, {_KEY}
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
