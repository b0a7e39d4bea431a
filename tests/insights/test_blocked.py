"""Sold, blocked, entitlements, and what is handed out beside it (metrics.md, "Base counts", "Figures")."""

import pytest

from tests.insights.world import DAY, World, ago, pick

COUNTS = "sold blocked entitlements assigned unassigned overassigned"


def handed_out(world: World, *, quantity: int, blocked: int, current: int) -> list[int]:
    subscription = world.subscription(quantity=quantity)
    for user in world.people(blocked):
        world.period(subscription, user, state="suspended_nonpayment")
    for user in world.people(current):
        world.period(subscription, user)
    return pick(world.row(), COUNTS)


@pytest.mark.parametrize(
    ("quantity", "blocked", "current", "counts"),
    [
        (5, 0, 0, [5, 0, 5, 0, 5, 0]),
        (5, 2, 3, [5, 2, 3, 3, 0, 0]),
        (5, 2, 2, [5, 2, 3, 2, 1, 0]),
        (5, 3, 3, [5, 2, 3, 3, 0, 0]),
        (5, 7, 0, [5, 5, 0, 0, 0, 0]),
        (5, 3, 5, [5, 0, 5, 5, 0, 0]),
        (5, 3, 6, [5, 0, 5, 6, 0, 1]),
        (0, 3, 0, [0, 0, 0, 0, 0, 0]),
        (0, 3, 2, [0, 0, 0, 2, 0, 2]),
    ],
)
def test_blocked_is_at_most_what_is_not_handed_out(
    world: World, quantity: int, blocked: int, current: int, counts: list[int]
) -> None:
    assert handed_out(world, quantity=quantity, blocked=blocked, current=current) == counts


@pytest.mark.parametrize("state", ["suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled"])
def test_every_state_but_entitled_blocks(world: World, state: str) -> None:
    world.period(world.subscription(), "ann", state=state)
    assert pick(world.row(), COUNTS) == [10, 1, 9, 0, 9, 0]


@pytest.mark.parametrize(("begin", "end", "blocked"), [(1, -1, 1), (0, -1, 1), (-1, -2, 0), (5, 0, 0), (5, 1, 0)])
def test_blocked_on_the_days_of_the_period_only(world: World, begin: int, end: int, blocked: int) -> None:
    world.period(world.subscription(), "ann", ago(begin), ago(end), state="cancelled")
    assert pick(world.row(), "blocked entitlements") == [blocked, 10 - blocked]


def test_blocked_user_counts_once_per_subscription(world: World) -> None:
    first, second = world.subscription(), world.subscription()
    world.period(first, "ann", end=ago(9), state="upgraded")
    world.period(first, "ann", ago(9), state="cancelled")
    world.period(second, "ann", state="cancelled")
    assert pick(world.row(), "blocked") == [2]


@pytest.mark.parametrize("version", [{"status": "grace"}, {"is_trial": True}])
def test_blocked_of_qualifying_subscriptions_only(world: World, version: dict) -> None:
    world.period(world.subscription(**version), "ann", state="cancelled")
    assert pick(world.row(), COUNTS) == [0] * 6


def test_blocked_is_capped_per_subscription_then_summed(world: World) -> None:
    handed_out(world, quantity=1, blocked=4, current=0)
    assert handed_out(world, quantity=10, blocked=1, current=0) == [11, 2, 9, 0, 9, 0]


def test_unassigned_and_overassigned_per_base_row(world: World) -> None:
    ours, theirs = world.subscription(seller=world.us, quantity=1), world.subscription(seller=world.them, quantity=5)
    for user in ("ann", "bob", "cat"):
        world.period(ours, user)
    world.period(theirs, "ann")
    assert pick(world.row("EXO", sku=world.e3), COUNTS) == [6, 0, 6, 4, 4, 2]
    assert pick(world.row("EXO", sku=world.e3, seller=world.us), COUNTS) == [1, 0, 1, 3, 0, 2]
    assert pick(world.row("EXO", sku=world.e3, seller=world.them), COUNTS) == [5, 0, 5, 1, 4, 0]


def test_subscriptions_of_one_seller_and_sku_are_one_base_row(world: World) -> None:
    full, empty = world.subscription(seller=world.us, quantity=1), world.subscription(seller=world.us, quantity=5)
    for user in ("ann", "bob", "cat"):
        world.period(full, user)
    world.period(empty, "dan")
    assert pick(world.row("any"), COUNTS) == [6, 0, 6, 4, 2, 0]


def test_everything_external_is_one_seller(world: World) -> None:
    full = world.subscription(quantity=1)
    world.subscription(quantity=5)
    for user in ("ann", "bob"):
        world.period(full, user)
    assert pick(world.row("any"), COUNTS) == [6, 0, 6, 2, 4, 0]


def test_base_rows_of_two_skus_of_one_seller_are_two(world: World) -> None:
    plan = world.sku("EXO", part_number="P1")
    full = world.subscription(plan, seller=world.us, quantity=1)
    world.subscription(seller=world.us, quantity=5)
    for user in ("ann", "bob"):
        world.period(full, user)
    assert pick(world.row("EXO", family="o365"), COUNTS) == [6, 0, 6, 2, 5, 1]
    assert pick(world.row("TEAMS", family="o365"), COUNTS) == [5, 0, 5, 0, 5, 0]


def test_lapsed_subscription_takes_no_part_in_its_base_row(world: World) -> None:
    full = world.subscription(quantity=1)
    lapsed = world.subscription(quantity=9, status="grace")
    for user in ("ann", "bob"):
        world.period(full, user)
        world.period(lapsed, user)
    assert pick(world.row("any"), COUNTS) == [1, 0, 1, 2, 0, 1]


def test_counts_larger_than_32_bits_in_sum(world: World) -> None:
    for _ in range(3):
        world.subscription(quantity=2**31 - 1)
    assert pick(world.row(day=DAY), "sold unassigned") == [3 * (2**31 - 1)] * 2
