"""The window of 28 days, and the as-of date itself (metrics.md, "Words", "Facts")."""

from datetime import date

import pytest

from insights.window import WINDOW_DAYS, first_day
from tests.insights.world import DAY, World, ago, pick

COUNTS = "active_current active_former covered_days"


@pytest.mark.parametrize(("as_of", "first"), [(DAY, date(2026, 3, 4)), (date(2024, 3, 1), date(2024, 2, 3))])
def test_first_day_of_the_window(as_of: date, first: date) -> None:
    assert first_day(as_of) == first
    assert (as_of - first).days + 1 == WINDOW_DAYS


@pytest.mark.parametrize("as_of", [date.min, date(1, 1, 27), date(1, 1, 28)])
def test_first_day_of_the_window_never_before_the_first_date(as_of: date) -> None:
    assert first_day(as_of) == date.min


@pytest.mark.parametrize(("days_ago", "active"), [(0, 1), (27, 1), (28, 0), (-1, 0)])
def test_activity_counts_on_the_28_days_of_the_window(world: World, days_ago: int, active: int) -> None:
    world.period(world.subscription(), "ann")
    world.activity("ann", "EXO", ago(days_ago))
    assert pick(world.row("EXO"), COUNTS) == [active, 0, active]
    assert pick(world.row("any", sku=world.e3), COUNTS) == [active, 0, active]


@pytest.mark.parametrize(("end", "current", "former"), [(-1, 1, 0), (0, 0, 1), (1, 0, 1)])
def test_day_of_to_is_no_day_of_the_period(world: World, end: int, current: int, former: int) -> None:
    world.period(world.subscription(), "ann", end=ago(end))
    world.activity("ann", "EXO", ago(5))
    assert pick(world.row("EXO"), "active_current active_former assigned") == [current, former, current]


@pytest.mark.parametrize(("day", "active"), [(11, 0), (10, 1), (6, 1), (5, 0), (4, 0)])
def test_activity_counts_on_the_days_from_from_to_before_to(world: World, day: int, active: int) -> None:
    world.period(world.subscription(), "ann", ago(10), ago(5))
    world.activity("ann", "EXO", ago(day))
    assert pick(world.row("EXO"), "active_former active active_users") == [active, active, active]


@pytest.mark.parametrize(("begin", "assigned"), [(1, 1), (0, 1), (-1, 0)])
def test_period_that_begins_after_the_as_of_date_is_no_entitlement(world: World, begin: int, assigned: int) -> None:
    world.period(world.subscription(), "ann", ago(begin))
    world.activity("ann", "EXO", DAY)
    active = 1 if begin >= 0 else 0
    assert pick(world.row("EXO"), "assigned users active_current active") == [assigned, assigned, active, active]


@pytest.mark.parametrize(("end", "active"), [(26, 1), (27, 0), (28, 0)])
def test_period_that_ends_around_the_first_day_of_the_window(world: World, end: int, active: int) -> None:
    world.period(world.subscription(), "ann", end=ago(end))
    world.activity("ann", "EXO", ago(27), ago(28))
    assert pick(world.row("EXO"), "active_former active active_users") == [active, active, active]


def test_activity_while_blocked_counts_nowhere(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann", end=ago(10))
    world.period(subscription, "ann", ago(10), state="suspended_fraud")
    world.activity("ann", "EXO", ago(10), ago(3))
    assert pick(world.row("EXO"), "active active_users covered_days blocked") == [0, 0, 2, 1]


def test_day_of_activity_that_matters_is_that_of_the_pair_not_of_another(world: World) -> None:
    first, second = world.subscription(), world.subscription()
    world.period(first, "ann", end=ago(10))
    world.period(second, "ann", ago(10))
    world.activity("ann", "EXO", ago(10))
    assert pick(world.row("EXO"), "active_current active_former active_users users") == [1, 0, 1, 1]


@pytest.mark.parametrize(
    ("days", "rows", "quantity"),
    [
        ([ago(1)], True, 7),
        ([DAY], True, 7),
        ([ago(-1)], False, 0),
        ([ago(5), DAY], True, 8),
        ([ago(5), ago(-1)], True, 7),
    ],
)
def test_version_holds_from_the_day_on_which_it_takes_effect(
    world: World, days: list[date], rows: bool, quantity: int
) -> None:
    subscription = world.subscription(effective_on=days[0], quantity=7)
    if days[1:]:
        world.version(subscription, effective_on=days[1], quantity=8)
    row = world.row()
    assert (row is not None, row["sold"] if row else 0) == (rows, quantity)


def test_subscription_from_its_first_version_on_counts_activity_from_before(world: World) -> None:
    world.period(world.subscription(effective_on=DAY), "ann")
    world.activity("ann", "EXO", ago(20))
    assert pick(world.row("EXO"), "active_current sold") == [1, 10]
    assert world.row("EXO", day=ago(1)) is None


def test_sku_change_is_asked_as_of_the_day_alone(world: World) -> None:
    kiosk = world.sku("EXO", part_number="K1")
    subscription = world.subscription(kiosk, quantity=3)
    world.version(subscription, world.e3, effective_on=DAY, quantity=4)
    world.period(subscription, "ann")
    world.activity("ann", "TEAMS", ago(2))
    world.activity("ann", "EXO", ago(2))
    assert world.keys(day=ago(1)) == {
        ("all", part, workload) for part in ("K1", "o365", "all") for workload in ("any", "EXO")
    }
    assert world.row("any", sku=kiosk) is None
    assert pick(world.row("TEAMS", sku=world.e3), "sold active_current") == [4, 1]
    assert pick(world.row("any", sku=kiosk, day=ago(1)), "sold active_current") == [3, 1]


def test_re_entitled_after_a_gap_is_one_entitlement(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann", end=ago(20))
    world.period(subscription, "ann", ago(10))
    world.activity("ann", "EXO", ago(25))
    world.activity("ann", "TEAMS", ago(20), ago(15), ago(11))
    world.activity("ann", "SPO", ago(10))
    names = "assigned active_current active_former users active_users"
    assert pick(world.row("EXO"), names) == [1, 1, 0, 1, 1]
    assert pick(world.row("TEAMS"), names) == [1, 0, 0, 1, 0]
    assert pick(world.row("SPO"), names) == [1, 1, 0, 1, 1]
    assert pick(world.row("any"), names) == [1, 1, 0, 1, 1]


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(1, 2, 1), date(9999, 12, 31)])
def test_days_at_either_end_of_the_calendar(world: World, day: date) -> None:
    assert world.row(day=day) is None
    world.period(world.subscription(effective_on=date.min), "ann", date.min)
    world.activity("ann", "EXO", DAY)
    world.coverage("EXO", date(1, 1, 2), date(9999, 12, 31))
    covered = 1 if day in (date(1, 1, 2), date(9999, 12, 31)) else 0
    assert pick(world.row("EXO", day=day), "sold assigned active covered_days") == [10, 1, 0, covered]
