"""The rows of a portfolio's customers as of a day, one for each customer; and their sums by SKU and by workload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from customers.selectors.left_out import customers_with
from insights.grain import By, Grain
from insights.metrics import ACTIVE, COUNTS, percentages
from insights.selectors.analysis.freshness import Freshness
from insights.selectors.analysis.kept import COMPACT, not_at_hand, rows_as_of
from insights.selectors.figures import wanted
from insights.selectors.insight_rows import Question
from insights.selectors.left_out import figures_without
from insights.window import WINDOW_DAYS

Counts = dict[str, int]
Key = tuple[int, int, int]
"""family, sku, workload; 0: all, any"""


def coarsest(question: Question) -> Grain:
    """The rows that the headline sums up: of one SKU, one family, or all families; one for each customer."""
    filters = question.filters
    by = By.SKU if filters.sku else By.FAMILY if filters.family else By.ALL
    return Grain(by, filters.family, filters.sku, filters.workload)


def all_rows(
    question: Question, *, customers: Sequence[int], day: date, fresh: Freshness, at_most: int | None = None
) -> tuple[np.ndarray | None, int]:
    """All rows of customers (keys, ascending) as of a day, of the question's seller: array of `COMPACT`; and of how many
    customers they had to be computed.

    None where those are more than `at_most`. The caller reads as one who counts, in a snapshot.
    """
    apart = customers_with(skus=question.left_out, customers=customers, day=day) if question.left_out else set()
    whole = [customer for customer in customers if customer not in apart]
    which = {"customers": whole, "day": day, "seller": question.seller_key, "fresh": fresh}
    which["partner"] = question.partner.pk
    missing = len(not_at_hand(**which))
    if at_most is not None and missing > at_most:
        return None, missing
    rows = rows_as_of(**which)
    if apart:
        without = figures_without(
            customers=sorted(apart), day=day, sellers=[question.seller_key], left_out=question.left_out
        )
        rows = np.concatenate([rows, without.astype(COMPACT)])
    return rows, missing


def rows_of_customers(question: Question, rows: np.ndarray) -> np.ndarray:
    """Of all rows the one of each customer that has one."""
    return wanted(rows, coarsest(question))


def sums_by_sku(question: Question, rows: np.ndarray) -> dict[Key, Counts]:
    """The portfolio's rows by SKU, of the question's family, SKU and workload: their sums over customers."""
    return _by_key(wanted(rows, replace(coarsest(question), by=By.SKU)))


def sums_by_workload(question: Question, rows: np.ndarray) -> dict[Key, Counts]:
    """The portfolio's rows of each workload, of the question's family and SKU: their sums over customers."""
    return _by_key(wanted(rows, replace(coarsest(question), workload=None)))


def summed(rows: np.ndarray) -> Counts:
    """The sums over some rows (`engine.rows.ROW`), with those that depend on what is measured."""
    measured = rows[rows["covered_days"] > 0]
    sums = {name: int(rows[name].sum(dtype=np.int64)) for name in COUNTS}
    return _with_active(
        sums
        | {
            "measured_entitlements": int(measured["entitlements"].sum(dtype=np.int64)),
            "measured_users": int(measured["users"].sum(dtype=np.int64)),
            "idle": int(measured["assigned"].sum(dtype=np.int64) - measured["active_current"].sum(dtype=np.int64)),
            "customers": len(rows),
            "customers_measured": len(measured),
            "customers_lower": int((measured["covered_days"] < WINDOW_DAYS).sum()),
        }
    )


def figures_from(sums: Counts) -> dict[str, float | int | None]:
    """The sums with the percentages that follow from them (metrics.md, "Figures")."""
    return {**sums, **percentages(sums), "at_stake": sums["idle"] + sums["unassigned"]}


def _by_key(rows: np.ndarray) -> dict[Key, Counts]:
    rows = rows[np.lexsort((rows["workload"], rows["sku"], rows["family"]))]
    keys = np.stack([rows["family"], rows["sku"], rows["workload"]], axis=1)
    parts = np.split(rows, np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1) if len(rows) else []
    return {(int(part["family"][0]), int(part["sku"][0]), int(part["workload"][0])): summed(part) for part in parts}


def _with_active(sums: Counts) -> Counts:
    return sums | {"active": sum(sums[name] for name in ACTIVE)}
