"""Customers or SKUs side by side: the figures of each as of a day, and how they went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from customers.columns import Columns
from customers.models import Sku
from customers.selectors.customers import VisibleCustomer
from insights.engine.rows import ROW
from insights.grain import By, Grain
from insights.selectors.analysis.freshness import Freshness
from insights.selectors.analysis.history import History, seen_on, sums_on, versions
from insights.selectors.analysis.rows import (
    all_rows,
    coarsest,
    figures_from,
    rows_of_customers,
    summed,
    sums_by_sku,
)
from insights.selectors.insight_rows import Question
from partners.tenancy import counting

MEASURES = ("active", "measured_entitlements")


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared."""

    key: str
    """As it stands in an address: the customer's or SKU's id."""
    name: str
    figures: dict[str, Any]
    """The counts and percentages of its row; all 0 and None where it has none."""
    history: History


def sides_of_customers(
    question: Question,
    *,
    customers: Sequence[VisibleCustomer],
    relationships: Sequence[VisibleCustomer],
    days: list[date],
    fresh: Freshness,
) -> list[Side]:
    """Each customer's row over the question's family, SKU and workload; `relationships` are all of theirs."""
    keys = np.unique(np.array([one.id for one in customers], dtype=np.int64))
    with counting():
        found, _missing = all_rows(question, customers=keys.tolist(), day=question.day, fresh=fresh)
        table = rows_of_customers(question, found)
        stored = versions(question, keys, [day for day in days if day != question.day], MEASURES, coarsest(question))
    sides = []
    for customer in customers:
        own = table[table["customer"] == customer.id]
        theirs = [one for one in relationships if one.id == customer.id]
        known = _history(stored, np.array([customer.id]), theirs, days, fresh)
        sides.append(_side(question, str(customer.customer_id), customer.name, figures_from(summed(own)), known))
    return sides


def sides_of_skus(
    question: Question,
    *,
    skus: Sequence[Sku],
    relationships: Sequence[VisibleCustomer],
    days: list[date],
    fresh: Freshness,
) -> list[Side]:
    """Each SKU's rows, summed over the customers whom the partner may see."""
    everybody = sorted({one.id for one in relationships if one.covers(question.day)})
    keys = np.unique(np.array([one.id for one in relationships], dtype=np.int64))
    of_skus = replace(question, by=By.SKU)
    grain = Grain(By.SKU, workload=question.filters.workload)
    chosen = f" AND f.sku = ANY('{{{','.join(str(sku.pk) for sku in skus)}}}')"
    with counting():
        found, _missing = all_rows(of_skus, customers=everybody, day=question.day, fresh=fresh)
        sums = sums_by_sku(of_skus, found)
        stored = versions(question, keys, [day for day in days if day != question.day], MEASURES, grain, more=chosen)
    by_sku = {sku: counts for (_family, sku, _workload), counts in sums.items()}
    sides = []
    for sku in skus:
        rows = {name: column[stored["sku"] == sku.pk] for name, column in stored.items()}
        known = _history(rows, keys, relationships, days, fresh)
        figures = figures_from(by_sku.get(sku.pk) or summed(np.zeros(0, dtype=ROW)))
        sides.append(_side(question, str(sku.sku_id), sku.name, figures, known))
    return sides


def _history(
    rows: Columns, keys: np.ndarray, relationships: Sequence[VisibleCustomer], days: list[date], fresh: Freshness
) -> History:
    seen = seen_on(keys, relationships, days)
    counted = seen & fresh.of(keys, days)
    own = np.isin(rows["customer"], keys)
    sums = sums_on({name: column[own] for name, column in rows.items()}, keys, days, counted, MEASURES)
    return History(days, sums, seen.sum(axis=0), counted.sum(axis=0))


def _side(question: Question, key: str, name: str, figures: dict[str, Any], known: History) -> Side:
    """The as-of date itself as its figures have it."""
    if known.days[-1] != question.day:
        return Side(key, name, figures, known)
    sums = {measure: np.append(values[:-1], figures[measure]) for measure, values in known.sums.items()}
    stored = np.append(known.stored[:-1], known.customers[-1])
    return Side(key, name, figures, replace(known, sums=sums, stored=stored))
