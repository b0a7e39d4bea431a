"""People: distinct users, at the row's own grain, in blocks of 64 (metrics.md, "People")."""

import pytest

from tests.insights.world import World, ago, pick

COUNTS = "assigned users active_current active active_users"


@pytest.mark.parametrize("number", [0, 1, 62, 63, 64, 65, 127, 128, 200])
def test_person_of_any_number_is_one_bit(world: World, number: int) -> None:
    *_, user = world.people(number + 1)
    world.period(world.subscription(), user)
    world.activity(user, "EXO", ago(1))
    assert pick(world.row("EXO"), COUNTS) == [1, 1, 1, 1, 1]
    assert pick(world.row("TEAMS"), COUNTS) == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("number", [63, 64])
def test_person_entitled_for_a_part_of_the_window(world: World, number: int) -> None:
    *_, neighbour, user = world.people(number + 1)
    subscription = world.subscription()
    world.period(subscription, user, ago(10), ago(5))
    world.activity(user, "EXO", ago(10))
    world.activity(neighbour, "EXO", ago(9))
    assert pick(world.row("EXO"), f"{COUNTS} active_former") == [0, 0, 0, 1, 1, 1]


def test_more_people_than_a_block(world: World) -> None:
    subscription = world.subscription(quantity=200)
    people = world.people(150)
    for user in people:
        world.period(subscription, user)
    for user in people[:130]:
        world.activity(user, "EXO", ago(1))
    for user in people[100:]:
        world.activity(user, "TEAMS", ago(2))
    assert pick(world.row("EXO"), COUNTS) == [150, 150, 130, 130, 130]
    assert pick(world.row("TEAMS"), COUNTS) == [150, 150, 50, 50, 50]
    assert pick(world.row("any"), COUNTS) == [150, 150, 150, 150, 150]


def test_two_subscriptions_of_one_sku_count_the_user_once_and_the_entitlements_twice(world: World) -> None:
    for seller in (world.us, world.them):
        world.period(world.subscription(seller=seller), "ann")
    world.activity("ann", "EXO", ago(1))
    assert pick(world.row("EXO", sku=world.e3), COUNTS) == [2, 1, 2, 2, 1]
    assert pick(world.row("EXO", sku=world.e3, seller=world.us), COUNTS) == [1, 1, 1, 1, 1]


def test_users_are_distinct_over_skus_and_families(world: World) -> None:
    plan = world.sku("EXO", part_number="P1")
    crm = world.sku("CRM", "EXO", family="crm", part_number="CRM1")
    for sku in (world.e3, plan, crm):
        world.period(world.subscription(sku), "ann")
    world.period(world.subscription(crm), "bob")
    world.activity("ann", "EXO", ago(1))
    world.activity("bob", "CRM", ago(1))
    assert pick(world.row("EXO", family="o365"), COUNTS) == [2, 1, 2, 2, 1]
    assert pick(world.row("EXO", family="crm"), COUNTS) == [2, 2, 1, 1, 1]
    assert pick(world.row("EXO"), COUNTS) == [4, 2, 3, 3, 1]
    assert pick(world.row("CRM"), COUNTS) == [2, 2, 1, 1, 1]
    assert pick(world.row("any"), COUNTS) == [4, 2, 4, 4, 2]


def test_users_of_a_workload_hold_an_sku_that_has_it(world: World) -> None:
    plan = world.sku("EXO", part_number="P1")
    world.period(world.subscription(plan), "ann")
    world.period(world.subscription(), "bob")
    world.activity("ann", "TEAMS", ago(1))
    assert pick(world.row("EXO"), COUNTS) == [2, 2, 0, 0, 0]
    assert pick(world.row("TEAMS"), COUNTS) == [1, 1, 0, 0, 0]


def test_active_users_are_behind_all_five_causes_once(world: World) -> None:
    world.period(world.subscription(), "ann", ago(10))
    world.period(world.subscription(), "ann", end=ago(20))
    world.period(world.subscription(status="grace"), "ann", end=ago(15))
    world.period(world.subscription(is_trial=True), "ann", end=ago(18))
    world.activity("ann", "YAM", ago(9), ago(12), ago(16), ago(19), ago(21))
    names = "active_current active_former active_lapsed active_trial active_unlicensed active active_users users"
    assert pick(world.row("YAM", family="o365"), names) == [1, 1, 1, 1, 1, 5, 1, 1]


def test_two_sources_that_state_the_same_count_once(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann")
    world.period(subscription, "bob")
    for source in (0, world.us.pk, world.them.pk):
        world.activity("ann", "EXO", ago(1), source=source)
    world.activity("bob", "EXO", ago(1), source=world.us.pk)
    assert pick(world.row("EXO"), f"{COUNTS} covered_days") == [2, 2, 2, 2, 2, 1]


def test_customers_are_apart(world: World) -> None:
    other = world.a_customer()
    empty = world.a_customer()
    ours, theirs = world.subscription(quantity=3), world.subscription(quantity=5, customer=other)
    world.person("somebody", other)
    world.period(ours, "ann")
    world.period(theirs, "ann")
    world.activity("ann", "EXO", ago(1))
    world.activity("ann", "TEAMS", ago(1), ago(2), customer=other)
    world.activity("somebody", "YAM", ago(1), customer=other)
    names = f"sold {COUNTS} covered_days"
    assert pick(world.row("EXO"), names) == [3, 1, 1, 1, 1, 1, 1]
    assert pick(world.row("TEAMS"), names) == [3, 1, 1, 0, 0, 0, 0]
    assert pick(world.row("EXO", customer=other), names) == [5, 1, 1, 0, 0, 0, 0]
    assert pick(world.row("TEAMS", customer=other), names) == [5, 1, 1, 1, 1, 1, 2]
    assert pick(world.row("YAM", customer=other), f"active_unlicensed {names}") == [1, 5, 1, 1, 0, 1, 1, 1]
    assert world.keys(customer=empty) == set()
    together = {customer.pk: world.table(customers=[customer]).tolist() for customer in (world.customer, other, empty)}
    assert world.table(customers=[empty, other, world.customer]).tolist() == [
        row for customer in sorted(together) for row in together[customer]
    ]


def test_customers_of_several_blocks_next_to_each_other(world: World) -> None:
    customers = [world.customer, world.a_customer(), world.a_customer()]
    for size, customer in zip((70, 1, 130), customers, strict=True):
        subscription = world.subscription(quantity=200, customer=customer)
        for number in range(size):
            world.period(subscription, f"user{number}")
            world.activity(f"user{number}", "EXO", ago(number % 28), customer=customer)
    names = f"{COUNTS} covered_days"
    assert [pick(world.row("EXO", customer=customer), names) for customer in customers] == [
        [70, 70, 70, 70, 70, 28],
        [1, 1, 1, 1, 1, 1],
        [130, 130, 130, 130, 130, 28],
    ]
    together = world.table(customers=customers)
    assert [len(together[together["customer"] == customer.pk]) for customer in customers] == [15, 15, 15]
    apart = [row for customer in customers for row in world.table(customers=[customer]).tolist()]
    assert together.tolist() == apart
