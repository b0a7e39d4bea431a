"""Ageing: an active subscription that is not renewed goes down step by step (metrics.md, "Facts")."""

from datetime import date, timedelta

import pytest

from tests.insights.world import DAY, World, ago, pick

COUNTS = "sold assigned active_current active_lapsed"


def aged(world: World, **version: object) -> list[int]:
    """The counts of a subscription with one user, active 5 days ago."""
    world.period(world.subscription(**version), "ann")
    world.activity("ann", "EXO", ago(5))
    return pick(world.row("EXO"), COUNTS)


@pytest.mark.parametrize("overdue", [-1, 0])
def test_active_up_to_the_end_of_the_term(world: World, overdue: int) -> None:
    assert aged(world, auto_renew=False, term_end=ago(overdue)) == [10, 1, 1, 0]


@pytest.mark.parametrize("overdue", [1, 30, 31, 120, 121, 900])
def test_lapsed_after_the_end_of_the_term(world: World, overdue: int) -> None:
    assert aged(world, auto_renew=False, term_end=ago(overdue)) == [0, 0, 0, 1]


@pytest.mark.parametrize("auto_renew", [True, None])
@pytest.mark.parametrize("overdue", [1, 121])
def test_renewed_or_unknown_stays_active(world: World, auto_renew: bool | None, overdue: int) -> None:
    assert aged(world, auto_renew=auto_renew, term_end=ago(overdue)) == [10, 1, 1, 0]


def test_without_an_end_of_the_term_stays_active(world: World) -> None:
    assert aged(world, auto_renew=False, term_end=None) == [10, 1, 1, 0]


@pytest.mark.parametrize("status", ["grace", "disabled", "deprovisioned"])
@pytest.mark.parametrize("overdue", [-1, 1])
def test_other_statuses_hold_as_stated(world: World, status: str, overdue: int) -> None:
    assert aged(world, status=status, auto_renew=False, term_end=ago(overdue)) == [0, 0, 0, 1]


def test_trial_that_ran_out_is_a_trial_still(world: World) -> None:
    subscription = world.subscription(is_trial=True, auto_renew=False, term_end=ago(1))
    world.period(subscription, "ann")
    world.activity("ann", "EXO", ago(5))
    assert pick(world.row("EXO"), f"{COUNTS} active_trial") == [0, 0, 0, 0, 1]


def test_later_version_with_another_term_ends_the_ageing(world: World) -> None:
    subscription = world.subscription(auto_renew=False, term_end=ago(10))
    world.version(subscription, effective_on=DAY, auto_renew=False, term_end=DAY + timedelta(days=365))
    assert [world.row(day=day)["sold"] for day in (ago(10), ago(9), ago(1), DAY)] == [10, 0, 0, 10]


def test_leap_day_is_a_day_like_others(world: World) -> None:
    world.subscription(effective_on=date(2023, 1, 1), auto_renew=False, term_end=date(2024, 2, 28))
    assert [world.row(day=date(2024, 2, day))["sold"] for day in (28, 29)] == [10, 0]
