"""How figures went on: sums over a portfolio's customers on some days of the past, from stored figures alone.

A day counts as known where the figures of nearly all customers that the partner may see as of that day are stored; the others
are gaps, and never worked out for a look at a curve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.columns import Columns, array_literal, day_number, read_columns
from customers.selectors.customers import VisibleCustomer
from insights.grain import By, Grain
from insights.points import is_month_end
from insights.selectors.analysis.freshness import Freshness
from insights.selectors.analysis.rows import coarsest
from insights.selectors.insight_rows import Question
from insights.selectors.stored_days import NEARLY_ALL
from insights.window import WINDOW_DAYS

_ACTIVE = "f.active_current + f.active_former + f.active_lapsed + f.active_trial + f.active_unlicensed"
_OVER = f"(f.covered_days > 0 AND {_ACTIVE} > f.entitlements)::int"
MEASURES = {
    "sold": "f.sold",
    "assigned": "f.assigned",
    "unassigned": "f.unassigned",
    "measured_entitlements": "CASE WHEN f.covered_days > 0 THEN f.entitlements ELSE 0 END",
    "measured_users": "CASE WHEN f.covered_days > 0 THEN f.users ELSE 0 END",
    "idle": "CASE WHEN f.covered_days > 0 THEN f.assigned - f.active_current ELSE 0 END",
    "active": _ACTIVE,
    "active_current": "f.active_current",
    "active_users": "f.active_users",
    "customers_above": _OVER,
    "customers_lower": f"(f.covered_days BETWEEN 1 AND {WINDOW_DAYS - 1})::int",
    **{
        f"{name}_above": f"{_OVER} * f.{name}"
        for name in ("active_former", "active_lapsed", "active_trial", "active_unlicensed")
    },
}
"""What can be summed up, of one customer's row (metrics.md, "Figures"); `_above`: of customers whose usage passes 100 %."""

_VERSIONS = """
    SELECT f.customer_id, f.sku, f.valid_from, coalesce(f.valid_to, 'infinity'::date), {measures}
    FROM insights_figure f
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
      AND f.valid_from <= %(last)s AND (f.valid_to IS NULL OR f.valid_to > %(first)s) {conditions}
"""
_MONTHS = """
    SELECT f.customer_id, f.sku, f.day, f.day + 1, {measures}
    FROM insights_monthfigure f
    WHERE f.customer_id = ANY(%(customers)s) AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
      AND f.day BETWEEN %(first)s AND %(last)s {conditions}
"""


@dataclass(frozen=True, slots=True)
class History:
    """Sums on some days. A day that isn't known has sums of what is stored of it; they aren't to be shown."""

    days: list[date]
    sums: Mapping[str, np.ndarray]
    """By measure: [d]"""
    customers: np.ndarray
    """[d] how many customers the partner may see as of the day, of those asked for"""
    stored: np.ndarray
    """[d] of how many of them the figures are stored"""

    @property
    def known(self) -> np.ndarray:
        """[d] bool: whether the day can be shown."""
        return (self.customers > 0) & (100 * self.stored >= NEARLY_ALL * self.customers)

    @property
    def missing(self) -> list[date]:
        """The days of which figures would have to be computed: customers are there, and not all of them are stored."""
        return [
            day for day, there, stored in zip(self.days, self.customers, self.stored, strict=True) if stored < there
        ]


def history(
    question: Question,
    *,
    relationships: Sequence[VisibleCustomer],
    days: Sequence[date],
    fresh: Freshness,
    measures: Sequence[str],
) -> History:
    """The sums of `measures` on each of the days (ascending), over whom the partner could see as of that day.

    Of the as-of date itself nothing is read: the page knows it.

    `relationships` names customers once for each relationship; `fresh` knows all of them and all days. SKUs that are left
    out are subtracted: what people do is counted once for each SKU, so measures of people are not to be asked for then.
    The caller reads as one who counts, in a snapshot.
    """
    grain = coarsest(question)
    keys = np.unique(np.array([one.id for one in relationships], dtype=np.int64))
    seen = seen_on(keys, relationships, days)
    counted = seen & fresh.of(keys, days)
    past = [day for day in days if day != question.day]
    rows = versions(question, keys, past, measures, grain)
    sums = sums_on(rows, keys, days, counted, measures)
    if question.left_out:
        apart = sums_on(_left_out(question, keys, past, measures, grain), keys, days, counted, measures)
        sums = {name: sums[name] - apart[name] for name in measures}
    return History(list(days), sums, seen.sum(axis=0), counted.sum(axis=0))


def seen_on(keys: np.ndarray, relationships: Sequence[VisibleCustomer], days: Sequence[date]) -> np.ndarray:
    """[c, d] whether a relationship covers the day."""
    seen = np.zeros((len(keys), len(days)), dtype=bool)
    numbers = np.array([day.toordinal() for day in days])
    rows = np.searchsorted(keys, [one.id for one in relationships])
    first = np.array([one.since.toordinal() for one in relationships])
    after = np.array([(one.until or date.max).toordinal() for one in relationships])
    np.logical_or.at(seen, rows, (first[:, None] <= numbers) & (numbers < after[:, None]))
    return seen


def versions(
    question: Question, keys: np.ndarray, days: Sequence[date], measures: Sequence[str], grain: Grain, *, more: str = ""
) -> Columns:
    """Stored rows of these customers that hold on any of the days: customer, sku, valid_from, valid_to, and the measures."""
    if not days:
        return {name: np.zeros(0, dtype=np.int64) for name in ("customer", "sku", "valid_from", "valid_to", *measures)}
    seller = question.seller_key
    params = {"customers": array_literal(keys.tolist()), "seller": seller, "sellers": sorted({0, seller})}
    params |= {"first": days[0], "last": days[-1], "left_out": list(question.left_out)} | grain.keys
    conditions = [f" AND f.{name} = %({name})s" for name in grain.keys] + [more]
    source = _MONTHS if all(map(is_month_end, days)) else _VERSIONS
    query = source.format(
        measures=", ".join(f"({MEASURES[name]})::int8" for name in measures), conditions="".join(conditions)
    )
    types = {"customer": "int4", "sku": "int4", "valid_from": "date", "valid_to": "date"} | dict.fromkeys(
        measures, "int8"
    )
    return read_columns(query, params, types)


def _left_out(
    question: Question, keys: np.ndarray, days: Sequence[date], measures: Sequence[str], grain: Grain
) -> Columns:
    """The rows of SKUs that are left out, of the same workload."""
    by_sku = Grain(By.SKU, grain.family, grain.sku, grain.workload)
    return versions(question, keys, days, measures, by_sku, more=" AND f.sku = ANY(%(left_out)s)")


def sums_on(
    rows: Columns, keys: np.ndarray, days: Sequence[date], counted: np.ndarray, measures: Sequence[str]
) -> dict[str, np.ndarray]:
    """[d] for each measure: each row counts on the days from its first on and before its end, where it is to be counted."""
    numbers = np.array([day_number(day) for day in days])
    begin = np.searchsorted(numbers, rows["valid_from"])
    length = np.maximum(np.searchsorted(numbers, rows["valid_to"]) - begin, 0)
    row = np.repeat(np.arange(len(length)), length)
    place = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + begin[row]
    customer = np.searchsorted(keys, rows["customer"])
    allowed = counted[customer[row], place]
    row, place = row[allowed], place[allowed]
    return {
        name: np.bincount(place, weights=rows[name][row], minlength=len(days)).astype(np.int64) for name in measures
    }
