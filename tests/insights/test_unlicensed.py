"""Unlicensed activity: use of a flagged workload on a day without a licence for it (metrics.md)."""

import pytest

from customers.models import Family, Workload
from tests.insights.world import DAY, World, ago, pick

COUNTS = "active_unlicensed active active_users users"


def flag(world: World, workload: str, family: str) -> None:
    """The workload can be used without a licence, in a family that is switched on."""
    Family.objects.filter(pk=world.family(family).pk).update(in_insights=True)
    Workload.objects.filter(pk=world.workload(workload).pk).update(unlicensed_family=world.family(family))


@pytest.mark.parametrize(("days_ago", "people"), [(0, 1), (27, 1), (28, 0), (-1, 0)])
def test_unlicensed_on_the_28_days_of_the_window(world: World, days_ago: int, people: int) -> None:
    world.subscription()
    world.activity("zoe", "YAM", ago(days_ago))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [people, people, people, 0]


def test_unlicensed_person_counts_once_however_many_days(world: World) -> None:
    world.activity("zoe", "YAM", ago(1), ago(2), ago(20))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [1, 1, 1, 0]


def test_unlicensed_alone_makes_the_rows_of_the_workload_and_of_any(world: World) -> None:
    world.activity("zoe", "YAM", ago(1))
    world.activity("zoe", "EXO", ago(2))
    assert world.keys() == {("all", whole, workload) for whole in ("o365", "all") for workload in ("any", "YAM")}
    names = f"{COUNTS} sold covered_days measured_entitlements usage_pct"
    for workload in ("YAM", "any"):
        assert pick(world.row(workload, family="o365"), names) == [1, 1, 1, 0, 0, 1, 0, None]


def test_unlicensed_activity_outside_the_window_makes_no_row(world: World) -> None:
    world.activity("zoe", "YAM", ago(28))
    assert world.keys() == set()


def test_activity_in_a_workload_without_flag_counts_nowhere(world: World) -> None:
    world.subscription()
    world.activity("zoe", "TEAMS", ago(1))
    assert pick(world.row("TEAMS"), f"{COUNTS} covered_days") == [0, 0, 0, 0, 1]


def test_unlicensed_is_in_no_row_of_an_sku_nor_of_a_seller(world: World) -> None:
    world.subscription(seller=world.us)
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", sku=world.e3), COUNTS) == [0, 0, 0, 0]
    assert pick(world.row("any", sku=world.e3), COUNTS) == [0, 0, 0, 0]
    for family in ("o365", None):
        assert pick(world.row("YAM", family=family, seller=world.us), COUNTS) == [0, 0, 0, 0]
        assert pick(world.row("any", family=family), COUNTS) == [1, 1, 1, 0]


@pytest.mark.parametrize(
    "version",
    [{}, {"status": "deprovisioned"}, {"is_trial": True}, {"status": "grace", "is_trial": True}, {"quantity": 0}],
)
@pytest.mark.parametrize("seller", [None, "us", "them"])
def test_any_subscription_that_exists_licenses(world: World, seller: str | None, version: dict) -> None:
    subscription = world.subscription(seller=getattr(world, seller) if seller else None, **version)
    world.period(subscription, "zoe")
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), "active_unlicensed active") == [0, 1]


def test_family_switched_off_licenses_and_is_in_no_row(world: World) -> None:
    other = world.sku("YAM", family="yammer only", part_number="Y1")
    world.period(world.subscription(other), "ann")
    world.activity("ann", "YAM", ago(1))
    assert world.keys() == set()
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), f"{COUNTS} sold") == [1, 1, 1, 0, 0]
    assert world.row("YAM", family="yammer only") is None


def test_subscription_that_does_not_exist_yet_licenses_nothing(world: World) -> None:
    world.period(world.subscription(effective_on=ago(-1)), "zoe")
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("YAM", family="o365", day=ago(-1)), COUNTS) == [0, 1, 1, 1]


@pytest.mark.parametrize("state", ["suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled"])
def test_blocked_licence_licenses_nothing(world: World, state: str) -> None:
    world.period(world.subscription(), "zoe", state=state)
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [1, 1, 1, 0]


def test_licence_for_another_workload_licenses_nothing(world: World) -> None:
    world.period(world.subscription(world.sku("EXO", part_number="K1")), "zoe")
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("any", family="o365"), COUNTS) == [1, 1, 1, 1]


