"""What it takes away from some customers' figures that a partner leaves SKUs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from customers.selectors.left_out import customers_with
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.selectors.figures import figures_of_grain
from insights.selectors.insight_rows import Question
from insights.selectors.left_out import NO_EFFECT, Effect, effect_of
from partners.tenancy import counting


def effect(question: Question, *, customers: Sequence[int]) -> Effect:
    """How many SKUs and seats (`sold`) leaving SKUs out takes away from the figures of these customers (keys)."""
    if not question.left_out or not customers:
        return NO_EFFECT
    with counting():
        holders = customers_with(skus=question.left_out, customers=customers, day=question.day)
    whole = replace(question, left_out=frozenset())
    rows = figures_of_grain(
        customers=sorted(holders), day=whole.day, seller=whole.seller_key, grain=Grain(By.SKU, workload=ALL)
    )
    return effect_of(rows, question.left_out)
