"""Units: what the rows of figures add up.

Each is a subscription of a family that is switched on, or the unlicensed activity of a customer in a family, which
counts like one without SKU, seller and quantity.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from insights.engine.entitlements import Entitlements, Kind
from insights.engine.facts import Facts
from insights.engine.unlicensed import unlicensed_words
from insights.engine.use import Use

NO_SKU = 0


@dataclass(frozen=True, slots=True)
class Units:
    """n units, and their words; a word is (unit, block), u counts them."""

    customer: np.ndarray
    """[n] index of the customer"""
    seller: np.ndarray
    """[n] key of the partner, 0: external or nobody"""
    family: np.ndarray
    """[n] key"""
    sku: np.ndarray
    """[n] key, `NO_SKU` for unlicensed activity"""
    kind: np.ndarray
    """[n] `Kind`"""
    sold: np.ndarray
    """[n] quantity, of a qualifying subscription"""
    blocked: np.ndarray
    """[n] of a qualifying subscription: min(b, max(quantity - a, 0)) (metrics.md, "Base counts")"""
    assigned: np.ndarray
    """[n] number of current entitlements"""
    has: np.ndarray
    """[n, w] bool: the unit has the workload"""
    word_unit: np.ndarray
    """[u] index of the word's unit, ascending"""
    word_block: np.ndarray
    """[u] index of the word's block"""
    holders: np.ndarray
    """[u] uint64: who holds a current entitlement"""
    active: np.ndarray
    """[u, w + 1] uint64: who is active; column 0: in any"""
    active_current: np.ndarray
    """[u, w + 1] uint64: whose current entitlement is active"""


def units(facts: Facts, kind: np.ndarray, held: Entitlements, used: Use) -> Units:
    """All units of the facts: subscriptions first, in their order, then unlicensed activity by family."""
    families = np.unique(facts.unlicensed["family"])
    beyond = [_of_unlicensed(facts, held, int(family)) for family in families]
    return _joined([_of_subscriptions(facts, kind, held, used), *beyond])


def _of_subscriptions(facts: Facts, kind: np.ndarray, held: Entitlements, used: Use) -> Units:
    counted = facts.subscriptions["in_insights"]
    index = np.cumsum(counted) - 1
    words = counted[used.subscription]
    qualifying = kind == Kind.QUALIFYING
    assigned = np.bincount(held.subscription[held.current], minlength=len(kind))
    quantity = np.where(qualifying, facts.subscriptions["quantity"], 0)
    blocked = np.minimum(held.blocked, np.maximum(quantity - assigned, 0))
    return Units(
        customer=facts.subscriptions["customer"][counted],
        seller=facts.subscriptions["seller"][counted],
        family=facts.subscriptions["family"][counted],
        sku=facts.subscriptions["sku"][counted],
        kind=kind[counted],
        sold=quantity[counted],
        blocked=blocked[counted],
        assigned=assigned[counted],
        has=facts.has[counted],
        word_unit=index[used.subscription[words]],
        word_block=used.block[words],
        holders=used.holders[words],
        active=used.active[words],
        active_current=used.active_current[words],
    )


def _of_unlicensed(facts: Facts, held: Entitlements, family: int) -> Units:
    by_block = unlicensed_words(facts, held, family)
    blocks = np.flatnonzero(by_block.any(axis=1))
    customer_of = np.repeat(np.arange(len(facts.customers)), np.diff(facts.first_block))
    customers, unit = np.unique(customer_of[blocks], return_inverse=True)
    words = by_block[blocks]
    has = np.zeros((len(customers), len(facts.workloads)), dtype=bool)
    np.logical_or.at(has, unit, words != 0)
    zero = np.zeros(len(customers), dtype=np.int64)
    return Units(
        customer=customers,
        seller=zero,
        family=np.full(len(customers), family),
        sku=np.full(len(customers), NO_SKU),
        kind=np.full(len(customers), int(Kind.UNLICENSED)),
        sold=zero,
        blocked=zero,
        assigned=zero,
        has=has,
        word_unit=unit,
        word_block=blocks,
        holders=np.zeros(len(blocks), dtype=np.uint64),
        active=np.concatenate([np.bitwise_or.reduce(words, axis=1, keepdims=True), words], axis=1),
        active_current=np.zeros((len(blocks), words.shape[1] + 1), dtype=np.uint64),
    )


def _joined(parts: list[Units]) -> Units:
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Units)
        if field.name != "word_unit"
    }
    before = np.cumsum([0] + [len(part.customer) for part in parts])
    word_unit = np.concatenate([part.word_unit + first for part, first in zip(parts, before, strict=False)])
    return Units(word_unit=word_unit, **columns)
