"""The use of each subscription by itself: what the rules of the next steps ask of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from customers.columns import Columns
from insights.engine.entitlements import entitlements, kinds
from insights.engine.facts import read_facts
from insights.engine.use import ANY, use, word_of
from insights.window import WINDOW_DAYS


def use_of_subscriptions(*, customers: Sequence[int], day: date) -> Columns:
    """All subscriptions of these customers (keys) that exist as of `day`, of any status, trial or not.

    Columns subscription (key), quantity, blocked, users (people with an entitled period that covers the day),
    active_users (those of them who were active in the window), active (active entitlements, those of people who hold
    the licence no more included), covered_days. The caller reads as one who counts, in a snapshot.
    """
    facts = read_facts(customers=customers, day=day)
    held = entitlements(facts, kinds(facts))
    used = use(facts, held)
    active = used.active[word_of(held), ANY] & held.bit != 0
    covers = (held.days >> np.uint32(WINDOW_DAYS - 1)) & np.uint32(1) == 1
    subscriptions = facts.subscriptions

    def number(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(held.subscription[chosen], minlength=len(subscriptions["subscription"]))

    users = number(covers)
    covered = np.where(facts.has, facts.covered[subscriptions["customer"]], 0).astype(np.uint32)
    return {
        "subscription": subscriptions["subscription"],
        "quantity": subscriptions["quantity"],
        "blocked": np.minimum(held.blocked, np.maximum(subscriptions["quantity"] - users, 0)),
        "users": users,
        "active_users": number(covers & active),
        "active": number(active),
        "covered_days": np.bitwise_count(np.bitwise_or.reduce(covered, axis=1)).astype(np.int64),
    }
