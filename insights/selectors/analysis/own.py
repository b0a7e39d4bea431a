"""One's own subscriptions of the customers looked at, through all of history: what each day's analysis is cut from.

Only own ones; a day's only of customers with which a confirmed relationship covers that day and today (metrics.md,
"Whose figures a partner sees").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.clock import today
from customers.columns import Columns, day_number
from customers.held import FOR_EVER
from customers.models import Sku
from customers.selectors.customers import VisibleCustomer
from customers.selectors.own_versions import own_versions, skus_of
from customers.terms import ACTIVE, stages, within
from insights.selectors.insight_rows import Question


@dataclass(frozen=True, slots=True)
class Own:
    """What the question's filters leave of customers and subscriptions, from a first day on."""

    question: Question
    relationships: list[VisibleCustomer]
    """The customers that are meant, once for each confirmed relationship that covers any of the days."""
    skus: dict[int, Sku]
    """By key those of own subscriptions, whenever, of families that are switched on."""
    versions: Columns
    """Of customers that are served today (`own_versions`), with `meant`: whether its SKU is looked at."""
    pieces: Columns
    """Stages of versions while the customer is served: version (row), first, past, status; by subscription, then first day."""

    def on(self, day: date) -> Columns:
        """The pieces that cover the day: one a subscription that exists then."""
        number = day_number(day)
        covers = (self.pieces["first"] <= number) & (self.pieces["past"] > number)
        return {name: column[covers] for name, column in self.pieces.items()}

    def of(self, name: str, pieces: Columns) -> np.ndarray:
        """[p] What the version of each of the pieces says under this name."""
        return self.versions[name][pieces["version"]]

    def versions_row(self, piece: int) -> int:
        """The row of the version that the piece (its row) is part of."""
        return int(self.pieces["version"][piece])

    def customers_on(self, day: date) -> dict[int, VisibleCustomer]:
        """By key the customers meant whom a confirmed relationship covers on the day."""
        return {customer.id: customer for customer in self.relationships if customer.covers(day)}

    @property
    def counted(self) -> np.ndarray:
        """[p] Whether the subscription is meant and qualifies: active, no trial, of a family that is switched on."""
        trial = self.of("trial", self.pieces)
        return self.of("meant", self.pieces) & ~trial & (self.pieces["status"] == ACTIVE)


def own(question: Question, relationships: list[VisibleCustomer]) -> Own:
    """The own subscriptions of the customers that are meant.

    `relationships`: those that cover any of the days that will be asked about, or today.
    """
    now = today()
    served = {customer.id for customer in relationships if customer.covers(now)}
    versions = own_versions(partner=question.partner, customers=sorted(served))
    skus = skus_of(np.unique(versions["sku"]).tolist())
    versions["meant"] = np.isin(versions["sku"], [sku.pk for sku in skus.values() if _means(question, sku)])
    pieces = pieces_of(versions, [customer for customer in relationships if customer.id in served])
    return Own(
        question, relationships, {key: sku for key, sku in skus.items() if sku.family.in_insights}, versions, pieces
    )


def _means(question: Question, sku: Sku) -> bool:
    """Whether the SKU is looked at: of a family that is switched on, not left out, and what the filters name."""
    filters = question.filters
    return (
        sku.family.in_insights
        and sku.pk not in question.left_out
        and filters.family in (None, sku.family_id)
        and filters.sku in (None, sku.pk)
    )


def pieces_of(versions: Columns, relationships: list[VisibleCustomer]) -> Columns:
    """The stages of the versions (customer, and what `customers.terms.stages` asks) while these relationships cover them."""
    spans = {
        "customer": np.array([each.id for each in relationships], dtype=np.int64),
        "first": np.array([day_number(each.since) for each in relationships], dtype=np.int64),
        "past": np.array(
            [day_number(each.until) if each.until else FOR_EVER for each in relationships], dtype=np.int64
        ),
    }
    whole = stages(versions)
    found = within(whole, versions["customer"][whole["version"]], spans)
    order = np.lexsort((found["first"], versions["subscription"][found["version"]]))
    return {name: column[order] for name, column in found.items()}
