"""Measured: what was never delivered is not mistaken for people who don't work (metrics.md, "Measured")."""

from datetime import date, timedelta

import pytest

from tests.insights.world import DAY, World, ago, pick

COUNTS = "covered_days measured_entitlements measured_users idle usage_pct user_usage_pct"


@pytest.fixture
def held(world: World) -> World:
    """A world in which ann holds one of ten licences."""
    world.period(world.subscription(), "ann")
    return world


def test_nothing_covered_nothing_measured(held: World) -> None:
    assert pick(held.row("EXO"), COUNTS) == [0, 0, 0, 0, None, None]
    assert pick(held.row("any"), COUNTS) == [0, 0, 0, 0, None, None]
    assert pick(held.row("EXO"), "entitlements users assigned deployment_pct") == [10, 1, 1, 10.0]


@pytest.mark.parametrize(("days_ago", "covered"), [(0, 1), (27, 1), (28, 0), (-1, 0)])
@pytest.mark.parametrize("workload", ["EXO", None])
def test_first_covered_day_measures_the_row(held: World, workload: str | None, days_ago: int, covered: int) -> None:
    held.coverage(workload, ago(days_ago))
    expected = [1, 10, 1, 1, 0.0, 0.0] if covered else [0, 0, 0, 0, None, None]
    assert pick(held.row("EXO"), COUNTS) == expected
    assert pick(held.row("any"), COUNTS) == expected


def test_coverage_of_one_workload_measures_it_and_any(held: World) -> None:
    held.coverage("EXO", ago(3), ago(4))
    assert [held.row(workload)["covered_days"] for workload in ("EXO", "TEAMS", "any")] == [2, 0, 2]


def test_coverage_of_every_workload(held: World) -> None:
    held.coverage(None, ago(3), ago(4))
    held.coverage("EXO", ago(4), ago(5))
    assert [held.row(workload)["covered_days"] for workload in ("EXO", "SPO", "TEAMS", "YAM", "any")] == [3, 2, 2, 2, 3]


def test_coverage_of_a_workload_that_the_row_lacks(held: World) -> None:
    held.coverage("CRM", ago(3))
    held.activity("ann", "CRM", ago(4))
    assert pick(held.row("any"), "covered_days measured_entitlements active") == [0, 0, 0]


def test_activity_covers_its_day_whoever_it_was(held: World) -> None:
    held.activity("zoe", "EXO", ago(3))
    held.coverage("EXO", ago(3), ago(4))
    assert pick(held.row("EXO"), COUNTS) == [2, 10, 1, 1, 0.0, 0.0]


def test_any_row_has_the_days_covered_for_one_workload_at_least(held: World) -> None:
    for workload, days in (("EXO", (1, 2)), ("SPO", (2, 3)), ("TEAMS", (9,))):
        held.coverage(workload, *(ago(day) for day in days))
    assert held.row("any")["covered_days"] == 4


def test_any_row_of_an_sku_looks_at_its_own_workloads(held: World) -> None:
    plan = held.sku("EXO", part_number="P1")
    held.subscription(plan)
    held.coverage("TEAMS", ago(1))
    held.coverage("EXO", ago(2))
    assert [held.row("any", sku=sku)["covered_days"] for sku in (plan, held.e3)] == [1, 2]
    assert [held.row("any", family=family)["covered_days"] for family in ("o365", None)] == [2, 2]


def test_any_row_counts_the_flagged_workload_with_unlicensed_activity_only(world: World) -> None:
    world.period(world.subscription(world.sku("EXO", part_number="P1")), "ann")
    world.coverage("YAM", ago(2), ago(3))
    world.coverage("EXO", ago(9))
    assert [world.row("any", family=family)["covered_days"] for family in ("o365", None)] == [1, 1]
    world.activity("zoe", "YAM", ago(1))
    assert [world.row("any", family=family)["covered_days"] for family in ("o365", None)] == [4, 4]
    assert world.row("YAM", family="o365")["covered_days"] == 3
    assert world.row("any", sku=world.e3) is None


@pytest.mark.parametrize(
    "day", [date(2026, 1, 27), date(2026, 2, 28), date(2026, 3, 1), date(2024, 2, 29), date(2026, 12, 31)]
)
def test_all_28_days_covered_across_months(world: World, day: date) -> None:
    world.period(world.subscription(effective_on=date(2020, 1, 1)), "ann", date(2020, 1, 1))
    world.coverage("EXO", *(ago(back, day) for back in range(-3, 32)))
    assert pick(world.row("EXO", day=day), COUNTS) == [28, 10, 1, 1, 0.0, 0.0]


@pytest.mark.parametrize("covered", [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)])
def test_window_of_a_day_that_was_covered(held: World, covered: date) -> None:
    held.coverage("EXO", covered)
    seen = [
        day
        for day in (covered + timedelta(days=back) for back in range(-2, 32))
        if held.row("EXO", day=day)["covered_days"]
    ]
    assert (seen[0], seen[-1], len(seen)) == (covered, covered + timedelta(days=27), 28)


def test_row_without_a_workload_is_never_measured(world: World) -> None:
    bare = world.sku(part_number="BARE")
    world.period(world.subscription(bare), "ann")
    world.coverage(None, ago(1))
    assert world.keys() == {("all", part, "any") for part in ("BARE", "o365", "all")}
    for row in (world.row(sku=bare), world.row(family="o365"), world.row()):
        assert pick(row, f"sold assigned users {COUNTS}") == [10, 1, 1, 0, 0, 0, 0, None, None]


def test_rows_of_a_workload_leave_out_skus_without_it(world: World) -> None:
    bare = world.sku(part_number="BARE")
    world.subscription(bare, quantity=3)
    world.subscription(quantity=4)
    world.coverage("EXO", DAY)
    assert [world.row(workload)["measured_entitlements"] for workload in ("EXO", "any", "TEAMS")] == [4, 7, 0]


def test_idle_is_what_is_handed_out_and_unused(held: World) -> None:
    subscription = held.subscription(quantity=2)
    for user in ("bob", "cat"):
        held.period(subscription, user)
    held.activity("bob", "EXO", ago(1))
    assert [held.row(workload)["idle"] for workload in ("EXO", "any", "TEAMS")] == [2, 2, 0]


def test_coverage_of_one_customer_is_not_that_of_another(held: World) -> None:
    other = held.a_customer()
    held.subscription(customer=other)
    held.coverage(None, ago(1), customer=other)
    assert held.row("any")["covered_days"] == 0
    assert held.row("any", customer=other)["covered_days"] == 1
