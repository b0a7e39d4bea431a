"""Licences in use behind own subscriptions: active entitlements of the kind that each is, as the figures count them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.columns import Columns
from customers.terms import ACTIVE
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.selectors.analysis.own import Own
from insights.selectors.figures import figures_of_grains

_KINDS = ("active_current", "active_lapsed", "active_trial")
"""Which count of the metrics tells of it, by kind of subscription: active, lapsed, trial (metrics.md, "Base counts")."""
_SKU_BITS = 2**31


@dataclass(frozen=True, slots=True)
class InUse:
    """Of some pieces on a day: the licences in use of the customer's own subscriptions of that SKU of the same kind."""

    licences: np.ndarray
    """[p] a lower bound below 28 covered days; without any, nothing is known"""
    covered_days: np.ndarray
    """[p] of the SKU's row "sold by us\""""
    together: np.ndarray
    """[p] how many own subscriptions these licences are of; 1: of this one alone"""
    group: np.ndarray
    """[p] what shares its licences has the same number"""
    on_the_spot: int
    """Of how many customers the figures weren't stored."""

    def sum(self, chosen: np.ndarray) -> int | None:
        """The licences in use of the chosen pieces together; those that several share count once. None: nothing is known."""
        if not (self.covered_days[chosen] > 0).any():
            return None
        _groups, first = np.unique(self.group[chosen], return_index=True)
        return int(self.licences[chosen][first].sum())


def in_use(own: Own, pieces: Columns, every: Columns) -> InUse:
    """Of `pieces`, which are among `every` piece that covers the question's day."""
    customers = np.unique(own.of("customer", pieces)).tolist()
    (rows,), on_the_spot = figures_of_grains(
        customers=customers,
        day=own.question.day,
        seller=own.question.partner.pk,
        grains=[Grain(By.SKU, workload=ALL)],
    )
    place, known = _places(rows, own.of("customer", pieces), own.of("sku", pieces))
    kind, group = _kind(own, pieces), _group(own, pieces)
    groups, number = np.unique(_group(own, every), return_counts=True)
    licences = np.zeros(len(kind), dtype=np.int64)
    for code, name in enumerate(_KINDS):
        licences[known & (kind == code)] = rows[name][place[known & (kind == code)]]
    covered = np.zeros(len(kind), dtype=np.int64)
    covered[known] = rows["covered_days"][place[known]]
    return InUse(licences, covered, number[np.searchsorted(groups, group)], group, on_the_spot)


def _places(rows: np.ndarray, customer: np.ndarray, sku: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[p] The row of each customer and SKU, and whether there is one."""
    keys = rows["customer"] * _SKU_BITS + rows["sku"]
    order, wanted = np.argsort(keys), customer * _SKU_BITS + sku
    place = np.searchsorted(keys[order], wanted)
    place[place == len(keys)] = 0
    place = order[place] if len(keys) else place
    return place, keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=bool)


def _kind(own: Own, pieces: Columns) -> np.ndarray:
    """[p] 0: active, 1: lapsed, 2: trial."""
    return np.where(own.of("trial", pieces), 2, (pieces["status"] != ACTIVE).astype(np.int64))


def _group(own: Own, pieces: Columns) -> np.ndarray:
    """[p] A number for customer, SKU and kind."""
    return (own.of("customer", pieces) * _SKU_BITS + own.of("sku", pieces)) * len(_KINDS) + _kind(own, pieces)
