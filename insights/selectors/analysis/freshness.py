"""Of which customers which days' figures are stored and fresh, and what their figures follow from: one question for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from customers.columns import array_literal

# Nearly everybody's days are all there and fresh: only of the others is it said which are.
_FRESH = """
    SELECT array_agg(c.customer_id), array_agg(e.number * 4294967296 + coalesce(s.seq, 0)),
        array_agg(coalesce(d.epoch = e.number AND d.days @> a.days AND NOT coalesce(s.days && a.days, false), false))
    FROM unnest(%(customers)s::int[]) c (customer_id)
    CROSS JOIN (SELECT range_agg(daterange(day, day, '[]')) AS days FROM unnest(%(days)s::date[]) day) a
    CROSS JOIN customers_catalogueepoch e
    LEFT JOIN insights_figuredays d ON d.customer_id = c.customer_id
    LEFT JOIN customers_staledays s ON s.customer_id = c.customer_id
"""
_DAYS = """
    SELECT d.customer_id, array_agg(day)
    FROM insights_figuredays d
    JOIN customers_catalogueepoch e ON e.number = d.epoch
    LEFT JOIN customers_staledays s ON s.customer_id = d.customer_id
    CROSS JOIN unnest(%(days)s::date[]) day
    WHERE d.customer_id = ANY(%(customers)s) AND d.days @> day AND NOT coalesce(s.days @> day, false)
    GROUP BY d.customer_id
"""

_FIRST = """
    SELECT min(lower(d.days))
    FROM insights_figuredays d
    JOIN customers_catalogueepoch e ON e.number = d.epoch
    JOIN customers_relationship r ON r.customer_id = d.customer_id
    WHERE r.partner_id = %(partner)s AND r.status = 'confirmed'
"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which of some customers' figures are stored as of which of some days."""

    customers: np.ndarray
    """[c] keys, ascending"""
    days: list[date]
    """[d] ascending"""
    fresh: np.ndarray
    """[c, d] bool"""
    states: np.ndarray
    """[c] a number that is the same as long as the customer's facts and the catalogue are"""

    def on(self, day: date) -> frozenset[int]:
        """The customers (keys) whose figures as of one of the days are stored and fresh."""
        return frozenset(self.customers[self.fresh[:, self.days.index(day)]].tolist())

    def of(self, customers: np.ndarray, days: Sequence[date]) -> np.ndarray:
        """[c, d] the same for some of the customers (keys, all of them known) and some of the days."""
        rows = np.searchsorted(self.customers, customers)
        return self.fresh[np.ix_(rows, [self.days.index(day) for day in days])]

    def states_of(self, customers: np.ndarray) -> np.ndarray:
        """[c] the states of some of the customers."""
        return self.states[np.searchsorted(self.customers, customers)]


def freshness(*, customers: Sequence[int], days: Sequence[date]) -> Freshness:
    """What is stored and fresh of these customers (keys) and days. The caller reads as one who counts, in a snapshot."""
    keys, asked = np.unique(np.array(customers, dtype=np.int64)), sorted(set(days))
    if not len(keys):
        return Freshness(keys, asked, np.zeros((0, len(asked)), dtype=bool), keys)
    params = {"customers": array_literal(keys.tolist()), "days": asked}
    with connection.cursor() as cursor:
        cursor.execute(_FRESH, params)
        known, states, whole = (np.array(column) for column in cursor.fetchone())
        order = np.argsort(known)
        fresh = np.repeat(whole[order].astype(bool)[:, None], len(asked), axis=1)
        rest = known[order][~whole[order].astype(bool)].tolist()
        if rest:
            cursor.execute(_DAYS, params | {"customers": array_literal(rest)})
            for customer, found in cursor.fetchall():
                fresh[np.searchsorted(keys, customer)] = np.isin(asked, found)
    return Freshness(keys, asked, fresh, states[order].astype(np.int64))


def first_stored(*, partner: int) -> date | None:
    """The first day as of which figures of any customer of the partner (key) are stored; None: of none."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, {"partner": partner})
        return cursor.fetchone()[0]
