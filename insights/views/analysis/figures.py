"""What an analysis of stored figures finds; each part is read when somebody looks at it, so that a file reads its own alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.http import HttpRequest

from customers.selectors.customers import VisibleCustomer
from insights.selectors.analysis.freshness import Freshness
from insights.selectors.analysis.history import History, history
from insights.selectors.analysis.rows import (
    Counts,
    Key,
    all_rows,
    figures_from,
    rows_of_customers,
    summed,
    sums_by_sku,
    sums_by_workload,
)
from insights.selectors.analysis.table import (
    NO_ROW,
    CustomerTable,
    above,
    beside,
    column,
    places_in_bands,
    with_everybody,
)
from insights.views.analysis.asking import Scene
from insights.views.analysis.figure_options import CAUSES, FigureOption
from insights.window import WINDOW_DAYS
from partners.tenancy import counting

MANY = 200
"""So many customers at most are worked out on the spot for the day that one compares with."""


@dataclass
class Findings:
    """The figures of one address."""

    request: HttpRequest
    option: FigureOption
    scene: Scene
    on_the_spot: int = 0
    """Of how many customers the figures weren't at hand, and have been worked out."""

    @property
    def fresh(self) -> Freshness:
        """What is stored of all customers on all days of the page."""
        return self.scene.fresh

    @cached_property
    def now(self) -> np.ndarray:
        """`COMPACT`: all rows of the customers as of the day."""
        rows, self.on_the_spot = self._on(self.scene.day)
        return rows

    @cached_property
    def everybody(self) -> np.ndarray:
        """`ROW`: one row for each customer as of the day, an empty one where there is none."""
        return with_everybody(rows_of_customers(self.scene.question, self.now), self.scene.customers)

    @cached_property
    def rows(self) -> np.ndarray:
        """`ROW`: the rows that the analysis is about."""
        return self._about(self.everybody)

    @cached_property
    def past(self) -> np.ndarray | None:
        """`ROW`: all rows as of the day that it is compared with; None where they'd take too long."""
        rows, _missing = self._on(self.scene.before, at_most=MANY)
        return None if rows is None else rows_of_customers(self.scene.question, rows)

    @cached_property
    def sums(self) -> dict[str, Any]:
        """The headline as of the day."""
        return self._summed(self.rows)

    @cached_property
    def past_sums(self) -> dict[str, Any] | None:
        """The headline as of the day that it is compared with."""
        return None if self.past is None else self._summed(self._about(self.past))

    @property
    def lower_bounds(self) -> int:
        """Of how many customers usage is a lower bound."""
        covered = self.rows["covered_days"]
        return int(((covered > 0) & (covered < WINDOW_DAYS)).sum())

    @cached_property
    def bands(self) -> np.ndarray:
        """[c] the place of each customer's band, of everybody."""
        return places_in_bands(self.everybody, self.option.banded, self.option.bands)

    @cached_property
    def table(self) -> CustomerTable:
        """The customers that the analysis is about, in no order; compared with the other day."""
        past = None if self.past is None else beside(self.rows, self.past, self.option.main)
        scene = self.scene
        return CustomerTable(scene.question, scene.customers, scene.words, self.rows, self.option.main, past)

    @cached_property
    def by_sku(self) -> dict[Key, Counts]:
        """Sums by SKU of those customers."""
        return sums_by_sku(self.scene.question, self._of_rows())

    @cached_property
    def by_workload(self) -> dict[Key, Counts]:
        """Sums by workload of those customers."""
        return sums_by_workload(self.scene.question, self._of_rows())

    def by(self, attribute: str) -> dict[str, Counts]:
        """Sums by what customers have in common: `country` or `segment`; whatever the case of its letters."""
        said = {one.id: getattr(one, attribute) for one in self.scene.customers}
        names: dict[str, str] = {}
        for text in said.values():
            names.setdefault(text.casefold(), text)
        order = {folded: place for place, folded in enumerate(names)}
        groups = np.array([order[said[key].casefold()] for key in self.rows["customer"].tolist()], dtype=np.int64)
        return {
            names[folded]: summed(_there(self.rows[groups == place]))
            for folded, place in order.items()
            if (groups == place).any()
        }

    @cached_property
    def history(self) -> History:
        """How the lines went on; the as-of date itself as the page has it."""
        scene = self.scene
        with counting():
            found = history(
                scene.question,
                relationships=scene.relationships,
                days=scene.span.days,
                fresh=self.fresh,
                measures=self.option.measures,
            )
        return self._with_today(found) if found.days[-1] == scene.day else found

    def _with_today(self, found: History) -> History:
        last = len(found.days) - 1
        sums = {name: values.copy() for name, values in found.sums.items()}
        for name, values in sums.items():
            values[last] = self.sums[name]
        stored = found.stored.copy()
        stored[last] = found.customers[last]
        return replace(found, sums=sums, stored=stored)

    def _on(self, day: date, at_most: int | None = None) -> tuple[Any, int]:
        customers = sorted({one.id for one in self.scene.seen_on(day)})
        with counting():
            return all_rows(self.scene.question, customers=customers, day=day, fresh=self.fresh, at_most=at_most)

    def _about(self, rows: np.ndarray) -> np.ndarray:
        return rows[above(rows)] if self.option.above_only else rows

    def _of_rows(self) -> np.ndarray:
        """All rows of the customers that the analysis is about."""
        if not self.option.above_only:
            return self.now
        return self.now[np.isin(self.now["customer"], self.rows["customer"])]

    def _summed(self, rows: np.ndarray) -> dict[str, Any]:
        sums = summed(_there(rows))
        over = rows[above(rows)]
        more = {"beyond": int(column(rows, "beyond")[0].sum()), "customers_above": len(over)}
        more |= {f"{name}_above": int(over[name].sum()) for name in CAUSES}
        return figures_from(sums) | more


def _there(rows: np.ndarray) -> np.ndarray:
    """Without the empty rows of customers that have none."""
    return rows[rows["seller"] != NO_ROW]


def by_key(customers: list[VisibleCustomer]) -> Mapping[int, VisibleCustomer]:
    """The customers by their keys."""
    return {customer.id: customer for customer in customers}
