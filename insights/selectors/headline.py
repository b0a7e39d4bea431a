"""The headline of customers, as an import's dry run shows it before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from customers.imports.report import Figures
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.metrics import COUNTS, percentages, with_measured
from insights.selectors.figures import figures_of_grain

_HEADLINE = Grain(By.ALL, workload=ALL)


def headline(customers: Sequence[int], day: date) -> Mapping[int, Figures]:
    """`sold`, `assigned` and the two percentages of these customers (keys) as of `day`: all sellers, all families, `any`.

    As the present transaction has the facts. A customer without a row isn't named.
    """
    if not customers:
        return {}
    rows = figures_of_grain(customers=list(customers), day=day, seller=ALL, grain=_HEADLINE)
    return {int(row["customer"]): _figures(row) for row in rows}


def _figures(row: np.void) -> Figures:
    counts = with_measured({name: int(row[name]) for name in COUNTS}, covered_days=int(row["covered_days"]))
    shown = percentages(counts)
    return Figures(counts["sold"], counts["assigned"], shown["deployment_pct"], shown["usage_pct"])
