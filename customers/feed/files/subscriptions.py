"""subscriptions.csv: the versions of subscriptions. Finds which lines are bad; `versions` writes the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.files.versions import merge
from customers.feed.kind import FileKind
from customers.feed.settle import Line, Objection, settle
from customers.feed.spec import Column
from customers.feed.staging import BadLine, mark_bad, settle_contradictions

# A partner can name no seller but itself.
_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.*, c.id AS customer_id, p.id AS seller_id, k.id AS sku_id
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN customers_sku k ON k.sku_id = l.sku_guid
    LEFT JOIN partners_partner p
      ON p.partner_id = l.seller_guid AND (%(partner)s::int IS NULL OR p.id = %(partner)s::int)
    WHERE l.fault IS NULL
"""

_STATED_BY_OTHERS = """
    SELECT f.line
    FROM feed_found f
    JOIN customers_subscription s ON s.key = f.subscription_key
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND v.effective_on = f.effective_on
    WHERE NOT f.retract AND v.stated_by_id IS DISTINCT FROM %(partner)s::int
      AND (v.seller_id IS NULL) = (f.seller_id IS NULL)
      AND (v.seller_id IS NOT NULL OR s.customer_id = f.customer_id)
"""

_CONTESTED = """
    CREATE TEMP TABLE feed_contested ON COMMIT DROP AS
    SELECT subscription_key
    FROM (
        SELECT subscription_key, %(partner)s::int AS stated_by_id, seller_id, customer_id
        FROM feed_effective
        WHERE NOT retract
        UNION
        SELECT s.key, v.stated_by_id, v.seller_id, s.customer_id
        FROM customers_subscription s
        JOIN customers_subscriptionversion v ON v.subscription_id = s.id
        WHERE s.key IN (SELECT subscription_key FROM feed_effective WHERE NOT retract)
    ) claims
    GROUP BY subscription_key
    HAVING count(*) > 1
"""

_GROUPS = """
    SELECT f.subscription_key, f.line, f.effective_on, f.retract, %(partner)s::int, f.seller_id, f.customer_id, true
    FROM feed_found f
    JOIN feed_contested USING (subscription_key)
    WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = f.line)
    UNION ALL
    SELECT s.key, NULL, v.effective_on, false, v.stated_by_id, v.seller_id, s.customer_id,
           s.customer_id IN (SELECT id FROM feed_customer)
    FROM feed_contested c
    JOIN customers_subscription s ON s.key = c.subscription_key
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says that a subscription was sold by whom to which customer. Nobody: the operator, or `external`.

    `is_reached`: the customer is one that the stater of the file can name.
    """

    stated_by: int | None
    seller: int | None
    customer: int | None
    is_reached: bool = True


class Claims:
    """What is said about one subscription, free of contradictions.

    A subscription keeps its customer and its seller. What is stated as external by others than the seller doesn't count
    against the seller's own statement; what the operator states as sold by a partner counts like the partner's own.
    Two that state it as external may name two customers: neither is the seller, who would know.
    """

    def __init__(self, stater: int | None) -> None:
        self._stater = stater
        self._held: dict[Claim, None] = {}

    def add(self, content: Claim) -> None:
        self._held[content] = None

    def objection(self, content: Claim) -> Objection | None:
        for held in self._held:
            objection = self._between(content, held)
            if objection is not None:
                own = held.is_reached and self._stater in (None, held.stated_by)
                return objection if own else ("subscription_id", Fault.UNKNOWN_SUBSCRIPTION)
        return None

    def _between(self, one: Claim, other: Claim) -> Objection | None:
        if not self._contradict(one, other):
            return None
        if one.customer != other.customer:
            return ("customer_id", Fault.OTHER_CUSTOMER)
        return ("seller", Fault.OTHER_SELLER)

    def _contradict(self, one: Claim, other: Claim) -> bool:
        if one.seller is not None and other.seller is not None:
            return (one.seller, one.customer) != (other.seller, other.customer)
        if one.seller is None and other.seller is None:
            return one.stated_by == other.stated_by and one.customer != other.customer
        external, sold = (one, other) if one.seller is None else (other, one)
        return external.stated_by in (sold.stated_by, sold.seller)


def find(context: FileContext) -> None:
    """Customers, sellers and SKUs are known, and no subscription changes its customer or seller."""
    context.run(_FIND)
    stating = "SELECT line FROM feed_found WHERE NOT retract AND "
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, stating + "customer_id IS NULL")
    unknown_seller = stating + "seller_guid IS NOT NULL AND seller_id IS NULL"
    mark_bad(context, "seller", Fault.UNKNOWN_PARTNER, unknown_seller)
    mark_bad(context, "sku_id", Fault.UNKNOWN_SKU, stating + "sku_id IS NULL")
    if context.partner is not None:
        mark_bad(context, "subscription_id", Fault.UNKNOWN_SUBSCRIPTION, _STATED_BY_OTHERS)
    settle_contradictions(context, ["subscription_key", "effective_on"], lambda: _contradicting(context))


def _contradicting(context: FileContext) -> Iterator[BadLine]:
    if not context.run(_CONTESTED):
        return
    context.run("ANALYZE feed_contested")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_GROUPS, context.facts)
        for _key, rows in groupby(cursor, key=lambda row: row[0]):
            yield from _settle_group(context.partner, list(rows))


def _settle_group(stater: int | None, rows: list[tuple[Any, ...]]) -> list[BadLine]:
    lines = []
    stored = []
    for _key, line, day, retract, *said in rows:
        claim = None if retract else Claim(*said)
        if line is None:
            stored.append((day, claim))
        else:
            lines.append(Line(line, day, claim))
    own = {day for day, claim in stored if claim.stated_by == stater}

    def replaces(line: Line, claim: Claim) -> bool:
        if line.content is None and claim.stated_by != stater:
            return stater is None and line.key not in own
        return _replaces(stater, line.content, claim)

    return settle(lines, stored, lambda: Claims(stater), replaces)


def _replaces(stater: int | None, said: Claim | None, stored: Claim) -> bool:
    """Whether a line replaces what is stored for its key, or retracts the stater's own; `versions` does so in SQL."""
    if stored.stated_by == stater:
        return stored.is_reached
    if stater is not None or said is None or (said.seller is None) != (stored.seller is None):
        return False
    return said.seller is not None or said.customer == stored.customer


SUBSCRIPTIONS = FileKind(
    name="subscriptions.csv",
    columns=(
        Column(
            "subscription_id",
            values.subscription_id,
            (("subscription_id", "text"), ("subscription_key", "text")),
            key=True,
        ),
        Column("effective_on", values.day, (("effective_on", "date"),), key=True),
        Column("customer_id", values.guid, (("customer_guid", "uuid"),)),
        Column("seller", values.seller, (("seller_guid", "uuid"),)),
        Column("sku_id", values.guid, (("sku_guid", "uuid"),)),
        Column("status", values.status, (("status", "text"),)),
        Column("quantity", values.quantity, (("quantity", "int"),)),
        Column("is_trial", values.boolean, (("is_trial", "boolean"),)),
        Column("term_end", values.day, (("term_end", "date"),), optional=True),
        Column("auto_renew", values.boolean, (("auto_renew", "boolean"),), optional=True),
        Column("cancel_until", values.day, (("cancel_until", "date"),), optional=True),
        Column("unit_price", values.price, (("unit_price", "numeric"),), optional=True),
        Column("currency", values.currency, (("currency", "text"),), optional=True),
    ),
    find=find,
    merge=merge,
)
