"""How a customer's figures went in the 28 days up to a day: of everything, of each workload and of each SKU, as stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from customers.columns import Columns, day_number, read_columns
from customers.selectors.customers import Reach
from insights.charts import Point
from insights.engine.rows import ALL
from insights.metrics import ACTIVE, percentage
from insights.selectors.insight_rows import Question
from insights.window import WINDOW_DAYS
from partners.tenancy import counting

Key = tuple[int, int]
"""SKU and workload (keys); `ALL` is all SKUs of all families, and any workload."""
_WHOLE: Key = (ALL, ALL)
_COUNTS = ("sold", "entitlements", "assigned", *ACTIVE, "covered_days")
_TYPES = {"sku": "int4", "workload": "int2", "valid_from": "date", "valid_to": "date"} | dict.fromkeys(_COUNTS, "int8")

# Fresh days alone; the row over everything, of each workload over all families, and of each SKU over its workloads.
_HISTORY = f"""
    SELECT f.sku, f.workload, greatest(lower(r), f.valid_from), least(upper(r), f.valid_to, 'infinity'),
        {", ".join(f"f.{name}::int8" for name in _COUNTS)}
    FROM insights_figuredays d
    JOIN customers_catalogueepoch e ON e.number = d.epoch
    LEFT JOIN customers_staledays s ON s.customer_id = d.customer_id
    CROSS JOIN unnest((d.days - coalesce(s.days, '{{}}')) * datemultirange(daterange(%(first)s, %(last)s, '[]'))) r
    JOIN insights_figure f ON f.customer_id = d.customer_id
        AND (f.family = 0 AND f.sku = 0 OR f.sku <> 0 AND f.workload = 0)
        AND f.seller = ANY(%(sellers)s) AND %(seller)s IN (f.seller, f.own_of)
        AND f.valid_from < upper(r) AND (f.valid_to IS NULL OR f.valid_to > lower(r))
    WHERE d.customer_id = %(customer)s
"""  # noqa: S608  our own column names


@dataclass(frozen=True, slots=True)
class Trends:
    """Points by SKU and workload, on each day of the window and the day before it; without what no relationship covers."""

    days: tuple[date, ...]
    usage: Mapping[Key, list[Point]]
    deployment: Mapping[Key, list[Point]]

    def usage_of(self, row: Mapping[str, Any], *, sku: int = ALL, workload: int = ALL) -> list[Point]:
        """`usage_pct` up to the row as it stands on the page, whose day need not be stored."""
        end = Point(self.days[-1], row["usage_pct"], row["covered_days"] < WINDOW_DAYS)
        return [*self._before(self.usage, (sku, workload)), end]

    def deployment_of(self, row: Mapping[str, Any], *, sku: int = ALL) -> list[Point]:
        """The same of `deployment_pct`."""
        return [*self._before(self.deployment, (sku, ALL)), Point(self.days[-1], row["deployment_pct"])]

    def _before(self, found: Mapping[Key, list[Point]], key: Key) -> list[Point]:
        return found.get(key) or [Point(day, None) for day in self.days[:-1]]


def trends_of(question: Question, reach: Reach) -> Trends:
    """What is stored of the customer in the 28 days before the question's day, in one query."""
    days = tuple(question.day - timedelta(days=back) for back in range(WINDOW_DAYS, -1, -1))
    seller = question.seller_key
    asked = {"customer": reach.customer.id, "first": days[0], "last": days[-1], "seller": seller}
    with counting():
        known = read_columns(_HISTORY, asked | {"sellers": sorted({ALL, seller})}, _TYPES)
    covered = np.array([reach.covers(day) for day in days[:-1]])
    pieces = _by_key(known)
    return Trends(
        days=days,
        usage={key: _points(days, covered, known, rows, _usage) for key, rows in pieces.items()},
        deployment={key: _points(days, covered, known, rows, _deployment) for key, rows in pieces.items()},
    )


def _by_key(known: Columns) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = {_WHOLE: []}
    for place, key in enumerate(zip(known["sku"].tolist(), known["workload"].tolist(), strict=True)):
        found.setdefault(key, []).append(place)
    return found


def _points(days: tuple[date, ...], covered: np.ndarray, known: Columns, rows: list[int], value: Any) -> list[Point]:
    first = day_number(days[0])
    points = [Point(day, None) for day in days[:-1]]
    for row in rows:
        begin, end = (int(known[name][row]) - first for name in ("valid_from", "valid_to"))
        for place in _places(begin, end, covered):
            points[place] = value(days[place], known, row)
    return points


def _places(begin: int, end: int, covered: np.ndarray) -> Iterator[int]:
    return (place for place in range(max(begin, 0), min(end, len(covered))) if covered[place])


def _usage(day: date, known: Columns, row: int) -> Point:
    covered_days = int(known["covered_days"][row])
    active = sum(int(known[name][row]) for name in ACTIVE)
    value = percentage(active, int(known["entitlements"][row])) if covered_days else None
    return Point(day, value, covered_days < WINDOW_DAYS)


def _deployment(day: date, known: Columns, row: int) -> Point:
    return Point(day, percentage(int(known["assigned"][row]), int(known["sold"][row])))
