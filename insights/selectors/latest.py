"""The latest complete day: up to which day a partner's customers have delivered (interfaces.md, "HTTP API")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.db import connection

from customers.bits.read import covered_days
from customers.clock import today
from customers.columns import Columns, day_of
from customers.selectors.customers import served
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.selectors.figures import figures_of_grain
from insights.selectors.stored import fresh_days, snapshot, stored_entitlements
from partners.models import Partner
from partners.tenancy import counting

COMPLETE_PERCENT = 90
_DAYS_AT_FIRST = 2
"""So many days are looked at first: the answer is nearly always today or yesterday. Then more and more at a time."""
_WIDER = 4
_DAYS_IN_MONTH = 31

# What the answer follows from: which customers are served when, their facts (the number goes up with each change of
# them, customers.services.stale), the catalogue.
_STATE = """
    SELECT e.number, f.* FROM customers_catalogueepoch e, LATERAL (
        SELECT count(*), sum(s.seq), sum(hashtextextended(concat_ws('/', r.customer_id, r.valid_from, r.valid_to), 0))
        FROM customers_relationship r LEFT JOIN customers_staledays s ON s.customer_id = r.customer_id
        WHERE r.partner_id = %(partner)s AND r.status = 'confirmed'
    ) f
"""
_KNOWN: dict[int, tuple[object, date]] = {}
"""By partner (key): the state in which the day was found, and the day. Per process; whatever changes is found out anew."""


def latest_complete_day(partner: Partner) -> date:
    """The latest day, up to today (UTC), on which customers with 90 % of the partner's `entitlements` are covered.

    Entitlements of all sellers, as of that day, of the customers that the partner may see as of that day; covered in some
    workload. Looks as far back as activity is kept; where there is no such day: yesterday.
    """
    with counting(), snapshot():
        state = (today(), _state(partner))
        known = _KNOWN.get(partner.pk)
        if known is None or known[0] != state:
            known = _KNOWN[partner.pk] = (state, _found(partner, newest=today()))
    return known[1]


def _state(partner: Partner) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"partner": partner.pk})
        return cursor.fetchone()


def _found(partner: Partner, *, newest: date) -> date:
    for first, last in _spans(newest):
        day = _latest_between(partner, first, last)
        if day is not None:
            return day
    return newest - timedelta(days=1)


def _spans(newest: date) -> Iterator[tuple[date, date]]:
    """The days from the newest back, a few first, then more and more at a time."""
    oldest = newest - timedelta(days=_DAYS_IN_MONTH * settings.SEATWISE_RETENTION_MONTHS)
    last, days = newest, _DAYS_AT_FIRST
    while last >= oldest:
        first = max(last - timedelta(days=days - 1), oldest)
        yield first, last
        last, days = first - timedelta(days=1), days * _WIDER


def _latest_between(partner: Partner, first: date, last: date) -> date | None:
    relationships = served(partner=partner, first=first, last=last)
    of_customers = {"customers": np.unique(relationships["customer"]).tolist(), "first": first, "last": last}
    covered = covered_days(**of_customers)
    days = np.unique(covered["day"])[::-1].tolist()
    stored = _Stored(fresh_days(**of_customers), stored_entitlements(**of_customers)) if days else None
    for day in days:
        visible = _on(relationships, day)["customer"]
        if _complete(visible, covered["customer"][covered["day"] == day], day, stored):
            return day_of(day)
    return None


@dataclass(frozen=True, slots=True)
class _Stored:
    fresh: Columns
    entitlements: Columns


def _on(table: Columns, day: int) -> Columns:
    holds = (table["valid_from"] <= day) & (table["valid_to"] > day)
    return {name: column[holds] for name, column in table.items()}


def _complete(visible: np.ndarray, covered: np.ndarray, day: int, stored: _Stored) -> bool:
    """Whether those of the visible customers that are covered have 90 % of what all of them have; nothing is no share."""
    entitlements = _entitlements(visible, day, stored)
    have = int(entitlements[np.isin(visible, covered)].sum())
    return have > 0 and 100 * have >= COMPLETE_PERCENT * int(entitlements.sum())


def _entitlements(customers: np.ndarray, day: int, stored: _Stored) -> np.ndarray:
    """[c] `entitlements` of all sellers and families, as of the day: stored where fresh, else computed."""
    fresh, known = set(_on(stored.fresh, day)["customer"].tolist()), _on(stored.entitlements, day)
    pairs = zip(known["customer"].tolist(), known["entitlements"].tolist(), strict=True)
    found = {customer: number for customer, number in pairs if customer in fresh}
    missing = [customer for customer in customers.tolist() if customer not in fresh]
    if missing:
        rows = figures_of_grain(customers=missing, day=day_of(day), seller=ALL, grain=Grain(By.ALL, workload=ALL))
        found |= dict(zip(rows["customer"].tolist(), rows["entitlements"].tolist(), strict=True))
    return np.array([found.get(customer, 0) for customer in customers.tolist()], dtype=np.int64)
