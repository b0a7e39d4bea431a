"""Rows: units summed by seller, SKU, family and all, with the people in them counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.engine.entitlements import Kind, run_starts
from insights.engine.facts import Facts
from insights.engine.units import NO_SKU, Units
from insights.metrics import COUNTS

ALL = 0
"""In a key: all sellers, all families, all SKUs of the row, or workload `any`."""

KEY = ("customer", "seller", "family", "sku", "workload")
ROW = np.dtype([(name, np.int64) for name in (*KEY, *COUNTS, "covered_days")])


@dataclass(frozen=True, slots=True)
class Membership:
    """Which units a group of rows (one key without workload) adds up: m pairs (group, unit), by group."""

    unit: np.ndarray
    """[m] index of the unit"""
    starts: np.ndarray
    """[g] where each group begins"""
    seller: np.ndarray
    """[g] key of the partner, or `ALL`"""
    family: np.ndarray
    """[g] key or `ALL`"""
    sku: np.ndarray
    """[g] key or `ALL`"""


def membership(units: Units) -> Membership:
    """Each unit in the rows of its SKU, its family, and all; of all sellers, and of its own if that is a partner."""
    every = np.arange(len(units.customer))
    licensed = every[units.sku != NO_SKU]
    ours = every[units.seller != ALL]
    zero = np.zeros_like(units.sku)
    levels = [(units.family, units.sku, licensed), (units.family, zero, every), (zero, zero, every)]
    parts = [(chosen, zero[chosen], family[chosen], sku[chosen]) for family, sku, chosen in levels]
    parts += [(ours, units.seller[ours], family[ours], sku[ours]) for family, sku, _ in levels]
    unit, seller, family, sku = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((sku, family, seller, units.customer[unit]))
    unit, seller, family, sku = unit[order], seller[order], family[order], sku[order]
    starts = run_starts(units.customer[unit], seller, family, sku)
    return Membership(unit, starts, seller[starts], family[starts], sku[starts])


def rows(facts: Facts, units: Units) -> np.ndarray:
    """The insight rows of the units as of the day: array of `ROW`, by key (workload key 0: any)."""
    member = membership(units)
    if not len(member.starts):
        return np.zeros(0, dtype=ROW)
    has = np.concatenate([np.ones((len(units.customer), 1), dtype=bool), units.has], axis=1)
    exists = np.logical_or.reduceat(has[member.unit], member.starts, axis=0)
    group, column = np.nonzero(exists)
    table = np.zeros(len(group), dtype=ROW)
    first = member.unit[member.starts]
    table["customer"] = facts.customers[units.customer[first]][group]
    for name in ("seller", "family", "sku"):
        table[name] = getattr(member, name)[group]
    table["workload"] = np.concatenate([[ALL], facts.workloads])[column]
    for name, values in _sums(units, has, member).items():
        table[name] = values[group, column]
    table["users"] = _people(units, member, np.where(has[units.word_unit], units.holders[:, None], 0))[group, column]
    table["active_users"] = _people(units, member, units.active)[group, column]
    table["covered_days"] = _covered_days(facts, units, member)[group, column]
    return table


def _sums(units: Units, has: np.ndarray, member: Membership) -> dict[str, np.ndarray]:
    """[g, w + 1] of every count that is a sum over units."""
    unassigned, overassigned = _per_base_row(units)
    by_unit = {
        "sold": units.sold,
        "blocked": units.blocked,
        "entitlements": units.sold - units.blocked,
        "assigned": units.assigned,
        "unassigned": unassigned,
        "overassigned": overassigned,
    }
    values = {name: np.where(has, column[:, None], 0) for name, column in by_unit.items()}
    values |= _active_by_class(units)
    return {name: np.add.reduceat(value[member.unit], member.starts, axis=0) for name, value in values.items()}


def _active_by_class(units: Units) -> dict[str, np.ndarray]:
    """[n, w + 1] of the active entitlements of each class."""
    current = _by_unit(units, np.bitwise_count(units.active_current))
    other = _by_unit(units, np.bitwise_count(units.active)) - current
    classes = {
        "active_former": Kind.QUALIFYING,
        "active_lapsed": Kind.LAPSED,
        "active_trial": Kind.TRIAL,
        "active_unlicensed": Kind.UNLICENSED,
    }
    of_kind = {name: np.where((units.kind == kind)[:, None], other, 0) for name, kind in classes.items()}
    return {"active_current": current} | of_kind


def _by_unit(units: Units, values: np.ndarray) -> np.ndarray:
    """[n, w + 1] sums of [u, w + 1] values over each unit's words."""
    sums = np.zeros((len(units.customer), values.shape[1]), dtype=np.int64)
    starts = run_starts(units.word_unit)
    if len(starts):
        sums[units.word_unit[starts]] = np.add.reduceat(values.astype(np.int64), starts, axis=0)
    return sums


def _per_base_row(units: Units) -> tuple[np.ndarray, np.ndarray]:
    """[n] `unassigned` and `overassigned` of each base row (customer, seller, SKU), given to its first unit."""
    order = np.lexsort((units.sku, units.seller, units.customer))
    starts = run_starts(units.customer[order], units.seller[order], units.sku[order])
    spare = np.zeros(len(order), dtype=np.int64)
    if len(starts):
        left = units.sold - units.blocked - units.assigned
        spare[order[starts]] = np.add.reduceat(left[order], starts)
    return np.maximum(spare, 0), np.maximum(-spare, 0)


def _people(units: Units, member: Membership, words: np.ndarray) -> np.ndarray:
    """[g, w + 1] The distinct people in [u, w + 1] words of a group's units."""
    group, word = _words_of_groups(units, member)
    count = np.zeros((len(member.starts), words.shape[1]), dtype=np.int64)
    if not len(word):
        return count
    order = np.lexsort((units.word_block[word], group))
    group, word = group[order], word[order]
    starts = run_starts(group, units.word_block[word])
    distinct = np.bitwise_count(np.bitwise_or.reduceat(words[word], starts, axis=0)).astype(np.int64)
    groups = run_starts(group[starts])
    count[group[starts][groups]] = np.add.reduceat(distinct, groups, axis=0)
    return count


def _words_of_groups(units: Units, member: Membership) -> tuple[np.ndarray, np.ndarray]:
    """The words of each group's units: index of group, index of word."""
    first = np.searchsorted(units.word_unit, member.unit, side="left")
    number = np.searchsorted(units.word_unit, member.unit, side="right") - first
    group_of = np.repeat(np.arange(len(member.starts)), np.diff(np.append(member.starts, len(member.unit))))
    before = np.cumsum(number) - number
    word = np.arange(int(number.sum())) - np.repeat(before - first, number)
    return np.repeat(group_of, number), word


def _covered_days(facts: Facts, units: Units, member: Membership) -> np.ndarray:
    """[g, w + 1] The covered days of the window; of `any`, the days covered for one of the row's workloads at least."""
    covered = facts.covered[units.customer]
    any_of_unit = np.bitwise_or.reduce(np.where(units.has, covered, 0), axis=1, keepdims=True, initial=0)
    days = np.concatenate([any_of_unit.astype(np.uint32), covered], axis=1)
    return np.bitwise_count(np.bitwise_or.reduceat(days[member.unit], member.starts, axis=0)).astype(np.int64)
