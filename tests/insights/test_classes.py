"""The class of an entitlement: the first rule that fits decides (metrics.md, "Base counts")."""

import pytest

from tests.insights.world import DAY, World, ago, pick

COUNTS = "assigned active_current active_former active_lapsed active_trial active"


def counts(world: World, *, until: int | None, **version: object) -> list[int]:
    """Of a subscription with one user, active 5 days ago, whose period ends so many days ago."""
    subscription = world.subscription(**version)
    world.period(subscription, "ann", end=None if until is None else ago(until))
    world.activity("ann", "EXO", ago(5))
    return pick(world.row("EXO"), COUNTS)


@pytest.mark.parametrize("until", [None, 2])
@pytest.mark.parametrize("status", ["active", "grace", "disabled", "deprovisioned"])
def test_trial_first_whatever_else(world: World, status: str, until: int | None) -> None:
    assert counts(world, until=until, status=status, is_trial=True) == [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("until", [None, 2])
@pytest.mark.parametrize("status", ["grace", "disabled", "deprovisioned"])
def test_lapsed_before_former(world: World, status: str, until: int | None) -> None:
    assert counts(world, until=until, status=status) == [0, 0, 0, 1, 0, 1]


def test_former_without_a_period_that_covers_the_day(world: World) -> None:
    assert counts(world, until=2) == [0, 0, 1, 0, 0, 1]


def test_current_otherwise(world: World) -> None:
    assert counts(world, until=None) == [1, 1, 0, 0, 0, 1]


def test_trial_and_lapsed_are_in_no_base_count(world: World) -> None:
    counts(world, until=None, is_trial=True)
    subscription = world.subscription(status="disabled")
    world.period(subscription, "gus", state="cancelled")
    world.period(subscription, "bob")
    names = "sold blocked entitlements assigned users unassigned overassigned idle measured_entitlements measured_users"
    assert pick(world.row("EXO"), names) == [0] * 10


def test_row_of_lapsed_use_alone_has_no_percentage(world: World) -> None:
    counts(world, until=None, status="grace")
    names = "deployment_pct usage_pct adjusted_usage_pct user_usage_pct active active_users covered_days"
    assert pick(world.row("EXO"), names) == [None, None, None, None, 1, 1, 1]


def test_status_and_trial_are_those_of_the_day_not_of_the_activity(world: World) -> None:
    subscription = world.subscription(is_trial=True)
    world.version(subscription, effective_on=DAY, is_trial=False)
    world.period(subscription, "ann")
    world.activity("ann", "EXO", ago(5))
    assert pick(world.row("EXO", day=ago(1)), COUNTS) == [0, 0, 0, 0, 1, 1]
    assert pick(world.row("EXO"), COUNTS) == [1, 1, 0, 0, 0, 1]


def test_upgraded_within_the_window_is_former_there_and_current_here(world: World) -> None:
    plan = world.sku("EXO", part_number="P1")
    old, new = world.subscription(plan), world.subscription()
    world.period(old, "ann", end=ago(3))
    world.period(old, "ann", ago(3), state="upgraded")
    world.period(new, "ann", ago(3))
    world.activity("ann", "EXO", ago(4), ago(2))
    assert pick(world.row("EXO", sku=plan), COUNTS) == [0, 0, 1, 0, 0, 1]
    assert pick(world.row("EXO", sku=world.e3), COUNTS) == [1, 1, 0, 0, 0, 1]
    assert pick(world.row("EXO"), f"{COUNTS} active_users users") == [1, 1, 1, 0, 0, 2, 1, 1]


def test_active_in_workloads_of_the_sku_only(world: World) -> None:
    plan = world.sku("EXO", part_number="P1")
    world.period(world.subscription(plan), "ann")
    world.activity("ann", "TEAMS", ago(1))
    assert pick(world.row("any"), COUNTS) == [1, 0, 0, 0, 0, 0]
    assert world.row("TEAMS") is None


def test_active_in_any_once_for_several_workloads(world: World) -> None:
    world.period(world.subscription(), "ann")
    for workload in ("EXO", "SPO", "TEAMS"):
        world.activity("ann", workload, ago(1), ago(2))
    assert pick(world.row("any"), COUNTS) == [1, 1, 0, 0, 0, 1]


def test_subscription_without_any_entitlement_is_sold_alone(world: World) -> None:
    world.subscription(quantity=4)
    assert pick(world.row("any"), f"sold entitlements unassigned {COUNTS}") == [4, 4, 4, 0, 0, 0, 0, 0, 0]


def test_versions_and_subscriptions_kept_aside_count_nowhere(world: World) -> None:
    subscription = world.subscription(seller=world.us, quantity=4)
    world.version(subscription, effective_on=DAY, quantity=9, aside=True, seller=None)
    assert pick(world.row("any"), "sold") == [4]
    subscription.seller, subscription.aside = None, True
    subscription.save()
    world.period(subscription, "ann")
    assert world.keys() == set()
