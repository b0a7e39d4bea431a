"""What came of a suggestion that was done: its customer's figures after 28 and 56 days, beside customers without action."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from customers.selectors.customers import customers_of
from customers.selectors.left_out import skus_left_out
from insights.models import Suggestion
from insights.selectors.latest import latest_complete_day
from insights.selectors.steps.gathering import headline_counts
from insights.steps.figures import Counts
from insights.steps.outcome import AFTER_DAYS, Change, Pair, changes
from partners.models import Partner


@dataclass(frozen=True, slots=True)
class After:
    """What is known so many days after the deed."""

    days: int
    day: date
    changes: list[Change]
    """Empty: not known yet."""


def outcome_of(*, partner: Partner, one: Suggestion) -> list[After]:
    """After 28 and 56 days from the day on which the suggestion was done; nothing of one that wasn't."""
    if one.state != Suggestion.State.DONE or one.closed_on is None:
        return []
    last = latest_complete_day(partner)
    ends = [(days, one.closed_on + timedelta(days=days)) for days in AFTER_DAYS]
    known = [end for _days, end in ends if end <= last]
    if not known:
        return [After(days, end, []) for days, end in ends]
    counts = _Counts(partner, [one.closed_on, *known])
    rows = list(
        Suggestion.objects.filter(partner=partner, rule=one.rule)
        .exclude(customer=one.customer_id)
        .values("customer_id", "state", "raised_on", "closed_on", "planned_on")
    )
    return [
        After(days, end, _changes(one, end, counts, without_action(rows, one.closed_on, end)) if end in known else [])
        for days, end in ends
    ]


def without_action(rows: Iterable[dict[str, Any]], day: date, end: date) -> set[int]:
    """The customers (keys) of whom the same was suggested on `day`, and for whom nobody did or planned it up to `end`.

    `rows` are the suggestions of that rule. One that was dismissed, put off, or closed by itself after `day` counts.
    """
    had, acted = set(), set()
    for row in rows:
        closed, planned = row["closed_on"], row["planned_on"]
        if row["raised_on"] <= day and (closed is None or closed > day):
            had.add(row["customer_id"])
        in_hand = planned is not None and planned <= end and (closed is None or closed >= day)
        done = row["state"] == Suggestion.State.DONE and closed is not None and day <= closed <= end
        if in_hand or done:
            acted.add(row["customer_id"])
    return had - acted


class _Counts:
    """The counts of all of the partner's customers as of some days."""

    def __init__(self, partner: Partner, days: Sequence[date]) -> None:
        left_out = skus_left_out(partner=partner)
        served = {day: [each.id for each in customers_of(partner=partner, day=day)] for day in days}
        self._known = {day: headline_counts(customers=keys, day=day, left_out=left_out) for day, keys in served.items()}

    def pair(self, customer: int, first: date, last: date) -> Pair:
        return self._of(customer, first), self._of(customer, last)

    def _of(self, customer: int, day: date) -> Counts | None:
        return self._known[day].get(customer)


def _changes(one: Suggestion, end: date, counts: _Counts, others: Collection[int]) -> list[Change]:
    begin = one.closed_on or end
    return changes(
        counts.pair(one.customer_id, begin, end), [counts.pair(customer, begin, end) for customer in sorted(others)]
    )
