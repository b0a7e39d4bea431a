"""Several identifiers of one person count once; who is left out counts nowhere; left-out SKUs are in no row."""

from __future__ import annotations

import pytest
from django.utils import timezone

from customers.models import LeftOutPerson, Person
from insights.engine.behind import RowKey, behind, chosen
from insights.engine.compute import figures
from insights.services.rollup import rollup
from tests.insights.world import DAY, World, ago, pick
from tests.people import make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def join(world: World, *users: str) -> None:
    """These identifiers are one person's."""
    numbers = sorted(world.person(user).number for user in users)
    Person.objects.filter(customer=world.customer, number__in=numbers[1:]).update(same_as=numbers[0])


def leave_out(world: World, user: str) -> None:
    LeftOutPerson.objects.create(
        customer=world.customer,
        user_id=user,
        key=user,
        mailbox="shared",
        reason="Info",
        left_out_by=make_operator(),
        left_out_at=timezone.now(),
    )


COUNTS = "assigned users active active_users"


def test_licence_under_one_id_is_used_under_another(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann-id")
    world.activity("ann@x.com", "EXO", ago(1))
    assert pick(world.row("EXO"), COUNTS) == [1, 1, 0, 0]
    join(world, "ann-id", "ann@x.com")
    assert pick(world.row("EXO"), COUNTS) == [1, 1, 1, 1]


def test_identifiers_far_apart_are_one_person(world: World) -> None:
    """In another block of 64, beyond all of those who hold a licence."""
    subscription = world.subscription(quantity=100)
    world.period(subscription, "ann-id")
    world.people(150)
    world.activity("ann@x.com", "EXO", ago(1))
    world.activity("ann@y.com", "EXO", ago(3))
    join(world, "ann-id", "ann@x.com", "ann@y.com")
    assert pick(world.row("EXO"), COUNTS + " covered_days") == [1, 1, 1, 1, 2]


def test_person_known_by_two_ids_without_activity_after_the_last_block(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann-id")
    world.activity("ann-id", "EXO", ago(1))
    world.people(200)
    join(world, "ann-id", world.people(1)[0])
    assert pick(world.row("EXO"), COUNTS) == [1, 1, 1, 1]


def test_licence_of_one_subscription_under_two_ids_is_one(world: World) -> None:
    subscription = world.subscription()
    world.period(subscription, "ann-id", ago(40), ago(10))
    world.period(subscription, "ann@x.com", ago(20))
    world.activity("ann-id", "EXO", ago(15))
    world.activity("ann@x.com", "EXO", ago(1))
    join(world, "ann-id", "ann@x.com")
    assert pick(world.row("EXO"), COUNTS + " active_current") == [1, 1, 1, 1, 1]


def test_blocked_under_one_id_and_entitled_under_another_is_entitled(world: World) -> None:
    subscription = world.subscription(quantity=3)
    world.period(subscription, "ann-id", state="cancelled")
    world.period(subscription, "ann@x.com")
    assert pick(world.row(), "assigned blocked entitlements") == [1, 1, 2]
    join(world, "ann-id", "ann@x.com")
    assert pick(world.row(), "assigned blocked entitlements") == [1, 0, 3]


def test_blocked_under_two_ids_is_blocked_once(world: World) -> None:
    subscription = world.subscription(quantity=3)
    for user in ("ann-id", "ann@x.com"):
        world.period(subscription, user, state="cancelled")
    join(world, "ann-id", "ann@x.com")
    assert pick(world.row(), "assigned blocked entitlements") == [0, 1, 2]


def test_person_with_a_licence_under_another_id_doesnt_use_it_beyond_the_licence(world: World) -> None:
    world.period(world.subscription(), "ann-id")
    world.activity("ann@x.com", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), "active_unlicensed") == [1]
    join(world, "ann-id", "ann@x.com")
    assert pick(world.row("YAM", family="o365"), "active_unlicensed active_current") == [0, 1]


def test_mailbox_that_is_left_out_counts_nowhere_and_its_days_stay_covered(world: World) -> None:
    subscription = world.subscription(quantity=3)
    for user in ("ann", "info"):
        world.period(subscription, user)
    world.activity("info", "EXO", ago(1))
    assert pick(world.row("EXO"), COUNTS + " covered_days unassigned") == [2, 2, 1, 1, 1, 1]
    leave_out(world, "info")
    assert pick(world.row("EXO"), COUNTS + " covered_days unassigned") == [1, 1, 0, 0, 1, 2]


def test_mailbox_is_left_out_by_any_of_its_identifiers(world: World) -> None:
    world.period(world.subscription(), "info-id")
    world.activity("info@x.com", "YAM", ago(1))
    join(world, "info-id", "info@x.com")
    leave_out(world, "info@x.com")
    assert pick(world.row(), COUNTS + " active_unlicensed") == [0, 0, 0, 0, 0]


def test_user_of_another_customer_with_the_same_id_counts(world: World) -> None:
    other = world.a_customer("Contoso")
    world.period(world.subscription(customer=other), "info")
    world.period(world.subscription(), "info")
    leave_out(world, "info")
    assert pick(world.row(customer=other), "assigned") == [1]
    assert pick(world.row(), "assigned") == [0]


def test_list_behind_a_count_has_a_person_once(world: World) -> None:
    subscription = world.subscription()
    for user in ("ann-id", "ann@x.com", "info"):
        world.period(subscription, user)
    join(world, "ann-id", "ann@x.com")
    leave_out(world, "info")
    rows, measured = behind(customer=world.customer.pk, day=DAY, key=RowKey(0, 0, 0, 0))
    assert [row.person for row in chosen(rows, "assigned", measured=measured)] == [0]


def test_stored_figures_are_those_of_people(world: World) -> None:
    world.period(world.subscription(), "ann-id")
    world.activity("ann@x.com", "EXO", ago(1))
    join(world, "ann-id", "ann@x.com")
    rollup(first=DAY, last=DAY)
    with_people = pick(world.row("EXO"), COUNTS)
    assert with_people == [1, 1, 1, 1]


def test_sku_that_is_left_out_is_in_no_row_and_still_a_licence(world: World) -> None:
    viral = world.sku("EXO", "YAM", part_number="VIRAL")
    world.period(world.subscription(), "ann")
    world.period(world.subscription(viral, quantity=10_000), "bob")
    world.activity("bob", "YAM", ago(1))
    rows = figures(customers=[world.customer.pk], day=DAY, left_out={viral.pk})
    whole = rows[(rows["family"] == 0) & (rows["workload"] == 0) & (rows["seller"] == 0)]
    assert whole[["sold", "assigned", "users", "active_unlicensed"]].tolist() == [(10, 1, 1, 0)]
    assert set(rows["sku"].tolist()) == {0, world.e3.pk}
