"""Which customers a partner may see, and what it calls them (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from customers.clock import today
from customers.columns import Columns, read_columns
from partners.models import Partner

# The function that finds another partner's name is asked only where there is no nearer name: it takes most of the time.
_OF_PARTNER = """
    SELECT c.id, c.tenant_id, coalesce(own.name, said.name, other.name, c.tenant_id::text),
        coalesce(own.domain, said.domain, other.domain, ''), coalesce(own.country, said.country, other.country, ''),
        coalesce(nullif(a.segment, ''), own.segment, said.segment, other.segment, ''),
        r.valid_from, a.owner_id, coalesce(nullif(concat_ws(' ', nullif(o.first_name, ''), nullif(o.last_name, '')), ''), o.email, ''),
        coalesce(a.tags, '{}'), r.valid_to
    FROM customers_relationship r
    JOIN customers_customer c ON c.id = r.customer_id
    LEFT JOIN customers_account a ON a.partner_id = r.partner_id AND a.customer_id = c.id
    LEFT JOIN partners_staff o ON o.id = a.owner_id AND o.partner_id = r.partner_id
    LEFT JOIN customers_customerprofile own ON own.customer_id = c.id AND own.stated_by_id = r.partner_id
    LEFT JOIN customers_customerprofile said ON said.customer_id = c.id AND said.stated_by_id IS NULL
    LEFT JOIN customers_customerprofile other
        ON other.id = CASE WHEN own.id IS NULL AND said.id IS NULL THEN customers_shown_profile(c.id, r.partner_id) END
    WHERE r.partner_id = %(partner)s AND r.status = 'confirmed'
"""
_COVERS = " AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s)"
_COVERS_EITHER = """
    AND (r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s)
        OR r.valid_from <= %(today)s AND (r.valid_to IS NULL OR r.valid_to > %(today)s))
"""


class VisibleCustomer(NamedTuple):
    """A customer as one partner sees it: its own name for it, else the operator's, else the first of a confirmed partner.

    Where nobody of these has named it, its id stands for the name (docs/decisions/0003-readings-of-the-contracts.md).

    Owner, tags and, where it has set one, the segment are the partner's own (`Account`).
    """

    id: int
    customer_id: UUID
    name: str
    domain: str
    country: str
    segment: str
    since: date
    """The first day of the relationship that covers the day."""
    owner_id: int | None
    owner: str
    """What the owner is called among colleagues: the name, else the e-mail address; empty: nobody."""
    tags: list[str]
    until: date | None = None
    """The first day after that relationship; None: it goes on."""

    def covers(self, day: date) -> bool:
        """Whether the relationship in which the customer was found covers the day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a customer is open to a partner: figures where `on_day`, people, lists and subscriptions where `on_today`."""

    customer: VisibleCustomer
    on_day: bool
    on_today: bool
    relationships: tuple[VisibleCustomer, ...] = ()
    """The customer once for each confirmed relationship in which it was found."""

    def covers(self, day: date) -> bool:
        """Whether one of these relationships covers a day: of `reach_of`, which finds them all."""
        return any(customer.covers(day) for customer in self.relationships)


_ONE_OF_PARTNER = f"{_OF_PARTNER} AND c.tenant_id = %(customer)s ORDER BY r.valid_from DESC"


def customer_of(*, partner: Partner, customer_id: UUID, day: date) -> VisibleCustomer | None:
    """The customer with this tenant id, if a confirmed relationship of the partner covers `day`; else nobody."""
    found = _relationships(partner, customer_id)
    return next((customer for customer in found if customer.covers(day)), None)


def reach_of(*, partner: Partner, customer_id: UUID, day: date) -> Reach | None:
    """The same for `day` or today, whichever a relationship covers; None: neither."""
    return _reach(_relationships(partner, customer_id), day, today())


def reachable(*, partner: Partner, day: date) -> list[Reach]:
    """All customers with which a confirmed relationship of the partner covers `day` or today, in no order."""
    now = today()
    by_key: dict[int, list[VisibleCustomer]] = {}
    for customer in _customers(_OF_PARTNER + _COVERS_EITHER, {"partner": partner.pk, "day": day, "today": now}):
        by_key.setdefault(customer.id, []).append(customer)
    found = (_reach(relationships, day, now) for relationships in by_key.values())
    return [reach for reach in found if reach is not None]


def _reach(relationships: list[VisibleCustomer], day: date, now: date) -> Reach | None:
    """Of one customer, found in each of its relationships."""
    on_day = [customer for customer in relationships if customer.covers(day)]
    on_today = [customer for customer in relationships if customer.covers(now)]
    found = on_today or on_day
    if not found:
        return None
    return Reach(found[0], on_day=bool(on_day), on_today=bool(on_today), relationships=tuple(relationships))


def _relationships(partner: Partner, customer_id: UUID) -> list[VisibleCustomer]:
    """The customer once for each confirmed relationship, the latest first."""
    return _customers(_ONE_OF_PARTNER, {"partner": partner.pk, "customer": customer_id})


def customers_of(*, partner: Partner, day: date) -> list[VisibleCustomer]:
    """The customers with which a confirmed relationship of the partner covers `day`, in no order."""
    return _customers(_OF_PARTNER + _COVERS, {"partner": partner.pk, "day": day})


def _customers(query: str, params: dict[str, Any]) -> list[VisibleCustomer]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(map(VisibleCustomer._make, cursor.fetchall()))


_SERVED = """
    SELECT customer_id, valid_from, coalesce(valid_to, 'infinity'::date) FROM customers_relationship
    WHERE partner_id = %(partner)s AND status = 'confirmed'
      AND valid_from <= %(last)s AND (valid_to IS NULL OR valid_to > %(first)s)
"""


def served(*, partner: Partner, first: date, last: date) -> Columns:
    """The partner's confirmed relationships that cover any day from `first` to `last`: customer, valid_from, valid_to."""
    params = {"partner": partner.pk, "first": first, "last": last}
    return read_columns(_SERVED, params, {"customer": "int4", "valid_from": "date", "valid_to": "date"})


_COVERS_ANY = " AND r.valid_from <= %(last)s AND (r.valid_to IS NULL OR r.valid_to > %(first)s)"


def relationships_between(*, partner: Partner, first: date, last: date) -> list[VisibleCustomer]:
    """The partner's customers, once for each confirmed relationship that covers any day from `first` to `last`."""
    return _customers(_OF_PARTNER + _COVERS_ANY, {"partner": partner.pk, "first": first, "last": last})
