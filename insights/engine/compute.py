"""The figures of some customers as of one day, from the facts: the one computation behind every figure shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np

from insights.engine.entitlements import entitlements, kinds
from insights.engine.facts import read_facts
from insights.engine.rows import rows
from insights.engine.units import units
from insights.engine.use import use


def figures(*, customers: Sequence[int], day: date, left_out: Collection[int] = ()) -> np.ndarray:
    """Every insight row of these customers (keys) as of `day`: array of `rows.ROW`, by key.

    All three `by`, seller `all` and `us` of every partner that sold one of the subscriptions. SKUs that are
    `left_out` (keys) count like those of a family that is switched off.
    """
    facts = read_facts(customers=customers, day=day, left_out=left_out)
    kind = kinds(facts)
    held = entitlements(facts, kind)
    return rows(facts, units(facts, kind, held, use(facts, held)))
