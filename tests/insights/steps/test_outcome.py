"""What came of a suggestion, against a naive reading of guidance.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.models import Suggestion
from insights.selectors.steps import outcome as selector
from insights.selectors.steps.outcome import outcome_of, without_action
from insights.services.rollup import rollup
from insights.steps.figures import Counts
from insights.steps.outcome import Pair, changes
from tests.insights.steps.suggesting import suggest
from tests.insights.world import DAY, World

NUMBER = st.integers(0, 40)
COUNTS = st.one_of(
    st.none(),
    st.builds(
        Counts,
        **dict.fromkeys(set(Counts.__dataclass_fields__) - {"covered_days"}, NUMBER),
        covered_days=st.integers(26, 28),
    ),
)
PAIRS = st.tuples(COUNTS, COUNTS)


def naive_figure(name: str, counts: Counts | None) -> Decimal | None:
    if counts is None or (name != "deployment_pct" and counts.covered_days < 28):
        return None
    if name == "at_stake":
        return Decimal(counts.assigned - counts.active_current + counts.unassigned)
    active = counts.active_current
    if name == "usage_pct":
        active += counts.active_former + counts.active_lapsed + counts.active_trial + counts.active_unlicensed
    part, whole = (counts.assigned, counts.sold) if name == "deployment_pct" else (active, counts.entitlements)
    return None if whole == 0 else Decimal(100 * part) / Decimal(whole)


def naive_change(name: str, pair: Pair) -> Decimal | None:
    before, after = naive_figure(name, pair[0]), naive_figure(name, pair[1])
    return None if before is None or after is None else after - before


def rounded(value: Decimal | None) -> float | None:
    # Thirds and the like are cut off far behind: put back what makes a half a half.
    return None if value is None else float(value.quantize(Decimal("1e-20")).quantize(Decimal("0.1"), ROUND_HALF_UP))


@given(PAIRS, st.lists(PAIRS, max_size=9))
def test_changes_are_those_of_a_naive_reading(own: Pair, others: list[Pair]) -> None:
    for found in changes(own, others):
        known = [change for pair in others if (change := naive_change(found.name, pair)) is not None]
        mean = sum(known) / len(known) if len(known) >= 5 else None
        assert found.compared == len(known)
        assert (found.before, found.after) == tuple(rounded(naive_figure(found.name, each)) for each in own)
        assert (found.change, found.mean) == (rounded(naive_change(found.name, own)), rounded(mean))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.integers(1, 4),
            "state": st.sampled_from(Suggestion.State.values),
            "raised_on": st.integers(0, 12),
            "closed_on": st.integers(0, 14),
            "planned_on": st.one_of(st.none(), st.integers(0, 14)),
        }
    ),
    max_size=8,
)


@given(ROWS, st.integers(0, 10), st.integers(0, 6))
def test_those_without_action_are_those_of_a_naive_reading(rows: list[dict[str, Any]], day: int, more: int) -> None:
    """Day by day: live on the first day, and on no day of the time planned or done."""
    begin = date(2026, 1, 1)
    dated = [_dated(row, begin) for row in rows]
    end = day + more
    had = {row["customer_id"] for row in rows if row["raised_on"] <= day < _closed(row)}
    acted = {
        row["customer_id"]
        for row in rows
        for on in range(day, end + 1)
        if (row["state"] == "done" and _closed(row) == on)
        or (row["planned_on"] is not None and row["planned_on"] <= on <= _closed(row))
    }  # fmt: skip
    found = without_action(dated, begin + timedelta(days=day), begin + timedelta(days=end))
    assert found == had - acted


def _closed(row: dict[str, Any]) -> int:
    return row["closed_on"] if row["state"] in {"done", "dismissed", "gone"} else 99


def _dated(row: dict[str, Any], begin: date) -> dict[str, Any]:
    days = {name: row[name] for name in ("raised_on", "closed_on", "planned_on")}
    days["closed_on"] = None if _closed(row) == 99 else row["closed_on"]
    return row | {name: None if day is None else begin + timedelta(days=day) for name, day in days.items()}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Seven customers of ours with ten licences, of whom nobody works; all of them had the same suggestion."""
    made = World()
    for number in range(7):
        customer = made.a_customer(f"Customer {number}")
        made.relationship(made.us, customer)
        subscription = made.subscription(seller=made.us, quantity=10, customer=customer)
        for person in range(5):
            made.period(subscription, f"{number}-{person}")
        made.coverage(None, *(DAY - timedelta(days=back) for back in range(28)), customer=customer)
        suggest(made.us, customer, raised_on=DAY - timedelta(days=40))
    rollup(first=DAY, last=DAY)
    return made


def test_figures_are_compared_with_those_of_five_others(world: World) -> None:
    """The customer of the deed sold off five licences, one of the others handed out two more."""
    done, acted, changed, *_rest = Suggestion.objects.order_by("pk")
    day = DAY - timedelta(days=28)
    Suggestion.objects.filter(pk=done.pk).update(state="done", closed_on=day)
    Suggestion.objects.filter(pk=acted.pk).update(state="planned", planned_on=DAY, planned_for=DAY)
    done.refresh_from_db()
    world.version(done.customer.subscriptions.get(), quantity=5, effective_on=DAY)
    for person in range(2):
        world.period(changed.customer.subscriptions.get(), f"new-{person}", DAY)
    for one in (done, changed):
        world.changed(DAY, customer=one.customer)
    first, second = outcome_of(partner=world.us, one=done)
    assert (first.days, first.day, second.days, second.changes) == (28, DAY, 56, [])
    deployment = first.changes[0]
    assert (deployment.before, deployment.after, deployment.change) == (50.0, 100.0, 50.0)
    assert (deployment.mean, deployment.compared) == (4.0, 5)
    usage = first.changes[1]
    assert (usage.before, usage.after, usage.change, usage.compared) == (None, 0.0, None, 0)


def test_below_five_others_there_is_no_comparison(world: World) -> None:
    done, *others = Suggestion.objects.order_by("pk")
    day = DAY - timedelta(days=28)
    Suggestion.objects.filter(pk=done.pk).update(state="done", closed_on=day)
    Suggestion.objects.filter(pk__in=[other.pk for other in others[:2]]).update(raised_on=DAY)
    done.refresh_from_db()
    (first, _second) = outcome_of(partner=world.us, one=done)
    assert (first.changes[0].mean, first.changes[0].compared) == (None, 4)


def test_what_isnt_done_has_no_outcome(world: World) -> None:
    assert outcome_of(partner=world.us, one=Suggestion.objects.first()) == []
    assert selector.AFTER_DAYS == (28, 56)