@pytest.mark.parametrize(("day", "people"), [(11, 1), (10, 0), (6, 0), (5, 1)])
def test_licensed_on_the_days_from_from_to_before_to(world: World, day: int, people: int) -> None:
    world.period(world.subscription(), "zoe", ago(10), ago(5))
    world.activity("zoe", "YAM", ago(day))
    assert pick(world.row("YAM", family="o365"), "active_unlicensed active_former") == [people, 1 - people]


def test_licensed_by_two_subscriptions_in_turn(world: World) -> None:
    world.period(world.subscription(), "zoe", end=ago(10))
    world.period(world.subscription(), "zoe", ago(10))
    world.activity("zoe", "YAM", ago(11), ago(10), ago(9))
    assert pick(world.row("YAM", family="o365"), "active_unlicensed active_former active_current active_users") == [
        0,
        1,
        1,
        1,
    ]


def test_active_with_and_without_licence_counts_in_both(world: World) -> None:
    world.period(world.subscription(), "zoe", ago(10))
    world.activity("zoe", "YAM", ago(11), ago(10))
    assert pick(world.row("YAM", family="o365"), f"{COUNTS} active_current") == [1, 2, 1, 1, 1]
    assert pick(world.row("any", family="o365"), f"{COUNTS} active_current") == [1, 2, 1, 1, 1]


def test_two_flagged_workloads_of_one_family_count_once_in_any(world: World) -> None:
    flag(world, "TEAMS", "o365")
    world.activity("zoe", "YAM", ago(1))
    world.activity("zoe", "TEAMS", ago(2))
    world.activity("yan", "TEAMS", ago(2))
    assert pick(world.row("YAM", family="o365"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("TEAMS", family="o365"), COUNTS) == [2, 2, 2, 0]
    assert pick(world.row("any", family="o365"), f"{COUNTS} covered_days") == [2, 2, 2, 0, 2]
    assert pick(world.row("any"), f"{COUNTS} covered_days") == [2, 2, 2, 0, 2]


def test_flagged_workloads_of_two_families_add_up_over_all(world: World) -> None:
    flag(world, "KUDOS", "praise")
    world.activity("zoe", "YAM", ago(1))
    world.activity("zoe", "KUDOS", ago(2))
    assert pick(world.row("any", family="o365"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("any", family="praise"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("any"), f"{COUNTS} covered_days") == [2, 2, 1, 0, 2]
    assert world.keys() == {
        ("all", "o365", "YAM"),
        ("all", "o365", "any"),
        ("all", "praise", "KUDOS"),
        ("all", "praise", "any"),
        ("all", "all", "YAM"),
        ("all", "all", "KUDOS"),
        ("all", "all", "any"),
    }


def test_flag_counts_in_its_own_family_not_in_that_of_the_sku(world: World) -> None:
    flag(world, "YAM", "praise")
    world.subscription()
    world.activity("zoe", "YAM", ago(1))
    assert pick(world.row("YAM", family="praise"), COUNTS) == [1, 1, 1, 0]
    assert pick(world.row("YAM", family="o365"), f"{COUNTS} sold") == [0, 0, 0, 0, 10]
    assert pick(world.row("YAM"), f"{COUNTS} sold") == [1, 1, 1, 0, 10]


def test_flag_of_a_family_switched_off_counts_nothing(world: World) -> None:
    Family.objects.filter(pk=world.family("o365").pk).update(in_insights=False)
    world.subscription()
    world.activity("zoe", "YAM", ago(1))
    assert world.keys() == set()


def test_workload_without_flag_any_more_counts_nothing(world: World) -> None:
    world.activity("zoe", "YAM", ago(1))
    Workload.objects.filter(pk=world.workload("YAM").pk).update(unlicensed_family=None)
    assert world.keys() == set()


def test_people_of_several_blocks_beyond_their_licence(world: World) -> None:
    subscription = world.subscription(quantity=200)
    people = world.people(130)
    for user in people[::2]:
        world.period(subscription, user)
    for user in people[60:]:
        world.activity(user, "YAM", DAY)
    names = "active_unlicensed active_current active_users users assigned"
    assert pick(world.row("YAM", family="o365"), names) == [35, 35, 70, 65, 65]
