"""Figures for the rules, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from customers.lifecycle import Status
from insights.steps.figures import Counts, CustomerFigures, OwnSubscription, SubscriptionUse

DAY = date(2026, 3, 31)
COUNTS = Counts(
    sold=100, entitlements=100, assigned=90, active_current=75, active_former=0, active_lapsed=0, active_trial=0,
    active_unlicensed=0, active_users=75, unassigned=10, overassigned=0, covered_days=28,
)  # fmt: skip
"""A customer of whom no rule has anything to say."""
USE = SubscriptionUse(quantity=100, blocked=0, users=95, active_users=90, active=90, covered_days=28)
OWN = OwnSubscription(
    key="s1", subscription_id="S1", sku="Office 365 E3", status=Status.ACTIVE, is_trial=False, term_end=None,
    cancel_until=None, auto_renew=None, is_renewed=False, use=USE, before=USE,
)  # fmt: skip


def ahead(days: int) -> date:
    """So many days after the as-of date."""
    return DAY + timedelta(days=days)


def customer(**counts: int) -> CustomerFigures:
    """A customer without own subscriptions, whose counts differ in these."""
    return CustomerFigures(DAY, replace(COUNTS, **counts), how_to=0)


def holding(one: OwnSubscription = OWN, **fields: object) -> CustomerFigures:
    """A customer with one own subscription that differs in these fields."""
    return CustomerFigures(DAY, COUNTS, how_to=0, own=(replace(one, **fields),))


def used(**counts: int) -> SubscriptionUse:
    """A use that differs in these."""
    return replace(USE, **counts)
